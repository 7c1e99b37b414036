"""A VAE as a diagram with its activations, its random node with the gradients that reach it, and its plate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vae_core.drawing.chart import Chart, axis, note, trace, upright
from vae_core.drawing.images import data_url, image_png
from vae_core.drawing.svg import SIZE, Drawing, arrow, box, circle, drawing, image, part, path, words
from vae_core.drawing.theme import DIVERGING, MUTED, SEQUENTIAL, house_chart, level_axes, ticks_of_log_axis
from vae_core.units import signed

X, MU, SIGMA, EPS, Z, X_HAT = "x", "μ", "σ", "ε", "z", "x̂"
"""The parts that every VAE has, besides the layers of its networks."""
NOISE, GRADIENT, PLAIN = "#d55e00", "#0072b2", "currentColor"
WIDTH = 1000
"""Of every drawing, in its own units."""
MOST_BARS = 64
"""More numbers than these are cells of a map, not bars."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A part of a VAE that an image went through.

    Attributes:
        name: by which it is chosen.
        what: what it does, in a word or two.
        n_parameters: numbers that were trained and belong to it.
        activation: what it hands on for this image, float32, without the batch.
        follows_noise: whether its value depends on ε.
    """

    name: str
    what: str
    n_parameters: int
    activation: np.ndarray
    follows_noise: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the activation."""
        return self.activation.shape

    @property
    def size(self) -> str:
        """The shape in words, such as 1 × 28 × 28."""
        return " × ".join(map(str, self.shape))


def cells(activation: np.ndarray) -> np.ndarray:
    """An activation as a map, (H, W): the mean over colours of an image, channels as tiles, a vector row by row, NaN where it ends."""
    if activation.ndim == 3 and activation.shape[0] in (1, 3):
        return activation.mean(0)
    if activation.ndim == 3:
        channels, height, width = activation.shape
        across = math.ceil(math.sqrt(channels))
        padded = np.full((math.ceil(channels / across) * across, height, width), np.nan)
        padded[:channels] = activation
        return padded.reshape(-1, across, height, width).swapaxes(1, 2).reshape(-1, across * width)
    flat = activation.ravel()
    across = 2 ** math.ceil(math.log2(math.sqrt(len(flat)) or 1))
    padded = np.full(math.ceil(len(flat) / across) * across, np.nan)
    padded[: len(flat)] = flat
    return padded.reshape(-1, across)


def diagram(pieces: Sequence[Piece], chosen: str) -> Drawing:
    """The parts from left to right, each with a picture of its activations; what depends on ε is orange, with a dashed outline.

    Args:
        pieces: in the order in which an image goes through them.
        chosen: name of the part that is looked at.
    """
    places = _places(pieces)
    across = min(92.0, WIDTH / (len(pieces) - 2) - 22)
    sides = {piece.name: 60.0 if piece.name in (MU, SIGMA, EPS, Z) else across for piece in pieces}
    lines = [_link(places, sides, *link) for link in _links(pieces)]
    blocks = [_block(piece, *places[piece.name], chosen == piece.name, sides[piece.name]) for piece in pieces]
    legend = words("dashed, orange: depends on ε", 8, 318, anchor="start", colour=NOISE)
    n = sum(piece.n_parameters for piece in pieces)
    title = f"A VAE with {n:,} parameters: {', '.join(piece.name for piece in pieces)}"
    return drawing([*lines, *blocks, legend], WIDTH, 334, title)


def _places(pieces: Sequence[Piece]) -> dict[str, tuple[float, float]]:
    """Name → centre of its picture."""
    columns = [piece.name for piece in pieces if piece.name not in (SIGMA, EPS)]
    across = {name: WIDTH * (k + 0.5) / len(columns) for k, name in enumerate(columns)}
    places = {name: (x, 133.0) for name, x in across.items()}
    return places | {MU: (across[MU], 62.0), SIGMA: (across[MU], 204.0), EPS: (across[Z], 258.0)}


