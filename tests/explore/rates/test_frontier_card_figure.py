"""The card of one model: its pairs of images, and how much of the rate each dimension pays."""

from __future__ import annotations

import numpy as np

from vae_core.explore.rates import frontier_card_figure as frontier_card


def test_pairs_stand_above_each_other() -> None:
    x = np.arange(4, dtype=np.uint8).reshape(4, 1, 1, 1)
    table = frontier_card.pairs(x, 10 + x.astype(np.float32), 2)
    assert (table[:, :, 0, 0, 0] * 255).round().tolist() == [[0, 1], [2550, 2805], [2, 3], [3060, 3315]]


def test_the_bars_are_sorted_and_as_many_filled_as_are_active() -> None:
    html = frontier_card.kl_bars([0.5, 2.0, 0.001], n_active=2)
    assert [part.split(":")[0] for part in html.split('title="')[1:]] == ["z₂", "z₁", "z₃"]
    assert html.count("class=idle") == 1
    assert "2 of 3 active" in html


def test_the_kl_of_a_dimension_has_its_own_interval() -> None:
    html = frontier_card.kl_bars([0.5, 2.0, 0.001], 2, [0.02, 0.11, 0.0004])
    assert [part.split('"')[0] for part in html.split('title="')[1:]] == [
        "z₂: 2.00 ± 0.11 nats",
        "z₁: 0.500 ± 0.020 nats",
        "z₃: 0.0010 ± 0.0004 nats",
    ]
    assert "largest is z₂: 2.00 ± 0.11 nats" in html
