"""Guesses on the page: what they look like, their weights, the estimate that they make, its numbers, and its file."""

from __future__ import annotations

import numpy as np

from pages.elbo.evidence import cached as evidence
from pages.elbo.evidence.guess.controls import Guess
from pages.shared import cached, page
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import guessing
from vae_core.explore.elbo.guessing import COUNTS, Draws, Ladder, Quadratic
from vae_core.explore.elbo.guessing_figure import guesses
from vae_core.models.ppca import PPCASpec
from vae_core.units import signed

N_SHOWN = 4
"""Guesses that are decoded, the first ones."""
ENOUGH = 1_000
"""Draws from the posterior that are compared over seeds: each of them is worth the same."""


def image(guess: Guess) -> Quadratic:
    """log p(x|z) of the chosen image."""
    return evidence.quadratic(guess.dataset, guess.latent_dim, guess.index)


def draws(guess: Guess) -> Draws:
    """The chosen draws."""
    return evidence.draws(guess.dataset, guess.latent_dim, guess.index, guess.n, guess.seed, guess.posterior)


def ladder(guess: Guess, most: int = COUNTS[-1]) -> Ladder:
    """Estimates by more and more draws of many seeds, up to so many."""
    most = min(most, ENOUGH) if guess.posterior else most
    return evidence.ladder(guess.dataset, guess.latent_dim, guess.index, most, guess.posterior)


def draw(guess: Guess) -> ImageTable:
    """Draw the images and the chart; the images, to keep."""
    table = pictures(guess)
    page.image_table(table, beside=300, charts=330)

    def chart() -> object:
        made, steps, here = draws(guess), ladder(guess), image(guess)
        at = guess.n, guessing.log_mean(made.log_weights)
        numbers = (made.shares, steps.counts, steps.median, steps.quartiles)
        return guesses(*numbers, exact=here.log_evidence, at=at, n_seeds=len(guessing.SEEDS))

    page.chart(cached.lasting_chart("guesses", (guess,), chart))
    return table


def pictures(guess: Guess) -> ImageTable:
    """The test image, the draw of the largest weight, the first draws, and the posterior mean, each decoded."""
    made, here, decoder = draws(guess), image(guess), evidence.decoder(guess.dataset, guess.latent_dim)
    first = made.first[:N_SHOWN]
    y = np.vstack([made.heaviest, first, here.posterior[0]])
    x = cached.dataset(guess.dataset).test.x[guess.index]
    decoded = decoder.images(here.codes(y)).reshape(len(y), *x.shape).clip(0, 1)
    titles = (f"heaviest of {guess.n:,}", *(f"draw {k + 1}" for k in range(len(first))), "posterior mean")
    tiles = [Tile(one, f"{signed(value, 0)} nats") for one, value in zip(decoded, here.log_likelihood(y), strict=True)]
    return ImageTable((Head("test image"), *map(Head, titles)), ((Tile(x, "log p(x|z):"), *tiles),))


def numbers(guess: Guess) -> None:
    """The exact value, and the estimate."""
    estimate = signed(guessing.log_mean(draws(guess).log_weights), 3)
    method = f"Exact: probabilistic PCA in closed form. Its estimate from n = {guess.n:,} draws is {estimate} nats."
    page.number(
        "log p(x)", f"{signed(image(guess).log_evidence, 3)} nats", method, of=PPCASpec(dataset=guess.dataset, latent_dim=guess.latent_dim)
    )


def csv_of(guess: Guess) -> bytes:
    """Estimates by every number of draws and every seed."""
    steps, exact = ladder(guess), image(guess).log_evidence
    rows = [
        (int(count), seed, float(steps.estimates[i, j]), exact)
        for i, seed in enumerate(guessing.SEEDS)
        for j, count in enumerate(steps.counts)
    ]
    return csv(["draws", "seed", "estimate_nats", "exact_nats"], rows, digits=9)
