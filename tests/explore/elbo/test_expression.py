"""A student's formula: what is right is found right, and nothing but arithmetic is ever evaluated."""

from __future__ import annotations

import numpy as np
import pytest

from vae_core.explore.elbo.expression import LONGEST, check, points, values

RIGHT = (
    "(mu^2 + sigma^2 - 1 - log(sigma^2))/2",
    "½·(μ² + σ² − 1 − ln(σ²))",
    "0.5*mu**2 + 0.5*sigma**2 - 0.5 - log(sigma)",
    "-(1 + log(s^2) - m^2 - s^2)/2",
    "log(1/sigma) + (sigma*sigma + abs(mu)^2)/2 - 1/2 + 0*pi + 0*exp(mu) + 0*sqrt(sigma)",
)
HOSTILE = (
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "mu.__class__",
    "(lambda: mu)()",
    "[mu for mu in (1,2)]",
    "mu if sigma else mu",
    "mu; sigma",
    "mu := 3",
    "f'{mu}'",
    "'a'*10**9",
    "open('/etc/passwd')",
    "eval('mu')",
    "log(mu, sigma)",
    "log(x=mu)",
    "log(*[mu])",
    "mu or sigma",
    "mu < sigma",
    "mu // sigma",
    "mu % sigma",
    "mu @ sigma",
    "~mu",
    "1j*mu",
    "True",
    "None",
    "...",
    "nu",
    "log",
    "mu\x00",
    "",
    "   ",
    "(" * 190 + "mu",
    "-" * 190 + "mu",
    "mu" + "+mu" * 65,
    "ｅval(mu)",
    "yield mu",
    "await mu",
    "mu\nsigma",
    "mu" * 200,
)


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_right_however_it_is_written(text: str) -> None:
    assert check(text).kind == "right"
    assert all(check(text, seed).kind == "right" for seed in range(5))


@pytest.mark.parametrize(
    ("text", "kind", "by"),
    [
        ("-(mu^2 + sigma^2 - 1 - log(sigma^2))/2", "negative", 0.0),
        ("mu^2 + sigma^2 - 1 - log(sigma^2)", "multiple", 2.0),
        ("(mu^2 + sigma^2 - log(sigma^2))/2", "offset", 0.5),
        ("(mu^2 + sigma^2 - 1 - log(sigma))/2", "wrong", 0.0),
        ("(mu^2 + sigma - 1 - log(sigma^2))/2", "wrong", 0.0),
        ("log(mu)", "undefined", 0.0),
        ("1/(mu - mu)", "undefined", 0.0),
        ("0", "wrong", 0.0),
    ],
)
def test_a_usual_slip_is_told_by_its_kind(text: str, kind: str, by: float) -> None:
    verdict = check(text)
    assert verdict.kind == kind and verdict.by == pytest.approx(by)
    if kind == "wrong":
        assert verdict.theirs == pytest.approx(float(values(text, np.array([verdict.mu]), np.array([verdict.sigma]))[0]))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_arithmetic_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="formula must"):
        check(text)


@pytest.mark.parametrize("text", ["9**9**9**9**9", "1e308*10", "2^mu^sigma^99", "10**300**300", "9" * LONGEST, "exp(exp(exp(exp(9))))"])
def test_a_number_that_grows_beyond_bounds_is_infinite_at_once(text: str) -> None:
    assert check(text).kind in ("undefined", "wrong")  # a whole number of that many digits would take for ever


def test_points_lie_where_both_numbers_matter() -> None:
    mu, sigma = points(3)
    assert len(mu) == len(sigma) == 40
    assert np.abs(mu).max() <= 3 and sigma.min() >= 0.1