def _links(pieces: Sequence[Piece]) -> list[tuple[str, str, bool]]:
    """From which part to which an arrow goes, and whether what it brings depends on ε."""
    names = [piece.name for piece in pieces if piece.name not in (MU, SIGMA, EPS)]
    at = names.index(Z)
    before, after = names[:at], names[at:]
    chain = [(one, other, False) for one, other in pairwise(before)]
    chain += [(one, other, True) for one, other in pairwise(after)]
    return [*chain, (before[-1], MU, False), (before[-1], SIGMA, False), (MU, Z, False), (SIGMA, Z, False), (EPS, Z, True)]


def _link(places: dict[str, tuple[float, float]], sides: dict[str, float], one: str, other: str, follows_noise: bool) -> str:
    """An arrow from the edge of one picture to that of another."""
    (x, y), (to_x, to_y) = places[one], places[other]
    length = max(abs(to_x - x), abs(to_y - y))  # as pictures are square, their edge lies at a share of the longer way
    start, end = (sides[one] / 2 + 4) / length, 1 - (sides[other] / 2 + 5) / length
    ends = [(x + share * (to_x - x), y + share * (to_y - y)) for share in (start, end)]
    return arrow(*ends, colour=NOISE if follows_noise else PLAIN)


def _block(piece: Piece, x: float, y: float, is_chosen: bool, side: float) -> str:
    """The picture of a part with its name above, its shape and its parameters below."""
    colour, half = NOISE if piece.follows_noise else PLAIN, side / 2
    frame = box(x - half - 3, y - half - 3, side + 6, side + 6, colour=colour, dash="5 3" if piece.follows_noise else "")
    paper = f'<rect x="{x - half - 3:g}" y="{y - half - 3:g}" width="{side + 6:g}" height="{side + 6:g}" rx="6" fill="var(--paper, #fff)"/>'
    ring = [box(x - half - 7, y - half - 7, side + 14, side + 14, colour=GRADIENT, radius=9)] if is_chosen else []
    shown = image(_thumbnail(piece.activation), x - half, y - half, side, side)
    above = (x - half - 18, y + 6) if piece.name == EPS else (x, y - half - 10)
    name = words(piece.name, *above, weight=600, colour=NOISE if piece.follows_noise else "")
    below = [] if piece.name == Z else [words(piece.size, x, y + half + 23)]  # ε below has the same
    if piece.n_parameters:
        below.append(words(f"{piece.n_parameters:,}", x, y + half + 45))
    counted = f", {piece.n_parameters:,} parameters" if piece.n_parameters else ""
    label = f"{piece.name}: {piece.what}, {piece.size}{counted}"
    return part(piece.name, [paper, *ring, frame, shown, name, *below], label=label, is_chosen=is_chosen)


def _thumbnail(activation: np.ndarray) -> str:
    """The cells of an activation in grey, from its least to its largest value; images from black to white."""
    grey = cells(activation)
    is_image = activation.ndim == 3 and activation.shape[0] in (1, 3)
    low, high = (0.0, 1.0) if is_image else (float(np.nanmin(grey)), float(np.nanmax(grey)))
    levels = np.nan_to_num((grey - low) / max(high - low, 1e-9), nan=0.5)
    return data_url(image_png(levels[None].astype(np.float32)))


def activations(piece: Piece, *, height: int = 230) -> Chart:
    """The activations of a part: bars of a few numbers, else a map of cells."""
    colour = NOISE if piece.follows_noise else GRADIENT
    if piece.activation.ndim == 1 and piece.activation.size <= MOST_BARS:
        numbers = np.arange(1, piece.activation.size + 1)
        bars = trace("bar", x=numbers, y=piece.activation, name=piece.name, marker={"color": colour})
        axes = {"xaxis": axis("dimension", dtick=1 if len(numbers) <= 20 else 5), "yaxis": axis(piece.name)}
        return house_chart([bars], height=height, **axes, margin={"t": 12, "b": 44}, showlegend=False)
    values = cells(piece.activation).astype(np.float32)
    most = float(np.nanmax(np.abs(values)))
    is_signed = bool(np.nanmin(values) < 0)
    scale = {"colorscale": DIVERGING if is_signed else SEQUENTIAL, "zmin": -most if is_signed else 0, "zmax": most or 1}
    heat = trace("heatmap", z=values, name=piece.name, **scale, colorbar={"thickness": 12}, hoverongaps=False)
    hidden = {"showticklabels": False, "ticks": "", "showgrid": False, "showline": False, "constrain": "domain"}
    axes = {"xaxis": axis("", **hidden), "yaxis": axis("", autorange="reversed", scaleanchor="x", **hidden)}
    return house_chart([heat], height=height, **axes, margin={"t": 8, "b": 8})


