"""What speaks for a latent dimension: exact curves of linear models at every d, and the probe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

from tests.harness import CPU, tiny_model
from vae_core import data as datasets
from vae_core.drawing.theme import MUTED
from vae_core.evaluation import evaluate
from vae_core.explore.codes import codes
from vae_core.explore.means import Mean, Share
from vae_core.explore.rates import latent_dim
from vae_core.explore.rates.latent_dim_figure import Curve, Panel, latent_dim_panels, panels_csv
from vae_core.models import build, default_spec
from vae_core.specs import ModelSpec
from vae_core.training.fit import fit


@pytest.fixture(scope="module")
def known() -> latent_dim.HeldOutSpectrum:
    return latent_dim.held_out_spectrum(datasets.load("digits"))


def fitted(spec: ModelSpec):
    model = build(spec)
    for _ in fit(model, datasets.load(spec.dataset), device=CPU):
        pass
    return model


@pytest.mark.parametrize("d", [1, 7, 40])
def test_the_curves_are_what_fitted_models_score_on_every_test_image(known: latent_dim.HeldOutSpectrum, d: int) -> None:
    images = datasets.load("digits")
    pca = evaluate(fitted(default_spec("pca", "digits", d)), images)
    ppca = evaluate(fitted(default_spec("ppca", "digits", d)), images)
    assert latent_dim.pca_sse(known)[d - 1] == pytest.approx(pca.sse, rel=1e-5)
    assert latent_dim.ppca_log_px(known)[d - 1] == pytest.approx(ppca.log_px, abs=1e-3)


@pytest.mark.data
@pytest.mark.parametrize(("d", "sse", "train", "test"), [(1, 47.6150, -17.014, -17.086), (30, 13.8663, 385.653, 394.616)])
def test_the_curves_pass_through_the_exact_values_on_mnist(
    mnist: latent_dim.HeldOutSpectrum, d: int, sse: float, train: float, test: float
) -> None:
    assert latent_dim.pca_sse(mnist)[d - 1] == pytest.approx(sse, abs=1e-4)
    assert latent_dim.ppca_log_px(mnist, "train")[d - 1] == pytest.approx(train, abs=2e-3)
    assert latent_dim.ppca_log_px(mnist)[d - 1] == pytest.approx(test, abs=2e-3)


@pytest.fixture(scope="module")
def mnist() -> latent_dim.HeldOutSpectrum:
    return latent_dim.held_out_spectrum(datasets.load("mnist"))


@pytest.mark.data
def test_the_kept_spectrum_is_that_of_the_images(mnist: latent_dim.HeldOutSpectrum) -> None:
    kept = latent_dim.read().spectra["mnist"]
    np.testing.assert_allclose(latent_dim.ppca_log_px(kept)[:600], latent_dim.ppca_log_px(mnist)[:600], rtol=1e-4)
    assert (kept.n_train, kept.n_test, kept.largest_dim) == (60_000, 10_000, mnist.largest_dim)


def test_all_axes_together_hold_all_the_variance(known: latent_dim.HeldOutSpectrum) -> None:
    test, train = (datasets.load("digits").split(name).x.reshape(-1, 64) / 255 for name in ("test", "train"))
    about_mean = float(((test - train.mean(0)) ** 2).sum(1).mean())
    assert known.after("moments")[0] == pytest.approx(about_mean)
    assert known.after("eigenvalues")[0] == pytest.approx(float(train.var(0).sum()))
    share = 1 - known.after("eigenvalues") / known.after("eigenvalues")[0]
    d = latent_dim.dims_for_share(known, 0.9)
    assert share[d - 1] < 0.9 <= share[d]


def test_a_share_that_lies_beyond_what_was_kept_has_no_dimension() -> None:
    flat = latent_dim.HeldOutSpectrum(np.ones(800), np.ones(800), (2272.0, 2272.0), 3072, 100, 10)
    assert latent_dim.dims_for_share(flat, 0.9) is None
    assert latent_dim.dims_for_share(flat, 0.25) == 768


def test_the_probe_is_scored_on_images_it_has_not_seen() -> None:
    images = datasets.load("digits")
    model = tiny_model("pca", 5)
    found = latent_dim.probe(model, images)
    train, test = (codes(model, split.x).mean for split in (images.train, images.test))
    nearest = images.train.labels[((test[:, None] - train[None]) ** 2).sum(-1).argmin(1)]  # another way to tell the classes
    assert abs(found.accuracy - (nearest == images.test.labels).mean()) < 0.2
    assert 0.6 < found.accuracy < 0.95
    assert (found.n_train, found.n_test) == (1438, 359)


def test_the_probe_names_the_classes_of_test_images_only() -> None:
    """Labels of test images that no code can tell leave it with chance, however well it was fitted."""
    images = datasets.load("digits")
    dealt = replace(images.test, labels=np.random.default_rng(0).permutation(images.test.labels))
    assert latent_dim.probe(tiny_model("pca", 5), replace(images, test=dealt)).accuracy < 0.2


def test_the_interval_of_the_accuracy_is_wilsons_of_the_test_images_it_was_counted_on() -> None:
    wilson = binomtest(397, 400).proportion_ci(method="wilson")
    share = latent_dim.Probe(round(397 / 400, 4), n_train=60_000, n_test=400).share
    assert (share.count, share.interval) == (397, pytest.approx((wilson.low, wilson.high)))


@pytest.mark.parametrize("labels", [None, np.zeros(1438, int)])
def test_images_without_two_classes_have_no_probe(labels: np.ndarray | None) -> None:
    images = datasets.load("digits")
    without = replace(images, train=replace(images.train, labels=labels))
    with pytest.raises(ValueError, match="images must have classes for a probe"):
        latent_dim.probe(tiny_model("pca", 2), without)


def test_what_is_kept_comes_back(known: latent_dim.HeldOutSpectrum, tmp_path: Path) -> None:
    path = tmp_path / "numbers.json"
    latent_dim.add(path, spectra={"digits": known})
    latent_dim.add(path, probes={"abc": latent_dim.Probe(0.5, 10, 20)})
    held = latent_dim.read(path)
    np.testing.assert_allclose(latent_dim.ppca_log_px(held.spectra["digits"]), latent_dim.ppca_log_px(known), rtol=1e-6)
    assert held.probes == {"abc": latent_dim.Probe(0.5, 10, 20)}


def test_the_smallest_dimension_whose_shortfall_is_within_its_interval() -> None:
    assert latent_dim.first_tied({2: Mean(45.0, 0.6, 400), 10: Mean(0.5, 0.4, 400), 20: Mean(0.3, 0.4, 400), 30: Mean(0.0, 0.5, 400)}) == 20


def test_the_smallest_dimension_whose_share_lies_in_the_interval_of_the_best() -> None:
    """That of 198 of 200 begins at 192.9, by Wilson; by the binomial standard error at 195.2."""
    shares = {2: Share(120, 200), 5: Share(192, 200), 10: Share(194, 200), 20: Share(198, 200), 30: Share(197, 200)}
    assert latent_dim.first_as_good(shares) == 10


def test_every_panel_has_its_curves_and_the_chosen_dimension() -> None:
    panels = [
        Panel("SSE", [Curve("pca", "PCA", [1, 2, 3], [3.0, 2.0, 1.0], is_exact=True)], best=3),
        Panel(
            "Active",
            [
                Curve(None, "all dimensions active", [2, 10], [2, 10], is_exact=True),
                Curve("vae", "VAE", [2, 10], [2, 8], [(1.9, 2.2), (7.5, 8.25)]),
            ],
        ),
    ]
    figure = latent_dim_panels(panels, latent_dim=2).figure()
    assert [(trace.name, trace.xaxis) for trace in figure.data if trace.name] == [
        ("PCA", "x"),
        ("all dimensions active", "x2"),
        ("VAE", "x2"),
    ]
    assert next(trace for trace in figure.data if trace.name == "all dimensions active").line.color == MUTED
    whiskers = figure.data[-1].error_y
    assert (list(whiskers.array), list(whiskers.arrayminus)) == (pytest.approx([0.2, 0.25]), pytest.approx([0.1, 0.5]))
    assert [shape.x0 for shape in figure.layout.shapes] == [2, 2]
    star = next(trace for trace in figure.data if trace.mode == "markers+text")
    assert (star.x[0], star.y[0]) == (3, 1.0)
    assert panels_csv(panels).decode().splitlines()[-1] == "Active,VAE,10,8,7.5,8.25"
