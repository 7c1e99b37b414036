"""Every page concludes in words, and answers what it asks one to try; both are computed, and change with the state of the page."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.harness import PAGES, answer_of, assert_sound, conclusion_of, opened
from vae_core import data
from vae_core.explore.rates.discrete_world import POPULATIONS
from vae_core.explore.rates.frontier_numbers import read

SECTIONS = ("rates",)
pytestmark = pytest.mark.usefixtures("checkpoints")


def both(page: str, **query: object) -> tuple[str, str]:
    """What a page of digits at d = 2 concludes, and what it answers."""
    app = opened(page, **{"dataset": "digits", "latent_dim": 2, "family": "vae"} | query)
    assert_sound(app)
    return conclusion_of(app), answer_of(app)


@pytest.mark.parametrize("page", [page for page in PAGES if page.split("/")[0] in SECTIONS])
def test_every_page_concludes_and_answers(page: str) -> None:
    for said in both(page):
        assert said
        assert not re.search(r"\{\w*\}|\$\w+|\bNone\b(?! of)|nan|inf\b", said), said


def eigenvalues(name: str) -> np.ndarray:
    """λ of the training images' covariance, largest first."""
    x = data.load(name).train.x.reshape(-1, 64) / 255
    return np.linalg.eigvalsh(np.cov(x.T, bias=True))[::-1]


def entropy(p: np.ndarray) -> float:
    """In nats."""
    p = p[p > 0]
    return float(-(p * np.log(p)).sum())


def test_the_discrete_world_answers_with_the_best_of_a_dozen_draws() -> None:
    pop = np.array(POPULATIONS["uniform"])
    draws = [np.random.default_rng(seed).dirichlet([0.5] * 4, size=4) for seed in range(12)]
    information = [entropy((pop[:, None] * q).sum(0)) - float(pop @ [entropy(row) for row in q]) for q in draws]
    conclusion, answer = both("rates/discrete_world", population="uniform", encoder="random", world_draw=3, world_beta="0.5")
    assert f"I(y; z) = {information[3]:.2f} of H(y) = {np.log(4):.2f} nats" in conclusion
    assert "lowers the objective by 0.50 nats" in conclusion
    assert f"At β = 0.9 draw {np.argmax(information)} is the best" in answer
    assert f"with {np.log(4) - 0.1 * max(information):.4f} nats" in answer
    assert f"At β = 1.1 it is draw {np.argmin(information)}, with {np.log(4) + 0.1 * min(information):.4f} nats" in answer
    assert "raises the objective by 0.50 nats" in both("rates/discrete_world", population="uniform", world_beta="1.5")[0]


def test_the_exact_curve_concludes_at_its_level() -> None:
    known = eigenvalues("digits")
    conclusion, answer = both("rates/water_filling")
    tau = float(re.search(r"τ = ([\d.]+)", conclusion)[1])
    active = known[known > tau * (1 + 1e-3)]
    assert f"keeps {len(active)} dimensions for {0.5 * np.log(active / tau).sum():.3g} nats" in conclusion
    assert f"λ₁ = {known[0]:.3g}" in answer
    assert f"τ = {known[10]:.3g}, at a rate of" in answer
    assert f"rate of {0.5 * np.log(known[:10] / known[10]).sum():.3g} nats" in answer


def test_losses_that_collapse_are_told_from_those_that_do_not() -> None:
    known, n_pixels = eigenvalues("digits"), 64
    conclusion, answer = both("rates/collapse")
    assert f"τ = βσ² = {n_pixels / 2:g}, above the largest variance λ₁ = {known[0]:.3g}" in conclusion
    assert f"above {known.sum() / n_pixels:.3g} nats" in conclusion
    kept = int((known[:2] > 0.5).sum())
    assert f"τ = 0.5, and a linear model keeps {kept} of 2 dimensions" in answer
    assert f"1/64 = {1 / 64:.3g}, which is not on the slider" in answer
    assert f"keeps {kept} of 2 dimensions" in both("rates/collapse", loss_over_pixels="sum")[0]


def test_the_frontier_concludes_beside_the_best_of_its_plane() -> None:
    models = [one for one in read().models.values() if (one.spec.dataset, one.spec.network) == ("mnist", "conv")]
    best = max((one for one in models if one.spec.seed == 0), key=lambda one: one.metrics["elbo"])
    for beta in (0.1, 8):
        own = next(one.metrics for one in models if (one.spec.beta, one.spec.seed) == (beta, 0))
        conclusion, answer = both("rates/frontier", plane="MNIST conv", beta=beta)
        assert f"carries {own['rate']:.1f} nats in {own['active_units']} of 16 dimensions" in conclusion
        assert f"{best.metrics['elbo'] - own['elbo']:.1f} nats below" in conclusion
        assert f"to {own['active_units']} at β = 8" in answer or beta != 8


def test_the_welded_dials_leave_the_linear_optimum_alone() -> None:
    known, said = eigenvalues("digits"), []
    for sigma in ("1", "0.5"):
        conclusion, answer = both("rates/rda", rda_sigma=sigma)
        weight = float(re.search(r"λ = ([\d.]+)", conclusion)[1])
        active = known[known > 1 / (2 * weight)]
        rate = f"{0.5 * np.log(active * 2 * weight).sum():.2f}"
        assert f"keeps {len(active)} dimensions" in conclusion
        assert float(rate) == pytest.approx(float(re.search(r"spends ([\d.]+) nats", conclusion)[1]), rel=0.02)  # λ as it is printed
        beta = float(re.search(r"β = ([\d.]+) is", conclusion)[1])
        assert beta == pytest.approx(1 / (2 * weight * float(sigma) ** 2), rel=0.01)
        assert "4 times as large" in answer
        said.append(conclusion)
    assert said[0] != said[1]
