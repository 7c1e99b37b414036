"""log p(x) and its bound in a world of one latent dimension, every integral by quadrature. Nats; float64; `bound.js` does the same.

z ~ N(0, 1) and x = g(z) + noise of variance η, with a g of degree two at most. q(z) = N(m, s²). Three rules, which know nothing of each
other: over z on a grid of its own, under q on nodes m + s·t, and the rate in closed form. So identities between them can fail.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vae_core.errors import require
from vae_core.explore.elbo.gaussian import LOG_TAU, PRIOR, Gaussian, kl

REACH, N_Z = 9.0, 1801
"""The grid over z ends so far from 0, with so many points."""
LONGEST_STEP, LEAST_GAIN = 0.2, 1e-13
"""An ascent moves m and ln s by so much at most, and stops where it would gain less, in nats."""
SPREAD, N_BINS = (np.arange(2000) + 0.5) / 250 - 4, 40
"""Widths from q's mean at which weights are counted, (2000,), and the bins that they are counted in."""
STARTS = tuple((mean, width) for mean in (-1.5, 0.0, 1.5) for width in (0.3, 1.0))
"""Where the search for the best q begins."""


@dataclass(frozen=True, slots=True)
class World:
    """A decoder and its noise.

    Attributes:
        title: what a person reads: how many modes its posterior has where the page opens.
        formula: of g, in LaTeX.
        coefficients: of g(z) = c₀ + c₁z + c₂z².
        noise: η, the variance of x given z; above 1/2π, so that no log density is positive.
        x: what is observed when the page opens.
        q: mean and width of q when the page opens.
    """

    title: str
    formula: str
    coefficients: tuple[float, float, float]
    noise: float
    x: float
    q: Gaussian

    def g(self, z: np.ndarray) -> np.ndarray:
        """What the decoder makes of z, of any shape."""
        c = self.coefficients
        return c[0] + z * (c[1] + z * c[2])

    def slope(self, z: np.ndarray) -> np.ndarray:
        """g′(z)."""
        return self.coefficients[1] + 2 * z * self.coefficients[2]


WORLDS = {
    "bend": World("two modes", r"g(z) = z^2 + 0.2\,z - 1", (-1.0, 0.2, 1.0), 0.2, 1.2, Gaussian(0.8, 0.4)),
    "line": World("one mode", r"g(z) = 0.9\,z + 0.2", (0.2, 0.9, 0.0), 0.25, 1.2, Gaussian(0.0, 0.8)),
}


def grid(n: int = N_Z) -> np.ndarray:
    """The grid over z, (n,)."""
    return np.linspace(-REACH, REACH, n)


def log_likelihood(world: World, x: float, z: np.ndarray) -> np.ndarray:
    """ln p(x|z), of z's shape."""
    return -0.5 * ((x - world.g(z)) ** 2 / world.noise + math.log(world.noise) + LOG_TAU)


def log_joint(world: World, x: float, z: np.ndarray) -> np.ndarray:
    """ln p(x, z) = ln p(z) + ln p(x|z), of z's shape."""
    return PRIOR.log_density(z) + log_likelihood(world, x, z)


def log_evidence(world: World, x: float, n: int = N_Z) -> float:
    """ln p(x) = ln ∫ p(z) p(x|z) dz, by the trapezoid rule with n points."""
    return math.log(float(np.sum(np.exp(log_joint(world, x, grid(n))))) * 2 * REACH / (n - 1))


def log_posterior(world: World, x: float, z: np.ndarray) -> np.ndarray:
    """ln p(z|x) = ln p(x, z) − ln p(x), of z's shape."""
    return log_joint(world, x, z) - log_evidence(world, x)


def linear_posterior(world: World, x: float) -> Gaussian:
    """p(z|x) of a linear g in closed form: N(a(x − b)/(a² + η), η/(a² + η)) for g(z) = az + b (Bishop 2006, Eq. 2.116).

    Raises:
        ValueError: if g is bent.
    """
    b, a, bend = world.coefficients
    require(bend == 0, "world", "have a linear g", world.title)
    total = a**2 + world.noise
    return Gaussian(a * (x - b) / total, math.sqrt(world.noise / total))


def rate(q: Gaussian) -> float:
    """KL(q ‖ p(z)), in closed form."""
    return kl(q, PRIOR)


def distortion(world: World, x: float, q: Gaussian) -> float:
    """−E_q ln p(x|z)."""
    return -q.expectation(log_likelihood(world, x, q.nodes))


def elbo(world: World, x: float, q: Gaussian) -> float:
    """−(distortion + rate), at most ln p(x)."""
    return -(distortion(world, x, q) + rate(q))


def kl_to_posterior(world: World, x: float, q: Gaussian) -> float:
    """KL(q ‖ p(z|x)) = ∫ q ln(q/p(z|x)) dz."""
    return q.expectation(q.log_density(q.nodes) - log_posterior(world, x, q.nodes))


