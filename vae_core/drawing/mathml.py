"""Formulas in LaTeX as MathML, which a browser sets by itself, with no more of LaTeX than the pages use."""

from __future__ import annotations

import re
from collections.abc import Callable

TOKENS = re.compile(r"\\[A-Za-z]+|\\,|[A-Z]{2,}|[0-9.]+|\S")
LETTERS = {r"\theta": "θ", r"\mu": "μ", r"\sigma": "σ", r"\pi": "π", r"\phi": "ϕ", r"\Phi": "Φ", r"\log": "log", r"\ln": "ln"}
FUNCTIONS, SPACE = (r"\log", r"\ln"), '<mspace width="0.17em"></mspace>'
SIGNS = {r"\int": "∫", r"\cdot": "·", r"\sim": "∼", r"\Vert": "‖", "-": "−"}
LEVELS = {"_": "msub", "^": "msup"}
SCRIPT = {r"\mathcal": {"L": "ℒ", "F": "ℱ"}, r"\mathbb": {"E": "𝔼"}}


def mathml(latex: str) -> str:
    """A formula as a `math` element.

    Raises:
        ValueError: if a brace or a parenthesis has no partner, or a command is none of those that the pages use.
    """
    rest = TOKENS.findall(latex)[::-1]
    row = _row(rest, "")
    return f'<math display="block">{row}</math>'


def _row(rest: list[str], end: str) -> str:
    """What stands up to the token `end`, which is taken, too."""
    parts: list[str] = []
    while rest:
        token = rest.pop()
        if token == end:
            return f"<mrow>{''.join(parts)}</mrow>"
        if token in LEVELS:
            parts.append(f"<{LEVELS[token]}>{parts.pop()}{_one(rest)}</{LEVELS[token]}>")
        else:
            parts.append(_element(token, rest))
    if end:
        raise ValueError(f"latex must have a {end} for each opening one")
    return f"<mrow>{''.join(parts)}</mrow>"


def _one(rest: list[str]) -> str:
    """The next token, or what the braces around the next ones hold."""
    if not rest:
        raise ValueError("latex must not end where something has to follow")
    return _element(rest.pop(), rest)


def _element(token: str, rest: list[str]) -> str:
    """What a token begins."""
    if token in _BEGINS:
        return _BEGINS[token](rest)
    if token in LETTERS:
        space = SPACE if token in FUNCTIONS else ""
        return f"{space}<mi>{LETTERS[token]}</mi>{space}"
    if token in SIGNS or not token[0].isalnum():
        if (token.startswith("\\") and token not in SIGNS) or token in ")}":
            raise ValueError(f"latex must use known commands in pairs of braces, got {token}")
        return f'<mo stretchy="false">{SIGNS.get(token, token)}</mo>'
    return f"<mn>{token}</mn>" if token[0].isdigit() else f"<mi>{token}</mi>"


def _fraction(rest: list[str]) -> str:
    return f"<mfrac>{_one(rest)}{_one(rest)}</mfrac>"


def _fenced(rest: list[str]) -> str:
    return f"<mrow><mo>(</mo>{_row(rest, ')')}<mo>)</mo></mrow>"


def _text(rest: list[str]) -> str:
    return f"<mtext>{re.sub('<[^>]+>', '', _one(rest))}</mtext>"


def _script(letters: dict[str, str]) -> Callable[[list[str]], str]:
    return lambda rest: f"<mi>{letters[re.sub('<[^>]+>', '', _one(rest))]}</mi>"


_BEGINS: dict[str, Callable[[list[str]], str]] = {
    "{": lambda rest: _row(rest, "}"),
    "(": _fenced,
    r"\,": lambda rest: SPACE,
    r"\frac": _fraction,
    r"\text": _text,
    **{command: _script(letters) for command, letters in SCRIPT.items()},
}
"""Token → what makes an element of it and of what follows."""
