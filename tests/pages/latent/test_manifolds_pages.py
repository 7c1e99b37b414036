"""Every control of the pages on learned manifolds answers, and the link carries it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import plotly.io
import pytest
from PIL import Image
from torch import nn

from pages.shared import cached
from tests.harness import CPU, assert_answers, charts, link_of, opened, pictures
from vae_core import data as datasets
from vae_core.explore.codes import codes
from vae_core.explore.manifolds_figure import Panel, manifold_grids
from vae_core.models import FAMILIES, Family, default_spec
from vae_core.models.autoencoder import Autoencoder, AutoencoderSpec
from vae_core.store import Store

PAD, GRID, SAMPLES, PATHS, CODES, SMOOTHNESS = (f"latent/{page}" for page in ("pad", "grid", "samples", "paths", "codes", "smoothness"))


@pytest.fixture(scope="module", autouse=True)
def more_models(checkpoints: Store) -> None:
    """The VAE of digits with ten latent dimensions, beside what the pages' own tests train."""
    checkpoints.train(default_spec("vae", "digits", 10), device=CPU)


@pytest.mark.parametrize(
    "query", [{"latent_dim": 2}, {"latent_dim": 10}, {"latent_dim": 10, "layer": "images", "across": "z3", "up": "z1"}]
)
def test_the_pad_answers_with_its_codes_and_in_more_dimensions(query: dict) -> None:
    app = opened(PAD, dataset="digits", **query)
    assert_answers(app)
    assert len(app.get("bidi_component")) == 3  # the decoder, the codes, and the plane
    assert all(element.proto.ByteSize() > 10_000 for element in app.get("bidi_component"))


def test_the_code_of_the_link_is_the_code_of_the_page() -> None:
    app = opened(PAD, dataset="digits", latent_dim=2, z="0.5,-1")
    assert app.text_input(key="z").value == "0.5,-1"
    assert app.metric[0].value == f"−{0.5 * (0.25 + 1) + np.log(2 * np.pi):.2f} nats"
    assert link_of(app)["z"] == "0.5,-1"


@pytest.mark.parametrize("said", ["1,2,3", "one,two", "nan,0", "1e99,0"])
def test_what_is_no_code_is_replaced_by_the_start_and_said_to_be_none(said: str) -> None:
    app = opened(PAD, dataset="digits", latent_dim=2, z=said)
    assert [exception.message for exception in app.exception] == []
    assert [error.value.partition(":")[0] for error in app.main.error] == ["z must be 2 numbers with commas between them"]
    assert app.metric[0].value == f"−{np.log(2 * np.pi):.2f} nats"


def test_a_button_takes_the_whole_page_to_two_dimensions() -> None:
    app = opened(PAD, dataset="digits", latent_dim=10)
    next(button for button in app.main.button if "d = 2" in button.label).click().run()
    assert_answers(app)
    assert app.session_state["latent_dim"] == 2


def test_a_code_of_another_dimension_is_given_up() -> None:
    app = opened(PAD, dataset="digits", latent_dim=2, z="0.5,-1")
    app.sidebar.select_slider(key="latent_dim").set_value(10).run()
    assert_answers(app)
    assert app.text_input(key="z").value == ""


def test_a_model_that_is_not_trained_is_a_sentence() -> None:
    for page in (PAD, GRID, PATHS, CODES, SMOOTHNESS):
        app = opened(page, dataset="digits", latent_dim=10, family="linear-autoencoder")
        if default_spec("linear-autoencoder", "digits", 10) not in Store():
            assert [exception.message for exception in app.exception] == []
            assert "train it in the sidebar" in app.info[0].value


@dataclass(frozen=True, slots=True, kw_only=True)
class NormedSpec(AutoencoderSpec):
    """A family that a stranger adds."""

    kind: ClassVar[str] = "normed"
    family: ClassVar[str] = "normed"


class Normed(Autoencoder):
    """Its decoder has a layer that the browser does not know."""

    def __init__(self, spec: NormedSpec) -> None:
        super().__init__(spec)
        self.decoder.insert(1, nn.LayerNorm(spec.hidden[-1]))


def normed(dataset: str, latent_dim: int, network: str | None = None) -> NormedSpec:
    return NormedSpec(dataset=dataset, latent_dim=latent_dim, hidden=(16,), n_epochs=2)


NORMED = Family(name="normed", title="Normed", equation="x̂ = g(f(x))", spec=NormedSpec, model=Normed, recipe=normed)


