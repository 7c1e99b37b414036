"""How many latent dimensions: the panels, and what each criterion says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from pages.rates.latent_dim import cached
from pages.shared import cached as shared_cache
from pages.shared import page
from pages.shared.controls import Choice
from vae_core.drawing.theme import mark
from vae_core.explore.rates import latent_dim as explore
from vae_core.explore.rates import latent_dim_figure as figures
from vae_core.explore.rates.latent_dim_figure import Curve, Panel
from vae_core.explore.reconstructions import Z_95
from vae_core.store.checkpoints import Checkpoint

if TYPE_CHECKING:
    import plotly.graph_objects as go

PROBED = ("pca", "autoencoder", "vae")
SHARE = 0.9
LARGEST_SHOWN = 2
"""Exact curves reach so many times beyond the largest d that is trained."""


def panels(choice: Choice) -> list[Panel]:
    """What is known of this data set at every d."""
    found = {family: cached.recipes(choice.dataset, family) for family in PROBED}
    known = cached.spectrum(choice.dataset)
    most = LARGEST_SHOWN * max([d for by_dim in found.values() for d in by_dim] or [choice.latent_dim])
    return [
        _errors(found, known, most),
        _likelihood(known),
        _bound(found["vae"]),
        _rate(found["vae"]),
        _active(found["vae"]),
        _accuracy(found),
    ]


def _errors(found: dict[str, dict[int, Checkpoint]], known: explore.HeldOutSpectrum | None, most: int) -> Panel:
    curves = [] if known is None else [_exact("pca", "PCA", explore.pca_sse(known)[:most])]
    curves += [_measured(family, mark(family).short, found[family], "sse") for family in ("autoencoder", "vae")]
    return Panel("Test SSE an image", [curve for curve in curves if len(curve.dims)])


def _likelihood(known: explore.HeldOutSpectrum | None) -> Panel:
    if known is None:
        return Panel("pPCA log p(x), nats", [])
    values = explore.ppca_log_px(known)
    best = int(values.argmax()) + 1
    return Panel("pPCA test log p(x), nats", [_exact("ppca", "pPCA", values[: min(len(values), best + best // 100)])], best)


def _bound(vaes: dict[int, Checkpoint]) -> Panel:
    dims = sorted(vaes)
    log_px = [vaes[d].metrics["log_px"] for d in dims]
    curves = [_measured("vae", "VAE", vaes, "elbo"), Curve("vae", "VAE, log p(x)", dims, log_px, is_apart=True)]
    return Panel("VAE test ELBO, nats", [curve for curve in curves if dims])


def _rate(vaes: dict[int, Checkpoint]) -> Panel:
    dims = sorted(vaes)
    return Panel("VAE rate R, nats", [Curve("vae", "VAE", dims, [vaes[d].metrics["rate"] for d in dims])] if dims else [])


def _active(vaes: dict[int, Checkpoint]) -> Panel:
    dims = sorted(vaes)
    active = [vaes[d].metrics["active_units"] for d in dims]
    every = Curve("none", "all d", dims, dims, is_exact=True)
    return Panel("Active units of the VAE", [every, Curve("vae", "VAE", dims, active)] if dims else [])


def _accuracy(found: dict[str, dict[int, Checkpoint]]) -> Panel:
    curves = []
    for family, by_dim in found.items():
        probes = {d: probe for d, c in sorted(by_dim.items()) if (probe := cached.probe(c)) is not None}
        if probes:
            values = [100 * p.accuracy for p in probes.values()]
            widths = [100 * Z_95 * p.standard_error for p in probes.values()]
            curves.append(Curve(family, mark(family).short, list(probes), values, widths))
    return Panel("Linear probe, % right", curves)


def _exact(family: str, name: str, values: np.ndarray) -> Curve:
    """At some 120 dimensions, all the small ones, then evenly spaced on the axis, and where the values are largest."""
    dims = np.unique(np.append(np.geomspace(1, len(values), 120).round().astype(int), values.argmax() + 1))
    return Curve(family, name, dims.tolist(), values[dims - 1].tolist(), is_exact=True)


def _measured(family: str, name: str, by_dim: dict[int, Checkpoint], what: str) -> Curve:
    dims = sorted(by_dim)
    errors = [Z_95 * by_dim[d].metrics[f"{what}_standard_error"] for d in dims]
    return Curve(family, name, dims, [by_dim[d].metrics[what] for d in dims], errors)


def chart(drawn: list[Panel], choice: Choice) -> None:
    """Draw the panels; empty ones are left out."""
    choices = (choice.dataset, choice.latent_dim, choice.has_data)
    page.chart(shared_cache.plotted("latent dim", choices, lambda: figure(drawn, choice)))


def figure(drawn: list[Panel], choice: Choice) -> go.Figure:
    """Panels with data, the chosen d marked."""
    return figures.latent_dim_panels([panel for panel in drawn if panel.curves], latent_dim=choice.latent_dim)


def criteria(drawn: list[Panel], choice: Choice) -> None:
    """What each criterion chooses, as a table, with n and methods."""
    known, vaes = cached.spectrum(choice.dataset), cached.recipes(choice.dataset, "vae")
    rows, said = [], []
    if known is not None:
        enough = explore.dims_for_share(known, SHARE) or f"> {len(known.eigenvalues)}"
        rows.append((f"PCA: {100 * SHARE:.0f} % of the variance", enough))
        rows.append(("pPCA: best test log p(x)", int(explore.ppca_log_px(known).argmax()) + 1))
        said.append(f"PCA, pPCA: exact; n = {known.n_train:,} training, {known.n_test:,} test images.")
    if vaes:
        elbos = {d: c.metrics["elbo"] for d, c in vaes.items()}
        noise = Z_95 * max(c.metrics["elbo_standard_error"] for c in vaes.values())
        rows.append(("VAE: ELBO as good as the best", explore.first_within(elbos, noise)))
        rows.append((f"VAE: active units at d = {max(vaes)}", vaes[max(vaes)].metrics["active_units"]))
        said.append(f"VAE: at trained d, as good within ± 95 %; log p(x) by {_methods(vaes)}.")
    accuracy = next((curve for curve in drawn[-1].curves if curve.family == "vae"), None)
    if accuracy is not None:
        found = dict(zip(accuracy.dims, accuracy.values, strict=True))
        rows.append(("VAE: probe as good as the best", explore.first_within(found, max(accuracy.half_widths))))
    if rows:
        st.markdown("| What speaks for d | d |\n|---|---|\n" + "\n".join(f"| {what} | **{d}** |" for what, d in rows))
    st.caption(" ".join(said))


def _methods(vaes: dict[int, Checkpoint]) -> str:
    """How log p(x) was obtained at each d."""
    by_method: dict[str, list[int]] = {}
    for d, found in sorted(vaes.items()):
        metrics = found.metrics
        k = f", k = {metrics['n_samples']}" if "bound" in metrics["log_px_method"] else ""
        by_method.setdefault(f"{metrics['log_px_method']}{k}", []).append(d)
    return "; ".join(f"{method} at d = {', '.join(map(str, dims))}" for method, dims in by_method.items())


def at_chosen(choice: Choice) -> None:
    """The exact linear numbers at the chosen d."""
    known = cached.spectrum(choice.dataset)
    if known is None or choice.latent_dim > known.largest_dim:
        return
    sse, log_px = (values[choice.latent_dim - 1] for values in (explore.pca_sse(known), explore.ppca_log_px(known)))
    page.number(f"PCA, d = {choice.latent_dim}", f"SSE {sse:.2f}", f"Exact, test images; pPCA: log p(x) = {page.signed(log_px)} nats.")


def downloads(drawn: list[Panel], choice: Choice) -> list[page.Download]:
    """The panels as CSV; the chart's own camera saves it as a picture."""
    return [page.Download("CSV", f"{choice.dataset}-latent-dim.csv", "text/csv", lambda: figures.panels_csv(drawn))]
