"""A machine without a network and without a folder of data: every page shows real digits, and what is not here is a button away."""

from __future__ import annotations

import pytest

from pages.shared import links
from tests.harness import FIVE_FAMILIES, PAGES_WITH_DATA, VIEWS, assert_sound, has_figure_with_data, labels, link_of, opened

PARTS = {"fit_part": "images"}
"""Of pages of several parts, one that needs images."""
pytestmark = pytest.mark.usefixtures("checkpoints", "no_images")


@pytest.mark.slow
def test_every_page_opens_with_a_picture_of_digits_of_28_by_28() -> None:
    app = opened(FIVE_FAMILIES)
    assert app.sidebar.selectbox(key="dataset").value == "mnist_5k"
    for page in VIEWS:
        app.switch_page(links.page(page)).run()
        assert_sound(app)
        assert has_figure_with_data(app), page
        assert link_of(app)["dataset"] == "mnist_5k", page
        assert any(label.startswith("Download ") for label in labels(app)) is (page == "rates/frontier"), page  # of MNIST, all of it


@pytest.mark.slow
def test_no_page_is_an_empty_heading_where_images_are_not_here() -> None:
    app = opened(FIVE_FAMILIES, dataset="mnist", latent_dim=10, **PARTS)
    for page in PAGES_WITH_DATA:
        app.switch_page(links.page(page)).run()
        assert_sound(app)
        assert has_figure_with_data(app), page
        assert "Download 11.6 MB" in labels(app), page


@pytest.mark.slow
def test_where_there_are_neither_images_nor_models_a_page_says_so_and_offers_the_images() -> None:
    app = opened(FIVE_FAMILIES, dataset="fashion_mnist", **PARTS)
    for page in PAGES_WITH_DATA:
        app.switch_page(links.page(page)).run()
        assert_sound(app)
        assert "Download 30.9 MB" in labels(app), page
