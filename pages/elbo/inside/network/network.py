"""The network as a diagram: shapes, parameters, the activations of a test image, and what a new ε changes."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.elbo.inside import cached as inside_cached
from pages.elbo.inside import model
from pages.elbo.inside.diagram.diagram import diagram
from pages.elbo.inside.model import Seen
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice, settle
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import inside, inside_figure
from vae_core.explore.elbo.inside_figure import Piece

GIST = "A test image goes through the network from left to right. Click a part to see what it hands on, then draw ε again."
AT = "inside_at"
"""Key of the part that is looked at."""


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the diagram and the activations of a part, and the controls beside them."""
    text, seen = words.beside(__file__), model.seen(picture, side, choice)
    with side:
        seed = controls.draw("Redraw ε", key="inside_draw", icon=":material/casino:")
        pieces = inside_cached.pieces(seen.spec, seen.index, seed)
        names = [piece.name for piece in pieces]
        settle(AT, names, inside_figure.Z)
        at = st.selectbox("Part of the network", names, index=names.index(inside_figure.Z), **bound(AT))
        chosen = pieces[names.index(at)]
        _numbers(seen, pieces, chosen)
    with picture:
        drawing = inside_figure.diagram(pieces, at)
        diagram(drawing, key=AT, height=290)
        choices = (seen.spec.fingerprint, seen.index, seed, at)
        page.chart(cached.lasting_chart("activations", choices, lambda: inside_figure.activations(chosen)))
    return Part(
        text=text,
        conclusion=_conclusion(seen, seed, pieces, text),
        answer=lambda: _answer(pieces, text),
        notebook=text.lines("notebook", dataset=seen.spec.dataset, d=seen.spec.latent_dim, index=seen.index, seed=seed, at=at),
        downloads=[
            page.Download("SVG", "vae.svg", "image/svg+xml", drawing.svg.encode()),
            page.Download("CSV", "activations.csv", "text/csv", lambda: _csv(chosen)),
        ],
    )


def _numbers(seen: Seen, pieces: list[Piece], chosen: Piece) -> None:
    """The part's shape and parameters."""
    total = sum(piece.n_parameters for piece in pieces)
    method = f"Exact, counted in the model: {chosen.n_parameters:,} of {total:,} parameters. {chosen.what[0].upper()}{chosen.what[1:]}."
    page.number(f"Shape of {chosen.name}", chosen.size, method, of=seen.spec)


def _conclusion(seen: Seen, seed: int, pieces: list[Piece], text: Words) -> str:
    """What the last draw changed."""
    other = inside_cached.pieces(seen.spec, seen.index, (seed + 1) % 10_000)
    changed = inside.redrawn(pieces, other)
    names = f"{', '.join(changed[:-1])} and {changed[-1]}"
    return text.said("conclusion", n=len(changed), all=len(pieces), names=names)


def _answer(pieces: list[Piece], text: Words) -> str:
    """The sizes of the code and of the largest layer."""
    by_name, largest = {piece.name: piece for piece in pieces}, max(pieces, key=lambda piece: piece.n_parameters)
    total = sum(piece.n_parameters for piece in pieces)
    share = f"{100 * largest.n_parameters / total:.0f}"
    sizes = {"pixels": by_name[inside_figure.X].activation.size, "d": by_name[inside_figure.Z].activation.size}
    return text.said("answer", **sizes, largest=largest.name, n=f"{largest.n_parameters:,}", total=f"{total:,}", share=share)


def _csv(piece: Piece) -> bytes:
    """Every activation with its place."""
    return csv(["index", piece.name], enumerate(piece.activation.ravel().tolist()), digits=8)
