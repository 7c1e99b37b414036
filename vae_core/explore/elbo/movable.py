"""Which distributions can be moved to the input: z = g(u; parameter) of a uniform u, with a gradient by the parameter that means something.

A location-scale family is z = m + s·h(u), h its inverse distribution function, and dz/dm = 1. A Bernoulli b = 1[u > 1 − p], with
p = 1/(1 + e^−ℓ), is a step in u, whose derivative by ℓ is 0 wherever it exists. The relaxed one, z = 1/(1 + e^−(ℓ + ln u − ln(1 − u))/T)
(Maddison et al. 2017; Jang et al. 2017), has a derivative, but of another expectation. The task is f(z) = (z − 0.45)², after Tucker et al.
2017.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtri

from vae_core.errors import require
from vae_core.statistics import Z_95

TARGET = 0.45
"""t of f(z) = (z − t)²."""
SCALE = 0.7
"""s of the location-scale families."""
NODES = np.linspace(-40.0, 40.0, 8001)
"""Places of y = (ℓ + noise)/T in the integrals of the relaxed Bernoulli: the trapezoid rule."""
LAWS = ("Gaussian", "Laplace", "logistic", "Bernoulli")
BERNOULLI = LAWS[-1]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean of n draws of a gradient estimate, and its standard error."""

    mean: float
    standard_error: float

    @property
    def half_width(self) -> float:
        """Of its 95 % interval."""
        return Z_95 * self.standard_error


def f(z: np.ndarray | float) -> np.ndarray | float:
    """(z − t)²."""
    return (z - TARGET) ** 2


def standard(law: str, u: np.ndarray) -> np.ndarray:
    """h(u): the noise of location 0 and scale 1 that u becomes.

    Raises:
        ValueError: if the distribution is no location-scale family that is known here.
    """
    require(law in LAWS[:-1], "law", f"be one of {', '.join(LAWS[:-1])}", law)
    if law == "Gaussian":
        return ndtri(u)
    if law == "logistic":
        return logit(u)
    return -np.sign(u - 0.5) * np.log1p(-2 * np.abs(u - 0.5))


def moved(law: str, parameter: float, u: np.ndarray) -> np.ndarray:
    """z of the noise u: m + s·h(u), or the step of a Bernoulli whose log odds the parameter is."""
    if law == BERNOULLI:
        return (u > 1 - expit(parameter)).astype(float)
    return parameter + SCALE * standard(law, u)


def relaxed(log_odds: float, temperature: float, u: np.ndarray) -> np.ndarray:
    """The relaxed Bernoulli of the noise u, in (0, 1)."""
    return expit((log_odds + logit(u)) / temperature)


def exact_gradient(law: str, parameter: float) -> float:
    """d/dm E[f(z)] = 2(m − t) as every h has mean 0, or d/dℓ E[f(b)] = p(1 − p)(f(1) − f(0))."""
    if law == BERNOULLI:
        p = expit(parameter)
        return float(p * (1 - p) * (f(1.0) - f(0.0)))
    return 2 * (parameter - TARGET)


def pathwise(law: str, parameter: float, u: np.ndarray) -> np.ndarray:
    """f′(z)·dz/dparameter of each u, (n,): 0 wherever a step has a derivative."""
    slope = 0.0 if law == BERNOULLI else 1.0
    return 2 * (moved(law, parameter, u) - TARGET) * slope


def pathwise_relaxed(log_odds: float, temperature: float, u: np.ndarray) -> np.ndarray:
    """The same for the relaxed Bernoulli, whose dz/dℓ is z(1 − z)/T."""
    z = relaxed(log_odds, temperature, u)
    return 2 * (z - TARGET) * z * (1 - z) / temperature


def by_score(log_odds: float, u: np.ndarray) -> np.ndarray:
    """f(b)·∂ log p(b)/∂ℓ = f(b)(b − p) of each u, (n,): unbiased, for what cannot be moved."""
    b = moved(BERNOULLI, log_odds, u)
    return f(b) * (b - expit(log_odds))


def relaxed_moments(log_odds: float, temperature: float) -> tuple[float, float]:
    """Mean and standard deviation of a draw of `pathwise_relaxed`, by quadrature.

    With y = (ℓ + noise)/T the noise has the logistic density at Ty − ℓ, and dnoise = T dy.
    """
    z = expit(NODES)
    slope, noise = z * (1 - z), expit(temperature * NODES - log_odds)
    density, step = noise * (1 - noise), NODES[1] - NODES[0]
    value = 2 * (z - TARGET) * slope
    mean, second = (value * density).sum() * step, (value**2 * density).sum() * step / temperature
    return float(mean), float(np.sqrt(second - mean**2))


def bias(log_odds: float, temperature: float) -> float:
    """How far the mean of the relaxed gradient is from the exact one."""
    return relaxed_moments(log_odds, temperature)[0] - exact_gradient(BERNOULLI, log_odds)


def uniforms(n: int, seed: int) -> np.ndarray:
    """Noise u strictly between 0 and 1, (n,)."""
    return np.random.Generator(np.random.SFC64(seed)).uniform(1e-12, 1 - 1e-12, n)


def estimate(draws: np.ndarray) -> Estimate:
    """Of the mean."""
    return Estimate(float(draws.mean()), float(draws.std(ddof=1) / np.sqrt(len(draws))))


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """Gradients over the parameter: exact, expected of the relaxed one, and as estimated from draws.

    Attributes:
        parameters: m or ℓ, (M,).
        exact: (M,).
        relaxed: by quadrature, (M,); None but for a Bernoulli.
        estimates: name → means and halves of their 95 % intervals at every fourth parameter.
    """

    parameters: np.ndarray
    exact: np.ndarray
    relaxed: np.ndarray | None
    estimates: dict[str, tuple[np.ndarray, np.ndarray]]


def gradients(law: str, temperature: float, n: int, seed: int) -> Gradients:
    """Over parameters from −3 to 3.

    Args:
        law: one of `LAWS`.
        temperature: T of the relaxed Bernoulli.
        n: draws of each estimate.
        seed: of the noise, which all share.
    """
    parameters, u = np.linspace(-3, 3, 49), uniforms(n, seed)
    exact = np.array([exact_gradient(law, one) for one in parameters])
    ways = {"pathwise": lambda at: pathwise(law, at, u)}
    if law == BERNOULLI:
        ways |= {"relaxed": lambda at: pathwise_relaxed(at, temperature, u), "score function": lambda at: by_score(at, u)}
    estimates = {name: _over(way, parameters[::4]) for name, way in ways.items()}
    relaxed_means = np.array([relaxed_moments(one, temperature)[0] for one in parameters]) if law == BERNOULLI else None
    return Gradients(parameters, exact, relaxed_means, estimates)


def _over(way: Callable[[float], np.ndarray], parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = [estimate(way(float(at))) for at in parameters]
    return np.array([one.mean for one in found]), np.array([one.half_width for one in found])
