"""A Plotly chart that keeps its place when its data change: what is drawn moves, and nothing is taken away meanwhile."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.shared.addresses import below_base
from vae_core.drawing import window
from vae_core.drawing.alternative import alternative
from vae_core.drawing.chart import Chart, as_json

FOLDER = Path(__file__).parent
PICKED = "picked"


def packed(chart: Chart, *, tools: bool = True, saved_as: Literal["svg", "png"] = "svg", selects: int = 0) -> bytes:
    """A chart as it goes to the browser: two lines of JSON, of which the second stays while the chart only moves.

    Args:
        chart: with a height, which grows with the window (`drawing.window`).
        tools: whether Plotly's buttons appear above it.
        saved_as: what its camera saves, named after the page.
        selects: so many points at most are sent back once they are circled or clicked; 0 for a chart that is looked at only.
    """
    look = {"tools": tools, "saved_as": saved_as, "selects": selects, "height": window.height(chart.layout["height"])}
    now = look | {"script": _address(), "alternative": alternative(chart.now()), "frame": chart.frame}
    return f"{as_json(now)}\n{chart.to_json()}".encode()


def mount(chart: bytes, *, key: str = "chart") -> list[int] | None:
    """Draw a `packed` chart.

    Args:
        chart: what to draw.
        key: tells it from the other charts of the page.

    Returns:
        `customdata` of the points that were circled or clicked, if the chart selects.
    """
    picked = _component()(key=key, data=chart, on_picked_change=_heard).get(PICKED)
    is_sound = isinstance(picked, list) and all(isinstance(index, int) for index in picked)
    return picked if is_sound else None


def _heard() -> None:
    """The page runs again, and reads what was picked."""


@cache
def _component() -> Any:
    html, css, layout, js = ((FOLDER / name).read_text(encoding="utf-8") for name in ("chart.html", "chart.css", "layout.js", "chart.js"))
    return st.components.v2.component("chart", html=html, css=f"\n{css}", js=f"\n{layout}\n{js}", isolate_styles=False)


def route() -> Route:
    """What the server adds to its own addresses: the library that draws, which the Python package of the same name brings along."""
    return Route(_address(), _serve)


def _address() -> str:
    return below_base(f"/plotly-{version('plotly')}.min.js")


def _serve(request: Request) -> Response:
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    is_small = "gzip" in request.headers.get("accept-encoding", "")
    headers |= {"Content-Encoding": "gzip"} if is_small else {}
    return Response(_library(is_small), media_type="text/javascript", headers=headers)


@cache
def _library(is_small: bool) -> bytes:
    import plotly

    whole = (Path(plotly.__file__).parent / "package_data/plotly.min.js").read_bytes()
    return gzip.compress(whole, compresslevel=6) if is_small else whole
