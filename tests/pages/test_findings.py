"""What pages conclude and answer equals a second computation, and changes with the state of the page (each has both: `assert_answers`)."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from scipy.stats import binomtest, sem

from pages.latent.codes import findings as of_codes
from pages.rates.discrete_world import findings as discrete_world
from tests.harness import answer_of, assert_sound, conclusion_of, opened
from vae_core import data
from vae_core.evaluation import as_observed
from vae_core.explore import paired
from vae_core.explore.linear.pca_by_hand import OUTLIER, cloud
from vae_core.explore.rates.discrete_world import POPULATIONS
from vae_core.explore.rates.frontier_numbers import read
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.units import with_interval

pytestmark = pytest.mark.usefixtures("checkpoints")


def both(page: str, **query: object) -> tuple[str, str]:
    """What a page of digits at d = 2 concludes, and what it answers."""
    app = opened(page, **{"dataset": "digits", "latent_dim": 2, "family": "vae"} | query)
    assert_sound(app)
    return conclusion_of(app), answer_of(app)


def eigenvalues(name: str) -> np.ndarray:
    """λ of the training images' covariance, largest first."""
    x = data.load(name).train.x.reshape(-1, 64) / 255
    return np.linalg.eigvalsh(np.cov(x.T, bias=True))[::-1]


def entropy(p: np.ndarray) -> float:
    """In nats."""
    p = p[p > 0]
    return float(-(p * np.log(p)).sum())


def test_an_answer_is_computed_once_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> str:
        raise ValueError("computed")

    monkeypatch.setattr(discrete_world, "answer", fails)
    assert_sound(opened("rates/discrete_world", unfolded=()))
    assert [one.message for one in opened("rates/discrete_world", unfolded=("try",)).exception] == ["computed"]


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
        spec, own = next((one.spec, one.metrics) for one in models if (one.spec.beta, one.spec.seed) == (beta, 0))
        conclusion, answer = both("rates/frontier", plane="MNIST convolutional", beta=beta)
        below = paired.known(paired.read(), "elbo", Store().find(best.spec), Store().find(spec))
        assert below.value == pytest.approx(best.metrics["elbo"] - own["elbo"], abs=1e-3)
        assert below.half_width < 0.5 * 1.96 * math.hypot(best.metrics["elbo_standard_error"], own["elbo_standard_error"])
        rate = with_interval(own["rate"], 1.96 * Store().find(spec).metrics["rate_standard_error"])
        assert f"carries {rate} nats in {own['active_units']} of 16 dimensions" in conclusion
        assert f"is {below} nats below" in conclusion
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


def test_the_codes_conclude_how_often_a_neighbour_is_of_the_same_class(checkpoints: Store) -> None:
    digits = data.load("digits").test
    said = []
    for family in ("pca", "vae"):
        z = checkpoints.load(default_spec(family, "digits", 2)).encode(digits.x).mean.double().numpy()
        right = 0
        for i, code in enumerate(z):
            distances = np.linalg.norm(z - code, axis=1)
            distances[i] = np.inf
            right += digits.labels[distances.argmin()] == digits.labels[i]
        said.append(both("latent/codes", family=family)[0])
        low, high = (100 * end for end in binomtest(int(right), len(z)).proportion_ci(method="wilson"))
        assert said[-1].startswith(f"For {100 * right / len(z):.0f} % ({low:.0f} to {high:.0f}) of n = {len(z)} test images")
    assert said[0] != said[1]


def test_the_ring_concludes_and_answers_with_its_own_parameters() -> None:
    conclusion, answer = both("latent/ring", ring_a=5, ring_b=0.5)
    r = np.sqrt(-2 * np.log([0.95, 0.05]))  # quantiles of a Rayleigh distribution
    low, high = re.search(r"after it between (\d+\.\d+) and (\d+\.\d+)", conclusion).groups()
    np.testing.assert_allclose([float(low), float(high)], r / 5 + 0.5, rtol=0.02)  # of 10,000 points
    assert "Inside radius 0.5 there is none" in conclusion
    assert f"det J is {(1 / 5) * (1 / 5 + 0.5 / 1.5):.3g} at r = 1.5" in answer
    assert "after it between 1.0" in both("latent/ring")[0]


