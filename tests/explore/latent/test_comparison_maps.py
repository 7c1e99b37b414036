"""The maps beside the ring: determinant, inverse, density."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from vae_core.explore.latent.comparison_maps import MAPS, density_grid, radius_density
from vae_core.explore.latent.ring import Ring, prior_samples


def torch_map(name: str, values: dict[str, float], dim: int) -> callable:
    """The same maps written once more, for automatic differentiation."""
    if name == "ring":
        return lambda z: z / values["a"] + values["b"] * z / z.norm()
    if name == "spiral_twist":
        scales = torch.tensor([1.5, values["flatness"], 1.0][:dim], dtype=torch.float64)

        def twist(z: torch.Tensor) -> torch.Tensor:
            s = z * scales
            angle = values["twist"] * s[:2].norm()
            flat = [angle.cos() * s[0] - angle.sin() * s[1], angle.sin() * s[0] + angle.cos() * s[1]]
            return torch.stack([*flat, *s[2:]])

        return twist
    matrix = torch.tensor(MAPS[name].map(values, dim).matrix())
    return lambda z: matrix @ z


def defaults(name: str) -> dict[str, float]:
    return {p.name: p.default for p in MAPS[name].parameters}


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("dim", [2, 3])
def test_determinants_agree_with_automatic_differentiation(name: str, dim: int) -> None:
    chosen, again = MAPS[name].map({}, dim), torch_map(name, defaults(name), dim)
    z = prior_samples(25, dim).astype(np.float64)
    found = [torch.autograd.functional.jacobian(again, torch.tensor(point)).det().abs().log().item() for point in z]
    np.testing.assert_allclose(chosen.log_abs_det(z), found, atol=1e-9)


def test_the_rings_determinant_holds_in_ten_dimensions() -> None:
    z = prior_samples(10, 10).astype(np.float64)
    again = torch_map("ring", {"a": 10.0, "b": 1.0}, 10)
    found = [torch.autograd.functional.jacobian(again, torch.tensor(point)).det().log().item() for point in z]
    np.testing.assert_allclose(Ring(10, 1, 10).log_abs_det(z), found, atol=1e-9)
    in_plane = prior_samples(10, 2).astype(np.float64)
    r = np.linalg.norm(in_plane, axis=1)
    np.testing.assert_allclose(np.exp(Ring().log_abs_det(in_plane)), (1 / 10) * (1 / 10 + 1 / r), rtol=1e-12)


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("dim", [2, 3])
def test_the_inverse_undoes_the_map(name: str, dim: int) -> None:
    chosen, z = MAPS[name].map({}, dim), prior_samples(2000, dim).astype(np.float64)
    np.testing.assert_allclose(chosen.inverse(chosen.forward(z)), z, atol=1e-10)


@pytest.mark.parametrize("name", MAPS)
def test_every_map_has_a_density_that_integrates_to_one(name: str) -> None:
    axis, density = density_grid(MAPS[name].map({}, 2), 8, 1200)
    assert density.sum() * (axis[1] - axis[0]) ** 2 == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", MAPS)
def test_the_radius_density_of_every_map_fits_its_samples(name: str) -> None:
    chosen = MAPS[name].map({}, 2)
    rho = np.linspace(1e-4, 9, 9001)
    density = radius_density(chosen, rho)
    cdf = integrate.cumulative_trapezoid(density, rho, initial=0)
    assert cdf[-1] == pytest.approx(1, abs=2e-3)
    sampled = np.linalg.norm(chosen.forward(prior_samples(20_000, 2).astype(np.float64)), axis=1)
    assert stats.kstest(sampled, lambda x: np.interp(x, rho, cdf)).pvalue > 1e-3
