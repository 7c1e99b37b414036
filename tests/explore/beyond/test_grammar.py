"""The grammar: what it lists is what it draws, and the entropy of the list is that of the draws."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from scipy.stats import chisquare, sem

from vae_core.explore.beyond import grammar


def test_the_probabilities_of_all_sentences_sum_to_one() -> None:
    assert math.isclose(sum(grammar.law().values()), 1, abs_tol=1e-12)
    assert len(set(grammar.law())) == len(grammar.law()) > 1000
    for ways in grammar.RULES.values():
        assert math.isclose(sum(chance for chance, _ in ways), 1, abs_tol=1e-12)


def test_the_entropy_of_the_list_is_that_of_the_draws() -> None:
    drawn = grammar.draw(20_000, np.random.default_rng(3))
    surprise = -np.log([grammar.law()[sentence] for sentence in drawn])
    assert abs(surprise.mean() - grammar.entropy()) < 4 * sem(surprise)


def test_sentences_are_drawn_as_often_as_they_are_listed() -> None:
    law, n = grammar.law(), 20_000
    counts = Counter(grammar.draw(n, np.random.default_rng(4)))
    common = [sentence for sentence, p in law.items() if n * p >= 20]
    seen, expected = [counts[sentence] for sentence in common], [n * law[sentence] for sentence in common]
    rest = n - sum(seen), n - sum(expected)
    assert chisquare([*seen, rest[0]], [*expected, rest[1]]).pvalue > 1e-4


def test_verbs_agree_and_nobody_is_their_own_object() -> None:
    for sentence in grammar.law():
        words = sentence.split()
        if words[0] in grammar.SUBJECTS and "wanted" not in words and "want" not in words:
            assert words[1] == ("was" if words[0] in ("i", "he", "she") else "were"), sentence
    assert "i wanted to talk to you" in grammar.law()
    assert "i wanted to talk to me" not in grammar.law()
    assert "he were silent for a moment" not in grammar.law()
