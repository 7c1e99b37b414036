"""Why p(x) is hard: what the page says is what the numbers are, for each of its parts, and a link restores what is set."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import binomtest

from pages.elbo.evidence import findings
from pages.elbo.evidence.findings import on_and_off
from tests.harness import answer_of, assert_answers, assert_sound, charts, conclusion_of, link_of, opened, pictures, value_of, values
from vae_core import data
from vae_core.explore.elbo import guessing, noisy_curve
from vae_core.models.ppca import PPCASpec
from vae_core.store import Store
from vae_core.units import with_interval

EVIDENCE = "elbo/evidence"
pytestmark = pytest.mark.usefixtures("checkpoints")


def guessed(d: int, index: int) -> guessing.Quadratic:
    """The quadratic form of a test image of digits, fitted by the test itself."""
    digits = data.load("digits")
    return guessing.quadratic(guessing.fitted(PPCASpec(dataset="digits", latent_dim=d), digits.train.x), digits.test.x[index].ravel() / 255)


def test_a_link_restores_a_guess_and_its_numbers_are_those_of_the_draws() -> None:
    query = {"dataset": "digits", "guess_d": "20", "guess_image": "7", "guess_n": "100", "guess_draw": "3"}
    app = opened(EVIDENCE, **query)
    assert_sound(app)
    assert {key: link_of(app)[key] for key in query} == query
    image, draws = guessed(20, 7), guessing.from_prior(guessed(20, 7), 100, seed=3)
    assert value_of(app, "log p(x)") == f"{image.log_evidence:.3f} nats".replace("-", "−")
    error = guessing.log_mean(draws.log_weights) - image.log_evidence
    assert f"**{error:.1f} nats**".replace("-", "−") in conclusion_of(app)
    chart = charts(app)[0]["data"]
    assert np.nanmax(np.array(values(chart[0]["y"]), float)) == pytest.approx(draws.shares.max())
    np.testing.assert_allclose(values(chart[-1]["y"]), image.log_evidence)
    assert len(pictures(app)) == 7


def test_draws_from_the_posterior_are_all_worth_the_same() -> None:
    app = opened(EVIDENCE, dataset="digits", guess_d=50, guess_from="posterior", guess_n="10,000")
    assert_answers(app)
    assert "Each of these 10,000 draws has the same weight" in conclusion_of(app)
    image = guessed(50, 0)
    assert value_of(app, "log p(x)") == f"{image.log_evidence:.3f} nats"
    np.testing.assert_allclose(values(charts(app)[0]["data"][2]["y"]), image.log_evidence)


def test_the_answer_holds_the_median_errors_of_each_d_that_is_here(checkpoints: Store) -> None:
    x = data.load("digits").test.x[0].ravel() / 255
    answer = answer_of(opened(EVIDENCE, dataset="digits", latent_dim=10))
    rows = {int(d): row.split(" | ") for d, row in re.findall(r"\n\| (\d+) \| (.*) \|", answer)}
    assert set(rows) == {2, 10}
    assert binomtest(6, 20).pvalue > 0.05 > binomtest(5, 20).pvalue  # so the 6th and the 15th of 20 seeds
    for d, printed in rows.items():
        image = guessing.quadratic(guessing.decoder(checkpoints.load(PPCASpec(dataset="digits", latent_dim=d))), x)
        of_seeds = [guessing.from_prior(image, 10_000, seed).log_weights for seed in range(20)]
        errors = [np.sort([logsumexp(of[:k]) - np.log(k) - image.log_evidence for of in of_seeds]) for k in (100, 1_000, 10_000)]
        assert printed == [with_interval(float(np.median(of)), (of[14] - of[5]) / 2) for of in errors]


def test_the_page_opens_at_the_d_nearest_to_that_of_the_sidebar() -> None:
    assert link_of(opened(EVIDENCE, dataset="digits", latent_dim=10))["guess_d"] == "10"
    assert link_of(opened(EVIDENCE, dataset="patches_8", latent_dim=48))["guess_d"] == "50"


def test_the_probability_of_a_state_needs_the_sum_over_all_states() -> None:
    app = opened(EVIDENCE, evidence_part="Ising", ising_state=1 << 5, ising_j=0.44)
    assert_answers(app)
    assert value_of(app, "ln Z") == "13.667552 nats"
    assert link_of(app)["ising_state"] == str(1 << 5)
    assert "J · 16 = **7.040 nats**" in conclusion_of(app)
    mantissa = re.search(r"\*\*([\d.]+) × 10⁻³\*\*", conclusion_of(app))[1]
    assert float(mantissa) == pytest.approx(1e3 * np.exp(0.44 * 16 - 13.667552), abs=0.006)
    assert value_of(opened(EVIDENCE, evidence_part="Ising", ising_j=0), "ln Z") == "11.090355 nats"


def test_the_average_surprise_is_told_in_its_parts() -> None:
    app = opened(EVIDENCE, evidence_part="Surprise", surprise_data_a=1, surprise_model_d=20)
    assert_answers(app)
    pop, model = np.array([1, 5, 2, 1]) / 9, np.array([5, 5, 5, 20]) / 35
    assert f"**{(pop * np.log(pop / model)).sum():.3f} nats**" in conclusion_of(app)
    assert value_of(app, "E[−ln P(y)]") == f"{-(pop * np.log(model)).sum():.4f} nats"
    right = 50 * np.maximum(pop, model).sum()
    assert value_of(app, "Best discriminator") == f"{right:.1f} % right"
    assert f"the best discriminator is right in 50 % of cases, and here in {right:.1f} %" in answer_of(app)
    state = {
        f"surprise_{name}_{y}": w
        for name, some in (("data", (1, 5, 2, 1)), ("model", (5, 5, 5, 20)))
        for y, w in zip("abcd", some, strict=True)
    }
    assert findings.told_by_a_discriminator(state)["value"] == pytest.approx(right)
    alike = {f"surprise_{name}_{y}": 3 for name in ("data", "model") for y in "abcd"}
    assert f"**{np.log(4):.3f} nats**" in conclusion_of(opened(EVIDENCE, evidence_part="Surprise", **alike))


@pytest.mark.parametrize("noise", ["Gaussian", "Laplace"])
def test_the_noise_of_the_curve_is_judged_by_its_likelihood(noise: str) -> None:
    best = noisy_curve.best_scale(noisy_curve.CURVES["spiral"], noise, noisy_curve.test_points("spiral"))
    query = {"evidence_part": "Curve", "curve_shape": "spiral", "curve_noise": noise}
    key, low = ("curve_log_eta", -2.5) if noise == "Gaussian" else ("curve_log_b", -1.45)
    app = opened(EVIDENCE, **query, **{key: low})
    assert_answers(app)
    assert value_of(app, "Best noise") == f"{best**2 if noise == 'Gaussian' else best:.5f}"
    assert "too small" in conclusion_of(app)
    assert "too large" in conclusion_of(opened(EVIDENCE, **query, **{key: 0}))
    scales = np.logspace(-3, 0, 46) ** 0.5 if noise == "Gaussian" else np.logspace(-1.5, 0, 46)
    at_two = np.array([on_and_off(noisy_curve.CURVES["spiral"], noise, scale) for scale in scales])
    on, off = (scales[at_two.argmax(0)] ** 2 if noise == "Gaussian" else scales[at_two.argmax(0)]).tolist()
    best_amount = best**2 if noise == "Gaussian" else best
    assert f"= {on:.2g} on the curve, at {off:.2g} off it, and at {best_amount:.2g}, the star" in answer_of(app)
    assert on < best_amount < off < 1  # off the curve, too, the maximum lies between the ends
