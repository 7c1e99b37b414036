"""*Five families*: the table of the lecture, three rows of two, with what each cell really offers."""

from __future__ import annotations

import re

import pytest

from pages.start.families.taxonomy import families, without_encoder
from tests.harness import FIVE_FAMILIES, opened
from vae_core.explore.means import log_px_of_metrics
from vae_core.models import default_spec
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
    assert len(app.get("page_link")) == 5
    assert table.count("decoder alone</b>") == 2
    assert "no encoder and no p(x)" in table
