"""A person's own picture: its way to the model's input, what every model makes of it, where it lies, and how likely it is."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape

import numpy as np
from PIL import Image

from vae_core.drawing.chart import Chart, Part, axis, note, trace, upright
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.images import enlarged, error_limit, error_map, to_png
from vae_core.drawing.theme import MUTED, house_chart, mark
from vae_core.explore.codes_figure import latent_scatter
from vae_core.explore.reconstructions_figure import ERROR_NOTE
from vae_core.units import decibels, subscript

STEP_HEIGHT = 60
"""Of a picture in the strip of steps, on the screen in pixels."""
OWN_COLOUR = "#e6007e"
"""The person's own picture among the test images."""
YOURS: Part = {"text": "<b>yours</b>", "font": {"size": 15, "color": "#ffffff"}, "bgcolor": OWN_COLOUR, "borderpad": 3}
"""Its name in a chart."""


@dataclass(frozen=True, slots=True, eq=False)
class Through:
    """One picture through one model: x̂ float (C, H, W), squared error over all pixels, PSNR in dB."""

    family: str
    latent_dim: int
    x_hat: np.ndarray
    sse: float
    psnr: float


def steps_html(steps: list[tuple[str, str, np.ndarray]]) -> str:
    """The picture after every step in a row, an arrow between two.

    Args:
        steps: name, what was done, and the image as bytes, (C, H, W).
    """
    cells = [_step_html(name, did, image, is_last=i == len(steps) - 1) for i, (name, did, image) in enumerate(steps)]
    return f"<style>{_CSS}</style>" + '<div class="own-steps">' + '<i aria-hidden="true">→</i>'.join(cells) + "</div>"


def _step_html(name: str, did: str, image: np.ndarray, *, is_last: bool) -> str:
    data = base64.b64encode(to_png(_thumbnail(image))).decode()
    kind = ' class="input"' if is_last else ""
    words = f"{name}: {did}" if did else name
    image_html = f'<img src="data:image/png;base64,{data}" alt="{escape(words)}">'
    return f"<figure{kind}>{image_html}<b>{escape(name)}</b><span>{escape(did)}</span></figure>"


def _thumbnail(image: np.ndarray) -> Image.Image:
    """Of about twice the height on the screen; the pixels of a small image as squares."""
    times = 2 * STEP_HEIGHT // max(image.shape[1:])
    picture = enlarged(image, max(1, times))
    picture.thumbnail((4 * STEP_HEIGHT, 2 * STEP_HEIGHT))
    return picture


def matrix(x: np.ndarray, found: list[Through], *, focus: str | None = None, show_errors: bool = False) -> ImageTable:
    """The picture beside its reconstructions: a row for each latent dimension, a column for each family, SSE and PSNR below each.

    Args:
        x: the picture as the models were given it, uint8 (C, H, W).
        found: it through each model.
        focus: the family in focus.
        show_errors: error maps x̂ − x instead of the reconstructions.
    """
    families = list(dict.fromkeys(one.family for one in found))
    dims = sorted({one.latent_dim for one in found})
    errors = {(one.family, one.latent_dim): one.x_hat - x / 255 for one in found}
    limit = error_limit(np.stack(list(errors.values()))) if show_errors and found else None
    tiles = {(one.family, one.latent_dim): _tile(one, errors, limit) for one in found}
    heads = (Head("Yours"), *(Head(mark(family).short, "", mark(family), family == focus) for family in families))
    rows = tuple((Tile(x), *(tiles.get((family, dim)) for family in families)) for dim in dims)
    note = "" if limit is None else ERROR_NOTE.format(limit=limit)
    labels = tuple(f"d = {dim}" for dim in dims)
    return ImageTable(heads, rows, labels, note=note, has_error_scale=limit is not None, error_limit=limit or 1.0)


def _tile(one: Through, errors: dict[tuple[str, int], np.ndarray], limit: float | None) -> Tile:
    image = one.x_hat if limit is None else error_map(errors[one.family, one.latent_dim], limit)
    return Tile(image, f"{one.sse:.2f}, {decibels(one.psnr)}")


def neighbours(x: np.ndarray, rows: dict[str, tuple[np.ndarray, list[str]]]) -> ImageTable:
    """The picture, then the training images nearest to it, a row for each way to measure.

    Args:
        x: the picture, uint8 (C, H, W).
        rows: how it was measured → images as bytes, (N, C, H, W), and a line under each.
    """
    n = min((len(images) for images, _ in rows.values()), default=0)
    tiles = tuple(
        (Tile(x, "yours"), *(Tile(image, line) for image, line in zip(images, lines, strict=True))) for images, lines in rows.values()
    )
    return ImageTable((Head(""), *(Head(str(i + 1)) for i in range(n))), tiles, tuple(rows))


