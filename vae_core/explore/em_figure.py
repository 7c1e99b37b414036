"""Points with what is believed of them, and the staircase of bound and likelihood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, level, note, trace
from vae_core.drawing.packing import packed
from vae_core.drawing.theme import CLASS_COLOURS, CLASS_SYMBOLS, FAMILY_MARKS, MUTED, SEQUENTIAL, house_chart

REACH = 3.2
"""Half of the side of the square that is shown."""
LIKELIHOOD, BOUND = FAMILY_MARKS["pca"].colour, FAMILY_MARKS["vae"].colour
TURN = np.linspace(0, 2 * np.pi, 73)


def shares(x: np.ndarray, q: np.ndarray, means: np.ndarray, covariances: np.ndarray, *, height: int = 440) -> Chart:
    """Points in the colour and symbol of their largest share, paler the less certain it is, with means and ellipses of 1 and 2 widths.

    Args:
        x: (N, 2).
        q: shares, (N, K), rows sum to 1.
        means: (K, 2).
        covariances: (K, 2, 2); of zeros no ellipse is drawn.
        height: in pixels.
    """
    most = q.argmax(1)
    traces = []
    for k, colour in enumerate(CLASS_COLOURS[: q.shape[1]]):
        of_k = most == k
        marker = {"color": colour, "symbol": CLASS_SYMBOLS[k], "size": 8, "opacity": 0.25 + 0.75 * _certainty(q[of_k])}
        words = [f"{100 * share:.0f} %" for share in q[of_k, k]]
        traces.append(_points(x[of_k], marker, f"group {k + 1}", text=words, hovertemplate="share %{text}<extra></extra>"))
        traces += [_line(means[k] + width * _ellipse(covariances[k]), colour) for width in (1, 2) if covariances[k].any()]
    cross = {"color": MUTED, "symbol": "x", "size": 13, "line": {"width": 2, "color": "#ffffff"}}
    return _square([*traces, _points(means, cross, "means", hoverinfo="skip")], height)


def film(
    x: np.ndarray,
    bounds: np.ndarray,
    log_px: np.ndarray,
    steps: Sequence[str],
    frames: Mapping[str, np.ndarray],
    *,
    of: str,
    start: int,
    what: str = "nats per point",
    exact: float | None = None,
    gradient: np.ndarray | None = None,
    height: str = "430px",
) -> bytes:
    """The whole way, T steps and the start, for the browser, which glides along it.

    Args:
        x: (N, 2).
        bounds: after each step, (T + 1,).
        log_px: mean of log p(x), as long.
        steps: what each step was.
        frames: of `group_frames` or `curve_frames`.
        of: names what is shown: the step stays as long as that does.
        start: the step that is shown first.
        what: the unit of the bound.
        exact: the largest likelihood there is, if it is known in closed form.
        gradient: likelihood under gradient ascent, of which a step stands beside two, if that runs beside.
        height: as CSS.
    """
    header = {"of": of, "start": start, "steps": list(steps), "what": what, "exact": exact, "is_one": bool(np.array_equal(bounds, log_px))}
    header |= {"colours": CLASS_COLOURS, "symbols": CLASS_SYMBOLS, "scale": [colour for _, colour in SEQUENTIAL], "file": "em"}
    arrays = {"x": x, "bounds": bounds, "log_px": log_px, **frames} | ({} if gradient is None else {"gradient": gradient})
    return packed(header | {"height": height}, arrays)


def group_frames(q: np.ndarray, means: np.ndarray, covariances: np.ndarray) -> dict[str, np.ndarray]:
    """Of a mixture or of k-means: shares, (T + 1, N, K), means, (T + 1, K, 2), and covariances, (T + 1, K, 2, 2), of which three count."""
    return {"q": q.astype(np.float16), "means": means, "covariances": covariances[..., [0, 0, 1], [0, 1, 1]]}


def curve_frames(codes: np.ndarray, curves: np.ndarray, noises: np.ndarray, places: np.ndarray) -> dict[str, np.ndarray]:
    """Of a decoder of one code: mean codes, (T + 1, N), g(z), (T + 1, V, 2), σ², (T + 1,), and g at the codes, (T + 1, N, 2)."""
    halved = {"codes": codes, "curves": curves, "places": places}
    return {name: array.astype(np.float16) for name, array in halved.items()} | {"noises": noises}


def staircase(
    bound: np.ndarray,
    log_px: np.ndarray,
    at: int,
    *,
    what: str = "nats per point",
    steps: Sequence[str] = (),
    exact: float | None = None,
    gradient: np.ndarray | None = None,
    height: int = 440,
) -> Chart:
    """Bound and likelihood after each step that was taken, the gap between them filled.

    Args:
        bound: after each step, (n + 1,) or longer.
        log_px: mean of log p(x), as long.
        at: steps that were taken: what comes later is not shown, so that it can be predicted.
        what: the unit.
        steps: what each step was, for the reader who points at it.
        exact: the largest likelihood there is, if it is known in closed form.
        gradient: likelihood under gradient ascent, of which a step stands beside two, if that runs beside.
        height: in pixels.
    """
    bound, log_px, same = bound[: at + 1], log_px[: at + 1], np.array_equal(bound, log_px)
    names = ("−squared error", "") if same else ("log p(x)", "bound")
    traces = [_stairs(log_px, steps, names[0], LIKELIHOOD, "square", dash="solid")]
    if not same:
        traces.append(_stairs(bound, steps, names[1], BOUND, "circle", dash="dot", fill="tonexty", fillcolor="rgba(128,128,128,0.22)"))
    if gradient is not None:
        dashes = {"color": MUTED, "width": 2, "dash": "dash"}
        taken = gradient[: at // 2 + 1]
        traces.append(trace("scatter", x=2 * np.arange(len(taken)), y=taken, mode="lines", name="log p(x), gradient", line=dashes))
    shapes, notes = [], []
    if exact is not None:
        shapes.append(level(exact, line={"color": LIKELIHOOD, "width": 1.5, "dash": "dash"}))
        text = f"largest: {exact:.3f}".replace("-", "−")
        notes.append(note(text, x=1, xref="x domain", xanchor="right", y=exact, yanchor="bottom"))
    axes = {"xaxis": axis("step", range=[-0.5, max(at, 10) + 0.5]), "yaxis": axis(what, range=_reach(bound, log_px, exact))}
    return house_chart(traces, height=height, shapes=shapes, annotations=notes, **axes)


def _stairs(y: np.ndarray, steps: Sequence[str], name: str, colour: str, symbol: str, *, dash: str, **look: object) -> Part:
    look |= {"mode": "lines+markers", "marker": {"size": 6, "symbol": symbol}, "line": {"color": colour, "width": 2.5, "dash": dash}}
    look |= {"text": list(steps), "hovertemplate": "%{text} %{x}: %{y:.4f}<extra></extra>"}
    return trace("scatter", x=np.arange(len(y)), y=y, name=name, **look)


def _reach(bound: np.ndarray, log_px: np.ndarray, exact: float | None) -> list[float]:
    """From the first M step on, once it was taken: the start lies far below, and the steps after it would all look level."""
    first = 2 if len(bound) > 4 else 0
    low, high = float(bound[first:].min()), max(float(log_px.max()), exact if exact is not None else -np.inf)
    room = max(high - low, 0.02)
    return [low - 0.15 * room, high + 0.12 * room]


def _certainty(q: np.ndarray) -> np.ndarray:
    """0 where all shares are equal, 1 where one is everything, (N,)."""
    k = q.shape[1]
    return np.ones(len(q)) if k == 1 else (q.max(1, initial=0) - 1 / k) / (1 - 1 / k)


def _ellipse(covariance: np.ndarray) -> np.ndarray:
    """Outline of one width about 0, (73, 2)."""
    values, vectors = np.linalg.eigh(covariance)
    return (np.stack([np.cos(TURN), np.sin(TURN)], 1) * np.sqrt(np.maximum(values, 0))) @ vectors.T


def _points(x: np.ndarray, marker: Part, name: str, **look: object) -> Part:
    return trace("scatter", x=x[:, 0], y=x[:, 1], mode="markers", marker=marker, name=name, **look)


def _line(x: np.ndarray, colour: str, *, width: float = 2, name: str = "", showlegend: bool = False) -> Part:
    line = {"color": colour, "width": width}
    return trace("scatter", x=x[:, 0], y=x[:, 1], mode="lines", line=line, name=name, showlegend=showlegend, hoverinfo="skip")


def _square(traces: Sequence[Part], height: int) -> Chart:
    """Of the same scale along both axes."""
    reach = {"range": (-REACH, REACH), "constrain": "domain"}
    layout = {"legend": {"itemsizing": "constant", "font": {"size": 13}}, "uirevision": "em", "margin": {"t": 40, "l": 46, "r": 8, "b": 56}}
    return house_chart(traces, height=height, xaxis=axis("x₁") | reach, yaxis=axis("x₂") | reach | {"scaleanchor": "x"}, **layout)
