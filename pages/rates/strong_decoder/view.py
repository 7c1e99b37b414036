"""Strong decoders on the page: the chart, the pictures, the numbers, the file."""

from __future__ import annotations

import numpy as np

from pages.rates.strong_decoder.cached import best_models, rows
from pages.rates.strong_decoder.controls import Chosen
from pages.shared import cached, page
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv as csv_of_columns
from vae_core.explore.rates import strong_decoder
from vae_core.explore.rates.strong_decoder_figure import context_chart
from vae_core.units import signed

HEIGHT, N_IMAGES, SIDE = 290, 10, 8


def numbers(chosen: Chosen) -> None:
    """The rate, how many dimensions carry it, and the bound, each beside that of the model without a context."""
    model, blind = chosen.model, chosen.blind
    how = "Exact" if chosen.k in (0, SIDE * SIDE - 1) else "Least loss found from two starts"
    about = f"{how}; {model.n_active} of {len(model.mean)} dimensions active. Mean over n = {len(rows('train')):,} training images."
    page.number("Rate R", f"{signed(model.rate)} nats", about)
    page.number(
        "−ELBO", f"{signed(model.minus_elbo)} nats", f"Without a context {signed(blind.minus_elbo)}. Of a density, so it may be below 0."
    )


def chart(chosen: Chosen) -> bytes:
    """Rate and −ELBO over the context."""
    choices = chosen.tau, chosen.k
    return cached.lasting_chart(
        "strong decoder", choices, lambda: context_chart(**strong_decoder.curves(*best_models(), *choices), height=HEIGHT)
    )


def pictures(chosen: Chosen) -> ImageTable:
    """Test images, what the code alone says of them, and what it says together with the pixels in sight."""
    test = rows("test")
    x = test[np.linspace(0, len(test) - 1, N_IMAGES).astype(int)]
    drawn = (x, chosen.model.of_the_code(x), chosen.model.of_both(x))
    tiles = tuple(tuple(Tile(image.reshape(1, SIDE, SIDE)) for image in row) for row in drawn)
    return ImageTable(tuple(Head("") for _ in x), tiles, ("original", "code alone", "with pixels"))


def csv() -> bytes:
    """Every model, a line each."""
    found = best_models()[0]
    lines = [[tau, k, one.rate, one.n_active, one.minus_elbo] for (tau, k), one in found.items()]
    return csv_of_columns(["tau", "k", "rate, nats", "active dimensions", "minus ELBO, nats"], lines, digits=6)
