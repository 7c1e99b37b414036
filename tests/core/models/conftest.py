"""What the contract asserts shows its values when it fails, as what a test asserts."""

import pytest

pytest.register_assert_rewrite("tests.core.models.contract")
