"""A file of images that a VAE writes and reads without loss, by bits-back coding."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
import torch
from torch import Tensor

from vae_core.data import Images
from vae_core.distributions import Delta, DiagonalGaussian, Gaussian, Likelihood
from vae_core.errors import require
from vae_core.evaluation import binarised_at
from vae_core.explore.beyond.bits_back import Networks, pop_image, push_image
from vae_core.explore.beyond.pixels import log_masses
from vae_core.explore.beyond.rans import Stack
from vae_core.explore.means import Mean, mean_of
from vae_core.explore.reconstructions import drawn
from vae_core.models import LatentModel
from vae_core.passes import NOISE_SEED
from vae_core.units import bits

HEADER = struct.Struct(">4s8sIBHI")
"""What a file begins with: `MAGIC`, fingerprint of the spec, check of the weights, precision, number of images, check of these."""
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
    """Images in a file of a VAE, and how it came about.

    Attributes:
        pixels: the images, uint8 (N, P): 0 and 1, or bytes.
        data: the file.
        borrowed: bits that were on the stack before the first image.
        lengths: of the stack, in bits, after z of each image was popped, after x was pushed, and after z was, (N, 3).
        predicted: −ELBO of each image in bits, (N,), from `N_DRAWS` draws of z.
    """

    pixels: np.ndarray
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


def coded(model: LatentModel, pixels: np.ndarray, precision: int = 12) -> Coded:
    """Images in a file of a VAE: binary ones if its likelihood is Bernoulli, of 256 levels if it is Gaussian.

    Args:
        model: the VAE.
        pixels: the images, uint8 (N, P): 0 and 1, or bytes.
        precision: a dimension of z has 2^precision bins.

    Raises:
        ValueError: if the model gives no probability of an image, or there are too many of them.
    """
    require(1 <= len(pixels) <= MOST, "pixels", f"hold 1 to {MOST:,} images", len(pixels))
    require(precision in PRECISIONS, "precision", f"be {PRECISIONS[0]} to {PRECISIONS[-1]}", precision)
    networks, stack = Networks.of(model, precision), Stack.borrowing()
    before = stack.length
    lengths = np.array([push_image(networks, stack, image) for image in pixels])
    borrowed = before + 32 * stack.n_borrowed
    header = Header(model.spec.fingerprint, check_of_weights(model), precision, len(pixels), _check(pixels))
    data = header.to_bytes() + stack.to_bytes()
    return Coded(pixels, data, borrowed, lengths + borrowed - before, minus_elbo(model, pixels))


def decoded(model: LatentModel, data: bytes) -> np.ndarray:
    """The images of a file, uint8 (N, P): 0 and 1, or bytes.

    Raises:
        Unreadable: if it is none, another model's, or not what was written.
    """
    header = header_of(data)
    if (header.fingerprint, header.weights) != (model.spec.fingerprint, check_of_weights(model)):
        raise Unreadable("other-model", f"file must be one that {model.spec.fingerprint} wrote, got one of {header.fingerprint}")
    networks = Networks.of(model, header.precision)
    try:
        stack = Stack.from_bytes(data[HEADER.size :])
        pixels = np.array([pop_image(networks, stack) for _ in range(header.n)])[::-1]
    except ValueError as error:
        raise Unreadable("damaged", str(error)) from error
    if not stack.is_as_lent or _check(pixels) != header.check:
        raise Unreadable("damaged", "file must give the images that its check is of, got others")
    return pixels


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


def _check(pixels: np.ndarray) -> int:
    return zlib.crc32(pixels.tobytes())


def drawn_images(images: Images, n: int, seed: int = 0, *, is_binary: bool = True) -> np.ndarray:
    """So many test images, drawn at random, uint8 (n, P): 0 and 1, binarised as an evaluation has them, or bytes."""
    numbers = drawn(len(images.test), min(n, len(images.test)), seed).tolist()
    return as_pixels(binarised_at(images.test.x, numbers) if is_binary else images.test.x[numbers], is_binary=is_binary)


def as_pixels(x: np.ndarray, *, is_binary: bool = True) -> np.ndarray:
    """Images as a model observes them, uint8 (N, C, H, W), as uint8 (N, P): 0 and 1 of binarised ones, else bytes."""
    rows = x.reshape(len(x), -1)
    return (rows > 127).astype(np.uint8) if is_binary else rows


@torch.no_grad()
def minus_elbo(model: LatentModel, pixels: np.ndarray) -> np.ndarray:
    """−ELBO of each image in bits, (N,), from `N_DRAWS` draws of z; the KL divergence is in closed form.

    Of a Gaussian likelihood it is that of the masses of the 256 levels: a density has no length.
    """
    x = torch.from_numpy(pixels / (1 if model.binarises else 255)).to(model.device, torch.float32).reshape(-1, *model.shape)
    noise = torch.Generator(model.device).manual_seed(NOISE_SEED)
    q = cast(DiagonalGaussian, model.posterior(x))
    draws = [_log_px_z(model.likelihood(q.sample(noise)), x, pixels) for _ in range(N_DRAWS)]
    return bits(q.kl_per_dim().double().sum(-1).cpu().numpy() - np.mean(draws, 0))


def _log_px_z(law: Likelihood | Delta, x: Tensor, pixels: np.ndarray) -> np.ndarray:
    if isinstance(law, Gaussian):
        means = law.mean.double().cpu().numpy().reshape(pixels.shape)
        return log_masses(pixels, means, np.full(1, float(law.scale))).sum(1)
    return law.log_prob(x).double().cpu().numpy()


def why_no_length(model: LatentModel) -> str:
    """What a model answers that is asked for the probability of an image and has none; nothing if it has one."""
    try:
        Networks.of(model, PRECISIONS[0])
    except ValueError as error:
        return str(error)
    return ""