def test_the_line_concludes_where_its_samples_are_densest() -> None:
    z = np.linspace(0, 1, 2001)
    speed = np.linalg.norm(np.gradient(np.stack([2 * z - 1, 0.5 * np.sin(3 * np.pi * z)], -1), z, axis=0), axis=1)
    conclusion, answer = both("latent/line", curve_name="Wave")
    slow, fast = re.search(r"goes from (\d+\.\d+) to (\d+\.\d+)", conclusion).groups()
    np.testing.assert_allclose([float(slow), float(fast)], [speed.min(), speed.max()], atol=0.06)
    assert f"from 1.00 at z = 0 to {np.hypot(1, 4 * np.pi):.3g} at z = 1" in answer
    assert f"{100 * (1 - 0.5**3):.0f} % of the samples lie on its first half" in answer  # 3(1 − z)², from 0 to ½
    assert "lie evenly" in both("latent/line", curve_name="Circle")[0]


def test_smoothness_answers_with_the_averages_of_both_widths(checkpoints: Store) -> None:
    model, x = checkpoints.load(default_spec("vae", "digits", 2)), data.load("digits").train.x
    posterior = model.encode(x)
    for z in ("0,0", "1.5,1"):
        at, answer = np.array([float(part) for part in z.split(",")]), both("latent/smoothness", z=z)[1]
        for widen, word in ((1, "as it is"), (8, "with 8σ")):
            sd = widen * posterior.variance.sqrt().double().numpy()
            log_w = -0.5 * (((at - posterior.mean.double().numpy()) / sd) ** 2).sum(1) - np.log(sd).sum(1)
            w = np.exp(log_w - log_w.max())
            w /= w.sum()
            n_effective = 1 / (w**2).sum()
            assert f"{n_effective:,.{0 if n_effective >= 10 else 1}f} " in answer, word


def test_the_pad_concludes_from_the_nearest_code(checkpoints: Store) -> None:
    z = checkpoints.load(default_spec("vae", "digits", 2)).encode(data.load("digits").test.x).mean.double().numpy()
    for at in ((0.0, 0.0), (3.0, -3.0)):
        conclusion = both("latent/pad", z=",".join(map(str, at)))[0]
        assert f"The nearest of {len(z)} test codes is {np.linalg.norm(z - at, axis=1).min():.2f} away" in conclusion


def test_samples_conclude_from_the_stored_bounds(checkpoints: Store) -> None:
    conclusion, answer = both("latent/samples")
    found = [c for c in map(checkpoints.find, (default_spec("vae", "digits", d) for d in (2, 10))) if c]
    best = max(found, key=lambda c: c.metrics["elbo"])
    elbo = with_interval(best.metrics["elbo"], 1.959964 * best.metrics["elbo_standard_error"])
    assert f"largest at d = {best.spec.latent_dim}, {elbo} nats" in conclusion or "at its smallest d" in conclusion
    assert answer.count("\n|") >= 3


def test_samples_of_faces_conclude_from_the_nearest_training_images() -> None:
    train, test = (split.x.reshape(len(split), -1) / 255 for split in (data.load("faces_25").train, data.load("faces_25").test))
    least = cdist(test[list(data.load("faces_25").test.spread(100))], train, "sqeuclidean").min(1)
    conclusion = conclusion_of(opened("latent/samples", dataset="faces_25", latent_dim=2, family="vae"))
    assert conclusion.endswith(f"of test images {with_interval(least.mean(), 1.959964 * sem(least))}.")
    assert "autoencoder" not in conclusion


def test_pca_by_hand_concludes_and_answers_from_the_covariance() -> None:
    for seed, angle in ((3, 100.0), (5, 20.0)):
        x = cloud(seed)
        (small, large), vectors = np.linalg.eigh(np.cov(x.T, bias=True))
        best = math.degrees(math.atan2(*vectors[::-1, 1])) % 180
        v = np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
        kept, away = 100 * np.var((x - x.mean(0)) @ v) / (small + large), abs((angle - best + 90) % 180 - 90)
        conclusion, answer = both("linear/pca_by_hand", hand_seed=seed, hand_angle=angle)
        assert f"it keeps {100 * large / (small + large):.1f} % of the variance. v is {away:.1f}° from it" in conclusion
        assert f"and keeps {kept:.1f} %" in conclusion
        with_outlier = np.linalg.eigh(np.cov(np.vstack([x, OUTLIER]).T, bias=True))[1][:, 1]
        moved = abs((math.degrees(math.atan2(*with_outlier[::-1])) - best + 90) % 180 - 90)
        assert f"points to {best:.1f}°. One outlier moves it by {moved:.1f}°, though it is one point out of {len(x) + 1}" in answer


