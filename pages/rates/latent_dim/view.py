"""How many latent dimensions: the chart, and what each criterion says."""

from __future__ import annotations

import streamlit as st

from pages.rates.latent_dim.cached import recipes, spectrum
from pages.shared import cached, page
from pages.shared.controls import Choice
from vae_core.drawing.chart import Chart
from vae_core.explore.rates import latent_dim as explore
from vae_core.explore.rates import latent_dim_figure as figures
from vae_core.explore.rates.latent_dim_figure import Panel
from vae_core.statistics import Z_95
from vae_core.store.checkpoints import Checkpoint
from vae_core.units import signed

SHARE = 0.9
"""Of the variance, which PCA is asked to keep."""


def chart(panels: list[Panel], choice: Choice) -> None:
    """Draw the panels; empty ones are left out."""
    choices = (choice.dataset, choice.latent_dim, choice.has_data)
    page.chart(cached.lasting_chart("latent dim", choices, lambda: figure(panels, choice)))


def figure(panels: list[Panel], choice: Choice) -> Chart:
    """Panels with data, the chosen d marked."""
    return figures.latent_dim_panels([panel for panel in panels if panel.curves], latent_dim=choice.latent_dim)


def criteria(panels: list[Panel], choice: Choice) -> None:
    """What each criterion chooses, as a table, with n and methods."""
    axes, vaes = spectrum(choice.dataset), recipes(choice.dataset, "vae")
    rows, methods = [], []
    if axes is not None:
        enough = explore.dims_for_share(axes, SHARE) or f"> {len(axes.eigenvalues)}"
        rows.append((f"PCA: {100 * SHARE:.0f} % of the variance", enough))
        rows.append(("pPCA: best test log p(x)", int(explore.ppca_log_px(axes).argmax()) + 1))
        methods.append(f"PCA, pPCA: exact; n = {axes.n_train:,} training, {axes.n_test:,} test images.")
    if vaes:
        elbos = {d: c.metrics["elbo"] for d, c in vaes.items()}
        noise = Z_95 * max(c.metrics["elbo_standard_error"] for c in vaes.values())
        rows.append(("VAE: smallest d within error of the best ELBO", explore.first_within(elbos, noise)))
        rows.append((f"VAE: active units at d = {max(vaes)}", vaes[max(vaes)].metrics["active_units"]))
        methods.append(f"VAE: at trained d, as good within ± 95 %; log p(x) by {_methods(vaes)}.")
    accuracy = next((curve for curve in panels[-1].curves if curve.family == "vae"), None)
    if accuracy is not None:
        by_dim = dict(zip(accuracy.dims, accuracy.values, strict=True))
        rows.append(("VAE: probe as good as the best", explore.first_within(by_dim, max(accuracy.half_widths))))
    if rows:
        st.markdown("| Criterion | d |\n|---|---|\n" + "\n".join(f"| {what} | **{d}** |" for what, d in rows))
    st.caption(" ".join(methods))


def _methods(vaes: dict[int, Checkpoint]) -> str:
    """How log p(x) was obtained at each d."""
    by_method: dict[str, list[int]] = {}
    for d, checkpoint in sorted(vaes.items()):
        metrics = checkpoint.metrics
        k = f", k = {metrics['n_samples']}" if "bound" in metrics["log_px_method"] else ""
        by_method.setdefault(f"{metrics['log_px_method']}{k}", []).append(d)
    return "; ".join(f"{method} at d = {', '.join(map(str, dims))}" for method, dims in by_method.items())


def at_chosen(choice: Choice) -> None:
    """The exact linear numbers at the chosen d."""
    axes = spectrum(choice.dataset)
    if axes is None or choice.latent_dim > axes.largest_dim:
        return
    sse, log_px = (values[choice.latent_dim - 1] for values in (explore.pca_sse(axes), explore.ppca_log_px(axes)))
    page.number(f"PCA, d = {choice.latent_dim}", f"SSE {sse:.2f}", f"Exact, test images; pPCA: log p(x) = {signed(log_px)} nats.")


def downloads(panels: list[Panel], choice: Choice) -> list[page.Download]:
    """The panels as CSV; the chart's own camera saves it as a picture."""
    return [page.Download("CSV", f"{choice.dataset}-latent-dim.csv", "text/csv", lambda: figures.panels_csv(panels))]
