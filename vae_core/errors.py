"""How the program refuses, and what it says of an error."""

from __future__ import annotations


def require(holds: bool, name: str, rule: str, value: object) -> None:
    """Raise a ValueError in the house's form, `<name> must <rule>, got <value>`, unless the rule holds."""
    if not holds:
        raise ValueError(f"{name} must {rule}, got {value!r}")


def sentence(error: BaseException) -> str:
    """What to say of an error, in one line without a full stop: of an OSError which place, why, and what to do; else its own words."""
    if isinstance(error, OSError):
        why = (error.strerror or str(error) or type(error).__name__).lower()
        place = error.filename or "output"
        return f"{place} must be a place that can be read and written, got {why}: choose another, or change its rights"
    words = error.args[0] if isinstance(error, KeyError) and error.args else error  # str of a KeyError is its words in quotes
    return " ".join(str(words).split()) or type(error).__name__
