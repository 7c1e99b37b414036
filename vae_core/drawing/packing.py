"""Arrays as bytes, for the browser, other processes and files: [u32 length][JSON header][padding to 8][arrays, each padded to 8].

`pages/shared/packing.js` reads them, too.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

PAD = 8
KINDS = {np.dtype(np.float16): "<f2", np.dtype(np.uint8): "u1"}
"""Types that stay as they are; every other is sent as float32."""


@dataclass(frozen=True, slots=True, eq=False)
class Payload:
    """Bytes that a browser keeps under a name: whoever has the name need not be sent them again."""

    name: str
    data: bytes


def packed(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """A header and arrays.

    Args:
        header: JSON values; `arrays` is added, a list of name, dtype (f2, f4 or u1) and shape in their order.
        arrays: by name; a file is an array of its bytes.
    """
    sent = {name: np.ascontiguousarray(array, dtype=KINDS.get(array.dtype, "<f4")) for name, array in arrays.items()}
    listed = [{"name": name, "dtype": f"{a.dtype.kind}{a.itemsize}", "shape": a.shape} for name, a in sent.items()]
    head = json.dumps({**header, "arrays": listed}, separators=(",", ":")).encode()  # ASCII: the browser takes a byte for a character
    parts = [struct.pack("<I", len(head)) + head, *(array.tobytes() for array in sent.values())]
    return b"".join(part + bytes(-len(part) % PAD) for part in parts)


def unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The inverse of `packed`: the header without `arrays`, and the arrays by name, read-only views of the bytes."""
    (n_head,) = struct.unpack_from("<I", data)
    header: dict[str, Any] = json.loads(data[4 : 4 + n_head])
    arrays, at = {}, _padded(4 + n_head)
    for entry in header.pop("arrays"):
        array = np.frombuffer(data, f"<{entry['dtype']}", math.prod(entry["shape"]), at)
        arrays[entry["name"]] = array.reshape(entry["shape"])
        at += _padded(array.nbytes)
    return header, arrays


def _padded(length: int) -> int:
    return length + -length % PAD


def named(arrays: Mapping[str, np.ndarray], **header: Any) -> Payload:
    """The bytes under a name made from them, which the header holds as `name`."""
    name = hashlib.sha256(packed(header, arrays)).hexdigest()[:16]
    return Payload(name, packed({"name": name, **header}, arrays))


def file_array(data: bytes) -> np.ndarray:
    """A file as an array, uint8 (N,)."""
    return np.frombuffer(data, np.uint8)