def node(dim: int, values: dict[str, float | None], *, moved: bool) -> Drawing:
    """The path from x to the distortion, and the gradients that come back on it for one dimension of z.

    Args:
        dim: which dimension of z, from 1.
        values: of `eps`, `z_bar`, `mu_bar`, `sigma_bar` in this dimension, and `encoder`, `decoder`: lengths of gradients; None where none
            arrives.
        moved: whether ε comes in from below, else z is drawn inside.
    """
    x, encoder, mu, z, decoder, loss = 45, 190, 390, 570, 745, 925
    forward = [
        arrow((x + 28, 90), (encoder - 52, 90)),
        arrow((encoder + 52, 76), (mu - 28, 50)),
        arrow((encoder + 52, 104), (mu - 28, 130)),
        arrow((mu + 28, 50), (z - 30, 82), dash="" if moved else "6 4"),
        arrow((mu + 28, 130), (z - 30, 98), dash="" if moved else "6 4"),
        arrow((z + 30, 90), (decoder - 52, 90)),
        arrow((decoder + 52, 90), (loss - 70, 90)),
    ]
    nodes = [
        *_round(x, 90, X),
        *_square(encoder, 90, "encoder"),
        *_round(mu, 50, MU),
        *_round(mu, 130, SIGMA),
        circle(z, 90, 30, colour=PLAIN if moved else NOISE, filled=not moved, dash="" if moved else "5 3"),
        words("z = μ + σε" if moved else "z ∼ q", z, 48, weight=600),
        words(Z, z, 96, weight=600),
        *_square(decoder, 90, "decoder"),
        *_square(loss, 90, "−log p(x|z)", half=70),
    ]
    if moved:
        forward.append(arrow((z, 172), (z, 121), colour=NOISE))
        nodes += [circle(z, 194, 22, colour=NOISE, filled=True, dash="5 3"), words(EPS, z, 199, weight=600)]
        nodes.append(words(f"ε = {signed(values['eps'] or 0, 3)}", z + 32, 199, anchor="start", colour=NOISE))
    return drawing([*forward, *nodes, *_gradients(values, moved)], WIDTH, 322, _title(dim, values, moved))


def _gradients(values: dict[str, float | None], moved: bool) -> list[str]:
    """The way back, below the way forward."""
    z_bar, y = signed(values["z_bar"] or 0, 3), 250
    parts = [
        _back(925, 760, y),
        _back(740, 600, y),
        words(f"length {values['decoder'] or 0:.3g}", 765, y + 26, colour=GRADIENT),
        words("decoder", 765, y + 48),
        words(f"z̄ = {z_bar}", 640, y + 26, colour=GRADIENT, weight=600),
    ]
    if not moved:
        cross = [(f"M{570 - 14} {y - 14}L{570 + 14} {y + 14}"), (f"M{570 - 14} {y + 14}L{570 + 14} {y - 14}")]
        parts += [path(one, colour=NOISE, width=6) for one in cross]
        parts.append(words("The gradient stops at the random node.", 540, y + 5, anchor="end", colour=NOISE, weight=600))
        return [*parts, words("length 0", 190, y + 32, colour=NOISE), words("encoder", 190, y + 54)]
    mu_bar, sigma_bar = (signed(values[name] or 0, 3) for name in ("mu_bar", "sigma_bar"))
    return [
        *parts,
        _back(580, 420, y),
        _back(400, 210, y),
        words(f"μ̄ = z̄ = {mu_bar}", 420, y + 26, colour=GRADIENT, weight=600),
        words(f"σ̄ = z̄ε = {sigma_bar}", 420, y + 48, colour=GRADIENT, weight=600),
        words(f"length {values['encoder'] or 0:.3g}", 190, y + 26, colour=GRADIENT),
        words("encoder", 190, y + 48),
    ]


