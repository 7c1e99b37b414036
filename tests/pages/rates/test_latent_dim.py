"""The page on the latent dimension: every criterion at every d, and what is known without images."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import sem

from pages.rates.latent_dim import view
from tests.harness import answer_of, assert_answers, charts, labels, mean_by_scipy, method_of, opened, value_of, values
from vae_core import data
from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.explore.reconstructions import sse_per_image
from vae_core.models import default_spec
from vae_core.passes import per_image
from vae_core.store import Store
from vae_core.units import with_interval

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


def test_means_have_their_intervals_and_elbos_are_compared_on_the_same_images(checkpoints: Store) -> None:
    images = data.load("digits")
    models = {(f, d): checkpoints.load(default_spec(f, "digits", d)) for f in ("pca", "ppca", "autoencoder", "vae") for d in (2, 10)}
    sse = {key: sse_per_image(model, images.test.x) for key, model in models.items()}
    terms = {d: elbo_per_image(models["vae", d], as_observed(models["vae", d], images.test.x)) for d in (2, 10)}
    elbo, rate = ({d: getattr(of, name).double().numpy() for d, of in terms.items()} for name in ("elbo", "rate"))
    app = opened(LATENT_DIM, dataset="digits", latent_dim=2)
    (chart,) = charts(app)
    panels = {note["text"]: f"x{i if i > 1 else ''}" for i, note in enumerate(chart["layout"]["annotations"], 1)}
    for title, family, of in (
        ("Test SSE", "AE", sse),
        ("Test SSE", "VAE", sse),
        ("VAE test ELBO", "VAE", {("vae", d): e for d, e in elbo.items()}),
        ("VAE rate", "VAE", {("vae", d): r for d, r in rate.items()}),
    ):
        axis = next(axis for text, axis in panels.items() if title in text)
        trace = next(t for t in chart["data"] if t["xaxis"] == axis and t.get("name") == family)
        of_family = [of[{"AE": "autoencoder", "VAE": "vae"}[family], d] for d in trace["x"]]
        assert values(trace["y"]) == pytest.approx([e.mean() for e in of_family], rel=1e-4)
        whiskers = [values(trace["error_y"][side]) for side in ("array", "arrayminus")]
        assert whiskers == [pytest.approx([1.959964 * sem(e) for e in of_family], rel=1e-3)] * 2
    assert value_of(app, "PCA, d = 2") == f"SSE {mean_by_scipy(sse['pca', 2])}"
    log_px = per_image(models["ppca", 2], images.test.x, lambda model, part, _: model.log_px(part))
    assert f"pPCA: log p(x) = {mean_by_scipy(log_px)} nats." in method_of(app, "PCA, d = 2")
    falls = mean_by_scipy(sse["pca", 2] - sse["pca", 10])
    rates = with_interval(rate[10].mean() - rate[2].mean(), 1.959964 * float(np.hypot(sem(rate[10]), sem(rate[2]))))
    assert f"the rate changes by {rates} nats, the ELBO by {mean_by_scipy(elbo[10] - elbo[2])} nats, and" in answer_of(app)
    assert f"PCA's error falls by {falls}." in answer_of(app)


def test_the_same_images_tell_two_elbos_apart_whose_own_intervals_overlap() -> None:
    """Of MNIST at d = 30, the best, and at d = 20."""
    vaes = {d: Store().find(default_spec("vae", "mnist", d)).metrics for d in (20, 30)}
    half_widths = [1.959964 * metrics["elbo_standard_error"] for metrics in vaes.values()]
    assert 0 < vaes[30]["elbo"] - vaes[20]["elbo"] < np.hypot(*half_widths)
    (criteria,) = [m.value for m in opened(LATENT_DIM, dataset="mnist", latent_dim=10).main.markdown if "Criterion" in m.value]
    assert "| VAE: smallest d within error of the best ELBO | **30** |" in criteria
    assert "| VAE: probe as good as the best | **20** |" in criteria


def test_without_images_the_kept_numbers_are_shown(no_images: None) -> None:
    app = opened(LATENT_DIM, dataset="mnist", latent_dim=10)
    assert_answers(app)
    assert app.metric[0].value == "SSE 26.71 ± 0.17"  # of the evaluation of the model that came with the program


def test_a_data_set_of_which_nothing_is_known_is_a_sentence(no_images: None) -> None:
    app = opened(LATENT_DIM, dataset="fashion_mnist", latent_dim=10)
    assert [exception.message for exception in app.exception] == []
    assert "No model of Fashion-MNIST with a prior is here" in app.info[0].value
    assert "Download 30.9 MB" in labels(app)


def test_one_trained_d_is_no_criterion(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Store().find(default_spec("vae", "digits", 2))
    assert one is not None
    monkeypatch.setattr(view, "recipes", lambda dataset, family: {2: one} if family == "vae" else {})
    (criteria,) = [m.value for m in opened(LATENT_DIM, dataset="digits", latent_dim=2).main.markdown if "Criterion" in m.value]
    assert "best" not in criteria.replace("best test log p(x)", "")
    assert "VAE: active units at d = 2" in criteria
