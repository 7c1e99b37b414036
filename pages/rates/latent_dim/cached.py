"""Caches of the page on the latent dimension: spectra, probes and stored evaluations at every d."""

from __future__ import annotations

from pages.shared import cached
from vae_core import data
from vae_core.explore.rates import latent_dim
from vae_core.explore.rates.latent_dim import HeldOutSpectrum, LatentDimNumbers, Probe
from vae_core.specs import ModelSpec
from vae_core.store.checkpoints import Checkpoint

MOST_PROBED = 5000
"""Training images up to which a probe is fitted while one waits; of larger data sets only what came with the program is shown."""


@cached.keep(most=2, of=lambda: cached.written_at(latent_dim.SHIPPED))
def shipped() -> LatentDimNumbers:
    """`explore.rates.latent_dim.read` of what came with the program."""
    return latent_dim.read(latent_dim.SHIPPED)


def spectrum(name: str) -> HeldOutSpectrum | None:
    """`explore.rates.latent_dim.held_out_spectrum`: as shipped, else from the images; None without either, or with too few that differ."""
    axes = shipped().spectra.get(name)
    if axes is None and data.available(name):
        axes = spectrum_of_images(name)
    return axes if axes is not None and axes.largest_dim >= 1 else None


@cached.keep(most=8, spinner="Finding the principal axes …")
def spectrum_of_images(name: str) -> HeldOutSpectrum:
    """`explore.rates.latent_dim.held_out_spectrum` of images that are here."""
    return latent_dim.held_out_spectrum(cached.dataset(name))


def probe(checkpoint: Checkpoint) -> Probe | None:
    """`explore.rates.latent_dim.probe` of a trained model: as shipped, else fitted where that is quick; None where there are no classes."""
    as_shipped = shipped().probes.get(checkpoint.weights_sha256)
    if as_shipped is not None or not data.available(checkpoint.spec.dataset) or checkpoint.spec.identity.n_train > MOST_PROBED:
        return as_shipped
    return fitted_probe(checkpoint.spec)


@cached.of_model(most=64, of=lambda spec: cached.checkpoint(spec).weights_sha256, spinner="Fitting a linear classifier to the codes …")
def fitted_probe(spec: ModelSpec) -> Probe | None:
    """`explore.rates.latent_dim.probe` of a trained model whose images are here; None where there are no classes."""
    images = cached.dataset(spec.dataset)
    return latent_dim.probe(cached.model(spec), images) if latent_dim.has_classes(images) else None


def recipes(dataset: str, family: str) -> dict[int, Checkpoint]:
    """Latent dimension → checkpoint of the trained recipes of a family."""
    candidates = [c for c in cached.checkpoints() if c.spec.dataset == dataset and c.spec.family == family]
    return {c.spec.latent_dim: c for c in candidates if c.spec == cached.specs(dataset, c.spec.latent_dim).get(family)}
