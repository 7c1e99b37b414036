"""A file of binary images that a VAE writes and reads, without loss, and what other codes make of the same images."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import zlib
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
import torch
from PIL import Image

from vae_core.data import Images
from vae_core.distributions import Bernoulli, DiagonalGaussian
from vae_core.errors import require
from vae_core.evaluation import binarised_at
from vae_core.explore.beyond.bits_back import Networks, pop_image, push_image
from vae_core.explore.beyond.rans import LEAST, PRECISION, Stack, quantised
from vae_core.explore.means import Mean, mean_of
from vae_core.explore.reconstructions import drawn
from vae_core.models import LatentModel
from vae_core.passes import NOISE_SEED
from vae_core.units import bits as bits_in

HEADER = struct.Struct(">4s8sIBHI")
"""What a file begins with: `MAGIC`, the fingerprint of the spec, a check of the weights, precision, number of images, and a check of them."""
MAGIC, MOST, PRECISIONS = b"VAE1", 1000, range(2, 17)
N_DRAWS = 16
"""Draws of z per image from which −ELBO is predicted."""
Why = Literal["foreign", "other-model", "damaged"]


class Unreadable(ValueError):
    """A file that a model does not read: it is none of these, is another model's, or not what was written."""

    def __init__(self, why: Why, message: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself."""

    fingerprint: str
    weights: int
    precision: int
    n: int
    check: int

    def to_bytes(self) -> bytes:
        """As it stands in the file."""
        return HEADER.pack(MAGIC, bytes.fromhex(self.fingerprint), self.weights, self.precision, self.n, self.check)


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Binary images in a file of a VAE, and how it came about.

    Attributes:
        bits: the images, uint8 (N, P) of 0 and 1.
        data: the file.
        borrowed: bits that were on the stack before the first image.
        lengths: of the stack, in bits, after z of each image was popped, after x was pushed, and after z was, (N, 3).
        predicted: −ELBO of each image in bits, (N,), from `N_DRAWS` draws of z.
    """

    bits: np.ndarray
    data: bytes
    borrowed: float
    lengths: np.ndarray
    predicted: np.ndarray

    @property
    def per_image(self) -> np.ndarray:
        """Bits by which each image made the stack longer, (N,)."""
        return np.diff(self.lengths[:, 2], prepend=self.borrowed)

    @property
    def overhead(self) -> Mean:
        """Bits per image beyond −ELBO."""
        return mean_of(self.per_image - self.predicted)

    @property
    def without_bits_back(self) -> int:
        """Bytes of a file in which the bits of each z are sent and none are taken back."""
        written = self.lengths[:, 2] - self.lengths[:, 0]
        return HEADER.size + -int(-written.sum() // 8)


def coded(model: LatentModel, bits: np.ndarray, precision: int = 12) -> Coded:
    """Binary images, uint8 (N, P) of 0 and 1, in a file of a VAE with a Bernoulli likelihood.

    Args:
        model: the VAE.
        bits: the images.
        precision: a dimension of z has 2^precision bins.

    Raises:
        ValueError: if the model gives no probability of an image, or there are too many of them.
    """
    require(1 <= len(bits) <= MOST, "bits", f"hold 1 to {MOST:,} images", len(bits))
    require(precision in PRECISIONS, "precision", f"be {PRECISIONS[0]} to {PRECISIONS[-1]}", precision)
    networks, stack = Networks.of(model, precision), Stack.borrowing()
    before = stack.length
    lengths = np.array([push_image(networks, stack, image) for image in bits])
    borrowed = before + 32 * stack.n_borrowed
    header = Header(model.spec.fingerprint, check_of_weights(model), precision, len(bits), _check(bits))
    return Coded(bits, header.to_bytes() + stack.to_bytes(), borrowed, lengths + borrowed - before, minus_elbo(model, bits))


def decoded(model: LatentModel, data: bytes) -> np.ndarray:
    """The images of a file, uint8 (N, P) of 0 and 1.

    Raises:
        Unreadable: if it is none, another model's, or not what was written.
    """
    header = header_of(data)
    if (header.fingerprint, header.weights) != (model.spec.fingerprint, check_of_weights(model)):
        raise Unreadable("other-model", f"file must be one that {model.spec.fingerprint} wrote, got one of {header.fingerprint}")
    networks = Networks.of(model, header.precision)
    try:
        stack = Stack.from_bytes(data[HEADER.size :])
        bits = np.array([pop_image(networks, stack) for _ in range(header.n)])[::-1]
    except ValueError as error:
        raise Unreadable("damaged", str(error)) from error
    if not stack.is_as_lent or _check(bits) != header.check:
        raise Unreadable("damaged", "file must give the images that its check is of, got others")
    return bits


def header_of(data: bytes) -> Header:
    """What a file says of itself.

    Raises:
        Unreadable: if it is no such file, or its header is damaged.
    """
    if len(data) < HEADER.size or not data.startswith(MAGIC):
        raise Unreadable("foreign", f"file must begin with {MAGIC!r}, got {data[:4]!r}")
    _, fingerprint, weights, precision, n, check = HEADER.unpack_from(data)
    if precision not in PRECISIONS or not 1 <= n <= MOST:
        raise Unreadable("damaged", f"file must hold 1 to {MOST:,} images in {PRECISIONS} bits, got {n:,} in {precision}")
    return Header(fingerprint.hex(), weights, precision, n, check)


def check_of_weights(model: LatentModel) -> int:
    """Tells one training of a spec from another, by the numbers of the weights."""
    check = 0
    for weights in model.state_dict().values():
        check = zlib.crc32(weights.detach().cpu().numpy().tobytes(), check)
    return check


def _check(bits: np.ndarray) -> int:
    return zlib.crc32(np.packbits(bits).tobytes())


def drawn_images(images: Images, n: int, seed: int = 0) -> np.ndarray:
    """So many test images, drawn at random and binarised as an evaluation has them, uint8 (n, P) of 0 and 1."""
    numbers = drawn(len(images.test), min(n, len(images.test)), seed)
    return as_bits(binarised_at(images.test.x, numbers.tolist()))


def as_bits(x: np.ndarray) -> np.ndarray:
    """Binary images as bytes 0 and 255, (N, C, H, W), as uint8 (N, P) of 0 and 1."""
    return (x.reshape(len(x), -1) > 127).astype(np.uint8)


@torch.no_grad()
def minus_elbo(model: LatentModel, bits: np.ndarray) -> np.ndarray:
    """−ELBO of each image in bits, (N,), from `N_DRAWS` draws of z; the KL divergence is in closed form."""
    x = torch.from_numpy(bits.astype(np.float32)).reshape(-1, *model.shape).to(model.device)
    noise = torch.Generator(model.device).manual_seed(NOISE_SEED)
    q = cast(DiagonalGaussian, model.posterior(x))
    log_px_z = sum(cast(Bernoulli, model.likelihood(q.sample(noise))).log_prob(x).double() for _ in range(N_DRAWS)) / N_DRAWS
    return bits_in((q.kl_per_dim().double().sum(-1) - log_px_z).cpu().numpy())


def pixels_alone(images: Images, bits: np.ndarray) -> tuple[int, np.ndarray]:
    """Binary images by the share of training images in which each pixel is on, without a code: bytes of a file, and bits per image, (N,)."""
    train = images.train.x.reshape(len(images.train), -1)
    ones = quantised((train.sum(0, dtype=np.float64) / 255 + 0.5) / (len(train) + 1))
    stack = Stack(LEAST)
    for image in bits:
        stack.push_bits(image.tolist(), ones)
    share = np.array(ones) / (1 << PRECISION)
    return HEADER.size + len(stack.to_bytes()), -(np.log2(share) * bits + np.log2(1 - share) * (1 - bits)).sum(1)


def general_purpose(bits: np.ndarray, width: int) -> dict[str, int]:
    """Bytes of the same images in files of general use, each of eight pixels to a byte or of one, whichever is shorter.

    Args:
        bits: uint8 (N, P) of 0 and 1.
        width: of an image, in pixels; a PNG file has them one below the other.
    """
    ways = [np.packbits(bits).tobytes(), bits.tobytes()]
    png = io.BytesIO()
    Image.fromarray(255 * bits.reshape(-1, width)).convert("1").save(png, "PNG", optimize=True)
    return {
        "gzip": min(len(gzip.compress(way, 9, mtime=0)) for way in ways),
        "bzip2": min(len(bz2.compress(way, 9)) for way in ways),
        "xz": min(len(lzma.compress(way)) for way in ways),
        "PNG": len(png.getvalue()),
    }


def code_length_of(model: LatentModel) -> str:
    """Why a model's codes have no length: nothing for a VAE of binary pixels, which has one."""
    try:
        Networks.of(model, PRECISIONS[0])
    except ValueError as error:
        return str(error)
    return ""
