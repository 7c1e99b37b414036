"""A stack of bits onto which symbols are pushed at their information, −log₂ of their probability, and popped again (rANS, Duda 2013).

All of it is integer arithmetic: what is popped, and what is left, is what was pushed and what was there, bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from vae_core.errors import require

WORD = 32
"""Bits of a word of the tail; the head holds between one word and two."""
MASK, LEAST = (1 << WORD) - 1, 1 << WORD
PRECISION = 16
"""A probability of a bit is a multiple of 2⁻¹⁶, neither 0 nor 1: `push` and `pop` for many bits at once, which images have."""


class RunDry(ValueError):
    """More was popped than the stack holds."""


def lent(seed: int = 0) -> Iterator[int]:
    """Random words without an end, the same for the same seed."""
    bits = np.random.PCG64(seed)
    while True:
        yield int(bits.random_raw()) >> WORD


@dataclass(slots=True)
class Stack:
    """Bits, the uppermost in `head`, those below in words.

    Attributes:
        head: 2³² to 2⁶⁴ − 1.
        tail: words, the lowest first.
        lender: where words come from when there are none left; without one the stack runs dry.
        n_borrowed: words that came from there.
    """

    head: int
    tail: list[int] = field(default_factory=list)
    lender: Iterator[int] | None = None
    n_borrowed: int = 0

    @classmethod
    def borrowing(cls, seed: int = 0) -> Stack:
        """A stack of random bits, of which there are as many as are taken: one word in the head to begin with."""
        lender = lent(seed)
        return cls(LEAST | next(lender), [], lender)

    @property
    def length(self) -> float:
        """Bits on the stack, less those that were borrowed below its first word."""
        return WORD * (len(self.tail) - self.n_borrowed) + math.log2(self.head)

    @property
    def is_as_lent(self) -> bool:
        """Whether nothing is on it but what `borrowing` lends."""
        lender = lent()
        return self.head == LEAST | next(lender) and all(word == next(lender) for word in reversed(self.tail))

    def push(self, start: int, width: int, precision: int) -> None:
        """Push a symbol that has [start, start + width) of the numbers below 2^precision, which is at most 2³²."""
        if self.head >= width << (2 * WORD - precision):
            self.tail.append(self.head & MASK)
            self.head >>= WORD
        self.head = (self.head // width << precision) + self.head % width + start

    def peek(self, precision: int) -> int:
        """The number below 2^precision that lies in the interval of the uppermost symbol."""
        return self.head & ((1 << precision) - 1)

    def pop(self, start: int, width: int, precision: int) -> None:
        """Take the uppermost symbol off, by its interval.

        Raises:
            RunDry: if nothing is left, and nobody lends.
        """
        self.head = width * (self.head >> precision) + self.peek(precision) - start
        if self.head < LEAST:
            self.head = self.head << WORD | self._word()

    def push_bits(self, bits: Sequence[int], ones: Sequence[int]) -> None:
        """Push bits, the last of them first, each with its own probability of a one in units of 2^−`PRECISION`."""
        head, tail, total = self.head, self.tail, 1 << PRECISION
        for bit, one in zip(reversed(bits), reversed(ones), strict=True):
            start, width = (0, one) if bit else (one, total - one)
            if head >= width << (2 * WORD - PRECISION):
                tail.append(head & MASK)
                head >>= WORD
            head = (head // width << PRECISION) + head % width + start
        self.head = head

    def pop_bits(self, ones: Sequence[int]) -> list[int]:
        """Pop as many bits as there are probabilities, in their order.

        Raises:
            RunDry: if nothing is left, and nobody lends.
        """
        head, mask, total = self.head, (1 << PRECISION) - 1, 1 << PRECISION
        bits = []
        for one in ones:
            place = head & mask
            if place < one:
                bits.append(1)
                head = one * (head >> PRECISION) + place
            else:
                bits.append(0)
                head = (total - one) * (head >> PRECISION) + place - one
            if head < LEAST:
                head = head << WORD | self._word()
        self.head = head
        return bits

    def to_bytes(self) -> bytes:
        """The stack as bytes, the uppermost first: five to eight of the head, four for each word."""
        head = self.head.to_bytes((self.head.bit_length() + 7) // 8, "big")
        return head + np.array(self.tail[::-1], ">u4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Stack:
        """The stack of these bytes, which nobody lends to.

        Raises:
            ValueError: if they are no stack's.
        """
        n_head = 5 + (len(data) - 5) % 4
        require(len(data) >= n_head, "stack", "have five bytes at least", len(data))
        head = int.from_bytes(data[:n_head], "big")
        require(head >= LEAST and data[0] > 0, "stack", "begin with its head", head)
        return cls(head, np.frombuffer(data[n_head:], ">u4")[::-1].tolist())

    def _word(self) -> int:
        if self.tail:
            return self.tail.pop()
        if self.lender is None:
            raise RunDry("stack must hold what is popped, got its end: the file is cut short or damaged")
        self.n_borrowed += 1
        return next(self.lender)


def interval(below: Callable[[int], int], n: int, place: int) -> tuple[int, int, int]:
    """The symbol of n in whose interval a number lies, where the interval starts, and how wide it is.

    Args:
        below: symbol → where its interval starts; strictly increasing, and for n the end of the last one.
        n: symbols.
        place: the number.
    """
    low, high = 0, n
    start, end = below(low), below(high)
    while high - low > 1:
        middle = (low + high) // 2
        value = below(middle)
        if value <= place:
            low, start = middle, value
        else:
            high, end = middle, value
    return low, start, end - start
