"""Units of the rate–distortion plane for a Gaussian likelihood: how a rate in nats and an expected squared error are written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vae_core.units import Amount, bits, bits_per_pixel

RateUnit = Literal["nats", "bits", "bits per pixel"]
DistortionUnit = Literal["SSE", "nats"]


@dataclass(frozen=True, slots=True)
class RateUnits:
    """The plane's two axes.

    Attributes:
        rate: unit of the horizontal axis.
        distortion: expected squared error, or −E_q[log p(x|z)] in nats at the given σ.
        sigma: of the Gaussian likelihood; plays a part for `nats` only.
        n_features: P, pixels times channels.
        n_pixels: of an image, which colours share.
    """

    rate: RateUnit
    distortion: DistortionUnit
    sigma: float
    n_features: int
    n_pixels: int

    def of_rate(self, nats: Amount) -> Amount:
        """A rate as the axis has it."""
        if self.rate == "nats":
            return nats
        return bits(nats) if self.rate == "bits" else bits_per_pixel(nats, self.n_pixels)

    def of_distortion(self, expected_sse: float | np.ndarray) -> float | np.ndarray:
        """An expected squared error as the axis has it: SSE, or SSE/(2σ²) + ½ P ln 2πσ²."""
        if self.distortion == "SSE":
            return expected_sse
        return expected_sse / (2 * self.sigma**2) + 0.5 * self.n_features * math.log(2 * math.pi * self.sigma**2)

    @property
    def rate_title(self) -> str:
        """Title of the horizontal axis."""
        return f"Rate R ({self.rate})" if self.rate == "bits per pixel" else f"Rate R ({self.rate} per image)"

    @property
    def distortion_title(self) -> str:
        """Title of the vertical axis."""
        return "Expected SSE (z sampled)" if self.distortion == "SSE" else f"Distortion D (nats, σ = {self.sigma:g})"
