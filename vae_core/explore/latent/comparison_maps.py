"""Maps of N(0, I) to set beside the ring: linear, the inverse of whitening, a spiral twist. All are one-to-one, with exact densities."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vae_core.errors import require
from vae_core.explore.latent.ring import Ring, log_standard_normal, norm


class Map(Protocol):
    """A one-to-one map of (..., dim) arrays."""

    @property
    def dim(self) -> int:
        """d."""

    def forward(self, z: np.ndarray) -> np.ndarray:
        """g(z), (..., d)."""

    def inverse(self, y: np.ndarray) -> np.ndarray:
        """The z with g(z) = y, (..., d)."""

    def log_abs_det(self, z: np.ndarray) -> np.ndarray:
        """log |det J| at z, (...)."""

    def log_density(self, y: np.ndarray) -> np.ndarray:
        """log p(y) of the image of N(0, I), (...)."""


class WithSquaredRadius(Map, Protocol):
    """A map of which E‖g(z)‖² is known."""

    def mean_squared_radius(self) -> float:
        """E‖g(z)‖²."""


class ByChangeOfVariables(ABC):
    """The density of a map with an inverse everywhere: log p(y) = log N(z; 0, I) − log |det J(z)| at z = g⁻¹(y)."""

    __slots__ = ()

    @abstractmethod
    def inverse(self, y: np.ndarray) -> np.ndarray:
        """The z with g(z) = y, (..., d)."""

    @abstractmethod
    def log_abs_det(self, z: np.ndarray) -> np.ndarray:
        """log |det J| at z, (...)."""

    def log_density(self, y: np.ndarray) -> np.ndarray:
        """log p(y), (...)."""
        z = self.inverse(y)
        return log_standard_normal(z) - self.log_abs_det(z)


class ByMatrix(ByChangeOfVariables):
    """g(z) = Az for the matrix A of the subclass."""

    __slots__ = ()

    @abstractmethod
    def matrix(self) -> np.ndarray:
        """A, (d, d)."""

    def forward(self, z: np.ndarray) -> np.ndarray:
        """Az, (..., d)."""
        return z @ self.matrix().T

    def inverse(self, y: np.ndarray) -> np.ndarray:
        """A⁻¹y, (..., d)."""
        return y @ np.linalg.inv(self.matrix()).T

    def log_abs_det(self, z: np.ndarray) -> np.ndarray:
        """log |det A|, the same everywhere, (...)."""
        return np.full(z.shape[:-1], np.linalg.slogdet(self.matrix())[1])

    def mean_squared_radius(self) -> float:
        """E‖Az‖² = tr AᵀA."""
        return float((self.matrix() ** 2).sum())


@dataclass(frozen=True, slots=True)
class Linear(ByMatrix):
    """g(z) = R(angle)·diag(stretch, 1/stretch, 1)·z: a Gaussian stays a Gaussian.

    Attributes:
        stretch: how much longer the first axis becomes.
        angle: of the turn in the plane of the first two axes, in degrees.
    """

    stretch: float = 1.8
    angle: float = 30.0
    dim: int = 2

    def __post_init__(self) -> None:
        require(0 < self.stretch < math.inf, "stretch", "be above 0", self.stretch)

    def matrix(self) -> np.ndarray:
        """R·diag(stretch, 1/stretch, 1), (d, d)."""
        return turn(math.radians(self.angle), self.dim) @ np.diag([self.stretch, 1 / self.stretch, 1.0][: self.dim])


@dataclass(frozen=True, slots=True)
class WhiteningInverse(ByMatrix):
    """g(z) = Σ^½ z with Σ = sd²·((1 − correlation)·I + correlation·11ᵀ): gives white noise any covariance; whitening is its inverse.

    Attributes:
        correlation: of every two coordinates, above −1/(d − 1) and below 1.
        sd: standard deviation of every coordinate.
    """

    correlation: float = 0.8
    sd: float = 1.0
    dim: int = 2

    def __post_init__(self) -> None:
        require(
            -1 / (self.dim - 1) < self.correlation < 1, "correlation", f"be above {-1 / (self.dim - 1):g} and below 1", self.correlation
        )
        require(0 < self.sd < math.inf, "sd", "be above 0", self.sd)

    def covariance(self) -> np.ndarray:
        """Σ, (d, d)."""
        eye = np.eye(self.dim)
        return self.sd**2 * ((1 - self.correlation) * eye + self.correlation * np.ones_like(eye))

    def matrix(self) -> np.ndarray:
        """Σ^½, the symmetric root, (d, d)."""
        values, vectors = np.linalg.eigh(self.covariance())
        return vectors @ np.diag(np.sqrt(values)) @ vectors.T


@dataclass(frozen=True, slots=True)
class SpiralTwist(ByChangeOfVariables):
    """g(z) = R(twist·‖s‖)·s with s = (1.5·z₁, flatness·z₂, z₃) and the norm of the first two: a flattened Gaussian, wound up.

    The turn preserves areas, so det J = 1.5·flatness everywhere.

    Attributes:
        twist: radians of turn for each unit of radius.
        flatness: standard deviation across, before the turn.
    """

    twist: float = 1.5
    flatness: float = 0.2
    dim: int = 2

    LENGTH = 1.5

    def __post_init__(self) -> None:
        require(0 < self.flatness < math.inf, "flatness", "be above 0", self.flatness)
        require(math.isfinite(self.twist), "twist", "be finite", self.twist)

    def forward(self, z: np.ndarray) -> np.ndarray:
        """g(z), (..., d)."""
        return self._turned(z * self._scales(), self.twist)

    def inverse(self, y: np.ndarray) -> np.ndarray:
        """Turned back, since turning keeps the radius, then stretched back, (..., d)."""
        return self._turned(y, -self.twist) / self._scales()

    def log_abs_det(self, z: np.ndarray) -> np.ndarray:
        """log(1.5·flatness), (...)."""
        return np.full(z.shape[:-1], math.log(self.LENGTH * self.flatness))

    def mean_squared_radius(self) -> float:
        """E‖s‖², since a turn keeps the norm."""
        return float((self._scales() ** 2).sum())

    def _scales(self) -> np.ndarray:
        return np.array([self.LENGTH, self.flatness, 1.0][: self.dim])

    def _turned(self, s: np.ndarray, twist: float) -> np.ndarray:
        angle = twist * norm(s[..., :2])[..., 0]
        x, y = s[..., 0], s[..., 1]
        flat = np.stack([np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y], axis=-1)
        return np.concatenate([flat, s[..., 2:]], axis=-1)


def turn(angle: float, dim: int) -> np.ndarray:
    """The matrix of a turn in the plane of the first two axes, (d, d)."""
    matrix = np.eye(dim)
    matrix[:2, :2] = [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    return matrix


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that a map depends on: its range on a slider."""

    name: str
    low: float
    high: float
    step: float
    default: float


