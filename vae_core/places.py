"""What to say of a folder or file of this machine that cannot be read or written."""

from __future__ import annotations


def in_a_sentence(error: OSError) -> str:
    """Which place, why it cannot be used, and what to do, without a full stop."""
    why = (error.strerror or str(error) or type(error).__name__).lower()
    return f"{error.filename or 'output'} must be a place that can be read and written, got {why}: choose another, or change its rights"
