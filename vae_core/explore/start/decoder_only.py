"""What is left of a model without its encoder: the code of an image is searched for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vae_core.adam import Adam
from vae_core.distributions import Delta, Likelihood
from vae_core.explore.number_files import add_rows, read_rows, rounded
from vae_core.models import LatentModel
from vae_core.models.inputs import model_input
from vae_core.specs import ModelSpec
from vae_core.store import SHIPPED as FOLDER
from vae_core.terms import squared_error

SHIPPED = FOLDER / "searched_codes.json"
"""Of the first test image, by shipped models, so that a first sight need not search; written by `benchmarks/searched_codes.py`."""
N_STARTS, N_STEPS = 16, 200
"""Codes from which the search begins, and steps of descent from each."""
STEP = 0.1
"""Of Adam, as a share of the scale of a start."""
LARGEST_SCALE = 8.0
"""A deterministic model's codes have no scale of their own: starts are spread up to so many standard normal ones."""


@dataclass(frozen=True, slots=True)
class DecoderOnly:
    """A model as its decoder alone: it decodes, and draws if it has a prior; it does not encode."""

    _model: LatentModel

    @property
    def spec(self) -> ModelSpec:
        """Of the whole model."""
        return self._model.spec

    @property
    def binarises(self) -> bool:
        """As of the whole model."""
        return self._model.binarises

    def decode(self, z: np.ndarray | Tensor) -> Likelihood | Delta:
        """p(x|z), over (..., *shape)."""
        return self._model.decode(z)

    def sample(self, n: int, generator: torch.Generator) -> Likelihood | Delta:
        """p(x|z) for n codes from the prior."""
        return self._model.sample(n, generator)

    def loss(self, z: Tensor, x: Tensor) -> Tensor:
        """−log p(x|z) − log p(z) up to a constant, or ‖x − g(z)‖² where there is no density.

        Args:
            z: codes, (N, D).
            x: one image, (1, *shape), as the likelihood takes it; its grey values where that is of binary images.

        Returns:
            (N,).
        """
        likelihood = self._model.likelihood(z)
        if not self._model.has_density:
            return squared_error(x, likelihood.mean)
        return -likelihood.log_prob(x) + 0.5 * (z**2).sum(-1)


def searched_code(model: DecoderOnly, x: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """The code whose image is most like x: the most probable one, argmax p(z|x), where there is a density; float32 (D,).

    Descent from several starts, the best of which is kept: the best code that was met, not a proof that there is no better one.

    Args:
        model: without its encoder.
        x: an image as bytes, (C, H, W); its grey values are looked for, as where a model reconstructs.
        seed: of the starts.
    """
    generator = torch.Generator().manual_seed(seed)
    target = model_input(torch.tensor(x[None]), torch.device("cpu"))
    scale = torch.logspace(0, float(np.log10(LARGEST_SCALE)), N_STARTS)[:, None]
    start = scale * torch.randn((N_STARTS, model.spec.latent_dim), generator=generator)
    start[0] = 0.0
    with torch.enable_grad():
        moved = torch.zeros_like(start, requires_grad=True)
        optimiser = Adam([moved], lr=STEP)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, N_STEPS)
        for _ in range(N_STEPS):
            optimiser.zero_grad()
            model.loss(start + scale * moved, target).sum().backward()
            optimiser.step()
            schedule.step()
        codes = (start + scale * moved).detach()
        best = model.loss(codes, target).argmin()
    return codes[best].numpy()


@torch.no_grad()
def rebuilt(model: DecoderOnly, x: np.ndarray, code: np.ndarray | None = None) -> np.ndarray:
    """E[x|z] at the code that was searched for, float32 (C, H, W), or is searched for now where it is not given."""
    z = searched_code(model, x) if code is None else code
    return model.decode(z[None]).mean[0].numpy().astype(np.float32)


def read(path: Path = SHIPPED) -> dict[str, np.ndarray]:
    """What a file holds, by the first digits of the weights' hash; nothing if there is no such file."""
    return {name: np.array(code, np.float32) for name, code in read_rows(path).items()}


def add(path: Path, codes: Mapping[str, np.ndarray]) -> None:
    """Put codes into a file, a line each, beside what it holds."""
    add_rows(path, {name: rounded(code.tolist()) for name, code in codes.items()})
