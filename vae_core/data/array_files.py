"""Arrays in files of other programs: MATLAB's, and NumPy's."""

from __future__ import annotations

import io

import numpy as np

NPZ_SIGNATURE = b"PK"


def npz_images(data: bytes) -> bytes:
    """The bytes of the array `images` of an .npz file."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return arrays["images"].astype(np.uint8, casting="safe").tobytes()


def matlab_array(data: bytes, key: str) -> np.ndarray:
    """The named array of a .mat file."""
    from scipy.io import loadmat

    return loadmat(io.BytesIO(data), variable_names=[key])[key]
