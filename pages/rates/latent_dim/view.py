"""How many latent dimensions: the chart, and what each criterion says."""

from __future__ import annotations

import streamlit as st

from pages.rates.latent_dim.cached import probe, recipes, spectrum
from pages.shared import cached, page
from pages.shared.controls import Choice
from pages.shared.labels import of_other_recipes
from vae_core.drawing.chart import Chart
from vae_core.explore.means import Mean, as_earned, log_px_method, mean_of_metrics
from vae_core.explore.rates import latent_dim as explore
from vae_core.explore.rates import latent_dim_figure as figures
from vae_core.explore.rates.latent_dim_figure import Panel
from vae_core.models.pca import PCASpec
from vae_core.store.checkpoints import Checkpoint

SHARE = 0.9
"""Of the variance, which PCA is asked to keep."""


def chart(panels: list[Panel], choice: Choice) -> None:
    """Draw the panels; empty ones are left out."""
    choices = (choice.dataset, choice.latent_dim, choice.has_data)
    page.chart(cached.lasting_chart("latent dim", choices, lambda: figure(panels, choice)))


def figure(panels: list[Panel], choice: Choice) -> Chart:
    """Panels with data, the chosen d marked."""
    return figures.latent_dim_panels([panel for panel in panels if panel.curves], latent_dim=choice.latent_dim)


def criteria(choice: Choice) -> dict[str, int | str]:
    """What each criterion chooses, as a table, with n and methods; criterion → d."""
    axes, vaes = spectrum(choice.dataset), recipes(choice.dataset, "vae")
    rows, methods = [], []
    if axes is not None:
        enough = explore.dims_for_share(axes, SHARE) or f"> {len(axes.eigenvalues)}"
        rows.append((f"PCA: {100 * SHARE:.0f} % of the variance", enough))
        rows.append(("pPCA: best test log p(x)", int(explore.ppca_log_px(axes).argmax()) + 1))
        methods.append(f"PCA, pPCA: exact; n = {axes.n_train:,} training, {axes.n_test:,} test images.")
    if len(vaes) > 1:
        rows.append(("VAE: smallest d within error of the best ELBO", explore.first_tied(shortfalls(vaes))))
    if vaes:
        rows.append((f"VAE: active units at d = {max(vaes)}", vaes[max(vaes)].metrics["active_units"]))
        within = "as good within the 95 % confidence interval of the difference on the same images"
        methods.append(f"VAE: at trained d, {within}; log p(x) by {_methods(vaes)}.")
        methods.append(of_other_recipes(checkpoint.spec for checkpoint in vaes.values()))
    right = {d: measured.share for d, checkpoint in vaes.items() if (measured := probe(checkpoint)) is not None}
    if len(right) > 1:
        rows.append(("VAE: probe as good as the best", explore.first_as_good(right)))
        methods.append("Probe: within the 95 % confidence interval of the best (Wilson).")
    if rows:
        st.markdown("| Criterion | d |\n|---|---|\n" + "\n".join(f"| {what} | **{d}** |" for what, d in rows))
    page.fine_print().caption(" ".join(filter(None, methods)))
    return dict(rows)


def shortfalls(vaes: dict[int, Checkpoint]) -> dict[int, Mean]:
    """Latent dimension → by how much its ELBO is below the best, on the same images where the difference is known."""
    means = {d: mean_of_metrics(checkpoint.metrics, "elbo") for d, checkpoint in vaes.items()}
    best = max(means, key=lambda d: means[d].value)
    paired = {d: cached.difference("elbo", vaes[best].spec, vaes[d].spec) for d in vaes if d != best}
    return {d: paired.get(d) or means[best].less(means[d]) for d in vaes}


def _methods(vaes: dict[int, Checkpoint]) -> str:
    """How log p(x) was obtained at each d."""
    by_method: dict[str, list[int]] = {}
    for d, checkpoint in sorted(vaes.items()):
        by_method.setdefault(log_px_method(checkpoint.metrics), []).append(d)
    return "; ".join(f"{method} at d = {', '.join(map(str, dims))}" for method, dims in by_method.items())


def at_chosen(choice: Choice) -> None:
    """The exact linear numbers at the chosen d."""
    axes = spectrum(choice.dataset)
    if axes is None or choice.latent_dim > axes.largest_dim:
        return
    sse, log_px = linear_at(choice, axes)
    n = f"n = {axes.n_test:,} test images{' ± 95 % confidence interval' if sse.half_width else ''}"
    method = f"Exact for each image, mean of {n}; pPCA: log p(x) = {as_earned(log_px)} nats."
    page.number(
        f"PCA, d = {choice.latent_dim}",
        f"SSE {as_earned(sse)}",
        method,
        of=PCASpec(dataset=choice.dataset, latent_dim=choice.latent_dim),
    )


def linear_at(choice: Choice, axes: explore.HeldOutSpectrum) -> tuple[Mean, Mean]:
    """PCA's SSE and pPCA's log p(x) at the chosen d, with the intervals of the trained models where these are here."""
    exact = (float(values[choice.latent_dim - 1]) for values in (explore.pca_sse(axes), explore.ppca_log_px(axes)))
    metrics = cached.metrics(choice.dataset, choice.latent_dim)
    kept = (mean_of_metrics(metrics[f], name).half_width if f in metrics else None for f, name in (("pca", "sse"), ("ppca", "log_px")))
    sse, log_px = (Mean(value, half_width, axes.n_test) for value, half_width in zip(exact, kept, strict=True))
    return sse, log_px


def downloads(panels: list[Panel], choice: Choice) -> list[page.Download]:
    """The panels as CSV; the chart's own camera saves it as a picture."""
    return [page.Download("CSV", f"{choice.dataset}-latent-dim.csv", "text/csv", lambda: figures.panels_csv(panels))]