def place_map(
    points: np.ndarray, names: tuple[str, str], own: np.ndarray, *, labels: np.ndarray | None, prior_circles: bool, height: int = 400
) -> Chart:
    """The test codes on a plane, and the person's own picture among them.

    Args:
        points: of the test images, (N, 2).
        names: of the axes.
        own: of the picture, (2,).
        labels: class of each test image, or None.
        prior_circles: draw one, two and three standard deviations of N(0, I).
        height: in pixels.
    """
    x, y = float(own[0]), float(own[1])
    star = {"symbol": "star", "size": 22, "color": OWN_COLOUR, "line": {"width": 2, "color": "#ffffff"}}
    pointer = "yours (%{x:.2f}, %{y:.2f})<extra></extra>"
    yours = trace("scattergl", x=[x], y=[y], name="yours", mode="markers", marker=star, hovertemplate=pointer)  # as the codes: else below
    arrow = {"ax": 44, "ay": -38, "arrowcolor": OWN_COLOUR, "arrowwidth": 2, "standoff": 9}
    codes = latent_scatter(points, names, labels=labels, prior_circles=prior_circles, height=height)
    return codes.extended(yours, dragmode="pan", annotations=[{"x": x, "y": y, **YOURS, **arrow}])


def code_bars(z: np.ndarray, sd: np.ndarray, low: np.ndarray, high: np.ndarray, *, height: int = 400) -> Chart:
    """The code of the picture, dimension by dimension, over the middle 90 % of the test codes.

    Args:
        z: E q(z|x) of the picture, (D,).
        sd: σ of q(z|x), (D,), zeros for a deterministic encoder.
        low, high: 5 % and 95 % quantiles of the test images' codes, (D,) each.
        height: in pixels.
    """
    names = [f"z{subscript(j + 1)}" for j in range(len(z))]
    grey = {"marker": {"color": MUTED, "opacity": 0.35}, "width": 0.8}
    star = {"mode": "markers", "marker": {"symbol": "star", "size": 12, "color": OWN_COLOUR}}
    star |= {"error_y": {"array": 2 * sd, "visible": bool(sd.any()), "width": 4}}
    name = "yours" + (", ± 2σ of q(z|x)" if sd.any() else "")
    return house_chart(
        [
            trace("bar", x=names, y=high - low, base=low, name="90 % of test codes", **grey),
            trace("scatter", x=names, y=z, name=name, **star),
        ],
        height=height,
        xaxis=axis("Latent dimension"),
        yaxis=axis("E q(z|x)"),
    )


def score_histogram(
    test_scores: np.ndarray, score: float, limits: tuple[float, float], name: str, *, tail: float, height: int = 400
) -> Chart:
    """The scores of the test images, limits of their tails, and the score of the picture.

    Args:
        test_scores: (N,).
        score: of the picture.
        limits: the lower and the upper.
        name: of the score, with its unit.
        tail: share of the test images that lies beyond each.
        height: in pixels.
    """
    low, high = np.quantile(test_scores, [0.002, 1])
    counts, edges = np.histogram(test_scores, bins=60, range=(low, high))
    bars = {"width": np.diff(edges), "name": "test images", "marker": {"color": MUTED, "opacity": 0.6}}
    ends = min(low, score), max(high, score)
    span = ends[1] - ends[0]
    place = {"xref": "x", "y": 1, "yref": "y domain", "yanchor": "top", "font": {"size": 14}}
    return house_chart(
        [trace("bar", x=(edges[1:] + edges[:-1]) / 2, y=counts, **bars)],
        height=height,
        shapes=[
            *[upright(limit, line={"color": MUTED, "dash": "dash", "width": 2}) for limit in limits],
            upright(score, line={"color": OWN_COLOUR, "width": 3}),
        ],
        annotations=[
            note(f"lowest<br>{100 * tail:.1f} %", x=limits[0], xanchor="right", **place),
            note(f"highest<br>{100 * tail:.1f} %", x=limits[1], xanchor="left", **place),
            {"x": score, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, **YOURS},
        ],
        xaxis=axis(name, range=[ends[0] - 0.03 * span, ends[1] + 0.1 * span]),
        yaxis=axis(f"Test images (n = {len(test_scores):,})"),
        showlegend=False,
        bargap=0,
    )


_CSS = f"""
.own-steps {{ display: flex; align-items: flex-start; gap: 8px; flex-wrap: nowrap; overflow-x: auto }}
.own-steps i {{ font-style: normal; font-size: max(1rem, var(--least-type, 0px)); line-height: {STEP_HEIGHT}px; opacity: 0.6 }}
.own-steps figure {{ margin: 0; display: flex; flex-direction: column; align-items: center; text-align: center; line-height: 1.25;
  flex: 0 1 auto; min-width: 0; max-width: 132px }}
.own-steps .input {{ flex-shrink: 0 }}
.own-steps img {{ height: {STEP_HEIGHT}px; max-width: min(128px, 100%); object-fit: contain; display: block; border-radius: 0;
  outline: 1px solid rgba(128, 128, 128, 0.4) }}
.own-steps b {{ font-size: max(0.86rem, var(--least-type, 0px)); margin-top: 3px }}
.own-steps span {{ font-size: max(0.78rem, var(--least-type, 0px)); opacity: 0.85 }}
@media (max-width: 500px) {{ .own-steps {{ flex-wrap: wrap; gap: 4px }} .own-steps figure {{ flex: 0 0 4.4rem }} }}
"""
