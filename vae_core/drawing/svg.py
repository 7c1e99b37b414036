"""Line drawings as SVG: boxes, arrows and words in the colour of the page's text, so that they suit a light and a dark page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Any

SIZE = 21
"""Of the words, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG picture, which shows itself in a notebook.

    Attributes:
        svg: the file's text.
        title: what it shows, in words.
    """

    svg: str
    title: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> dict[str, str]:
        """What a notebook shows."""
        return {"image/svg+xml": self.svg}


def drawing(parts: list[str], width: float, height: float, title: str) -> Drawing:
    """A picture of these parts, from the lowest to the uppermost."""
    size = f'viewBox="0 0 {width:g} {height:g}" width="100%"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="group" aria-label="{escape(title)}"'
    look = f'font-family="system-ui, sans-serif" font-size="{SIZE}" fill="currentColor" stroke="none"'
    return Drawing(f"{head} {look}><title>{escape(title)}</title>{''.join(parts)}</svg>", title)


def words(text: str, x: float, y: float, *, size: float = SIZE, weight: int = 400, anchor: str = "middle", colour: str = "") -> str:
    """A line of text whose baseline is at y."""
    fill = f' fill="{colour}"' if colour else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" text-anchor="{anchor}"{fill}>{escape(text)}</text>'


def box(x: float, y: float, width: float, height: float, *, colour: str = "currentColor", dash: str = "", radius: float = 6) -> str:
    """A rectangle, by its upper left corner, with rounded corners."""
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"'
    return f'<rect {place} fill="{colour}" fill-opacity="0.08" stroke="{colour}" stroke-width="2"{_dashes(dash)}/>'


def circle(x: float, y: float, radius: float, *, colour: str = "currentColor", filled: bool = False, dash: str = "") -> str:
    """A circle, by its centre."""
    place, opacity = f'cx="{x:g}" cy="{y:g}" r="{radius:g}"', 0.3 if filled else 0.08
    return f'<circle {place} fill="{colour}" fill-opacity="{opacity:g}" stroke="{colour}" stroke-width="2"{_dashes(dash)}/>'


def arrow(start: tuple[float, float], end: tuple[float, float], *, colour: str = "currentColor", width: float = 2, dash: str = "") -> str:
    """A straight line with a head at its end."""
    (x, y), (to_x, to_y) = start, end
    angle, reach = math.atan2(to_y - y, to_x - x), 4 + 2.5 * width
    left, right = ((to_x - reach * math.cos(angle + turn), to_y - reach * math.sin(angle + turn)) for turn in (0.42, -0.42))
    neck = to_x - 0.8 * reach * math.cos(angle), to_y - 0.8 * reach * math.sin(angle)
    way = f"M{x:.1f} {y:.1f}L{neck[0]:.1f} {neck[1]:.1f}"
    head = f'<path d="M{to_x:.1f} {to_y:.1f}L{left[0]:.1f} {left[1]:.1f}L{right[0]:.1f} {right[1]:.1f}Z" fill="{colour}"/>'
    return path(way, colour=colour, width=width, dash=dash) + head


def path(way: str, *, colour: str = "currentColor", width: float = 2, dash: str = "") -> str:
    """A line along a way in SVG's own letters."""
    return f'<path d="{way}" stroke="{colour}" stroke-width="{width:g}" fill="none"{_dashes(dash)}/>'


def image(url: str, x: float, y: float, width: float, height: float) -> str:
    """A picture of pixels that stay square, as large as fits."""
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<image href="{url}" {place} preserveAspectRatio="xMidYMid" style="image-rendering: pixelated"/>'


def part(name: str, parts: list[str], *, label: str, is_chosen: bool) -> str:
    """Parts of a drawing that are chosen together, by a click or by a key."""
    state = f'role="button" tabindex="0" aria-pressed="{str(is_chosen).lower()}" aria-label="{escape(label)}"'
    return f'<g data-node="{escape(name)}" {state} style="cursor: pointer"><title>{escape(label)}</title>{"".join(parts)}</g>'


def _dashes(pattern: str) -> str:
    return f' stroke-dasharray="{pattern}"' if pattern else ""
