"""What the files of one upload may cost together: bytes that are unpacked, pixels that are decoded, seconds of a processor."""

from __future__ import annotations

import io
import math
import time
from dataclasses import dataclass, field

UPLOAD_SECONDS = 8.0
"""After which nothing more is begun; what has begun takes two more at most (64 megapixels of any format)."""
UPLOAD_PIXELS = 1_000_000_000
"""As many as a processor decodes in about ten seconds."""
UNPACKED_BYTES = 1_000_000_000


class TooCostly(ValueError):
    """The files of an upload cost more together than it may. The message is one sentence."""


@dataclass(slots=True)
class Allowance:
    """What is left of it. One thread's: others' work does not count.

    Attributes:
        n_bytes: that may still be unpacked.
        n_pixels: that may still be decoded.
        until: what the thread's processor time may come to, in seconds.
    """

    n_bytes: float = UNPACKED_BYTES
    n_pixels: float = math.inf
    until: float = field(default=math.inf)

    @classmethod
    def of_an_upload(cls) -> Allowance:
        """What a visitor's files may cost; what a person at the computer brings by the command line may take its time."""
        return cls(n_pixels=UPLOAD_PIXELS, until=time.thread_time() + UPLOAD_SECONDS)

    def require_time(self, name: str) -> None:
        """Raise TooCostly if there is none left."""
        if time.thread_time() > self.until:
            raise TooCostly(f"{name} must be read within 10 seconds with all that comes with it, got more: bring fewer or smaller files")

    def take_pixels(self, n: int, name: str) -> None:
        """Count pixels that are about to be decoded.

        Raises:
            TooCostly: if there are not so many left, or no time.
        """
        self.require_time(name)
        self.n_pixels -= n
        if self.n_pixels < 0:
            most = f"{UPLOAD_PIXELS / 1e6:,.0f} megapixels"
            raise TooCostly(f"{name} must fit the {most} of one upload, got more with all before it: bring fewer or smaller files")

    def file(self, data: bytes, name: str) -> io.BytesIO:
        """The bytes as a file that a decoder reads piece by piece, until there is no time left."""
        return _Timed(data, self, name)


class _Timed(io.BytesIO):
    def __init__(self, data: bytes, allowance: Allowance, name: str) -> None:
        super().__init__(data)
        self._allowance, self._name = allowance, name

    def read(self, size: int | None = -1, /) -> bytes:
        self._allowance.require_time(self._name)
        return super().read(size)
