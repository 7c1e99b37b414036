"""The stack of bits: what is popped is what was pushed, what is left is what was there, and a symbol costs its information."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from vae_core.explore.beyond.rans import LEAST, PRECISION, RunDry, Stack, interval, lent

Symbol = tuple[int, int, int]


def symbols(n: int, seed: int) -> list[Symbol]:
    """Intervals of whatever width and precision: start, width, precision."""
    rng = np.random.default_rng(seed)
    chosen = []
    for precision in rng.integers(1, 33, n).tolist():
        start, end = sorted(rng.choice(2**precision + 1, 2, replace=False).tolist()) if precision < 17 else _ends(rng, precision)
        chosen.append((start, end - start, precision))
    return chosen


def _ends(rng: np.random.Generator, precision: int) -> tuple[int, int]:
    start = int(rng.integers(0, 2**precision - 1))
    return start, int(rng.integers(start + 1, 2**precision + 1))


@pytest.mark.parametrize("seed", range(5))
def test_what_is_popped_is_what_was_pushed_and_the_stack_is_as_it_was(seed: int) -> None:
    stack, pushed = Stack.borrowing(seed), symbols(2000, seed)
    before = copy.copy(stack.tail), stack.head
    for symbol in pushed:
        stack.push(*symbol)
    assert len(stack.tail) > 100
    for start, width, precision in reversed(pushed):
        assert start <= stack.peek(precision) < start + width
        stack.pop(start, width, precision)
    assert (stack.tail, stack.head) == before


def test_bits_that_were_popped_as_symbols_are_back_once_these_are_pushed() -> None:
    """The order that bits-back coding needs: pop first, push later, from a stack that lends what it lacks."""
    stack, popped = Stack.borrowing(), []
    for k in range(200):
        place, precision = stack.peek(20), 20
        start = place // 1000 * 1000 if k % 2 else place // 7 * 7
        width = min(1000 if k % 2 else 7, 2**precision - start)
        stack.pop(start, width, precision)
        popped.append((start, width, precision))
    assert stack.n_borrowed > 50 and not stack.is_as_lent
    for symbol in reversed(popped):
        stack.push(*symbol)
    assert stack.is_as_lent and len(stack.tail) == stack.n_borrowed
    stack.tail[0] ^= 1
    assert not stack.is_as_lent


def test_a_known_distribution_costs_its_entropy() -> None:
    mass = np.array([50_000, 15_000, 500, 30, 6])  # of 2¹⁶
    mass[-1] = 2**16 - mass[:-1].sum()
    starts, share = mass.cumsum() - mass, mass / 2**16
    drawn = np.random.default_rng(0).choice(len(mass), 50_000, p=share)
    stack = Stack(LEAST)
    for one in drawn.tolist():
        stack.push(int(starts[one]), int(mass[one]), 16)
    grown, information = stack.length - 32, -np.log2(share)[drawn].sum()
    assert grown == pytest.approx(information, rel=1e-6)
    entropy = -(share * np.log2(share)).sum()
    deviation = np.sqrt((share * (np.log2(share) + entropy) ** 2).sum() / len(drawn))
    assert grown / len(drawn) == pytest.approx(entropy, abs=5 * deviation)
    assert 8 * len(stack.to_bytes()) - grown < 64


def test_many_bits_at_once_are_pushed_and_popped_as_one_by_one() -> None:
    rng = np.random.default_rng(1)
    ones = rng.integers(1, 2**PRECISION, 5000).tolist()
    ones[:4] = [1, 1, 2**PRECISION - 1, 2**PRECISION - 1]
    bits = (rng.random(5000) * 2**PRECISION < ones).astype(int).tolist()
    bits[:4] = [0, 1, 0, 1]
    together, apart = Stack.borrowing(), Stack.borrowing()
    together.push_bits(bits, ones)
    for bit, one in zip(reversed(bits), reversed(ones), strict=True):
        apart.push(0 if bit else one, one if bit else 2**PRECISION - one, PRECISION)
    assert (together.head, together.tail) == (apart.head, apart.tail)
    assert together.pop_bits(ones) == bits and together.is_as_lent


def test_a_stack_is_the_same_after_it_was_bytes() -> None:
    tail = [3, 2**32 - 1, 0]
    for head in (2**32, 2**40 - 1, 2**40, 2**48 - 1, 2**48, 2**56, 2**64 - 1):
        for n in range(4):
            data = Stack(head, tail[:n]).to_bytes()
            again = Stack.from_bytes(data)
            assert (again.head, again.tail) == (head, tail[:n])
            assert len(data) == (head.bit_length() + 7) // 8 + 4 * n
    for data in (b"", b"\1\2\3\4", b"\0\1\2\3\4", b"\0\0\0\0\0\1\2\3"):
        with pytest.raises(ValueError, match="stack must"):
            Stack.from_bytes(data)


def test_a_stack_that_nobody_lends_to_runs_dry() -> None:
    stack = Stack(LEAST, [5])
    with pytest.raises(RunDry, match="end"):
        for _ in range(5):
            stack.pop(stack.peek(30), 1, 30)
    with pytest.raises(RunDry):
        Stack(LEAST).pop_bits([1, 2**PRECISION - 1] * 2**PRECISION)


def test_a_length_leaves_out_what_was_borrowed_below() -> None:
    stack = Stack.borrowing()
    start = stack.length
    for _ in range(100):
        stack.pop(stack.peek(8), 1, 8)
    assert stack.length == pytest.approx(start - 800, abs=1e-6) and stack.n_borrowed >= 24


def test_what_is_lent_is_random_and_always_the_same() -> None:
    words = [word for word, _ in zip(lent(), range(4000), strict=False)]
    assert words == [word for word, _ in zip(lent(), range(4000), strict=False)]
    assert words != [word for word, _ in zip(lent(1), range(4000), strict=False)]
    shares = np.unpackbits(np.array(words, ">u4").view(np.uint8)).reshape(-1, 32).mean(0)
    assert np.abs(shares - 0.5).max() < 5 * 0.5 / 4000**0.5


def test_a_number_finds_the_interval_that_it_lies_in() -> None:
    ends = [0, 3, 4, 9, 30, 64]
    found = [interval(lambda k: ends[k], 5, place) for place in range(64)]
    assert [one[0] for one in found] == [k for k in range(5) for _ in range(ends[k], ends[k + 1])]
    assert set(found) == {(k, ends[k], ends[k + 1] - ends[k]) for k in range(5)}
