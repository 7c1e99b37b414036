"""Noisy images and what denoisers make of them, their errors on every noise, and what noise does to codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, trace
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import FAMILY_MARKS, MUTED, Mark, house_chart
from vae_core.units import with_interval

NOISES = {"none": "no noise", "gaussian": "Gaussian", "mask": "mask", "salt_and_pepper": "salt and pepper"}
"""What a noise is called."""
BEST = "best"
TITLES = {BEST: "Best linear", "linear": "Linear AE", "plain": "AE", **{kind: f"AE, {NOISES[kind]}" for kind in NOISES if kind != "none"}}
"""What a denoiser is called, in the order in which they are shown."""
SHADES = ((0.0, "#eef4fb"), (0.5, "#a9cdea"), (0.5, "#3a78b5"), (1.0, "#08306b"))
"""With a step in the middle, so that a number can be read on every shade."""
PARTS = ("painted", "others")
"""Of the pixels of an image on which noise is painted."""
EXACTLY = 1e-2
"""A mean error below this is rounding, that of the identity."""
WORST = 5.0
"""Times the least error of a column from which on a cell is the darkest."""
LOOKS = {
    BEST: FAMILY_MARKS["pca"],
    "linear": FAMILY_MARKS["linear-autoencoder"],
    "plain": FAMILY_MARKS["autoencoder"],
    "gaussian": Mark("#d55e00", "circle", "solid", "●", ""),
    "mask": Mark("#cc79a7", "cross", "dot", "✚", ""),
    "salt_and_pepper": Mark("#9c755f", "hexagon", "dashdot", "⬢", ""),
}


class Mean(Protocol):
    """A mean with the half-width of its 95 % interval, and of how many images it is."""

    @property
    def value(self) -> float: ...

    @property
    def half_width(self) -> float | None: ...

    @property
    def n(self) -> int: ...


def ordered(names: Mapping[str, object]) -> list[str]:
    """These denoisers as they are shown."""
    return [name for name in TITLES if name in names]


def images(x: np.ndarray, seen: np.ndarray, denoised: Mapping[str, np.ndarray], lines: Mapping[str, str] | None = None) -> ImageTable:
    """Images, the same with noise, and what each denoiser makes of those, with the squared error below.

    Args:
        x: as bytes, (N, C, H, W).
        seen: with noise, float, the same shape.
        denoised: name → x̂, float, the same shape.
        lines: name → what stands below it.
    """
    columns = [[Tile(image) for image in x]]
    for made in (seen, *(denoised[name] for name in ordered(denoised))):
        columns.append([Tile(image.clip(0, 1), f"{error:.1f}") for image, error in zip(made, _sse(x, made), strict=True)])
    known = lines or {}
    heads = [Head("Original", known.get("original", "")), Head("With noise", known.get("noisy", ""))]
    heads += [Head(TITLES[name], known.get(name, ""), LOOKS[name]) for name in ordered(denoised)]
    return ImageTable(tuple(heads), tuple(zip(*columns, strict=True)))


def _sse(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    return np.square(x_hat - x / 255).reshape(len(x), -1).sum(1)


def matrix(errors: Mapping[str, Mapping[str, Mean]], *, height: int = 480) -> Chart:
    """Mean squared error of every denoiser (rows) on every noise (columns); the darker, the farther above the least of its column.

    Args:
        errors: name → noise → mean over test images.
        height: in pixels.
    """
    names = ordered(errors)[::-1]
    kinds = list(next(iter(errors.values())))
    means = np.array([[errors[name][kind].value for kind in kinds] for name in names])
    least = np.array([min(errors[name][kind].value for name in names if (name, kind) != (BEST, "none")) for kind in kinds])
    text = [[_cell(errors[name][kind], low) for kind, low in zip(kinds, least, strict=True)] for name in names]
    shade = np.log(np.maximum(means, least) / least) / np.log(WORST)
    look = {"texttemplate": "%{text}", "textfont": {"size": 15}, "colorscale": SHADES, "zmin": 0, "zmax": 1, "showscale": False}
    look |= {"xgap": 3, "ygap": 3, "hovertemplate": "%{y}, tried on %{x}: %{text}<extra></extra>"}
    cells = trace(
        "heatmap", z=shade, x=[NOISES[kind] for kind in kinds], y=[TITLES[name] for name in names], text=text, name="mean SSE", **look
    )
    plain = {"showgrid": False, "showline": False, "ticks": ""}
    return house_chart([cells], height=height, xaxis=axis("noise of the test images", side="top", **plain), yaxis=axis("denoiser", **plain))


def _cell(mean: Mean, least: float) -> str:
    text = "0" if mean.value < EXACTLY else with_interval(mean.value, mean.half_width).replace(" ± ", "<br>± ")  # for a telephone, too
    return f"<b>{text}</b>" if mean.value == least else text


def moved_codes(moved: Mapping[str, Sequence[float]], strengths: Sequence[float], *, unit: str, height: int = 460) -> Chart:
    """How far noise moves the codes, against its strength.

    Args:
        moved: name → mean ‖f(x̃) − f(x)‖² in units of the codes' variance, at each strength.
        strengths: of the noise.
        unit: what the strength is.
        height: in pixels.
    """
    curves = [_curve(name, [100 * value for value in moved[name]], strengths) for name in ordered(moved)]
    return house_chart(curves, height=height, xaxis=axis(unit), yaxis=axis("codes moved (% of their variance)", rangemode="tozero"))


def clean_errors(clean: Mapping[str, tuple[Mean, Mean]], *, height: int = 460) -> Chart:
    """Errors on training images and on test images, both without noise, with 95 % intervals.

    Args:
        clean: name → mean squared error of training images, and of test images.
        height: in pixels.
    """
    names = ordered(clean)
    bars = [
        trace(
            "bar",
            orientation="h",
            x=[clean[name][k].value for name in names],
            y=[TITLES[name].replace(" and ", "<br>and ") for name in names],
            error_x={"array": [clean[name][k].half_width for name in names], "thickness": 1.5, "width": 5},
            name=f"{split} images",
            marker={"color": colour},
        )
        for k, (split, colour) in enumerate((("training", MUTED), ("test", FAMILY_MARKS["pca"].colour)))
    ]
    errors = axis("SSE per image, no noise", rangemode="tozero", showgrid=True)
    return house_chart(bars, height=height, barmode="group", xaxis=errors, yaxis={"autorange": "reversed", "showgrid": False})


def _curve(name: str, values: Sequence[float], strengths: Sequence[float]) -> Part:
    look = LOOKS[name]
    style: Part = {"marker": {"symbol": look.symbol, "size": 9, "color": look.colour}, "line": {"dash": look.dash, "color": look.colour}}
    return trace("scatter", x=list(strengths), y=values, mode="lines+markers", name=TITLES[name], **style)


def errors_csv(errors: Mapping[str, Mapping[str, Mean]]) -> bytes:
    """Every cell of the matrix, one a line."""
    rows = ([name, kind, mean.value, mean.half_width, mean.n] for name, of in errors.items() for kind, mean in of.items())
    return csv(["denoiser", "noise", "test_sse_mean", "half_width_95", "n_images"], rows)


def painted_csv(errors: Mapping[str, Sequence[Mean]]) -> bytes:
    """Errors of each denoiser in the painted pixels and in the others, one a line."""
    rows = ([name, part, mean.value, mean.half_width, mean.n] for name, of in errors.items() for part, mean in zip(PARTS, of, strict=True))
    return csv(["denoiser", "pixels", "test_sse_mean", "half_width_95", "n_images"], rows)


def moved_csv(moved: Mapping[str, Sequence[float]], strengths: Sequence[float]) -> bytes:
    """Every point of the curves, one a line."""
    rows = ([name, s, value] for name, values in moved.items() for s, value in zip(strengths, values, strict=True))
    return csv(["denoiser", "strength", "drift_mean"], rows)
