"""The latent pad: its planes, the code of the link, and what it cannot decode."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from torch import nn

from pages.shared import cached
from pages.shared.latent_pad.cached import file_of
from tests.harness import CPU, assert_answers, get, link_of, opened
from vae_core.drawing.canvas import kept_png
from vae_core.drawing.images import as_bytes
from vae_core.drawing.packing import Payload, unpacked
from vae_core.explore.latent_pad import decoded
from vae_core.models import FAMILIES, Family, default_spec
from vae_core.models.autoencoder import Autoencoder, AutoencoderSpec
from vae_core.store import Store

PAD = "latent/pad"
SMOOTHNESS = "latent/smoothness"
WHOLE = {"code_size": "d of the sidebar"}
"""What a link says that wants the sidebar's d on a page that opens at two dimensions."""
pytestmark = pytest.mark.usefixtures("more_models")


def said(app: AppTest) -> str:
    """The captions of the page."""
    return " ".join(caption.value for caption in app.main.caption)


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


@pytest.mark.parametrize(
    "query",
    [{"latent_dim": 2}, {"latent_dim": 10, **WHOLE}, {"latent_dim": 10, "layer": "images", "across": "z3", "up": "z1", **WHOLE}],
)
def test_the_pad_answers_with_its_codes_and_in_more_dimensions(query: dict) -> None:
    app = opened(PAD, dataset="digits", **query)
    assert_answers(app)
    (pad,) = app.get("bidi_component")
    answers = [get(json.loads(pad.proto.json)[what]) for what in ("decoder", "codes")]
    (decoder, weights), (_, codes) = (unpacked(body) for _, body, _ in answers)
    assert all("immutable" in headers["cache-control"] for _, _, headers in answers)
    assert decoder["latent_dim"] == len(weights["weight0"]) == codes["codes"].shape[1] == query["latent_dim"]


def test_what_has_learned_from_a_person_s_own_images_stays_off_the_browser_s_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = default_spec("vae", "digits", 2)
    assert not file_of(Payload("", b"what all see"), spec).is_upload
    monkeypatch.setattr("pages.shared.latent_pad.cached.is_own", lambda name: name == "digits")
    assert file_of(Payload("", b"what one sees"), spec).is_upload


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


@pytest.mark.parametrize("page", [PAD, SMOOTHNESS, "latent/codes", "latent/grid"])
def test_what_is_told_on_a_plane_opens_at_two_dimensions_wherever_the_sidebar_stands_and_says_so(page: str) -> None:
    app = opened(page, dataset="digits", latent_dim=10)
    assert_answers(app)
    assert "The sidebar has d = 10." in said(app)
    assert not [box for box in app.selectbox if box.key == "across"]
    link = link_of(app)
    assert (link["latent_dim"], link["code_size"]) == ("10", "d = 2")
    wide = opened(page, **{**link, **WHOLE})
    assert "The sidebar has d" not in said(wide)
    assert link_of(wide)["code_size"] == "d of the sidebar"


@pytest.mark.parametrize("page", [PAD, SMOOTHNESS, "latent/codes", "latent/grid", "elbo/posterior"])
def test_a_code_of_one_number_has_no_plane_and_the_page_says_so(page: str, no_images: None) -> None:
    app = opened(page, dataset="mnist", latent_dim=1, **WHOLE)
    assert [exception.message for exception in app.exception] == []
    assert "A code of one number has no plane: this page shows d = 2." in said(app)
    assert "Size of the code" not in {control.label for control in app.get("button_group")}


def test_a_page_at_two_dimensions_follows_the_sidebar_once_that_is_moved_there() -> None:
    app = opened(PAD, dataset="digits", latent_dim=2)
    app.sidebar.select_slider(key="latent_dim").set_value(10).run()
    assert_answers(app)
    assert "The plane shows 2 of 10 dimensions" in said(app)
    assert app.selectbox(key="across").value


def test_a_code_of_another_dimension_is_given_up() -> None:
    app = opened(PAD, dataset="digits", latent_dim=2, z="0.5,-1")
    app.sidebar.select_slider(key="latent_dim").set_value(10).run()
    assert_answers(app)
    assert app.text_input(key="z").value == ""


@pytest.mark.parametrize("page", [PAD, SMOOTHNESS])
def test_a_decoder_that_the_browser_cannot_run_is_a_sentence(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    monkeypatch.setitem(FAMILIES, "normed", NORMED)
    Store().train(default_spec("normed", "digits", 2), device=CPU)
    app = opened(page, dataset="digits", latent_dim=2, family="normed")
    assert [exception.message for exception in app.exception] == []
    assert "affine maps and activations, got 'LayerNorm'. Choose another model" in app.info[0].value


def test_the_download_of_the_pad_is_the_decoded_image() -> None:
    image = decoded(cached.model(default_spec("vae", "digits", 2)), np.zeros((1, 2)))[0]
    picture = np.asarray(Image.open(io.BytesIO(kept_png(image))))
    assert picture.shape == (336, 336)
    assert np.array_equal(picture[::42, ::42], as_bytes(image))