def _back(start: float, end: float, y: float) -> str:
    """An arrow of the way back."""
    return arrow((start, y), (end, y), colour=GRADIENT, width=4)


def _round(x: float, y: float, name: str) -> list[str]:
    return [circle(x, y, 28), words(name, x, y + 6, weight=600, size=SIZE + 2)]


def _square(x: float, y: float, name: str, *, half: float = 52) -> list[str]:
    return [box(x - half, y - 30, 2 * half, 60), words(name, x, y + 5, weight=600)]


def _title(dim: int, values: dict[str, float | None], moved: bool) -> str:
    where = "moved to the input" if moved else "inside the network"
    arrives = ", ".join(f"{name} {signed(value, 3)}" for name, value in values.items() if value is not None)
    return f"Random node {where}, gradients of dimension {dim}: {arrives}"


def chain_rule(eps: np.ndarray, z_bar: np.ndarray, mu_bar: np.ndarray | None, sigma_bar: np.ndarray | None, *, height: int = 230) -> Chart:
    """Gradients by automatic differentiation as bars, and z̄ and z̄ε by hand as marks on them, for each dimension, (D,) each."""
    dims = np.arange(1, len(eps) + 1)
    nothing = np.zeros(len(eps))
    rows = (("μ̄", mu_bar, z_bar, "z̄", GRADIENT, -0.2, "circle-open"), ("σ̄", sigma_bar, z_bar * eps, "z̄ε", NOISE, 0.2, "diamond-open"))
    traces = []
    for name, found, by_hand, formula, colour, shift, symbol in rows:
        bars = nothing if found is None else found
        traces.append(trace("bar", x=dims + shift, y=bars, width=0.36, name=f"{name}, autograd", marker={"color": colour, "opacity": 0.75}))
        mark = {"symbol": symbol, "size": 11, "color": MUTED, "line": {"width": 2.5}}
        traces.append(trace("scatter", x=dims + shift, y=by_hand, mode="markers", marker=mark, name=f"{formula}, by hand"))
    across = axis("dimension of z", range=[0.4, len(dims) + 0.6], dtick=1 if len(dims) <= 20 else 5)
    axes = {"xaxis": across, "yaxis": axis("gradient (nats)")}
    return house_chart(traces, height=height, **level_axes(axes), barmode="overlay", margin={"t": 32, "b": 44}, showlegend=True)


def plate_drawing(n: int, theta: int, phi: int, latent_dim: int, *, amortised: bool, fan: bool) -> Drawing:
    """The plate of N images, folded or with the first copies fanned out; what is shared stands outside of it, once.

    Args:
        n: images N.
        theta: parameters of the decoder.
        phi: parameters of the encoder.
        latent_dim: d.
        amortised: whether one encoder describes q of all images.
        fan: whether copies are shown.
    """
    shown = min(n, 5) if fan else 1
    columns = [300 + 400 * (k + 0.5) / shown for k in range(shown)]
    frame = [box(285, 16, 430, 270), words(f"N = {n:,}", 705, 278, anchor="end", weight=600)]
    parts = [*frame, *(_copy(x, k if fan else None, amortised, shown) for k, x in enumerate(columns))]
    if fan and n > shown:
        parts.append(words("…", 704, 150, size=26, anchor="end"))
    parts += [*_shared(85, "θ", theta, "decoder"), *(_shared(915, "φ", phi, "encoder") if amortised else [])]
    parts += [arrow((118, 222), (x - 25, 222), colour=PLAIN, width=1.5) for x in columns[:1]]
    parts += [_bend(118, 222, x) for x in columns[1:]]
    if amortised:
        parts += [_dashed_bend(882, 86, x) for x in columns]
    local = f"{n:,} × {latent_dim} = {n * latent_dim:,} hidden numbers z"
    own = "" if amortised else f", and {2 * n * latent_dim:,} numbers mᵢ, sᵢ of q"
    parts.append(words(f"inside the plate: {local}{own}", 500, 322))
    title = f"Plate of {n:,} images, {'with one encoder for all' if amortised else 'with q of its own for each image'}: {local}{own}"
    return drawing(parts, WIDTH, 330, title)


