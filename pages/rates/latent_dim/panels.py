"""What is known at every d, a panel a question: exact curves of linear models, dots of trained ones, a probe on the codes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pages.rates.latent_dim.cached import probe, recipes, spectrum
from pages.shared.controls import Choice
from vae_core.drawing.theme import mark
from vae_core.explore.means import mean_of_metrics
from vae_core.explore.rates import latent_dim as explore
from vae_core.explore.rates.latent_dim_figure import Curve, Panel
from vae_core.store.checkpoints import Checkpoint

PROBED = ("pca", "autoencoder", "vae")
LARGEST_SHOWN = 2
"""Exact curves reach so many times beyond the largest d that is trained."""


def panels_of(choice: Choice) -> list[Panel]:
    """What is known of this data set at every d."""
    models = {family: recipes(choice.dataset, family) for family in PROBED}
    axes = spectrum(choice.dataset)
    largest = LARGEST_SHOWN * max([d for by_dim in models.values() for d in by_dim] or [choice.latent_dim])
    return [
        _errors(models, axes, largest),
        _likelihood(axes),
        _bound(models["vae"]),
        _rate(models["vae"]),
        _active(models["vae"]),
        _accuracy(models),
    ]


def _errors(models: dict[str, dict[int, Checkpoint]], axes: explore.HeldOutSpectrum | None, largest: int) -> Panel:
    curves = [] if axes is None else [_exact("pca", "PCA", explore.pca_sse(axes)[:largest])]
    curves += [_measured(family, mark(family).short, models[family], "sse") for family in ("autoencoder", "vae")]
    return Panel("Test SSE per image", [curve for curve in curves if len(curve.dims)])


def _likelihood(axes: explore.HeldOutSpectrum | None) -> Panel:
    if axes is None:
        return Panel("pPCA log p(x), nats", [])
    values = explore.ppca_log_px(axes)
    best = int(values.argmax()) + 1
    return Panel("pPCA test log p(x), nats", [_exact("ppca", "pPCA", values[: min(len(values), best + best // 100)])], best)


def _bound(vaes: dict[int, Checkpoint]) -> Panel:
    dims = sorted(vaes)
    curves = [_measured("vae", "VAE", vaes, "elbo"), replace(_measured("vae", "VAE, log p(x)", vaes, "log_px"), is_apart=True)]
    return Panel("VAE test ELBO, nats", [curve for curve in curves if dims])


def _rate(vaes: dict[int, Checkpoint]) -> Panel:
    return Panel("VAE rate R, nats", [_measured("vae", "VAE", vaes, "rate")] if vaes else [])


def _active(vaes: dict[int, Checkpoint]) -> Panel:
    dims = sorted(vaes)
    active = [vaes[d].metrics["active_units"] for d in dims]
    every = Curve(None, "all dimensions active", dims, dims, is_exact=True)
    return Panel("Active units of the VAE", [every, Curve("vae", "VAE", dims, active)] if dims else [])


def _accuracy(models: dict[str, dict[int, Checkpoint]]) -> Panel:
    curves = []
    for family, by_dim in models.items():
        probes = {d: measured for d, c in sorted(by_dim.items()) if (measured := probe(c)) is not None}
        if probes:
            values, low, high = zip(*(measured.share.in_percent for measured in probes.values()), strict=True)
            curves.append(Curve(family, mark(family).short, list(probes), values, list(zip(low, high, strict=True))))
    return Panel("Linear probe, % right", curves)


def _exact(family: str, name: str, values: np.ndarray) -> Curve:
    """At some 120 dimensions, all the small ones, then evenly spaced on the axis, and where the values are largest."""
    dims = np.unique(np.append(np.geomspace(1, len(values), 120).round().astype(int), values.argmax() + 1))
    return Curve(family, name, dims.tolist(), values[dims - 1].tolist(), is_exact=True)


def _measured(family: str, name: str, by_dim: dict[int, Checkpoint], what: str) -> Curve:
    means = {d: mean_of_metrics(checkpoint.metrics, what) for d, checkpoint in sorted(by_dim.items())}
    ends = [mean.interval for mean in means.values() if mean.half_width is not None]
    return Curve(family, name, list(means), [mean.value for mean in means.values()], ends if len(ends) == len(means) else ())
