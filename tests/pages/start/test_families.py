"""*Five families*: the table of the lecture, three rows of two, with what each cell really offers."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from pages.start.families.cached import rebuilt_alone
from pages.start.families.taxonomy import families, without_encoder
from tests.harness import FIVE_FAMILIES, conclusion_of, opened
from vae_core import data
from vae_core.explore.means import log_px_of_metrics
from vae_core.explore.start import decoder_only
from vae_core.explore.start.decoder_only import DecoderOnly, rebuilt, searched_code
from vae_core.models import default_spec
from vae_core.statistics import Z_95
from vae_core.store import Store

pytestmark = pytest.mark.usefixtures("checkpoints")


def test_every_family_stands_in_one_cell_and_two_stand_without_their_encoder() -> None:
    assert families(is_linear=True, is_probabilistic=False) == ["pca", "linear-autoencoder"]
    assert families(is_linear=True, is_probabilistic=True) == ["ppca"]
    assert without_encoder() == ["autoencoder", "vae"]


def test_the_ticks_are_what_models_offer_and_log_px_stands_where_it_is_defined() -> None:
    app = opened(FIVE_FAMILIES, dataset="digits", latent_dim=2, family="vae")
    (table,) = [element.proto.body for element in app.main.get("html") if 'class="cell"' in element.proto.body]
    can, value = r'<span class="(?:yes|no)">(.) {}</span>', r"(?:<span>(.*?) nats</span>)?"
    cells = re.findall("".join(can.format(word) for word in ("(encode|search)", "sample", r"log p\(x\)")) + value, table)
    deterministic, probabilistic = ("✓", "encode", "–", "–", ""), ("✓", "encode", "✓", "✓")
    values = [log_px_of_metrics(Store().find(default_spec(family, "digits", 2)).metrics) for family in ("ppca", "vae")]
    assert cells == [
        *[deterministic] * 2,
        (*probabilistic, values[0]),
        deterministic,
        (*probabilistic, values[1]),
        ("✓", "search", "–", "–", ""),
        ("✓", "search", "✓", "✓", values[1]),
    ]
    assert re.findall(r'aria-label="(.*?)"', table) == ["PCA", "Linear AE", "pPCA", "AE", "VAE"]
    links = [link.proto for link in app.get("page_link")]
    assert len(links) == 6  # the families, and a GAN of points
    assert links[-1].page == "approaches"
    assert table.count("decoder alone</b>") == 2
    assert "no encoder and no p(x)" in table


@pytest.mark.parametrize(
    ("dataset", "latent_dim"), [("digits", 2), ("faces_25", 10), pytest.param("olivetti_faces", 2, marks=pytest.mark.data)]
)
def test_who_is_best_is_said_with_whom_the_same_images_do_not_tell_from_it(dataset: str, latent_dim: int) -> None:
    said = conclusion_of(opened(FIVE_FAMILIES, dataset=dataset, latent_dim=latent_dim, family="vae"))
    x, errors = torch.tensor(data.load(dataset).test.x), {}
    for family, name in {
        "pca": "PCA",
        "linear-autoencoder": "linear AE",
        "ppca": "pPCA",
        "autoencoder": "the AE",
        "vae": "the VAE",
    }.items():
        rebuilt_by = Store().load(default_spec(family, dataset, latent_dim)).reconstruct(x)
        errors[name] = (x / 255 - rebuilt_by).square().flatten(1).sum(1).numpy()
    best = min(errors, key=lambda name: errors[name].mean())
    differences = {name: one - errors[best] for name, one in errors.items() if name != best}
    ties = [name for name, one in differences.items() if abs(one.mean()) <= Z_95 * one.std(ddof=1) / len(x) ** 0.5]
    assert best in said.partition(" has the smallest")[0]
    told = re.findall("do not tell (.*?) from it", said)
    assert (len(told) > 0) == (len(ties) > 0)
    assert all(name in told[0] for name in ties)


def test_the_codes_that_ship_are_what_is_searched_and_the_page_searches_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint, x = Store().find(default_spec("vae", "digits", 2)), data.load("digits").test.x[0]
    kept, alone = decoder_only.read()[checkpoint.weights_sha256[:16]], DecoderOnly(Store().load(checkpoint.spec))
    image, codes = torch.from_numpy(x[None] / 255).float(), torch.from_numpy(np.stack([kept, searched_code(alone, x)]))
    assert float(alone.loss(codes, image).diff().abs()) < 1e-2
    rebuilt_alone.clear()
    monkeypatch.setattr(decoder_only, "searched_code", lambda *given: pytest.fail("searched again"))
    np.testing.assert_array_equal(rebuilt_alone(checkpoint.spec, 0), rebuilt(alone, x, kept))
