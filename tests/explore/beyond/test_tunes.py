"""Tunes: a law whose entropy is exact, what is in a key, and a path that begins and ends with the tunes that were asked for."""

from __future__ import annotations

import io
import math
import wave
from functools import cache

import numpy as np
import pytest
from scipy.stats import sem

from vae_core.explore.beyond import sequence_vae, sequences, tunes
from vae_core.explore.beyond.sequence_vae import SequenceVAE


@cache
def model(name: str) -> SequenceVAE:
    return sequences.read_model(tunes.key(name), tunes.spec(name))


def test_the_entropy_is_that_of_the_draws_and_of_all_tunes_of_a_key() -> None:
    x = tunes.draws(20_000, np.random.default_rng(5))
    surprise = -tunes.log_px(x)
    assert abs(surprise.mean() - tunes.entropy()) < 4 * sem(surprise)
    chain = np.eye(8)[0]  # every way through the eight notes that are chosen, one note after another
    for _ in range(7):
        chain = (chain[..., None] * tunes.transitions()[np.newaxis].reshape((1,) * (chain.ndim - 1) + (8, 8))).copy()
    p = chain[chain > 0]
    assert math.isclose(p.sum(), 1)
    assert math.isclose(-(p * np.log(p)).sum() + math.log(12), tunes.entropy(), rel_tol=1e-9)


def test_only_tunes_of_the_law_have_a_probability() -> None:
    x = tunes.draws(1, np.random.default_rng(6)).repeat(4, 0)
    x[1, 13] += 1  # the last phrase is not the first one any more
    x[2] += 24  # no such tonic
    x[3, [1, 5, 13]] = x[3, 0] + 1  # not in the key
    assert np.isfinite(tunes.log_px(x)).tolist() == [True, False, False, False]
    assert tunes.in_key(x)[0].all()
    assert not tunes.in_key(x)[3, 1]


def test_notes_of_the_law_are_counted_as_its_chain_says() -> None:
    x = tunes.draws(20_000, np.random.default_rng(7))
    exact, counted = tunes.exact_above_tonic(), tunes.above_tonic(x)
    assert math.isclose(exact.sum(), 1)
    np.testing.assert_allclose(counted, exact, atol=0.01)
    share = tunes.notes_in_key(x)
    assert (share.count, share.n) == (20_000, 20_000)
    x[:, 1:] = x[:, :1] + 1
    assert tunes.notes_in_key(x).count == 0


@pytest.mark.parametrize("name", tunes.MODELS)
def test_no_bound_on_tunes_lies_below_the_entropy(name: str) -> None:
    x = tunes.draws(200, np.random.default_rng(8))
    scores, log_px = sequence_vae.scores(model(name), x, 16), tunes.log_px(x)
    kept, again = sequences.read_cost(tunes.key(name)), sequences.cost(scores, log_px, np.ones(len(x), bool))
    assert again.excess.value > -1.5 * again.excess.half_width
    for field in ("distortion", "rate", "excess"):
        difference = getattr(again, field).less(getattr(kept, field))
        assert abs(difference.value) < 2 * difference.half_width + 1e-6, field


def test_a_path_of_tunes_begins_and_ends_with_those_that_were_asked_for() -> None:
    ends = tunes.draws(2, np.random.default_rng(0))
    path = tunes.path(model("1, β = 0.1"), *ends, 7)
    np.testing.assert_array_equal(path.tunes[[0, -1]], ends)
    assert len({tune.tobytes() for tune in path.tunes}) >= 4
    assert path.probabilities.shape == (7, 16, 24)


def test_drawn_notes_lie_in_the_key_far_more_often_than_by_chance() -> None:
    drawn = tunes.drawn(model("1, β = 0.1"), 500, 0)
    assert tunes.notes_in_key(drawn).interval[0] > 7 / 12 + 0.1
    np.testing.assert_array_equal(drawn, tunes.drawn(model("1, β = 0.1"), 500, 0))


def test_the_sound_has_the_pitch_and_the_length_of_its_notes() -> None:
    tune = np.full((2, 16), 22)  # A5
    with wave.open(io.BytesIO(tunes.sound(tune))) as file:
        rate, samples = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert len(samples) == 2 * (16 * int(rate * tunes.SECONDS_A_NOTE) + int(rate * tunes.REST))
    note = samples[: int(rate * tunes.SECONDS_A_NOTE)]
    loudest = np.abs(np.fft.rfft(note, 16 * len(note))).argmax() * rate / (16 * len(note))
    assert tunes.name_of(22) == "A5"
    assert abs(loudest - 880) < 8
    assert np.abs(samples).max() < 32767
