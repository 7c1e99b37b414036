"""A template grammar of short sentences, so small that the probability of each sentence is known: it is drawn from, and it is listed.

Every symbol has rules with probabilities. What is no symbol is a word. Verbs agree with their subject and nobody is their own object, so
words far apart depend on each other.
"""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np

SUBJECTS = {
    "i": ("was", ("you", "him", "her", "them")),
    "you": ("were", ("me", "him", "her", "us", "them")),
    "he": ("was", ("me", "you", "her", "us", "them")),
    "she": ("was", ("me", "you", "him", "us", "them")),
    "we": ("were", ("you", "him", "her", "them")),
    "they": ("were", ("me", "you", "him", "her", "us")),
}
"""Subject → its form of *to be*, and whom it can have as an object."""

Rules = dict[str, tuple[tuple[float, str], ...]]


def _even(*ways: str) -> tuple[tuple[float, str], ...]:
    return tuple((1 / len(ways), way) for way in ways)


RULES: Rules = {
    "SENTENCE": ((0.5, "WISH"), (0.3, "STATE"), (0.2, "SCENE")),
    "WISH": _even(*(f"{who} WANTED to VERB OBJECT-{who} ENDING" for who in SUBJECTS)),
    "WANTED": ((0.6, "wanted"), (0.4, "did not want")),
    "VERB": ((0.25, "talk to"), (0.2, "walk with"), (0.2, "stay with"), (0.15, "sing for"), (0.1, "write to"), (0.1, "run from")),
    "ENDING": ((0.6, ""), (0.2, "again"), (0.2, "today")),
    "STATE": _even(*(f"{who} {form} NOT FEELING for a LONG TIME" for who, (form, _) in SUBJECTS.items())),
    "NOT": ((0.75, ""), (0.25, "not")),
    "FEELING": _even("silent", "happy", "tired", "lost", "afraid", "alone"),
    "LONG": ((0.7, ""), (0.3, "long")),
    "TIME": ((0.4, "moment"), (0.3, "while"), (0.2, "time"), (0.1, "day")),
    "SCENE": ((0.5, "it was WEATHER and LIGHT"), (0.5, "there was a THING PLACE")),
    "WEATHER": _even("warm", "cold", "wet"),
    "LIGHT": _even("dark", "quiet", "bright"),
    "THING": ((0.4, "pause"), (0.3, "sound"), (0.2, "light"), (0.1, "song")),
    "PLACE": ((0.6, ""), (0.2, "in the house"), (0.2, "in the garden")),
    **{f"OBJECT-{who}": _even(*whom) for who, (_, whom) in SUBJECTS.items()},
}


def draw(n: int, generator: np.random.Generator) -> list[str]:
    """n sentences, independent, from the grammar: symbol by symbol."""
    return [" ".join(_expanded("SENTENCE", generator)) for _ in range(n)]


def _expanded(symbol: str, generator: np.random.Generator) -> list[str]:
    if symbol not in RULES:
        return [symbol]
    chances, ways = zip(*RULES[symbol], strict=True)
    way = ways[int(np.searchsorted(np.cumsum(chances), generator.random(), side="right").clip(max=len(ways) - 1))]
    return [word for part in way.split() for word in _expanded(part, generator)]


@cache
def law() -> dict[str, float]:
    """Each sentence of the grammar → its probability, by listing all ways to make one, the most probable first."""
    listed = _listed("SENTENCE")
    return {" ".join(words): listed[words] for words in sorted(listed, key=lambda words: (-listed[words], words))}


@cache
def _listed(symbol: str) -> dict[tuple[str, ...], float]:
    if symbol not in RULES:
        return {(symbol,): 1.0}
    found: dict[tuple[str, ...], float] = {}
    for chance, way in RULES[symbol]:
        for parts in itertools.product(*(_listed(part).items() for part in way.split())):
            words = tuple(word for some, _ in parts for word in some)
            found[words] = found.get(words, 0.0) + chance * float(np.prod([p for _, p in parts]))
    return found


@cache
def entropy() -> float:
    """−Σ p ln p over all sentences, in nats per sentence: no model of them needs less on average (Cover & Thomas 2006, Thm. 2.6.3)."""
    p = np.array(list(law().values()))
    return float(-(p * np.log(p)).sum())


@cache
def vocabulary() -> tuple[str, ...]:
    """All words, in the order of the alphabet."""
    return tuple(sorted({word for sentence in law() for word in sentence.split()}))
