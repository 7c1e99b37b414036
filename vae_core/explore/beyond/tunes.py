"""Tunes of sixteen notes by a law that is known exactly: their entropy, small sequence VAEs of them, and paths between two as sound.

A tune begins on the tonic of a major key, and moves by a Markov chain on the eight degrees from the tonic to its octave. Its four phrases
of four notes have the form A A B A: what repeats is no new choice.
"""

from __future__ import annotations

import io
import math
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from vae_core.explore.beyond.sequence_vae import SequenceSpec, SequenceVAE, means, written
from vae_core.explore.means import Share

SCALE = np.array([0, 2, 4, 5, 7, 9, 11, 12])
"""Semitones of the degrees of a major key above its tonic."""
LOWEST, N_KEYS, N_PITCHES = 60, 12, 24
"""MIDI number of the lowest note, which is symbol 1; tonics, from there on; notes of two octaves."""
LENGTH, PHRASE = 16, 4
STEP_WEIGHTS = (1.0, 6.0, 3.0, 1.0, 0.5)
"""How much a degree at a distance of 0, 1, … 4 weighs as the next one; none is farther."""
MODELS = {"0": (0.0, 1.0), "1, β = 0.1": (1.0, 0.1)}
"""What a shipped model is called → the note dropout and the weight of the rate that it was trained with."""
WIDTH, N_STEPS = 80, 20_000
NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
HERTZ, SECONDS_A_NOTE, REST = 11_025, 0.16, 0.4
"""Samples per second of the sound, length of a note, and of the silence after each tune."""


def spec(name: str) -> SequenceSpec:
    """The model of that name."""
    dropout, beta = MODELS[name]
    sizes = {"n_symbols": N_PITCHES + 1, "length": LENGTH, "latent_dim": 16, "width": WIDTH}
    return SequenceSpec(**sizes, dropout=dropout, beta=beta, n_steps=N_STEPS)


def key(name: str) -> str:
    """Under which a model is kept in the shipped files."""
    dropout, beta = MODELS[name]
    return f"tunes-{dropout:g}-{beta:g}"


@cache
def transitions() -> np.ndarray:
    """Probability of each next degree (column) after a degree (row), (8, 8)."""
    apart = np.abs(np.subtract.outer(np.arange(len(SCALE)), np.arange(len(SCALE))))
    weights = np.array([*STEP_WEIGHTS, *[0.0] * len(SCALE)])[apart]
    return weights / weights.sum(1, keepdims=True)


@cache
def entropy() -> float:
    """Of a tune, in nats: the key, and each choice that is not a repetition, given the one before (Cover & Thomas 2006, Thm. 2.5.1)."""
    p = transitions()
    of_next = -(p * np.log(np.where(p > 0, p, 1))).sum(1)
    at, total = np.eye(len(SCALE))[0], math.log(N_KEYS)
    for _ in range(2 * PHRASE - 1):  # three steps within A, one into B, three within B
        total += float(at @ of_next)
        at = at @ p
    return total


def draws(n: int, generator: np.random.Generator) -> np.ndarray:
    """n independent tunes as symbols, 1 for the lowest note, int64 (n, 16)."""
    chances = transitions().cumsum(1)
    degrees = np.zeros((n, 2 * PHRASE), np.int64)
    for t in range(1, 2 * PHRASE):
        degrees[:, t] = (generator.random((n, 1)) > chances[degrees[:, t - 1]]).sum(1).clip(max=len(SCALE) - 1)
    a, b = degrees[:, :PHRASE], degrees[:, PHRASE:]
    tonic = generator.integers(N_KEYS, size=(n, 1))
    return 1 + tonic + SCALE[np.hstack([a, a, b, a])]


def batches(n: int, seed: int) -> Iterator[np.ndarray]:
    """n new tunes at a time, without an end."""
    generator = np.random.default_rng(seed)
    while True:
        yield draws(n, generator)


def log_px(tunes: np.ndarray) -> np.ndarray:
    """Exact log p(x) of tunes, (N, 16): −∞ for what the law does not make."""
    a, again, b, last = tunes.reshape(-1, 4, PHRASE).transpose(1, 0, 2)
    degree = np.full(13, -1)
    degree[SCALE] = np.arange(len(SCALE))
    above = np.hstack([a, b]) - tunes[:, :1]
    found = np.where((above >= 0) & (above <= 12), degree[above.clip(0, 12)], -1)
    fits = (a == again).all(1) & (a == last).all(1) & (found >= 0).all(1) & (tunes[:, 0] >= 1) & (tunes[:, 0] <= N_KEYS)
    with np.errstate(divide="ignore"):
        log_p = np.log(transitions())[found[:, :-1], found[:, 1:]].sum(1) - math.log(N_KEYS)
    return np.where(fits, log_p, -np.inf)


