"""What one model of the plane does: its images, the rate of each dimension, and where its codes lie, as HTML in the page's own type."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

import numpy as np
from PIL import Image

from vae_core.drawing.colours import between
from vae_core.drawing.images import grid_png, to_png
from vae_core.drawing.window import ROOM
from vae_core.units import subscript, with_interval

BAR = "#2f86d0"
EXTENT = 3.5
"""The aggregate posterior is shown so many standard deviations of the prior to each side."""
DENSITY = ((0, "#2f86d000"), (0.25, "#2f86d055"), (0.6, "#2f86d0bb"), (1.0, "#123a66ff"))
"""Colour and opacity of the density, so that it is read on a light and on a dark page."""

CARD = """<style>
.rdcard { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 16px; line-height: 1.25;
  font-size: max(0.84rem, var(--least-type, 0px)) }
.rdcard figure { margin: 0; min-width: 0 }
.rdcard figcaption { margin-bottom: 4px }
.rdcard img { width: 100%; max-width: calc(1.25 * (ROOM - 646px)); display: block; border-radius: 3px }
.rdcard .bars { position: relative; display: flex; align-items: flex-end; gap: 2px; height: clamp(112px, ROOM - 688px, 240px);
  border-bottom: 1px solid #808080; border-left: 1px solid #808080; padding: 0 3px }
.rdcard .bars i { flex: 1; max-width: 34px; min-height: 1px; background: BAR; border-radius: 2px 2px 0 0 }
.rdcard .bars i.idle { background: none; border: 1px solid #808080; border-bottom: none; min-height: 3px }
.rdcard .bars em { position: absolute; right: 4px; top: 0; font-style: normal; opacity: 0.85 }
.rdcard .foot { display: flex; justify-content: space-between; opacity: 0.85; font-variant-numeric: tabular-nums }
.rdcard .plane { position: relative; aspect-ratio: 1; height: clamp(132px, ROOM - 668px, 260px); max-width: 100%;
  margin: auto; border: 1px solid #808080; border-radius: 3px }
.rdcard .plane img { max-width: none; position: absolute; inset: 0; width: 100%; height: 100% }
.rdcard .plane .ring { position: absolute; left: 50%; top: 50%; aspect-ratio: 1; transform: translate(-50%, -50%);
  border: 1px dashed #808080; border-radius: 50% }
.rdcard .none { opacity: 0.8; padding-right: 1rem }
</style><div class="rdcard">FIGURES</div>""".replace("BAR", BAR).replace("ROOM", ROOM)


def card(figures: Sequence[str]) -> str:
    """Figures two in a row."""
    return CARD.replace("FIGURES", "".join(figures))


def _figure(title: str, body: str) -> str:
    return f"<figure><figcaption>{title}</figcaption>{body}</figure>"


def missing(title: str, why: str) -> str:
    """What stands where a figure would be."""
    return _figure(f"<b>{escape(title)}</b>", f'<div class="none">{escape(why)}</div>')


def images(title: str, line: str, table: np.ndarray) -> str:
    """Rows of images, large: every pixel becomes a square before the browser fits it to its place.

    Args:
        title: what they are.
        line: what else there is to say.
        table: (rows, columns, C, H, W), uint8 or float in [0, 1].
    """
    data = base64.b64encode(grid_png(table, times=3, gap=3)).decode()
    words = escape(f"{title}, {line}" if line else title)
    return _figure(f"<b>{escape(title)}</b> {escape(line)}", f'<img src="data:image/png;base64,{data}" alt="{words}">')


def pairs(x: np.ndarray, x_hat: np.ndarray, columns: int) -> np.ndarray:
    """Originals above their reconstructions, as many columns as said: bytes and floats (N, C, H, W) → (rows, columns, C, H, W)."""
    both = np.stack([x / np.float32(255), x_hat], 1).reshape(-1, columns, 2, *x.shape[1:])  # (N/columns, columns, 2, …)
    return both.swapaxes(1, 2).reshape(-1, columns, *x.shape[1:])


def kl_bars(kl_per_dim: Sequence[float], n_active: int, half_widths: Sequence[float] | None = None) -> str:
    """The mean KL of each latent dimension, largest first; the active ones are filled, the others hollow.

    Args:
        kl_per_dim: nats, (D,).
        n_active: units whose posterior means vary over the images: those of largest KL are filled.
        half_widths: of their 95 % intervals, (D,); None where no standard errors are known.
    """
    order = sorted(range(len(kl_per_dim)), key=lambda j: -kl_per_dim[j])
    top = max(max(kl_per_dim), 1e-6)
    names = [f"z{subscript(j + 1)}: {with_interval(kl_per_dim[j], half_widths[j] if half_widths else None)} nats" for j in order]
    bars = "".join(
        f'<i{"" if rank < n_active else " class=idle"} style="height:{100 * kl_per_dim[j] / top:.1f}%" title="{name}"></i>'
        for rank, (j, name) in enumerate(zip(order, names, strict=True))
    )
    foot = f'<div class="foot">largest is {names[0]}</div>'
    title = f"<b>KL per zⱼ</b> {n_active} of {len(kl_per_dim)} active"
    mark = "<em>hollow: inactive</em>" if n_active < len(kl_per_dim) else ""
    return _figure(title, f'<div class="bars">{bars}{mark}</div>{foot}')


def aggregate(mass: np.ndarray, names: tuple[str, str], n: int) -> str:
    """The aggregate posterior on the plane of two dimensions; rings at 1, 2 and 3 standard deviations of the prior.

    Args:
        mass: in cells of a square that reaches `EXTENT` to each side, (rows, columns), row 0 the lowest.
        names: of the dimensions, across and up.
        n: images.
    """
    share = (mass / max(mass.max(), 1e-12))[::-1] ** 0.5  # the root shows the thin parts
    data = base64.b64encode(_density_png(share)).decode()
    row, column = np.unravel_index(mass.argmax(), mass.shape)
    at = [f"{(2 * (k + 0.5) / size - 1) * EXTENT:.1f}" for k, size in ((column, mass.shape[1]), (row, mass.shape[0]))]
    words = f"Codes of {n:,} images over {names[0]} and {names[1]}, densest near ({', '.join(at)})"
    rings = "".join(f'<i class="ring" style="width:{100 * k / EXTENT:.2f}%"></i>' for k in (1, 2, 3))
    body = f'<div class="plane"><img src="data:image/png;base64,{data}" alt="{escape(words)}">{rings}</div>'
    title = f"<b>Codes q(z)</b> {names[0]} across, {names[1]} up"
    foot = f'<div class="foot"><span>rings: N(0, I) at 1, 2, 3 σ</span><span>n = {n:,}</span></div>'
    return _figure(title, body + foot)


def _density_png(share: np.ndarray) -> bytes:
    """Shares of the largest density, (rows, columns) in [0, 1], as a transparent picture; the browser smooths it."""
    return to_png(Image.fromarray(between(share, DENSITY), "RGBA"))
