"""A training for tests whose frames say what it was sent last, until it is sent an end."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping


def sent_frames(spec_json: str) -> Generator[bytes, Mapping[str, float] | None]:
    """The step, one frame after the other."""
    numbers: Mapping[str, float] = {"step": 1.0}
    while "end" not in numbers:
        numbers = (yield str(int(numbers["step"])).encode()) or numbers
        time.sleep(0.01)