@dataclass(frozen=True, slots=True)
class NamedMap:
    """A map as a person chooses it.

    Attributes:
        title: what a person reads.
        formula: of the map, in LaTeX.
        determinant: of its Jacobian, in LaTeX.
        inverted: its inverse, in LaTeX.
        build: the class; its parameters are the fields named in `parameters`.
        parameters: what can be changed.
    """

    title: str
    formula: str
    determinant: str
    inverted: str
    build: type
    parameters: tuple[Parameter, ...]

    def map(self, values: dict[str, float], dim: int) -> Map:
        """The map with these values for its parameters, and the defaults for the others."""
        chosen = {p.name: values.get(p.name, p.default) for p in self.parameters}
        return self.build(**chosen, dim=dim)


MAPS: dict[str, NamedMap] = {
    "ring": NamedMap(
        "Ring",
        r"g(z) = \frac{z}{a} + b\,\frac{z}{\lVert z\rVert}",
        r"\det J = \frac{1}{a}\left(\frac{1}{a} + \frac{b}{r}\right)^{d-1},\quad r = \lVert z\rVert",
        r"z = a\,(\rho - b)\,\frac{y}{\rho},\quad \rho = \lVert y\rVert > b",
        Ring,
        (Parameter("a", 1.0, 20.0, 0.5, 10.0), Parameter("b", 0.0, 2.0, 0.05, 1.0)),
    ),
    "linear": NamedMap(
        "Linear",
        r"g(z) = R_\theta\,\mathrm{diag}(s, 1/s)\,z",
        r"\det J = 1",
        r"z = \mathrm{diag}(1/s, s)\,R_{-\theta}\,y",
        Linear,
        (Parameter("stretch", 0.5, 2.5, 0.05, 1.8), Parameter("angle", -90.0, 90.0, 1.0, 30.0)),
    ),
    "whitening_inverse": NamedMap(
        "Inverse of whitening",
        r"g(z) = \Sigma^{1/2} z,\quad \Sigma = \sigma^2\left((1-c)\,I + c\,\mathbf{1}\mathbf{1}^\top\right)",
        r"\det J = \sqrt{\det \Sigma}",
        r"z = \Sigma^{-1/2}\,y",
        WhiteningInverse,
        (Parameter("correlation", -0.45, 0.95, 0.05, 0.8), Parameter("sd", 0.3, 1.5, 0.05, 1.0)),
    ),
    "spiral_twist": NamedMap(
        "Spiral twist",
        r"g(z) = R_{k\lVert s\rVert}\,s,\quad s = \mathrm{diag}(1.5, f)\,z",
        r"\det J = 1.5\,f",
        r"z = \mathrm{diag}(1/1.5, 1/f)\,R_{-k\lVert y\rVert}\,y",
        SpiralTwist,
        (Parameter("twist", 0.0, 4.0, 0.1, 1.5), Parameter("flatness", 0.05, 1.0, 0.05, 0.2)),
    ),
}
"""The maps by name. The browser repeats their `forward` and `log_abs_det`; a test holds the two against each other."""


def radius_density(of: Map, rho: np.ndarray, n_angles: int = 720) -> np.ndarray:
    """p(ρ) of ‖g(z)‖ in the plane, (R,): closed form for the ring, else ρ∫p(ρ cos φ, ρ sin φ) dφ by the trapezoid rule over a full turn."""
    if isinstance(of, Ring):
        return of.radius.density(rho)
    require(of.dim == 2, "dim", "be 2 for a radius density by quadrature", of.dim)
    angle = np.arange(n_angles) * 2 * math.pi / n_angles
    y = rho[:, None, None] * np.stack([np.cos(angle), np.sin(angle)], -1)  # (R, angles, 2)
    return rho * np.exp(of.log_density(y)).mean(1) * 2 * math.pi


def density_grid(of: Map, half_width: float, n_pixels: int) -> tuple[np.ndarray, np.ndarray]:
    """Exact p(y) on a square, in space on its middle slice: pixel centres along one axis, (P,), and the density, (P, P), rows along y₂."""
    axis = (np.arange(n_pixels) + 0.5) / n_pixels * 2 * half_width - half_width
    plane = np.stack(np.meshgrid(axis, axis), -1)  # (P, P, 2)
    y = np.concatenate([plane, np.zeros((*plane.shape[:2], of.dim - 2))], -1)
    return axis, np.exp(of.log_density(y))
