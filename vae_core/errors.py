"""What to say of an error: of a folder or file of this machine that cannot be read or written, which, why, and what to do."""

from __future__ import annotations


def in_a_sentence(error: Exception) -> str:
    """An error of the program's own says it all; of an OSError, which place, why, and what to do. Without a full stop."""
    if not isinstance(error, OSError):
        return str(error)
    why = (error.strerror or str(error) or type(error).__name__).lower()
    return f"{error.filename or 'output'} must be a place that can be read and written, got {why}: choose another, or change its rights"
