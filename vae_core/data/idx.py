"""IDX files, as MNIST and those that follow it are published: images and labels, for training and for testing."""

from __future__ import annotations

import numpy as np

from vae_core.data.base import Split
from vae_core.data.files import gunzipped

IDX_UINT8 = b"\x00\x00\x08"


def idx_array(content: bytes) -> np.ndarray:
    """The uint8 array of an IDX file: a type, the number of axes, their big-endian lengths, the bytes. Not copied.

    Raises:
        ValueError: if the content is no IDX file of bytes, or is shorter or longer than it says.
    """
    if content[:3] != IDX_UINT8:
        raise ValueError(f"content must be an IDX file of bytes, got one that starts with {content[:4]!r}")
    n_axes = content[3]
    shape = np.frombuffer(content, ">u4", count=n_axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def idx_split(images: bytes, labels: bytes) -> Split:
    """One part, from the content of its two files."""
    x = idx_array(gunzipped(images))
    return Split(x[:, None], idx_array(gunzipped(labels)).astype(np.int64))  # (N, H, W) -> (N, 1, H, W)


def idx_splits(train_images: bytes, train_labels: bytes, test_images: bytes, test_labels: bytes) -> tuple[Split, Split]:
    """Train and test, from the content of the four files."""
    return idx_split(train_images, train_labels), idx_split(test_images, test_labels)


PUBLISHED_SPLIT = "As published: 60,000 training images, 10,000 test images."
