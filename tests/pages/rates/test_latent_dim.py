"""The page on the latent dimension: every criterion at every d, and what is known without images."""

from __future__ import annotations

import pytest

from tests.harness import assert_answers, charts, labels, opened

LATENT_DIM = "rates/latent_dim"
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_what_speaks_for_a_dimension_is_shown_at_every_dimension() -> None:
    for dim in (2, 10):
        app = opened(LATENT_DIM, dataset="digits", latent_dim=dim)
        assert_answers(app)
        assert {shape["x0"] for shape in charts(app)[0]["layout"]["shapes"]} == {dim}
    titles = [note["text"] for note in charts(app)[0]["layout"]["annotations"]]
    assert "<b>Linear probe, % right</b>" in titles
    assert any("pPCA: best test log p(x)" in markdown.value for markdown in app.main.markdown)


def test_without_images_the_kept_numbers_are_shown(no_images: None) -> None:
    app = opened(LATENT_DIM, dataset="mnist", latent_dim=10)
    assert_answers(app)
    assert app.metric[0].value == "SSE 26.71 ± 0.17"  # of the evaluation of the model that came with the program


def test_a_data_set_of_which_nothing_is_known_is_a_sentence(no_images: None) -> None:
    app = opened(LATENT_DIM, dataset="fashion_mnist", latent_dim=10)
    assert [exception.message for exception in app.exception] == []
    assert "No model of Fashion-MNIST with a prior is here" in app.info[0].value
    assert "Download 30.9 MB" in labels(app)
