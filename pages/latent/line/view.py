"""The page on a line that becomes a curve: its controls, the picture, the chart and the numbers."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.latent.line.cached import curve_samples, curve_table
from pages.latent.line.line_curve import line_curve as component
from pages.shared import controls, page
from pages.shared.chart.chart import packed
from pages.shared.links import bound
from vae_core.drawing.colours import between, even
from vae_core.drawing.packing import named
from vae_core.drawing.tables import csv
from vae_core.explore.latent import line_to_curve, morph_figure
from vae_core.explore.latent import ring_figure as figures
from vae_core.explore.latent.line_to_curve import CURVES, PRIORS

N_SAMPLES = 400


def choose() -> tuple[str, str]:
    """Draw the controls; names of the curve and of the prior."""
    titles = {curve.title: name for name, curve in CURVES.items()}
    name = titles[st.selectbox("Curve g", tuple(titles), **bound("curve_name"))]
    prior = controls.segmented(
        "Prior p(z)", tuple(PRIORS), "curve_prior", help="Beta distributions on [0, 1]: flat, more in the middle, more near 0."
    )
    return name, prior


def draw(name: str, prior: str) -> None:
    """The picture."""
    table, samples = curve_table(name, prior), curve_samples(name, prior, N_SAMPLES)[0]
    arrays = {"point": table.point, "tangent": table.tangent, "prior": table.prior, "samples": samples}
    component.line_curve(named(arrays, palette=figures.PALETTES["radius"], start=component.start()).data)


def chosen_z() -> float:
    """The z that is marked."""
    return component.view()["z"]


def chart(name: str, prior: str) -> None:
    """Prior, speed and density over z, and the curve's formula."""
    table = curve_table(name, prior)
    page.chart(packed(figures.curve_chart(table.z, table.prior, table.speed, table.density, at=chosen_z()), tools=False))
    st.markdown(f"${CURVES[name].formula}$")


def numbers(name: str, prior: str) -> None:
    """Length of the curve, and the density at the chosen z."""
    table, exact = curve_table(name, prior), CURVES[name].length
    z = chosen_z()
    length = f"{table.arc[-1]:.4f}" if exact is None else f"{exact:.6f}"
    how = f"Trapezoid rule, {len(table.z)} points" + (
        "; no closed form." if exact is None else f": {table.arc[-1]:.6f}. Shown: closed form."
    )
    page.number("Length of the curve", length, how)
    density = float(np.interp(z, table.z, table.density))
    page.number("Density along the curve", f"{density:.4f}", f"Exact p(z)/|g′(z)| at z = {z:.3f}, per unit of length.")


def downloads(name: str, prior: str) -> list[page.Download]:
    """The curve's table as CSV, and the film for slides."""
    table = curve_table(name, prior)
    columns = np.column_stack([table.z, table.point, table.speed, table.prior, table.density, table.arc])
    numbers = csv(["z", "x1", "x2", "speed", "prior", "density", "arc"], columns.tolist(), digits=6)
    theme = page.theme()
    return [
        page.Download("CSV", f"{name}-{prior}.csv", "text/csv", numbers),
        page.Download("Film (GIF)", f"{name}-{prior}.gif", "image/gif", lambda: film(name, prior, theme)),
    ]


def film(name: str, prior: str, theme: morph_figure.Theme) -> bytes:
    """The line as it becomes the curve, coloured by the density along the curve, as a GIF."""
    table = line_to_curve.curve_table(name, prior, n=6001)
    low, high = table.density.min(), np.quantile(table.density, 0.97)
    share = np.clip((table.density - low) / (high - low), 0, 1) if high - low > 1e-6 * high else np.full(len(table.z), 0.5)
    colours = between(share, even(figures.PALETTES["radius"]))
    line = np.stack([2 * table.z - 1, np.zeros_like(table.z)], -1)
    return morph_figure.morph_gif(line, table.point, colours, film=morph_figure.Film(n_frames=40, dot=6, spans=(1.35, 1.35), theme=theme))
