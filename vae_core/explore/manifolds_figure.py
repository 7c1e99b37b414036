"""Decoded images over the plane of their codes, with the density of the codes as their ground."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from vae_core.drawing.chart import Chart, Part, note
from vae_core.drawing.images import as_bytes, data_url, grid_png
from vae_core.drawing.theme import house_chart
from vae_core.units import signed

LARGEST_SIDE = 1400
"""Pixels of one panel's picture at most."""
GROUND = ((0.0, "#00172e"), (0.33, "#16406b"), (0.66, "#5f6a72"), (1.0, "#a8943a"))
"""Densities under white ink: the lower three quarters of Cividis."""
BORDER = "#ff7f50"
"""Of cells without a code: seen on the ground's blue and yellow, and on white ink."""
OWN_MARGIN = 16
"""From this width on, images of ink have margins of their own."""
TOP = 58
"""Pixels above the panels, for their titles and the scale above these."""
SCALE = 0.4
"""Length of the scale of the ground's colours, of the width of all panels."""
MOSTLY_DARK = 0.4
"""Images whose mean is below this are drawn as white ink on the ground; others stand on it with a gap between them."""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One model's grid.

    Attributes:
        title: what stands above it.
        images: (n, n, C, H, W), the largest second coordinate first.
        axis: coordinates, (n,), increasing.
        density: of each cell, (n, n) in the order of the images, or None for no ground.
        names: of the axes, with their unit.
        is_empty: which cells hold no code, (n, n) in the order of the images; a line parts them from the others.
    """

    title: str
    images: np.ndarray
    axis: np.ndarray
    density: np.ndarray | None
    names: tuple[str, str] = ("z₁", "z₂")
    is_empty: np.ndarray | None = None


def manifold_grids(panels: list[Panel], *, density_name: str = "", height: int = 560, address: Callable[[bytes], str] = data_url) -> Chart:
    """Grids of decoded images side by side on the same axes; the colour of their ground is the density of each cell.

    Args:
        panels: one for each model.
        density_name: what the ground's colour stands for.
        height: in pixels.
        address: where a browser finds a PNG file; without, each is part of the chart.
    """
    grounds = [p.density for p in panels if p.density is not None]
    highest = float(np.quantile(np.stack(grounds), 0.98)) if grounds else 1.0
    share_names = len({p.names[1] for p in panels}) == 1
    gap = 0.02 if share_names else 0.055
    width = (1 - gap * (len(panels) - 1)) / len(panels)
    traces, images, notes, lines = [], [], [], []
    axes: dict[str, Part] = {}
    for k, panel in enumerate(panels):
        suffix, left = "" if k == 0 else str(k + 1), k * (width + gap)
        traces.append(_ground(panel, suffix, highest))
        images.append(_picture(panel, suffix, address))
        notes.append(_title(panel, left))
        if panel.is_empty is not None and (path := border(panel.is_empty)):
            lines.append({"type": "path", "path": path, "xref": f"x{suffix}", "yref": f"y{suffix}", "line": {"color": BORDER, "width": 2}})
        axes |= _axes(panel, suffix, (left, left + width))
        if k > 0:
            axes[f"yaxis{suffix}"] = _without_names(axes[f"yaxis{suffix}"])
            notes += [] if share_names else [_name_beside(panel, suffix)]
    if grounds and density_name:
        traces[0] |= {"showscale": True, "colorbar": _scale(highest)}
        notes.append(_name_of_scale(density_name))
    margin = {"t": TOP if grounds else 34, "l": 56, "r": 8, "b": 46, "pad": 0}
    margin["autoexpand"] = False  # for the scale above it would be made wider than what it holds
    return house_chart(traces, height=height, images=images, annotations=notes, shapes=lines, margin=margin, **axes)


def border(is_empty: np.ndarray) -> str:
    """The edges between cells that are empty and cells that are not, as the path of a shape; cells are 1 apart, the first row on top.

    Args:
        is_empty: (n, n).
    """
    n = len(is_empty)
    upright = [(j + 0.5, n - 1.5 - i, j + 0.5, n - 0.5 - i) for i, j in np.argwhere(is_empty[:, 1:] != is_empty[:, :-1])]
    level = [(j - 0.5, n - 1.5 - i, j + 0.5, n - 1.5 - i) for i, j in np.argwhere(is_empty[1:] != is_empty[:-1])]
    return " ".join(f"M{x0},{y0}L{x1},{y1}" for x0, y0, x1, y1 in upright + level)


def _without_names(axis: Part) -> Part:
    """The axis of a panel that has a neighbour at its left."""
    return {name: value for name, value in axis.items() if name != "title"} | {"showticklabels": False, "ticks": ""}


def _scale(highest: float) -> Part:
    """The colours of the ground, above the first panel."""
    place = {"orientation": "h", "thickness": 10, "len": SCALE, "x": 0, "xanchor": "left", "xpad": 0, "ypad": 0}
    place |= {"yref": "container", "y": 1, "yanchor": "top"}
    ticks = {"tickvals": [0, highest / 2, highest], "ticktext": ["0", f"{highest / 2:.2g}", f"≥ {highest:.2g}"]}
    return {**place, **ticks}


def _name_of_scale(name: str) -> Part:
    """What the colours of the ground stand for, beside them: above them it would take a line of the window."""
    beside = {"x": SCALE, "xref": "paper", "xanchor": "left", "xshift": 14, "y": 1, "yref": "paper", "yanchor": "middle", "yshift": TOP - 6}
    return note(name, font={"size": 13}, **beside)


def _ground(panel: Panel, suffix: str, highest: float) -> Part:
    """The densities of the cells, whose coordinates the pointer shows; clear where there are none."""
    n, ground = len(panel.axis), panel.density
    clear = [[0, "rgba(0,0,0,0)"], [1, "rgba(0,0,0,0)"]]
    cell = "(%{customdata[0]:.2f}, %{customdata[1]:.2f})" + ("<br>%{z:.3g}" if ground is not None else "")
    return {
        "type": "heatmap",
        "z": ground[::-1] if ground is not None else np.zeros((n, n)),
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "zmin": 0,
        "zmax": highest,
        "colorscale": GROUND if ground is not None else clear,
        "showscale": False,
        "customdata": np.stack(np.meshgrid(panel.axis, panel.axis), axis=-1),
        "hovertemplate": f"{cell}<extra>{panel.title}</extra>",
    }


def _picture(panel: Panel, suffix: str, address: Callable[[bytes], str]) -> Part:
    """The images over the ground."""
    n, has_ground = len(panel.axis), panel.density is not None
    png = ink_png(panel.images) if has_ground and is_ink(panel.images) else panel_png(panel.images, has_ground=has_ground)
    place = {"xref": f"x{suffix}", "yref": f"y{suffix}", "x": -0.5, "y": n - 0.5, "sizex": n, "sizey": n}
    return {"source": address(png), **place, "sizing": "stretch", "layer": "above"}


def _axes(panel: Panel, suffix: str, domain: tuple[float, float]) -> dict[str, Part]:
    """Both axes of a panel, with the coordinates of its first, middle and last cells."""
    n, (across, up) = len(panel.axis), panel.names
    at = sorted({0, (n - 1) // 2, n - 1})
    ticks = {
        "tickvals": at,
        "ticktext": [signed(float(panel.axis[i]), 1) for i in at],
        "showgrid": False,
        "tickfont": {"size": 13},
    }
    ticks |= {"range": (-0.5, n - 0.5), "fixedrange": True, "constrain": "domain"}
    upright = {"scaleanchor": f"x{suffix}", "scaleratio": panel.images.shape[3] / panel.images.shape[4], "constraintoward": "top"}
    below, beside = ({"text": name, "standoff": gap, "font": {"size": 15}} for name, gap in ((across, 4), (up, 2)))
    return {
        f"xaxis{suffix}": {**ticks, "domain": domain, "anchor": f"y{suffix}", "title": below},
        f"yaxis{suffix}": {**ticks, **upright, "anchor": f"x{suffix}", "title": beside},
    }


def _title(panel: Panel, left: float) -> Part:
    where = {"x": left, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    return note(f"<b>{panel.title}</b>", font={"size": 15}, **where)


def _name_beside(panel: Panel, suffix: str) -> Part:
    """The name of the axis that goes up, where it is another than that of the first panel."""
    beside = {"xref": f"x{suffix} domain", "x": 0, "xanchor": "right", "yref": f"y{suffix}", "y": (len(panel.axis) - 1) / 2}
    return note(panel.names[1], textangle=-90, font={"size": 15}, **beside)


def is_ink(images: np.ndarray) -> bool:
    """Whether the images are grey and mostly dark, so that their light pixels can stand on a coloured ground."""
    return images.shape[2] == 1 and float(images.mean()) < MOSTLY_DARK


def enlargement(images: np.ndarray) -> int:
    """Side of the square that each pixel becomes."""
    return max(1, min(4, LARGEST_SIDE // (len(images) * max(images.shape[3:]))))


def ink_png(images: np.ndarray) -> bytes:
    """One grid as a PNG file of white ink, as opaque as a pixel is light: one byte a pixel, its opacity in a palette.

    Images too small to have a margin of their own get one: a blank pixel's width between neighbours.
    """
    n, _, _, height, width = images.shape
    times = enlargement(images)
    levels = as_bytes(images.reshape(1, -1, width)).reshape(n * n, height, width)
    margin = times // 2 if width < OWN_MARGIN else 0
    levels = np.pad(levels.repeat(times, 1).repeat(times, 2), ((0, 0), (margin, margin), (margin, margin)))
    side_y, side_x = levels.shape[1:]
    sheet = levels.reshape(n, n, side_y, side_x).swapaxes(1, 2).reshape(n * side_y, n * side_x)
    ink = Image.fromarray(sheet, "P")
    ink.putpalette([255] * 3 * 256)
    file = io.BytesIO()
    ink.save(file, "PNG", compress_level=3, transparency=bytes(range(256)))
    return file.getvalue()


def panel_png(images: np.ndarray, *, has_ground: bool = False, density: int = 1) -> bytes:
    """One grid as a PNG file, transparent between the images, each pixel a whole square.

    Args:
        images: (n, n, C, H, W).
        has_ground: whether the ground between them is to be seen.
        density: pixels of the file for one on the page.
    """
    times = density * enlargement(images)
    return grid_png(images, times=times, gap=max(density, round((0.2 if has_ground else 0.08) * images.shape[4] * times)))
