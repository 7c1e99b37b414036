"""Few labels on its page: the numbers beside the curves are of the chosen number of labels; a data set without labels says so."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import binomtest

from pages.autoencoders.few_labels import findings
from tests.harness import answer_of, assert_sound, charts, conclusion_of, mean_by_scipy, opened, value_of, values, words
from vae_core.explore.autoencoders import few_labels
from vae_core.models import default_spec
from vae_core.store import Store

PAGE = "autoencoders/few_labels"
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_numbers_and_curves_are_those_that_are_shipped_with_the_model(checkpoints: Store) -> None:
    app = opened(PAGE, dataset="digits", latent_dim=2, n_labels=30)
    assert_sound(app)
    assert "With 30 labels" in conclusion_of(app)
    assert "With 1,438 labels, the most tried here" in conclusion_of(app)
    of = few_labels.read()[checkpoints.find(default_spec("vae", "digits", 2)).weights_sha256[:16]]
    curve = next(trace for trace in charts(app)[0]["data"] if trace.get("name") == "VAE codes")
    assert values(curve["y"]) == pytest.approx([*(100 * of.shares.mean(1)), 100 * of.with_all.share])
    right, n = of.with_all.count, of.n_test
    low, high = (100 * end for end in binomtest(right, n).proportion_ci(method="wilson"))
    assert f"| VAE | {mean_by_scipy(100 * of.at(30), few=True)} | {100 * right / n:.0f} ± {(high - low) / 2:.0f} |" in words(app)


def test_codes_and_pixels_are_compared_draw_by_draw_and_have_their_own_intervals(checkpoints: Store) -> None:
    kept = few_labels.read()
    pixels = kept[few_labels.key_of_pixels("digits")]
    codes, vae = (kept[checkpoints.find(default_spec(family, "digits", 2)).weights_sha256[:16]] for family in ("autoencoder", "vae"))
    app = opened(PAGE, dataset="digits", latent_dim=2, n_labels=30)
    assert value_of(app, "Most right: pixels") == f"{mean_by_scipy(100 * pixels.at(30), few=True)} %"
    gap = mean_by_scipy(100 * (pixels.at(30) - vae.at(30)), few=True)
    assert f"even *VAE codes* are read less well than pixels, by {gap} points." in conclusion_of(app)
    shares = []
    for of in (vae, pixels):
        wilson = binomtest(of.with_all.count, of.n_test).proportion_ci(method="wilson")
        ends = [float(end) for end in re.findall(r"[\d.]+", str(of.with_all))]
        assert ends == pytest.approx([100 * of.with_all.share, 100 * wilson.low, 100 * wilson.high], abs=0.5)
        shares.append(str(of.with_all))
    assert f"the most tried here, {shares[0]} are read right from *VAE codes* and {shares[1]} from pixels." in conclusion_of(app)
    best = {n: max((of.at(n) for of in (codes, vae)), key=np.mean) for n in pixels.sizes}
    for n in pixels.sizes:
        assert f"| {n:,} | {mean_by_scipy(100 * pixels.at(n), few=True)} | {mean_by_scipy(100 * best[n], few=True)} |" in answer_of(app)
    told = findings.gap_of_an_autoencoder({"dataset": "digits", "latent_dim": 2, "n_labels": 30})
    assert str(told["gap"]) == mean_by_scipy(100 * (codes.at(30) - pixels.at(30)), few=True)
    assert [str(told[name]) for name in ("codes", "pixels")] == [mean_by_scipy(100 * of.at(30), few=True) for of in (codes, pixels)]


def test_a_data_set_without_labels_says_so() -> None:
    app = opened(PAGE, dataset="patches_8", latent_dim=2)
    assert_sound(app)
    assert "too few images with labels" in app.info[0].value


@pytest.mark.parametrize(("codes", "gap"), [((60, 61, 59, 62, 60), 9.6), ((45, 61, 52, 48, 55), 0.0)])
def test_in_a_lecture_a_gap_that_the_draws_do_not_tell_from_0_is_0(monkeypatch: pytest.MonkeyPatch, codes: tuple, gap: float) -> None:
    for name, read in (("of_codes", codes), ("of_pixels", (50, 52, 49, 53, 50))):
        curve = SimpleNamespace(at=lambda _, read=read: np.array(read) / 100)
        monkeypatch.setattr(findings, name, lambda _, curve=curve: curve)
    value = findings.gap_of_an_autoencoder({"dataset": "digits", "latent_dim": 2, "n_labels": 10})["value"]
    assert value == pytest.approx(gap)
