"""Basic and advanced controls apart: which stand folded, that a link that sets one of those opens the fold, and nothing else does."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import links
from tests.harness import ADVANCED, PAGES, WIDGETS, folded, link_of, opened, out_of_place
from tests.own_folder import FILES, uploaded, zipped

VIEW: dict[str, dict[str, object]] = {
    "latent/codes": {"code_size": "d of the sidebar"},
    "latent/grid": {"code_size": "d of the sidebar"},
    "rates/frontier_training": {"sweep": "Digits 8 × 8, live"},
    "own/bring": {"own_way": "sample"},
}
"""Page → parameters of a view that has its advanced controls."""
OF_OTHERS = {"own/bring": {"own_behind"}, "training/train": {"train_corruption", "train_corruption_strength"}}
"""Page → those of its advanced controls that pictures, or models, of another kind have."""
NO_ROOM = {"latent/grid", "rates/frontier", "own/bring", "training/train"}
"""Pages on which open settings would push the picture, or what starts it, out of sight: they stay folded, whatever a link sets."""
ASKED: dict[str, tuple[str, object]] = {
    "autoencoders/compare": ("n_images", 6),
    "autoencoders/toys": ("toy_activation", "tanh"),
    "latent/grid": ("grid", "quantile"),
    "latent/samples": ("n_side", 3),
    "latent/paths": ("n_path", 5),
    "latent/codes": ("n_shown", 8),
    "latent/ring": ("ring_points", 500),
    "latent/learn": ("ring_epochs", "10"),
    "elbo/bound": ("bound_notation", "TTIC 31230 (McAllester 2020)"),
    "elbo/kl": ("kl_n", 1000),
    "rates/frontier": ("saved_as", "png"),
    "rates/frontier_training": ("sweep_seed", 1),
    "rates/water_filling": ("rate_unit", "bits"),
    "own/bring": ("own_turn", 90),
    "own/photograph": ("patch", "16"),
    "own/dataset": ("own_cut", "patches"),
    "training/train": ("train_batch_size", "50"),
}
"""Page → one of its advanced controls, and what a link sets it to."""
pytestmark = pytest.mark.usefixtures("checkpoints")


def view(page: str, **query: object) -> AppTest:
    """A page with its advanced controls; that of a data set of one's own has them once it was given images."""
    app = opened(page, unfolded=(), **{"dataset": "digits", "latent_dim": 10, "family": "vae"} | VIEW.get(page, {}) | query)
    return uploaded(app, ("class.zip", zipped(FILES), "application/zip")) if page == "own/dataset" else app


def is_unfolded(app: AppTest) -> bool:
    """Whether the further settings are open as the page is drawn."""
    (fold,) = [block for block in app.main.expander if block.label == "More settings"]
    return fold.proto.expanded


@pytest.mark.parametrize("page", ADVANCED)
def test_advanced_controls_stand_folded_until_a_link_sets_one_of_them(page: str) -> None:
    app = view(page)
    assert [exception.message for exception in app.exception] == []
    assert out_of_place(page, app) == set()
    assert ADVANCED[page] - folded(app) <= OF_OTHERS.get(page, set())
    assert not is_unfolded(app)
    key, asked = ASKED[page]
    app = view(page, **{key: asked})
    (control,) = [one for kind in (*WIDGETS, "text_input") for one in app.main.get(kind) if one.key == key]
    assert control.value == asked
    assert key in folded(app)
    assert is_unfolded(app) is (page not in NO_ROOM)


def test_settings_as_a_page_opens_with_them_leave_the_fold_closed_though_a_link_names_them() -> None:
    app = opened("rates/water_filling", unfolded=("link",), dataset="digits")
    assert link_of(app).items() >= {"rate_unit": "nats", "error_unit": "SSE"}.items()
    assert not is_unfolded(opened("rates/water_filling", unfolded=(), **link_of(app)))
    assert not is_unfolded(opened("autoencoders/toys", unfolded=(), toy_activation="ReLU", toy_epochs=30))


def test_the_fold_stays_open_when_its_setting_is_put_back_and_is_closed_on_the_next_page() -> None:
    app = opened("rates/water_filling", unfolded=(), dataset="digits", rate_unit="bits")
    assert is_unfolded(app)
    assert is_unfolded(app.selectbox(key="rate_unit").set_value("nats").run())
    assert not is_unfolded(app.switch_page(links.page("latent/ring")).run())


def test_every_page_that_is_named_is_there() -> None:
    assert set(ADVANCED) <= set(PAGES)
