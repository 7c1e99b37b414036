"""Caches of sequences: shipped models, what they cost, and paths through their codes."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.beyond import sentences, sequences, tunes
from vae_core.explore.beyond.sequence_vae import SequenceVAE
from vae_core.explore.beyond.sequences import Cost
from vae_core.explore.means import Share

N_PLACES = 9
"""Places of a path, both ends among them."""


@cached.keep(most=8, of=lambda name: cached.written_at(sequences.WEIGHTS))
def sentence_model(name: str) -> SequenceVAE:
    """A shipped model of sentences, by its name in `sentences.MODELS`."""
    return sequences.read_model(sentences.key(name), sentences.spec(name))


@cached.keep(most=2, of=lambda: cached.written_at(sequences.NUMBERS))
def sentence_costs() -> dict[str, Cost]:
    """What each shipped model of sentences costs, by name."""
    return {name: sequences.read_cost(sentences.key(name)) for name in sentences.MODELS}


@cached.keep(most=128)
def sentence_path(name: str, start: str, end: str) -> sentences.Path:
    """`sentences.path` of a shipped model."""
    return sentences.path(sentence_model(name), start, end, N_PLACES)


N_TUNES, N_DRAWN = 7, 2000
"""Places of a path of tunes, and tunes that a model draws to be counted."""


@cached.keep(most=8, of=lambda name: cached.written_at(sequences.WEIGHTS))
def tune_model(name: str) -> SequenceVAE:
    """A shipped model of tunes, by its name in `tunes.MODELS`."""
    return sequences.read_model(tunes.key(name), tunes.spec(name))


@cached.keep(most=2, of=lambda: cached.written_at(sequences.NUMBERS))
def tune_costs() -> dict[str, Cost]:
    """What each shipped model of tunes costs, by name."""
    return {name: sequences.read_cost(tunes.key(name)) for name in tunes.MODELS}


@cached.keep(most=64)
def tune_path(name: str, seed: int) -> tuple[np.ndarray, tunes.Path]:
    """Two tunes that the law draws, (2, 16), and the path between them."""
    ends = tunes.draws(2, np.random.default_rng(seed))
    return cached.fixed(ends), tunes.path(tune_model(name), *ends, N_TUNES)


@cached.keep(most=32)
def tune_sound(name: str, seed: int) -> bytes:
    """The path as a WAV file."""
    return tunes.sound(tune_path(name, seed)[1].tunes)


@cached.keep(most=4, spinner="Drawing tunes …")
def drawn_tunes(name: str) -> tuple[np.ndarray, Share]:
    """How far the notes lie above the first one in tunes that a model draws, (14,), and how many are in the key."""
    drawn = tunes.drawn(tune_model(name), N_DRAWN, 0)
    return cached.fixed(tunes.above_tonic(drawn)), tunes.notes_in_key(drawn)
