"""Caches of sequences: shipped models, what they cost, and paths through their codes."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.beyond import sentences, sequences
from vae_core.explore.beyond.sequence_vae import SequenceVAE
from vae_core.explore.beyond.sequences import Cost

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
