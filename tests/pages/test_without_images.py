"""A machine without a network and without a folder of data: what is not here is a button away, and no page is empty."""

from __future__ import annotations

import pytest

from pages.shared import links
from tests.harness import OVERVIEW, PAGES_WITH_DATA, assert_sound, has_figure_with_data, labels, opened

pytestmark = pytest.mark.usefixtures("checkpoints", "no_images")


def test_no_page_is_an_empty_heading_where_images_are_not_here() -> None:
    app = opened(OVERVIEW, dataset="mnist", latent_dim=10)
    for page in PAGES_WITH_DATA:
        app.switch_page(links.page(page)).run()
        assert_sound(app)
        assert has_figure_with_data(app), page
        assert "Download 11.6 MB" in labels(app), page


@pytest.mark.slow
def test_where_there_are_neither_images_nor_models_a_page_says_so_and_offers_the_images() -> None:
    app = opened(OVERVIEW, dataset="fashion_mnist")
    for page in PAGES_WITH_DATA:
        app.switch_page(links.page(page)).run()
        assert_sound(app)
        assert "Download 30.9 MB" in labels(app), page