def in_key(tunes: np.ndarray) -> np.ndarray:
    """Which notes lie in the major key of their tune's first note, in any octave, (N, 16)."""
    return np.isin((tunes - tunes[:, :1]) % 12, SCALE)


def notes_in_key(tunes: np.ndarray) -> Share:
    """How many of N notes lie in the key, one of each tune, so that they are independent: the second, the third, … of one after another."""
    places = 1 + np.arange(len(tunes)) % (LENGTH - 1)  # the first note is in its key in any case
    return Share(int(in_key(tunes)[np.arange(len(tunes)), places].sum()), len(tunes))


def drawn(model: SequenceVAE, n: int, seed: int) -> np.ndarray:
    """n tunes that a model draws, (n, 16): codes from the prior, then notes from p(x|z)."""
    z = np.random.default_rng(seed).standard_normal((n, model.spec.latent_dim)).astype(np.float32)
    return _notes(written(model, z, seed=seed)[0])


def above_tonic(tunes: np.ndarray) -> np.ndarray:
    """The share of notes so many semitones above their tune's first note, from 0 to 12, and of all others, (14,)."""
    above = (tunes - tunes[:, :1]).ravel()
    counts = np.bincount(np.where((above >= 0) & (above <= 12), above, 13), minlength=14)
    return counts / counts.sum()


@cache
def exact_above_tonic() -> np.ndarray:
    """`above_tonic` of the law, (14,): the chain at each note of A, which is played three times, and of B."""
    at, found = np.eye(len(SCALE))[0], np.zeros(14)
    for t in range(2 * PHRASE):
        found[SCALE] += at * (3 if t < PHRASE else 1) / LENGTH
        at = at @ transitions()
    return found


def _notes(symbols: np.ndarray) -> np.ndarray:
    """Symbols as notes: what ends a sequence, which no tune has, sounds as the lowest one."""
    return symbols.clip(min=1)


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A straight line between the codes of two tunes, decoded.

    Attributes:
        tunes: the most probable notes at each place, (P, 16).
        probabilities: of every note at every step, (P, 16, 24).
    """

    tunes: np.ndarray
    probabilities: np.ndarray


def path(model: SequenceVAE, start: np.ndarray, end: np.ndarray, n: int) -> Path:
    """n places of the line between the mean codes of two tunes, (16,) each."""
    first, last = means(model, np.stack([start, end]))
    share = np.linspace(0, 1, n, dtype=np.float32)[:, None]
    found, probabilities = written(model, (1 - share) * first + share * last)
    return Path(_notes(found), probabilities[..., 1:])


def name_of(symbol: int) -> str:
    """What a note is called."""
    return f"{NAMES[(LOWEST + symbol - 1) % 12]}{(LOWEST + symbol - 1) // 12 - 1}"


def sound(tunes: np.ndarray) -> bytes:
    """Tunes one after another, (P, 16), as a WAV file of 16 bits: fading tones with two overtones, in equal temperament (A4 = 440 Hz)."""
    seconds = np.arange(int(HERTZ * SECONDS_A_NOTE)) / HERTZ
    fade = np.minimum(1, seconds / 0.006) * np.exp(-7 * seconds) * np.minimum(1, (SECONDS_A_NOTE - seconds) / 0.01)
    pitches = 440 * 2 ** ((LOWEST + tunes - 1 - 69) / 12)  # (P, 16), in hertz
    phase = 2 * math.pi * pitches[..., None] * seconds
    tones = fade * (np.sin(phase) + 0.4 * np.sin(2 * phase) + 0.15 * np.sin(3 * phase)) / 1.55
    rest = np.zeros((len(tunes), int(HERTZ * REST)))
    wave_form = np.hstack([tones.reshape(len(tunes), -1), rest]).ravel()
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(HERTZ)
        out.writeframes((wave_form * 0.8 * 32767).astype("<i2").tobytes())
    return file.getvalue()
