"""What the doctor's page keeps: residuals of a trained model and widths of its q(z|x), and the floor of a cross-entropy of grey images."""

from __future__ import annotations

from pages.shared.cached import dataset, keep, model, of_model
from vae_core.explore.means import Mean
from vae_core.explore.rates import posterior_widths, residuals
from vae_core.specs import ModelSpec


@of_model(most=32, spinner="Measuring the residuals …")
def measured_residuals(spec: ModelSpec) -> residuals.Residuals:
    """`explore.rates.residuals` of a trained model; its images must be there."""
    return residuals.residuals(model(spec), dataset(spec.dataset))


@of_model(most=32, spinner="Encoding test images …")
def measured_widths(spec: ModelSpec) -> posterior_widths.PosteriorWidths:
    """`explore.rates.posterior_widths` of a trained model; its images must be there."""
    return posterior_widths.posterior_widths(model(spec), dataset(spec.dataset))


@keep(most=8)
def grey_floor(name: str) -> Mean:
    """`explore.rates.residuals.grey_floor` of a data set that is here."""
    return residuals.grey_floor(dataset(name))