def _copy(x: float, index: int | None, amortised: bool, shown: int) -> str:
    """One z above its x, and its own q if there is no encoder."""
    name = "ᵢ" if index is None else "₁₂₃₄₅"[index]
    radius = 26
    look = [
        circle(x, 86, radius, colour=NOISE, dash="5 3"),
        words(f"z{name}", x, 92, weight=600),
        circle(x, 222, radius, filled=True),
        words(f"x{name}", x, 228, weight=600),
        arrow((x, 114), (x, 194)),
    ]
    if not amortised:
        look.append(words(f"m{name}, s{name}", x, 50, colour=GRADIENT, weight=600))
    return "".join(look)


def _shared(x: float, name: str, n: int, of: str) -> list[str]:
    y = 222 if name == "θ" else 86
    return [
        circle(x, y, 32, colour=GRADIENT, filled=True),
        words(name, x, y + 6, weight=600, size=SIZE + 3),
        words(f"{of}, once:", x, y + 56),
        words(f"{n:,} numbers", x, y + 78),
    ]


def _bend(x: float, y: float, to_x: float) -> str:
    """From θ below the copies to one of them."""
    way = f"M{x} {y}C{x + 60} {y + 46} {to_x - 60} {y + 46} {to_x - 8} {y + 33}"
    return path(way, width=1.5) + arrow((to_x - 12, y + 38), (to_x - 8, y + 28), width=1.5)


def _dashed_bend(x: float, y: float, to_x: float) -> str:
    """From φ above the copies to one of them."""
    bend = path(f"M{x} {y}C{x - 60} {y - 62} {to_x + 60} {y - 62} {to_x + 10} {y - 34}", colour=GRADIENT, width=1.5, dash="6 4")
    return bend + arrow((to_x + 14, y - 40), (to_x + 8, y - 28), colour=GRADIENT, width=1.5)


def numbers_of_q(counts: np.ndarray, free: np.ndarray, phi: int, at: int, break_even: float, *, height: int = 230) -> Chart:
    """How many numbers describe q of N images, with an encoder and without, on logarithmic axes.

    Args:
        counts: N, (C,).
        free: 2Nd, (C,).
        phi: parameters of the encoder.
        at: the N that is chosen.
        break_even: N at which both are as many.
        height: in pixels.
    """
    shared, own = {"color": GRADIENT, "width": 3}, {"color": NOISE, "width": 3, "dash": "dash"}
    traces = [
        trace("scatter", x=counts, y=np.full(len(counts), phi), mode="lines", name="one encoder, φ", line=shared),
        trace("scatter", x=counts, y=free, mode="lines", name="mᵢ and sᵢ for each image, 2Nd", line=own),
    ]
    axes = {
        "xaxis": axis("images N", type="log", **ticks_of_log_axis(counts[0], counts[-1], (1,))),
        "yaxis": axis("numbers", type="log", **ticks_of_log_axis(min(free[0], phi) / 2, max(free[-1], phi) * 2, (1,))),
    }
    at_line = upright(at, line={"color": MUTED, "width": 2, "dash": "dot"})
    words_at = note(f"equal at N = {break_even:,.0f}", x=math.log10(break_even), y=math.log10(phi), yanchor="bottom", xanchor="right")
    look = {"shapes": [at_line], "annotations": [words_at], "margin": {"t": 32, "b": 44}, "showlegend": True}
    return house_chart(traces, height=height, **level_axes(axes), **look)
