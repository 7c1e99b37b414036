"""Sequence VAEs: bounds beside the exact entropy, the collapse of a decoder that sees every word, paths of those that do not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

from vae_core.explore.beyond import grammar, sentences, sequence_vae, sequences
from vae_core.explore.beyond.sequence_vae import END, Scores, SequenceSpec, SequenceVAE
from vae_core.explore.beyond.sequences import Cost
from vae_core.statistics import standard_error

N = 300
"""Sentences on which the shipped numbers are computed again."""
COLLAPSED, USED = 0.1, 1.0
"""Nats: the rate of a decoder that sees every word before is below the first, that of one that sees none above the second."""


@cache
def model(name: str) -> SequenceVAE:
    return sequences.read_model(sentences.key(name), sentences.spec(name))


@cache
def scored(name: str) -> tuple[Scores, np.ndarray]:
    """A shipped model on new sentences, and their exact log p(x)."""
    x = next(sentences.batches(N, 77))
    return sequence_vae.scores(model(name), x, 32), sentences.log_px(x)


def test_a_rate_is_that_of_a_collapsed_model_only_without_word_dropout() -> None:
    assert scored("0")[0].rate.mean() < COLLAPSED
    assert scored("1")[0].rate.mean() > USED
    assert scored("1, β = ¼")[0].rate.mean() > scored("1")[0].rate.mean() + 1


@pytest.mark.parametrize("name", sentences.MODELS)
def test_shipped_costs_are_those_of_the_shipped_weights(name: str) -> None:
    scores, log_px = scored(name)
    kept, again = sequences.read_cost(sentences.key(name)), sequences.cost(scores, log_px, np.ones(N, bool))
    for field in ("distortion", "rate", "excess"):
        difference = getattr(again, field).less(getattr(kept, field))
        assert abs(difference.value) < 2 * difference.half_width + 1e-6, field


@pytest.mark.parametrize("name", sentences.MODELS)
def test_no_bound_lies_below_the_entropy_and_more_samples_bring_it_nearer(name: str) -> None:
    scores, log_px = scored(name)
    for bound in (scores.elbo, scores.iwae):
        assert (log_px - bound).mean() > -3 * standard_error(log_px - bound)
    assert (scores.iwae - scores.elbo).mean() > -3 * standard_error(scores.iwae - scores.elbo)
    if name != "0":
        assert (scores.iwae - scores.elbo).mean() > 0.1
    cost = sequences.read_cost(sentences.key(name))
    for of in (cost.excess, cost.iwae_excess):
        assert of.value > -1.5 * of.half_width  # three standard errors
    assert cost.excess.value + cost.excess.half_width > cost.iwae_excess.value


@pytest.mark.parametrize("name", sentences.MODELS)
@torch.no_grad()
def test_no_code_gives_all_sentences_together_more_than_probability_one(name: str) -> None:
    x = torch.tensor(sentences.symbols(list(grammar.law())))
    before = model(name).told_before(x, model(name).test_dropout, torch.Generator())
    z = torch.zeros(len(x), model(name).spec.latent_dim)
    total = float(model(name).log_px_z(x, z, before).exp().sum())
    assert 0 < total <= 1 + 1e-4
    if name == "0":
        assert total > 0.98  # it has learned what a sentence is


def test_a_path_is_one_sentence_where_the_code_is_ignored_and_many_where_it_is_read() -> None:
    ends = sentences.FROM, sentences.TO
    assert sentences.path(model("0"), *ends, 9).n_different == 1
    read = sentences.path(model("1"), *ends, 9)
    assert read.n_different >= 3
    assert read.sentences[0] != read.sentences[-1]


def test_what_is_written_is_the_most_probable_and_nothing_follows_an_end() -> None:
    path = sentences.path(model("½"), sentences.FROM, "there was a pause", 9)
    np.testing.assert_allclose(path.probabilities.sum(-1), 1, atol=1e-5)
    for symbols, sentence, p in zip(path.symbols, path.sentences, path.probabilities, strict=True):
        n = len(sentence.split())
        assert (symbols[:n] != END).all()
        assert (symbols[n:] == END).all()
        np.testing.assert_array_equal(symbols[:n], p[:n].argmax(-1))
        assert sentences.written(symbols) == sentence
    assert len(path.of_written) == 9
    np.testing.assert_allclose(path.of_written[0, 0], path.probabilities[0, 0].max())


def test_a_decoder_is_told_nothing_that_is_withheld() -> None:
    spec = SequenceSpec(n_symbols=5, length=4, latent_dim=2, dropout=1.0, n_steps=1)
    untrained, x = SequenceVAE(spec), torch.tensor([[1, 2, 3, 0]])
    generator = torch.Generator().manual_seed(0)
    assert untrained.told_before(x, 1.0, generator).tolist() == [[5, 5, 5, 5]]
    assert untrained.told_before(x, 0.0, generator).tolist() == [[5, 1, 2, 3]]
    half = untrained.told_before(x.repeat(4000, 1), 0.5, generator)[:, 1:]
    assert abs(float((half == 5).double().mean()) - 0.5) < 0.02


def test_a_sequence_counts_up_to_its_first_end() -> None:
    x = torch.tensor([[3, 1, 0, 0], [0, 0, 0, 0], [1, 2, 3, 4]])
    assert sequence_vae.within(x).tolist() == [[True, True, True, False], [True, False, False, False], [True] * 4]


def test_training_descends() -> None:
    spec = SequenceSpec(n_symbols=len(grammar.vocabulary()) + 1, length=10, latent_dim=2, dropout=0.0, n_steps=200, width=32)
    losses = [loss for _, loss in sequence_vae.training(spec, sentences.batches(64, 0))]
    assert np.mean(losses[-10:]) < 0.6 * np.mean(losses[:5])


def test_sentences_are_read_as_they_are_typed() -> None:
    assert sentences.as_typed(" She didn't want  to be with him. ") == "she did not want to be with him"
    x = sentences.symbols(["there was a pause"])
    assert sentences.written(x[0]) == "there was a pause"
    with pytest.raises(ValueError, match="got 'zebra'"):
        sentences.symbols(["zebra was happy"])
    with pytest.raises(ValueError, match="got 0"):
        sentences.symbols([""])
    with pytest.raises(ValueError, match="got 10"):
        sentences.symbols(["a " * 10])
    assert np.isneginf(sentences.log_px(sentences.symbols(["a a a"])))[0]


def test_a_cost_has_paired_intervals() -> None:
    scores = Scores(np.array([1.0, 3.0]), np.array([2.0, 2.0]), np.array([-2.5, -4.5]))
    cost = sequences.cost(scores, np.array([-2.0, -4.0]), np.array([True, False]))
    assert isinstance(cost, Cost)
    assert (cost.excess.value, cost.excess.half_width) == (1.0, 0.0)
    assert cost.iwae_excess.value == 0.5
    assert (cost.rebuilt.count, cost.rebuilt.n) == (1, 2)