def quantities(world: World, x: float, q: Gaussian) -> dict[str, float]:
    """Every integral that a line of a derivation names, each as it is written there.

    Returns:
        Name → nats. `derivations.lines` says which lines name which.
    """
    evidence, z, t = log_evidence(world, x), grid(), q.nodes
    of_q, joint, likelihood = q.log_density(t), log_joint(world, x, t), log_likelihood(world, x, t)
    posterior, prior = joint - evidence, PRIOR.log_density(t)
    weights = q.log_density(z) + (log_joint(world, x, z) - q.log_density(z))
    return {
        "evidence": evidence,
        "mean weight": math.log(float(np.sum(np.exp(weights))) * (z[1] - z[0])),
        "expected evidence": q.expectation(np.full_like(t, evidence)),
        "by Bayes": q.expectation(joint - posterior),
        "evidence times posterior": q.expectation(evidence + posterior - posterior),
        "product": q.expectation((joint - of_q) + (of_q - posterior)),
        "expected weight": q.expectation(joint - of_q),
        "expected weight, factored": q.expectation(prior + likelihood - of_q),
        "gap": q.expectation(of_q - posterior),
        "prior ratio": q.expectation(prior - of_q),
        "likelihood": q.expectation(likelihood),
        "rate": rate(q),
        "elbo": elbo(world, x, q),
    }


def gradient(world: World, x: float, q: Gaussian) -> tuple[float, float]:
    """Derivatives of the ELBO in m and in ln s, pathwise: d ln p(x, z)/dz at z = m + s·t, times 1 and s·t."""
    z = q.nodes
    force = (x - world.g(z)) * world.slope(z) / world.noise - z
    return q.expectation(force), q.expectation(force * (z - q.mean)) + 1.0


def ascended(world: World, x: float, q: Gaussian) -> Gaussian:
    """q one step up the ELBO, along the natural gradient (s² in m, ½ in ln s); the step is halved until it climbs, or q is returned.

    Amari 1998, Sec. 3: the Fisher information of N(m, s²) in (m, ln s) is diag(1/s², 2).
    """
    in_mean, in_log = gradient(world, x, q)
    step = (q.width**2 * in_mean, 0.5 * in_log)
    share = 0.5 * min(1.0, 2 * LONGEST_STEP / max(abs(step[0]), abs(step[1]), 1e-300))
    here = elbo(world, x, q)
    while share > 1e-6:
        other = Gaussian(q.mean + share * step[0], q.width * math.exp(share * step[1]))
        if elbo(world, x, other) > here + LEAST_GAIN:
            return other
        share /= 2
    return q


def ascent(world: World, x: float, q: Gaussian, most: int = 400) -> list[Gaussian]:
    """q and where each step takes it, until none climbs."""
    path = [q]
    while len(path) <= most and (after := ascended(world, x, path[-1])) is not path[-1]:
        path.append(after)
    return path


def best(world: World, x: float) -> Gaussian:
    """The Gaussian of the largest ELBO, among where ascents from `STARTS` end."""
    ends = (ascent(world, x, Gaussian(*start))[-1] for start in STARTS)
    return max(ends, key=lambda q: elbo(world, x, q))


def matched(world: World, x: float) -> Gaussian:
    """The Gaussian with the posterior's own mean and width, which covers all of its modes."""
    z = grid()
    shares = np.exp(log_posterior(world, x, z)) * (z[1] - z[0])
    mean = float(shares @ z)
    return Gaussian(mean, math.sqrt(float(shares @ (z - mean) ** 2)))


def n_modes(world: World, x: float) -> int:
    """Maxima of p(z|x) on the grid."""
    p = log_joint(world, x, grid())
    return int(np.sum((p[1:-1] > p[:-2]) & (p[1:-1] > p[2:])))


@dataclass(frozen=True, slots=True, eq=False)
class Jensen:
    """A positive random quantity w under the logarithm.

    Attributes:
        edges: of bins of equal width in w, from 0, (N + 1,).
        shares: probability of each bin, (N,); what is missing lies further right.
        expected_log: E ln w.
        log_expected: ln E w, at least as large.
    """

    edges: np.ndarray
    shares: np.ndarray
    expected_log: float
    log_expected: float

    @property
    def gap(self) -> float:
        """ln E w − E ln w, nats."""
        return self.log_expected - self.expected_log


def jensen_of_weights(world: World, x: float, q: Gaussian) -> Jensen:
    """The weights w = p(x, z)/q(z) with z ~ q: E ln w is the ELBO, ln E w is ln p(x)."""
    z = q.mean + q.width * SPREAD
    named = quantities(world, x, q)
    return _jensen(log_joint(world, x, z) - q.log_density(z), named["expected weight"], named["mean weight"])


def jensen_of_lognormal(s: float) -> Jensen:
    """w = e^{N(0, s²)}, whose gap is s²/2."""
    y = Gaussian(0.0, s)
    tilted = Gaussian(s**2, s)  # e^y N(y; 0, s²) has its mass here: its nodes see all of it
    mean = tilted.expectation(np.exp(tilted.nodes + y.log_density(tilted.nodes) - tilted.log_density(tilted.nodes)))
    return _jensen(s * SPREAD, y.expectation(y.nodes), math.log(mean))


def _jensen(log_w: np.ndarray, expected_log: float, log_expected: float) -> Jensen:
    """How w spreads: as far as it reaches within 1.5 widths of the mean, and 1.3 times E w at least.

    Args:
        log_w: ln w at standard normal `SPREAD`, (2000,).
        expected_log: E ln w.
        log_expected: ln E w.
    """
    shares = np.exp(-0.5 * SPREAD**2)
    shares /= shares.sum()
    high = max(1.05 * math.exp(float(log_w[np.abs(SPREAD) <= 1.5].max())), 1.3 * math.exp(log_expected))
    edges = np.linspace(0, high, N_BINS + 1)
    bins = np.minimum(np.exp(log_w) / (high / N_BINS), N_BINS).astype(int)
    return Jensen(edges, np.bincount(bins, shares, N_BINS + 1)[:N_BINS], expected_log, log_expected)
