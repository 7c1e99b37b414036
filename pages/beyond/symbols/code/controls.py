"""The controls of a code: which image, which position, which symbol is put there, and which prior costs it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.beyond.symbols import cached as symbols_cached
from pages.shared import controls
from pages.shared.links import bound
from vae_core.explore.beyond.symbols_figure import POSITIONS_FROM
from vae_core.models.vqvae import PRIORS

IMAGE, ROW, COLUMN, PUT = "symbols_image", "symbols_row", "symbols_column", "symbols_put"
PICKED = "symbols_picked"
"""In the session: where a click on the chart leaves what it wants."""
AS_ENCODED = "as encoded"
FIRST = 404, 1, 2, "10"
"""Image, row, column and symbol when the page opens: a swap by which a 4 is read as a 9."""


@dataclass(frozen=True, slots=True)
class Swap:
    """What the controls say.

    Attributes:
        image: number of the test image.
        position: at which the symbol is put, from 0.
        put: the symbol there; its own where nothing is swapped.
        prior: one of `PRIORS`.
        own: the code of the image.
    """

    image: int
    position: int
    put: int
    prior: str
    own: tuple[int, ...]

    @property
    def code(self) -> tuple[int, ...]:
        """With the swap."""
        return tuple(self.put if i == self.position else symbol for i, symbol in enumerate(self.own))

    @property
    def is_swapped(self) -> bool:
        """Whether another symbol stands there than the encoder's."""
        return self.code != self.own


def choose() -> Swap:
    """Draw the controls."""
    encoded, spec = symbols_cached.test_images(), symbols_cached.vqvae().spec
    rows, columns = spec.grid
    if (picked := st.session_state.pop(PICKED, None)) is not None:
        _take(picked, columns)
    first_image, first_row, first_column, first_symbol = FIRST
    image = st.number_input("Test image", 0, len(encoded.codes) - 1, first_image, **bound(IMAGE))
    left, right = st.columns(2, gap="xsmall")
    row = left.number_input("Row", 1, rows, first_row, **bound(ROW))
    column = right.number_input("Column", 1, columns, first_column, **bound(COLUMN))
    options = [AS_ENCODED, *map(str, range(spec.n_symbols))]
    put = st.selectbox("Symbol there", options, options.index(first_symbol), **bound(PUT))
    prior = controls.segmented("Prior", PRIORS[::-1], "symbols_prior")
    own, position = tuple(encoded.codes[image].tolist()), (row - 1) * columns + column - 1
    return Swap(image, position, own[position] if put == AS_ENCODED else int(put), prior, own)


def _take(picked: int, columns: int) -> None:
    """What was clicked: a position, which shows its own symbol, or a symbol, which is put at the position."""
    if picked >= POSITIONS_FROM:
        row, column = divmod(picked - POSITIONS_FROM, columns)
        st.session_state.update({ROW: row + 1, COLUMN: column + 1, PUT: AS_ENCODED})
    else:
        st.session_state[PUT] = str(picked)


def pick(picked: int) -> None:
    """A click on the chart: the page begins anew with it."""
    st.session_state[PICKED] = picked
    st.rerun()