@pytest.mark.parametrize("page", [PAD, SMOOTHNESS])
def test_a_decoder_that_the_browser_cannot_run_is_a_sentence(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    monkeypatch.setitem(FAMILIES, "normed", NORMED)
    Store().train(default_spec("normed", "digits", 2), device=CPU)
    app = opened(page, dataset="digits", latent_dim=2, family="normed")
    assert [exception.message for exception in app.exception] == []
    assert "affine maps and activations, got 'LayerNorm'. Choose another model" in app.info[0].value


@pytest.mark.parametrize(
    "query",
    [
        {"shown": "in focus", "grid": "linear", "ground": "prior", "extent": 4.0, "n_grid": 7},
        {"ground": "none", "unit": "code", "family": "autoencoder"},
        {"latent_dim": 10, "across": "z2", "up": "z5"},
    ],
)
def test_every_control_of_the_grid_answers(query: dict) -> None:
    app = opened(GRID, dataset="digits", **{"latent_dim": 2, **query})
    assert_answers(app)
    found = link_of(app)
    assert {key: found[key] for key in query} == {key: str(value) for key, value in query.items()}


def test_the_grid_stands_side_by_side_on_the_same_axes() -> None:
    (chart,) = charts(opened(GRID, dataset="digits", latent_dim=2))
    assert [note["text"] for note in chart["layout"]["annotations"]] == ["<b>● VAE</b>", "<b>▼ AE</b>", "<b>■ PCA</b>"]
    ticks = [chart["layout"][axis]["ticktext"] for axis in ("xaxis", "xaxis2", "xaxis3", "yaxis")]
    assert all(tick == ["−2.0", "0.0", "2.0"] for tick in ticks)


def test_a_coordinate_that_rounds_to_zero_has_no_sign() -> None:
    axis = np.array([-1.0, -0.03, 0.03, 1.0])
    figure = manifold_grids([Panel("VAE", np.zeros((4, 4, 1, 2, 2), np.float32), axis, None)])
    assert figure.layout.xaxis.ticktext == figure.layout.yaxis.ticktext == ("−1.0", "0.0", "1.0")


@pytest.mark.parametrize("query", [{"law": "gaussian"}, {"law": "mixture", "n_side": 4}, {"pixels": "drawn", "draw": 3}])
def test_every_control_of_the_samples_answers(query: dict) -> None:
    app = opened(SAMPLES, dataset="digits", latent_dim=2, **query)
    assert_answers(app)
    if query.get("pixels") == "drawn":
        assert set(np.unique(pictures(app)[0])) <= {0, 255}


def test_the_bound_beneath_the_samples_is_that_of_the_stored_evaluation(checkpoints: Store) -> None:
    app = opened(SAMPLES, dataset="digits", latent_dim=2)
    html = next(element.proto.body for element in app.get("html") if "<img" in element.proto.body)
    for dim in (2, 10):
        metrics = checkpoints.find(default_spec("vae", "digits", dim)).metrics
        assert f"ELBO −{-metrics['elbo']:.1f} nats" in html
        assert any(metrics["log_px_method"].split("-")[0] in caption.value for caption in app.main.caption)


@pytest.mark.parametrize("query", [{"second_image": 9, "n_path": 5}, {"path": "traversal", "span": "posterior"}, {"film": "true"}])
@pytest.mark.parametrize("family", ["vae", "autoencoder"])
def test_every_path_answers(query: dict, family: str) -> None:
    app = opened(PATHS, dataset="digits", latent_dim=2, family=family, **query)
    assert_answers(app)
    if "film" in query:
        assert len(app.get("image")) == 3


def test_a_path_begins_at_the_reconstruction_beside_the_original(checkpoints: Store) -> None:
    from vae_core.drawing.images import as_bytes
    from vae_core.explore.reconstructions import reconstructions

    app = opened(PATHS, dataset="digits", latent_dim=2, first_image=5, second_image=8)
    x = datasets.load("digits").test.x[[5, 8]]
    x_hat = reconstructions(checkpoints.load(default_spec("vae", "digits", 2)), x)
    row = pictures(app)[:11]
    assert np.array_equal(row[0], x[0, 0])
    assert np.array_equal(row[-1], x[1, 0])
    for shown, expected in ((row[1], x_hat[0]), (row[-2], x_hat[1])):
        assert np.abs(shown.astype(int) - as_bytes(expected)).max() <= 1


@pytest.mark.parametrize("query", [{"colour": "ELBO"}, {"colour": "rate", "plane": "PCA of z"}, {"across": "z4", "up": "z1"}])
def test_every_colour_and_plane_of_the_codes_answers(query: dict) -> None:
    app = opened(CODES, dataset="digits", latent_dim=10, **query)
    assert_answers(app)


def test_the_chosen_codes_show_their_images() -> None:
    app = opened(CODES, dataset="digits", latent_dim=2, chosen="7,3", n_shown=2)
    x = datasets.load("digits").test.x
    shown = pictures(app)
    assert np.array_equal(shown[0], x[7, 0])
    assert np.array_equal(shown[2], x[3, 0])
    assert len(shown) == 4


def test_a_wider_posterior_averages_more_images() -> None:
    sizes = []
    for widen in (1.0, 4.0):
        app = opened(SMOOTHNESS, dataset="digits", latent_dim=2, z="0.3,0.2", widen=widen)
        assert_answers(app)
        sizes.append(float(app.metric[0].value.split()[0].replace(",", "")))
    assert sizes[1] > sizes[0] >= 1


def test_the_codes_that_are_kept_are_those_of_the_model(checkpoints: Store) -> None:
    spec = default_spec("vae", "digits", 2)
    opened(PAD, dataset="digits", latent_dim=2)
    assert np.array_equal(cached.test_codes(spec).mean, codes(checkpoints.load(spec), datasets.load("digits").test.x).mean)


def test_charts_are_whole(checkpoints: Store) -> None:
    """What a page sends is a figure that Plotly itself accepts."""
    for page in (GRID, CODES, PATHS):
        sent = charts(opened(page, dataset="digits", latent_dim=2))
        assert sent and all(plotly.io.from_json(json.dumps(chart)).data for chart in sent)


def test_the_download_of_the_pad_is_the_decoded_image() -> None:
    from vae_core.drawing.images import as_bytes, image_png
    from vae_core.explore.latent_pad import decoded

    image = decoded(cached.model(default_spec("vae", "digits", 2)), np.zeros((1, 2)))[0]
    picture = np.asarray(Image.open(io.BytesIO(image_png(image, times=8))))
    assert picture.shape == (64, 64)
    assert np.array_equal(picture[::8, ::8], as_bytes(image))
