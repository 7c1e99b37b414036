"""Names that people give, as they can be shown anywhere: in one line, of letters that are seen, and never markup. Standard library only.

What Markdown, LaTeX, Plotly or HTML take for their own is written as a letter that looks like it, once, where a name comes in: no page has
to remember to escape it.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
ALIKE = str.maketrans("*`$<>[]{}~\\@", "∗'＄‹›()()∼∖＠")
IN_PLACES = (
    (re.compile(r":(?=\S)"), "∶"),  # :material/home:, :red-badge, https://
    (re.compile(r"&(?=[#\w])"), "＆"),  # entities
    (re.compile(r"(?<![^\W_])_|_(?![^\W_])"), "＿"),  # emphasis: within a word there is none
    (re.compile(r"www\.", re.IGNORECASE), "www․"),
    (re.compile(r"^#"), "＃"),  # headings and lists begin a line
    (re.compile(r"^[-+](?=\s|$)"), "–"),
    (re.compile(r"^(\d+)[.)](?=\s|$)"), r"\1․"),
    (re.compile(r"-(?=-)|-$"), "–"),
)


def printable(text: str) -> str:
    """The text in one line of composed letters (NFC), without what is not seen or turns what is around; "?" for what is no letter."""
    shown = (_shown(letter) for letter in unicodedata.normalize("NFC", text))
    return " ".join("".join(shown).split())


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    kind = unicodedata.category(letter)
    return "" if kind == "Cf" else " " if kind.startswith("Z") or letter in "\t\n\r" else "?"


def plain(text: str) -> str:
    """The text, printable, with letters that look alike for those that would be taken for markup; an own name is left as it is."""
    shown = printable(text).translate(ALIKE)
    for pattern, alike in IN_PLACES:
        shown = pattern.sub(alike, shown)
    return shown


def shortened(text: str, most: int = LONGEST) -> str:
    """The text, its middle left out where it is long."""
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-(most - 1 - most // 2) :]}"
