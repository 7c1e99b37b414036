"""Every page answers: its question, a figure with data in it, a number with its method, the link, the download, its notebook lines."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager

from tests.harness import (
    PAGES_WITH_DATA,
    VIEWS,
    WITH_MODELS,
    WITHOUT_MODELS,
    assert_answers,
    numbers_of_nameless_models,
    opened,
    out_of_place,
)
from vae_core.drawing.theme import mark
from vae_core.models import default_spec, unlabelled
from vae_core.store import Store

QUICK = ("vae", "pca")
CASES = [
    pytest.param(page, family, marks=() if page in WITH_MODELS or family in QUICK else pytest.mark.slow)
    for page in VIEWS
    for family in (unlabelled() if page in PAGES_WITH_DATA else ["vae"])
]
"""Every page with every family, or once where the model in focus plays no part; families that differ little from others are slow."""
pytestmark = pytest.mark.usefixtures("checkpoints")


@pytest.mark.parametrize(("page", "family"), CASES)
def test_every_page_answers_for_every_family(page: str, family: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        app = opened(page, dataset="digits", latent_dim=2, family=family, toy_epochs=10)  # the notebook of toys trains one
    assert_answers(app)
    assert out_of_place(page, app) == set()
    assert page in WITHOUT_MODELS or numbers_of_nameless_models(app) == []
    if page in WITH_MODELS:
        assert app.sidebar.selectbox(key="family").value == family
        assert mark(family).short in app.metric[0].label


@pytest.mark.data
@pytest.mark.parametrize("dataset", ["mnist", "frey_faces", "olivetti_faces"])
@pytest.mark.parametrize("page", WITH_MODELS)
def test_every_page_answers_for_every_data_set(page: str, dataset: str) -> None:
    if default_spec("vae", dataset, 20) not in Store():
        pytest.skip(f"train it first: python -m vae_core train vae --dataset {dataset} --latent-dim 20")
    assert_answers(opened(page, dataset=dataset, latent_dim=20, family="vae"))


@pytest.mark.parametrize("page", ["autoencoders/compare", "rates/frontier", "rates/water_filling"])
def test_a_file_that_is_made_when_it_is_asked_for_is_what_its_button_says(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {}

    def make_at_once(self: MediaFileManager, data: Callable[[], bytes], mimetype: str, *args: object, **options: object) -> str:
        made[mimetype] = data()
        return mimetype

    monkeypatch.setattr(MediaFileManager, "add_deferred", make_at_once)
    assert_answers(opened(page, dataset="digits"))
    header, *lines = made["text/csv"].decode().splitlines()
    assert {line.count(",") for line in lines} == {header.count(",")}
    assert "frontier" in page or made["image/png"].startswith(b"\x89PNG")
