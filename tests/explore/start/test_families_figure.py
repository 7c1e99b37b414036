"""The cards of *Five families*."""

from __future__ import annotations

import numpy as np

from vae_core.explore.start.families_figure import all_cards, model_card


def test_a_card_shows_the_reconstruction_and_its_error_or_what_needs_no_data() -> None:
    x, x_hat = np.full((1, 2, 2), 255, np.uint8), np.full((1, 2, 2), 0.5)
    with_data = model_card(x, x_hat, np.zeros((1, 2, 2)))
    assert [tile.caption for tile in with_data.rows[0]] == ["", "SSE 1.00", "z ~ N(0, I)"]
    without = model_card(None, None, None, x_hat)
    assert [tile.caption for tile in without.rows[0]] == ["z = 0"]
    assert len(all_cards({"pca": without, "vae": with_data}).heads) == 4
    assert all_cards({}) is None
