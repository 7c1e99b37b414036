"""Nats to bits, and numbers as they are written: the only place with ln 2 and with the minus sign."""

from __future__ import annotations

import math
from typing import Any, TypeVar

Amount = TypeVar("Amount", bound=Any)
"""A number, or an array of them."""
NATS_PER_BIT = math.log(2)
SHOWN = 6
"""Decimals at most: a number that needs more is written as a power of ten."""
SUBSCRIPTS, SUPERSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"), str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def bits(nats: Amount) -> Amount:
    """Bits in so many nats."""
    return nats / NATS_PER_BIT


def bits_per_pixel(nats: Amount, n_pixels: int) -> Amount:
    """Bits per pixel of an image of H·W pixels that costs so many nats; the channels of a pixel share them, as in files of photographs."""
    return nats / (n_pixels * NATS_PER_BIT)


def signed(value: float, digits: int = 2) -> str:
    """A number with so many decimals, and a true minus sign; 0 has none."""
    return minus(f"{round(value, digits) + 0.0:.{digits}f}")


def nats(value: float) -> str:
    """A number with as many decimals as tell small parts of it from none, four at most."""
    size = abs(value)
    return signed(value, 1 if size >= 10 else 2 if size >= 0.1 else 3 if size >= 0.01 else 4)


def times(ratio: float) -> str:
    """A ratio of two means to two digits, which is about what some thousand images earn: 0.73, 1.0, 12."""
    size = abs(ratio)
    return signed(ratio, 0 if size >= 10 else 1 if size >= 1 else 2)


def tiny(value: float, digits: int = 1) -> str:
    """A small amount, such as what rounding leaves, as so many digits times a power of ten: 4 × 10⁻¹⁶, 10⁻¹²; 0 has none."""
    leading, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    power = f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
    return "0" if not value else power if leading == "1" else leading if not int(exponent) else f"{leading} × {power}"


def plain(value: float, digits: int = 3) -> str:
    """A number with so many digits; a large one in full, grouped by thousands from five digits on, and never as a power of ten."""
    return f"{value:{',' if value >= 10_000 else ''}.0f}" if value >= 1000 else f"{value:.{digits}g}"


def decibels(psnr: float, digits: int = 1) -> str:
    """A PSNR in dB; it is infinite where nothing was lost."""
    return "∞ dB" if math.isinf(psnr) else f"{psnr:.{digits}f} dB"


def counted(n: int, noun: str) -> str:
    """So many of what a noun names: 1 file, 2 files."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def with_interval(value: float, half_width: float | None) -> str:
    """A number ± the half-width of its interval, each to the digits that the interval earns; two decimals where there is none.

    Two digits of a half-width that begins with 100 to 354, one of others, and as many decimals of the value (Particle Data Group 2024,
    Sec. 5.3): −91.6 ± 0.5, 7.52 ± 0.10, 520 ± 70. Where that would be more than six decimals, both are powers of ten.
    """
    if not half_width or not math.isfinite(half_width):
        return signed(value)
    places = earned_places(half_width)
    if places > SHOWN:
        return f"{'−' if value < 0 else ''}{tiny(abs(value))} ± {tiny(half_width)}"
    return f"{rounded_to(value, places)} ± {rounded_to(half_width, places)}"


def earned_places(half_width: float) -> int:
    """So many decimals of a value have a meaning beside this half-width of its interval; negative for tens, hundreds, …"""
    exponent = math.floor(math.log10(half_width))
    leading = round(half_width / 10.0 ** (exponent - 2))  # three digits, 100 to 1000
    return 1 - exponent if leading < 355 else -exponent


def rounded_to(value: float, places: int) -> str:
    """A number rounded to so many decimals, or to tens, hundreds, … for negative ones; grouped by thousands from five digits on."""
    number = round(value, places) + 0.0
    comma = "," if abs(number) >= 10_000 else ""
    return minus(f"{number:{comma}.{max(places, 0)}f}")


def subscript(n: int) -> str:
    """A number as the index of a symbol: z₁₀."""
    return str(n).translate(SUBSCRIPTS)


def minus(text: str) -> str:
    """A text of numbers with true minus signs."""
    return text.replace("-", "−")
