"""PCA by hand on the page: its controls, the points, what stands beside them, the numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.linear.pca_by_hand.cloud_plot import cloud_plot as component
from pages.linear.pca_by_hand.cloud_plot.cloud_plot import Hand
from pages.shared import controls, page
from pages.shared.links import bound
from vae_core.drawing.tables import csv
from vae_core.explore.linear import pca_by_hand as explore
from vae_core.explore.linear import pca_by_hand_figure as figures
from vae_core.units import tiny

CURVES, DERIVATION, POWER = BESIDE = ("curves", "derivation", "power iteration")
COLOURS = {"kept": figures.KEPT, "lost": figures.LOST}
N_STEPS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What stands beside the points, what is set in them, how many lines of the derivation are shown, and the scale of its first codes."""

    beside: str
    hand: Hand
    n_lines: int = 0
    scale: float = 1.0


def choose() -> Setting:
    """Draw the controls."""
    beside = controls.segmented("Beside the points", BESIDE, "hand_beside")
    seed = controls.draw("Reseed", key="hand_seed")
    hand = component.hand(seed)
    if beside != DERIVATION:
        return Setting(beside, hand)
    n = len(explore.derivation(hand.points, hand.angle))
    n_lines = st.slider("Lines shown", 1, n, n, **bound("hand_lines"))
    scale = st.slider(
        "Codes, times the best",
        0.0,
        2.0,
        1.0,
        0.1,
        **bound("hand_scale"),
        help="The first three lines hold for any codes: at 1 they are z*.",
    )
    return Setting(beside, hand, n_lines, scale)


def draw(setting: Setting) -> None:
    """The points, and beside them curves, derivation or power iteration."""
    alone = setting.beside != CURVES
    left, right = st.columns((5, 7), gap="medium") if alone else (st.container(), None)
    with left:
        component.cloud_plot(setting.hand, scale=setting.scale, alone=alone, colours=COLOURS)
    if right is not None:
        with right:
            (derivation if setting.beside == DERIVATION else power_iteration)(setting)


def derivation(setting: Setting) -> None:
    """The lines so far, each with what it comes to on these points."""
    lines = explore.derivation(setting.hand.points, setting.hand.angle, setting.scale)
    rows = [rf"{{\scriptstyle {k}}} & {line.formula} & {line.value:.4f}" for k, line in enumerate(lines[: setting.n_lines], 1)]
    table = r" \\ ".join(rows)
    st.markdown(rf"$$\def\arraystretch{{1.45}}\begin{{array}}{{rlr}} {table} \end{{array}}$$")
    st.caption(f"Line {setting.n_lines}: {lines[setting.n_lines - 1].remark}")


def power_iteration(setting: Setting) -> None:
    """The next steps from where v is."""
    steps = explore.power_iteration(setting.hand.points, setting.hand.angle, N_STEPS)
    first, second = explore.principal(setting.hand.points).eigenvalues
    page.chart(figures.power_chart(np.array([step.away for step in steps]), second / first if first else 1.0))
    rows = [f"| {k} | {step.angle:.4f}° | {step.variance:.6f} |" for k, step in enumerate(steps[:6])]
    st.markdown("\n".join(["| k | angle of v | vᵀCv |", "|---:|---:|---:|", *rows]))


def numbers(setting: Setting) -> None:
    """Error and projected variance at this direction, beside the best."""
    points, angle = setting.hand.points, setting.hand.angle
    exact, n = explore.principal(points), len(points)
    error, kept = explore.sse(points, angle) / n, explore.variance(points, angle)
    least = f"At the best direction it is λ₂ = {exact.eigenvalues[1]:.4f}."
    page.number("Squared error per point", f"{error:.4f}", f"Exact, n = {n} points. {least}")
    off = abs(error + kept - exact.total)
    page.number(
        "Projected variance", f"{kept:.4f}", f"Exact: vᵀCv. With the error it makes {exact.total:.4f} (rounding error {tiny(off)})."
    )
    if setting.beside == DERIVATION:
        gap = explore.largest_gap(explore.derivation(points, angle, setting.scale))
        st.caption(f"Lines that must be equal differ by {tiny(gap)} of their value at most.")


def downloads(setting: Setting) -> list[page.Download]:
    """Points, codes and reconstructions, and the lines of the derivation, as CSV."""
    points, angle = setting.hand.points, setting.hand.angle
    z, x_hat = explore.codes(points, angle), explore.reconstructions(points, angle)
    table = csv(["x1", "x2", "z", "x1_hat", "x2_hat"], np.column_stack([points, z, x_hat]).tolist(), digits=9)
    lines = explore.derivation(points, angle, setting.scale)
    steps = csv(["line", "formula", "kind", "value"], ([k, line.formula, line.what, line.value] for k, line in enumerate(lines, 1)))
    return [
        page.Download("Points (CSV)", "pca-by-hand.csv", "text/csv", table),
        page.Download("Derivation (CSV)", "pca-derivation.csv", "text/csv", steps),
    ]


def points_in_code(setting: Setting) -> str:
    """The points as a notebook makes them."""
    return f'points_of("{setting.hand.code}")' if setting.hand.code else f"cloud({setting.hand.seed})"
