"""*Inside a VAE* in a browser: a click on a part of the diagram, or Enter, shows its activations, and the address says which."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import wait_for_query
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser


def test_a_part_is_chosen_by_a_click_and_by_a_key(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/inside?dataset=digits&latent_dim=2&family=vae")
    for name, choose in (("μ", lambda part: part.click()), ("ε", lambda part: part.press("Enter"))):
        choose(one.page.locator(f'[data-node="{name}"]'))
        wait_for_query(one.page, "inside_at", name)
        one.page.locator(f'[data-node="{name}"][aria-pressed="true"]').wait_for()
    assert one.complaints == []