def test_pca_of_images_concludes_and_answers_from_their_variances() -> None:
    shares = eigenvalues("digits").cumsum() / eigenvalues("digits").sum()
    enough = {share: int(np.searchsorted(shares, share)) + 1 for share in (0.9, 0.95, 0.99)}
    for k in (5, 20):
        conclusion, answer = both("linear/pca_images", pca_k=k)
        assert conclusion.startswith(f"{enough[0.9]} of 64 components hold 90 % of the variance")
        assert conclusion.endswith(f"K = {k} holds {100 * shares[k - 1]:.1f} % of it.")
    assert (
        f"it takes {enough[0.9]} of 64 components to hold 90 % of the variance, {enough[0.95]} for 95 % and {enough[0.99]} for 99 %"
        in answer
    )
    assert f"At K = {np.linalg.matrix_rank(np.cov(data.load('digits').train.x.reshape(-1, 64).T / 255.0))}, the rank" in answer


def test_the_codes_answer_with_the_costliest_images(checkpoints: Store) -> None:
    model, x = checkpoints.load(default_spec("vae", "digits", 2)), data.load("digits").test.x
    conclusion, answer = both("latent/codes")
    q = model.encode(as_observed(model, x))
    mu, variance = q.mean.double().numpy(), q.variance.double().numpy()
    rate = 0.5 * (mu**2 + variance - 1 - np.log(variance)).sum(1)
    order = np.argsort(-rate)
    assert f"is number {order[0]} ({data.load('digits').test.labels[order[0]]}): its code costs {rate[order[0]]:.1f} nats" in answer
    assert f"where the mean is {with_interval(rate.mean(), 1.959964 * sem(rate))}" in answer
    grey = model.encode(x).mean
    errors = ((model.decode(grey).mean.numpy() - x / 255) ** 2).reshape(len(x), -1).sum(1)
    norms = np.linalg.norm(grey.double().numpy(), axis=1)
    for values, section in ((norms, "lie at ‖μ‖ ="), (errors, "Their squared error is")):
        told = [with_interval(part.mean(), 1.959964 * sem(part)) for part in (values[order[:10]], values[order[10:]])]
        assert f"{section} {told[0]}" in answer and told[1] in answer.partition(section)[2].partition(". ")[0]
    distances, labels = cdist(grey, grey), data.load("digits").test.labels
    np.fill_diagonal(distances, np.inf)
    n_alike = int((labels[distances.argmin(1)] == labels).sum())
    wilson = binomtest(n_alike, len(x)).proportion_ci(method="wilson")
    share = f"{100 * n_alike / len(x):.0f} % ({100 * wilson.low:.0f} to {100 * wilson.high:.0f})"
    assert f"For {share} of n = {len(x)} test images" in conclusion
    told = of_codes.share_beside_own_class({"dataset": "digits", "family": "vae"})
    assert (str(told["share"]), told["value"], told["n"]) == (share, pytest.approx(100 * n_alike / len(x)), len(x))


def test_smoothness_concludes_from_the_weights_at_the_code(checkpoints: Store) -> None:
    model, x = checkpoints.load(default_spec("vae", "digits", 2)), data.load("digits").train.x
    q = model.encode(x)
    mu, sd = q.mean.double().numpy(), q.variance.sqrt().double().numpy()
    for z in ((0.0, 0.0), (1.5, 1.0)):
        w = np.exp(-0.5 * (((np.array(z) - mu) / sd) ** 2).sum(1)) / sd.prod(1)
        w /= w.sum()
        average = np.tensordot(w, x / 255, 1)
        output = model.decode(torch.tensor([z])).mean[0].numpy()
        conclusion = both("latent/smoothness", z=",".join(map(str, z)))[0]
        from_average, from_one = (((output - image) ** 2).sum() for image in (average, x[w.argmax()] / 255))
        assert f"is {from_average:.1f} away from their average (SSE), and {from_one:.1f} from that image" in conclusion
        assert re.search(r"carries ([\d.]+) %", conclusion)[1] == f"{100 * w.max():.{3 if w.max() >= 0.1 else 2}g}"
        few = 1 / (w**2).sum() < 5
        assert ("memorises" in conclusion) == few and (few or f"About {1 / (w**2).sum():.0f} training images" in conclusion)


def test_the_principal_components_conclude_from_their_variances() -> None:
    shares = eigenvalues("digits").cumsum() / eigenvalues("digits").sum()
    conclusion, answer = both("own/dataset")
    assert f"holds {100 * shares[0]:.0f} % of the variance, and {np.searchsorted(shares, 0.5) + 1} of 64" in conclusion
    assert f"It takes {np.searchsorted(shares, 0.9) + 1} components to hold 90 %" in answer
