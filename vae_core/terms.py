"""What is minimised and what is measured of each image: the ELBO's two terms in nats, or a squared error."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True)
class ElboTerms:
    """Distortion −E_q[log p(x|z)] and rate KL(q(z|x) || p(z)) of each image, (B,) each, in nats."""

    distortion: Tensor
    rate: Tensor

    @property
    def elbo(self) -> Tensor:
        """The evidence lower bound, always the bound to maximise, (B,)."""
        return -(self.distortion + self.rate)

    def loss(self, beta: float | Tensor) -> Tensor:
        """Distortion + beta · rate (Higgins et al. 2017, Eq. (4)), (B,). For beta = 1 the negative ELBO."""
        return self.distortion + beta * self.rate

    def columns(self) -> dict[str, Tensor]:
        """The terms by name, for records."""
        return {"distortion": self.distortion, "rate": self.rate}


@dataclass(frozen=True, slots=True)
class SquaredError:
    """Squared error of each image, summed over pixels, (B,): what a model without a density is trained on."""

    sse: Tensor

    def loss(self, beta: float = 1.0) -> Tensor:
        """The squared error, (B,); there is no rate to weigh."""
        return self.sse

    def columns(self) -> dict[str, Tensor]:
        """The term by name, for records."""
        return {"sse": self.sse}


def squared_error(x: Tensor, x_hat: Tensor) -> Tensor:
    """‖x − x̂‖² of each image, summed over pixels: (B, *shape) and (..., B, *shape) -> (..., B)."""
    return ((x - x_hat) ** 2).flatten(-(x.ndim - 1)).sum(-1)
