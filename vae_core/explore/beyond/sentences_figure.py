"""The sentences of a path word by word, and how sure the decoder is of each word."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from vae_core.drawing.chart import Chart, Part, axis, trace
from vae_core.drawing.theme import MUTED, house_chart, level_axes, mark

SURE = ((0.0, "#f6ded3"), (0.45, "#f0a77f"), (0.55, "#a83f06"), (1.0, "#7a2c00"))
"""From light to dark with a step in the middle, so that a word can be read on every shade."""
STOP = "."
"""What stands for the end of a sentence."""


def path_table(words: Sequence[Sequence[str]], sure: np.ndarray, is_sentence: Sequence[bool], chosen: int, *, height: int = 305) -> Chart:
    """A row for each place of the path, a cell for each word; words that the row above does not have there are bold.

    Args:
        words: of each sentence, with its end.
        sure: probability of each word given those before, (P, T).
        is_sentence: whether each is a sentence of the grammar; ✗ marks the others.
        chosen: a row that is framed.
        height: in pixels.
    """
    n, length = len(words), max(map(len, words))
    shade = np.array([[sure[k, t] if t < len(row) else np.nan for t in range(length)] for k, row in enumerate(words)])
    text = [[_cell(words, k, t) for t in range(length)] for k in range(n)]
    look = {"texttemplate": "%{text}", "textfont": {"size": 14}, "colorscale": SURE, "zmin": 0, "zmax": 1, "xgap": 2, "ygap": 2}
    bar = {
        "orientation": "h",
        "thickness": 10,
        "len": 0.5,
        "x": 1,
        "xanchor": "right",
        "y": 1.0,
        "yanchor": "bottom",
        "tickvals": [0, 0.5, 1],
    }
    bar |= {"ypad": 5, "title": {"text": "probability of the word", "side": "top", "font": {"size": 13}}}
    pointer = "%{text}: probability %{z:.3f}<extra></extra>"
    heat = trace("heatmap", z=shade, text=text, name="words", colorbar=bar, hoverongaps=False, hovertemplate=pointer, **look)
    frame = {"type": "rect", "x0": -0.5, "x1": length - 0.5, "y0": chosen - 0.5, "y1": chosen + 0.5, "line": {"color": MUTED, "width": 2}}
    names = [f"{'' if fits else '✗ '}{place(k, n)}" for k, fits in enumerate(is_sentence)]
    plain: Part = {"showgrid": False, "showline": False, "ticks": "", "fixedrange": True}
    return house_chart(
        [heat],
        height=height,
        shapes=[frame],
        margin={"t": 4, "l": 8, "r": 8, "b": 8},
        xaxis={**plain, "showticklabels": False},
        yaxis=axis("place on the path", autorange="reversed", tickvals=list(range(n)), ticktext=names, **plain),
    )


def place(k: int, n: int) -> str:
    """The share of the way at the k-th of n places: 0, 1/8, 1/4, … 1."""
    return str(Fraction(k, n - 1))


def _cell(words: Sequence[Sequence[str]], k: int, t: int) -> str:
    if t >= len(words[k]):
        return ""
    is_new = k > 0 and (t >= len(words[k - 1]) or words[k - 1][t] != words[k][t])
    return f"<b>{words[k][t]}</b>" if is_new else words[k][t]


def word_bars(words: Sequence[str], probabilities: np.ndarray, names: Sequence[str], *, height: int = 225) -> Chart:
    """For each word of one sentence its probability given those before, and on it that of the most probable other word.

    Args:
        words: with the end.
        probabilities: of every symbol, (T, K); the written one has the largest.
        names: of the symbols, (K,).
        height: in pixels.
    """
    steps = np.arange(len(words))
    order = np.argsort(-probabilities[: len(words)], axis=1)[:, :2]
    first, second = np.take_along_axis(probabilities[: len(words)], order, 1).T
    others = [names[symbol] for symbol in order[:, 1]]
    inside = {
        "textfont": {"color": "#111111"},
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
    }
    look = {"x": steps, "hovertemplate": "%{customdata}: %{y:.3f}<extra></extra>"}
    written = {"color": mark("vae").colour}
    runner_up = {"color": "#9a9a9a"}
    shown = [name if p >= 0.12 else "" for name, p in zip(others, second, strict=True)]
    return house_chart(
        [
            trace("bar", y=first, name="the word written", marker=written, customdata=list(words), **look),
            trace("bar", y=second, name="the next most probable", text=shown, marker=runner_up, customdata=others, **inside, **look),
        ],
        height=height,
        barmode="stack",
        bargap=0.15,
        legend={"traceorder": "normal"},
        margin={"t": 30, "l": 0, "r": 0, "b": 30},
        **level_axes(
            {
                "xaxis": axis("", tickvals=steps, ticktext=list(words), fixedrange=True),
                "yaxis": axis("probability", range=[0, 1.02], tickvals=[0, 0.5, 1], fixedrange=True),
            },
            inner=("yaxis",),
        ),
    )
