"""What every page on latent spaces owes its visitor."""

from __future__ import annotations

import json

import plotly.io
import pytest

from tests.harness import charts, opened
from vae_core.models import default_spec
from vae_core.store import Store

PAD = "latent/pad"
GRID = "latent/grid"
PATHS = "latent/paths"
CODES = "latent/codes"
SMOOTHNESS = "latent/smoothness"
pytestmark = pytest.mark.usefixtures("more_models")


def test_a_model_that_is_not_trained_is_a_sentence() -> None:
    for page in (PAD, GRID, PATHS, CODES, SMOOTHNESS):
        app = opened(page, dataset="digits", latent_dim=10, family="linear-autoencoder", code_size="d of the sidebar")
        if default_spec("linear-autoencoder", "digits", 10) not in Store():
            assert [exception.message for exception in app.exception] == []
            assert "train it in the sidebar" in app.info[0].value


def test_charts_are_whole(checkpoints: Store) -> None:
    """What a page sends is a figure that Plotly itself accepts."""
    for page in (GRID, CODES, PATHS):
        sent = charts(opened(page, dataset="digits", latent_dim=2))
        assert sent and all(plotly.io.from_json(json.dumps(chart)).data for chart in sent)


def test_a_model_that_is_trained_at_a_larger_d_alone_is_not_opened_at_two() -> None:
    app = opened(SMOOTHNESS, dataset="patches_8", latent_dim=12, family="autoencoder")
    assert not [said.value for said in app.main.info]
    assert "Size of the code" not in {control.label for control in app.get("button_group")}
