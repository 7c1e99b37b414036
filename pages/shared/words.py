"""The words of a page, from the Markdown file beside it: explanation, equation, source, one thing to try and its answer, conclusions,
lines for a notebook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from vae_core.specs import ModelSpec


@dataclass(frozen=True, slots=True)
class Seeing:
    """The explanation of a picture.

    Attributes:
        sentences: three of them, as Markdown.
        equation: in LaTeX.
        source: where the equation is from, as *Author Year, Eq. (n)*.
    """

    sentences: tuple[str, ...]
    equation: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The sections of a page's Markdown file, each under `## name`.

    `seeing` (a sentence a line), `equation`, `source`, `try`, its `answer`, `conclusion`, and any number of sections with lines of
    Python. Where an answer or a conclusion can turn out in several ways, each has a section: `conclusion`, `conclusion-collapsed`, …
    The words of a file are one object as long as it is not written: what is said with them can be recalled by them.
    """

    sections: dict[str, str]

    @property
    def seeing(self) -> Seeing:
        """What stands under "What am I seeing?"."""
        return Seeing(tuple(self.sections["seeing"].splitlines()), self.sections["equation"], self.sections["source"])

    @property
    def try_this(self) -> str:
        """One thing to try."""
        return self.sections["try"]

    def said(self, section: str, **values: object) -> str:
        """The sentences of an answer or a conclusion, each `{name}` replaced by its value.

        Raises:
            KeyError: if there is no such section, or a name has no value.
        """
        return self.sections[section].format(**values)

    def lines(self, section: str, **values: object) -> str:
        """Lines of Python for a notebook, each `$name` replaced by its value.

        Raises:
            KeyError: if there is no such section, or a name has no value.
        """
        return Template(self.sections[section]).substitute(values)


def beside(page_file: str) -> Words:
    """The words of the page whose `__file__` this is: `words.md` in its folder."""
    path = Path(page_file).with_name("words.md")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=128)
def _read(path: Path, mtime_ns: int) -> Words:
    text = path.read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in f"\n{text}".split("\n## ")[1:]]
    return Words({name.strip(): body.strip() for name, _, body in parts})


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def in_code(spec: ModelSpec) -> str:
    """A spec in the words of a notebook."""
    return f"vc.{spec!r}"
