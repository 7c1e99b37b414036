"""What there is to choose in a spec, one declaration a field: its meaning, its rule, and beside which other fields it means something.

Validation, widgets, the command line's `--help` and the check of models from elsewhere read the same declaration. Standard library only.
"""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import MISSING, dataclass, replace
from functools import cache
from typing import Any, Literal

from vae_core.errors import require
from vae_core.identities import DATASETS, identity

Kind = Literal["data set", "integer", "number", "word", "widths", "number or word"]

NUMBERS = (int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a spec. A condition names fields that stand before this one, so that they are checked already.

    Attributes:
        kind: what is to be filled in.
        meaning: what it decides.
        rule: what a value must do, in words; `{spec.…}` stands for another value of the spec. Made from bounds or options if not given.
        options: the words that it may be.
        options_of_points: those that there are for points; all of them if not given.
        least: the smallest number.
        most: the largest number, or the property of the spec that says it; None where there is none.
        most_widths: how many widths there may be; None where there is no end.
        is_open: whether a number must be above `least` rather than at least that.
        only_beside: a field and those of its values beside which this one means something; elsewhere it keeps its default.
        elsewhere: what a value must do there, in words.
        default_beside: a field, and what None stands for beside each of its values.
        is_of_training: whether it decides how the model is trained, not what it is.
        name: as on the command line and in the code, from its place in the spec.
        default: `MISSING` for a field that has to be given.
    """

    kind: Kind
    meaning: str
    rule: str = ""
    options: tuple[str, ...] = ()
    options_of_points: tuple[str, ...] = ()
    least: float = 1
    most: float | str | None = None
    most_widths: int | None = None
    is_open: bool = False
    only_beside: tuple[str, tuple[str, ...]] | None = None
    elsewhere: str = ""
    default_beside: tuple[str, dict[str, Any]] | None = None
    is_of_training: bool = False
    name: str = ""
    default: Any

    def is_used(self, values: Any) -> bool:
        """Whether the field means something beside other values, those of a spec or of a dict."""
        if self.only_beside is None:
            return True
        name, among = self.only_beside
        return (values[name] if isinstance(values, dict) else getattr(values, name)) in among

    def usual(self, spec: Any) -> Any:
        """Its default beside the spec's other values; `MISSING` for a field that has to be given."""
        if self.default_beside is None:
            return self.default
        name, defaults = self.default_beside
        return defaults[getattr(spec, name)]

    def rule_for(self, spec: Any) -> str:
        """What a value must do beside the spec's other values, in words."""
        return (self.rule if self.is_used(spec) else self.elsewhere).format(spec=spec)

    def checked(self, value: Any, spec: Any) -> Any:
        """The value as a spec keeps it: None replaced by what it stands for, widths as a tuple, numbers that may be fractions as float.

        Raises:
            ValueError: if it breaks the field's rule, beside those of the spec's values that stand before it.
        """
        if value is None and self.default_beside is not None:
            value = self.usual(spec)
        self._check_type(value, spec)
        value = tuple(value) if self.kind == "widths" else value
        is_allowed = self._is_allowed(value, spec) if self.is_used(spec) else value == self.usual(spec)
        require(is_allowed, self.name, self.rule_for(spec), value)
        if self.options_of_points and not spec.identity.is_images:
            require(value in self.options_of_points, self.name, f"be {_either(self.options_of_points)} for points", value)
        return float(value) if self.kind in ("number", "number or word") and value not in self.options else value

    def from_text(self, text: str, spec: Any) -> Any:
        """The value that a person wrote; the inverse of `text_of`.

        Raises:
            ValueError: if it is none of the field's kind; its range is the spec's to check.
        """
        words = text.strip()
        try:
            if self.kind == "widths":
                return tuple(int(part) for part in words.replace(",", " ").split()) or None
            if self.kind in ("word", "data set") or (self.kind == "number or word" and words.isalpha()):
                return words
            return int(words) if self.kind == "integer" else float(words)
        except ValueError:
            raise ValueError(f"{self.name} must {self.rule_for(spec)}, got {text!r}") from None

    def _check_type(self, value: Any, spec: Any) -> None:
        """Refuse what is of another kind, in words that say so: 2.0 equals 2, but makes another fingerprint."""
        if self.kind == "data set":
            identity(value)
        elif self.kind == "integer":
            require_whole(self.name, value)
        elif self.kind == "number":
            require(type(value) in NUMBERS, self.name, "be a number", value)
        elif self.kind == "widths":
            require(isinstance(value, tuple | list), self.name, "be a list of widths", value)
            require(len(value) > 0 or not self.is_used(spec), self.name, f"have a width for {self._beside(spec)}", value)
            for width in value:
                require_whole(self.name, width)

    def _beside(self, spec: Any) -> Any:
        return getattr(spec, self.only_beside[0]) if self.only_beside is not None else spec.kind

    def _is_allowed(self, value: Any, spec: Any) -> bool:
        """Whether a value of the right kind is one of the options, or within the bounds."""
        if self.kind == "data set" or value in self.options:
            return True
        if self.kind == "widths":
            return len(value) <= (self.most_widths or len(value)) and all(self._is_within(width, spec) for width in value)
        return self.kind != "word" and is_number(value) and self._is_within(value, spec)

    def _is_within(self, number: float, spec: Any) -> bool:
        most = getattr(spec, self.most) if isinstance(self.most, str) else self.most
        is_below = number <= self.least if self.is_open else number < self.least
        return not is_below and (most is None or number <= most)


def declared(default: Any = MISSING, **about: Any) -> Any:
    """A dataclass's field with its declaration; `help` is what the command line says of it.

    Args:
        default: of the field; none for one that has to be given.
        about: of a `Field`.
    """
    field = Field(**about, default=default)
    field = replace(field, rule=field.rule or _rule(field))
    words = field.meaning if field.kind == "word" or "{spec" in field.rule else f"{field.meaning} Must {field.rule}."
    return dataclasses.field(default=default, metadata={"field": field, "help": words})


@cache
def fields_of(spec_type: type) -> tuple[Field, ...]:
    """Every field of a spec's class, in its order."""
    return tuple(replace(field.metadata["field"], name=field.name) for field in dataclasses.fields(spec_type))


def text_of(value: Any) -> str:
    """A field's value as a person writes it."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).removesuffix(".0")


def require_whole(name: str, value: object) -> None:
    """Raise a ValueError unless the value is an int: 2.0 equals 2, but makes another fingerprint."""
    require(type(value) is int, name, "be a whole number", value)


def is_number(value: Any) -> bool:
    """Whether the value is an int or a float, and finite."""
    return type(value) in NUMBERS and abs(value) <= sys.float_info.max


def _rule(field: Field) -> str:
    """A field's bounds or options in words."""
    if field.kind == "data set":
        return f"be one of {', '.join(DATASETS)}"
    if field.kind == "word":
        return f"be one of {', '.join(field.options)}"
    least = f"above {field.least:g}" if field.is_open else f"at least {field.least:g}"
    if field.kind == "number or word":
        return f"be a number {least} or {_either(tuple(map(repr, field.options)))}"
    if field.is_open or field.most is None:
        return f"be {least}" + (f" and at most {field.most:g}" if field.most is not None else "")
    return f"be between {field.least:,} and {field.most:,}"


def _either(options: tuple[str, ...]) -> str:
    return " or ".join(options)
