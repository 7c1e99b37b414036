"""Names that people give are shown as letters: in one line, and never as markup."""

from __future__ import annotations

import html
import re

import pytest

from vae_core.plain import plain, printable, shortened

ORDINARY = (
    "Bäume",
    "rot 2",
    "Straße (neu)",
    "snake_case_name",
    "cats & dogs",
    "C++",
    "a-b",
    "Änne, Öl",
    "日本語",
    "x = 3!",
    "50 %",
)
MARKUP = (
    "*fat*",
    "**fat**",
    "_thin_",
    "__fat__",
    "`code`",
    "$x^2$",
    "$$x$$",
    "\\(x\\)",
    "<b>fat</b>",
    "<br>",
    "<a href='javascript:1'>x</a>",
    "![x](http://evil.example/x.png)",
    "[x](http://evil.example)",
    "http://evil.example",
    "www.evil.example",
    "me@evil.example",
    "# large",
    "- item",
    "+ item",
    "1. item",
    "1) item",
    "> said",
    "~~gone~~",
    ":red[x]",
    ":material/home:",
    ":smile:",
    "&lt;b&gt;",
    "&#36;x",
    "%{y}",
    "a -- b",
    "a -> b",
)
TAKEN = re.compile(
    r"[*`$<>\[\]{}~\\@]|&[#\w]|:\S|www\.|^[#>]|^[-+](\s|$)|^\d+[.)]\s|--|->|(?<![^\W_])_\w|\w_(?![^\W_])",
    re.IGNORECASE,
)
"""What Markdown as Streamlit reads it, LaTeX, Plotly and HTML take for their own."""


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_left_as_it_is(name: str) -> None:
    assert plain(name) == name


@pytest.mark.parametrize("name", MARKUP)
def test_a_name_is_never_markup(name: str) -> None:
    shown = plain(name)
    assert TAKEN.search(name)
    assert not TAKEN.search(shown)
    assert html.escape(shown, quote=False) == shown or "& " in shown
    assert plain(shown) == shown
    assert [letter for letter in shown if letter.isalnum()] == [letter for letter in name if letter.isalnum()]


def test_what_is_not_seen_is_left_out_and_what_is_no_letter_is_a_question_mark() -> None:
    assert printable("a\u202eb\u200bc\u2028d\ne\x07f\udc80") == "abc d e?f?"
    assert printable("Ba\u0308ume") == "B\u00e4ume"
    assert printable("  a \t b\u00a0c ") == "a b c"


def test_a_long_name_is_shortened_in_its_middle() -> None:
    assert shortened("x" * 60) == "x" * 60
    long = shortened("begin" + "x" * 200 + "end")
    assert len(long) == 60
    assert long.startswith("begin")
    assert long.endswith("end")
