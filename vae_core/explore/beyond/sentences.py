"""Small sequence VAEs on sentences of the grammar: what the decoder makes of a path between two of them, and what each costs in nats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from vae_core.explore.beyond import grammar, sequence_vae
from vae_core.explore.beyond.sequence_vae import END, SequenceSpec, SequenceVAE, means

LENGTH = 10
"""Words of the longest sentence, and its end."""
MODELS = {"0": (0.0, 1.0), "½": (0.5, 1.0), "1": (1.0, 1.0), "1, β = ¼": (1.0, 0.25)}
"""What a shipped model is called → the word dropout and the weight of the rate that it was trained with."""
N_STEPS = 10_000
FROM, TO = "i wanted to talk to you", "she did not want to stay with him"
EXAMPLES = (
    *(FROM, TO, "he was silent for a long moment", "there was a pause", "it was cold and dark", "we were not happy for a while"),
    *("they wanted to sing for me today", "you did not want to run from us again", "there was a light in the garden"),
)
"""Sentences that the page offers as ends of a path."""


def spec(name: str) -> SequenceSpec:
    """The model of that name."""
    dropout, beta = MODELS[name]
    n_symbols = len(grammar.vocabulary()) + 1
    return SequenceSpec(n_symbols=n_symbols, length=LENGTH, latent_dim=8, dropout=dropout, beta=beta, n_steps=N_STEPS)


def key(name: str) -> str:
    """Under which a model is kept in the shipped files."""
    dropout, beta = MODELS[name]
    return f"sentences-{dropout:g}-{beta:g}"


def symbols(sentences: list[str]) -> np.ndarray:
    """Each word as its number from 1 in the vocabulary, 0 where the sentence has ended, int64 (N, 10).

    Raises:
        ValueError: if a sentence has no word, too many, or one that the grammar does not have.
    """
    numbers = {word: number for number, word in enumerate(grammar.vocabulary(), 1)}
    found = np.full((len(sentences), LENGTH), END)
    for row, sentence in zip(found, sentences, strict=True):
        words = sentence.split()
        if unknown := [word for word in words if word not in numbers]:
            raise ValueError(f"sentence must be of words of the grammar, got {unknown[0]!r}")
        if not 0 < len(words) < LENGTH:
            raise ValueError(f"sentence must have between 1 and {LENGTH - 1} words, got {len(words)}")
        row[: len(words)] = [numbers[word] for word in words]
    return found


def as_typed(text: str) -> str:
    """A sentence as the grammar writes it: small letters, no stops."""
    return " ".join(re.findall(r"[a-z]+", text.lower().replace("didn't", "did not")))


def written(sequence: np.ndarray) -> str:
    """The words of one sequence of symbols, (T,)."""
    return " ".join(grammar.vocabulary()[symbol - 1] for symbol in sequence if symbol != END)


@cache
def _law() -> tuple[np.ndarray, np.ndarray]:
    """All sentences as symbols, (S, 10), and their probabilities, (S,)."""
    return symbols(list(grammar.law())), np.array(list(grammar.law().values()))


def draws(n: int, generator: np.random.Generator) -> np.ndarray:
    """n independent sentences by the listed probabilities, int64 (n, 10)."""
    listed, chances = _law()
    return listed[generator.choice(len(listed), n, p=chances / chances.sum())]


def batches(n: int, seed: int) -> Iterator[np.ndarray]:
    """n new sentences at a time, without an end."""
    generator = np.random.default_rng(seed)
    while True:
        yield draws(n, generator)


def log_px(sequences: np.ndarray) -> np.ndarray:
    """Exact log p(x) under the grammar, (N,), of sequences, (N, 10): −∞ for what is none of its sentences."""
    with np.errstate(divide="ignore"):
        return np.log([grammar.law().get(written(row), 0.0) for row in sequences])


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A straight line between the codes of two sentences, decoded.

    Attributes:
        sentences: the most probable word at each step, at each place of the line, the first end first.
        symbols: the same as symbols, (P, 10).
        probabilities: of every symbol at every step, given the words before, (P, 10, K).
    """

    sentences: tuple[str, ...]
    symbols: np.ndarray
    probabilities: np.ndarray

    @property
    def of_written(self) -> np.ndarray:
        """The probability of each word that was written, given those before, (P, 10)."""
        return np.take_along_axis(self.probabilities, self.symbols[..., None], -1)[..., 0]

    @property
    def n_different(self) -> int:
        """How many different sentences lie on it."""
        return len(set(self.sentences))

    @property
    def n_in_grammar(self) -> int:
        """At how many places is a sentence of the grammar."""
        return sum(sentence in grammar.law() for sentence in self.sentences)

    @property
    def n_changes(self) -> int:
        """How often the sentence is another one than at the place before."""
        return sum(one != other for one, other in zip(self.sentences, self.sentences[1:], strict=False))


def path(model: SequenceVAE, start: str, end: str, n: int) -> Path:
    """n places of the line between the mean codes of two sentences.

    Args:
        model: trained on the grammar.
        start: its sentence.
        end: likewise.
        n: places, both ends among them.
    """
    first, last = means(model, symbols([start, end]))
    share = np.linspace(0, 1, n, dtype=np.float32)[:, None]
    found, probabilities = sequence_vae.written(model, (1 - share) * first + share * last)
    return Path(tuple(written(row) for row in found), found, probabilities)
