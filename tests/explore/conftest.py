"""What tests of questions are asked of: the digits, a small VAE of them, and its codes."""

from __future__ import annotations

import pytest

from tests.harness import tiny_model
from vae_core import data
from vae_core.explore.codes import Codes, codes
from vae_core.models import LatentModel


@pytest.fixture(scope="module")
def digits() -> data.Images:
    return data.load("digits")


@pytest.fixture(scope="module")
def vae() -> LatentModel:
    return tiny_model("vae")


@pytest.fixture(scope="module")
def test_codes(vae: LatentModel, digits: data.Images) -> Codes:
    return codes(vae, digits.test.x)
