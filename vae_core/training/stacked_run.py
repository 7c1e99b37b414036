"""What changes while a stack of VAEs trains, on the same random streams as each would meet alone."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from itertools import accumulate

import torch
from torch import Tensor

from vae_core.data.base import Dataset
from vae_core.distributions import standard_normal
from vae_core.errors import require
from vae_core.models.vae import VAE, VAESpec
from vae_core.models.vae_stack import VAEStack
from vae_core.networks import initialise
from vae_core.passes import N_AT_ONCE
from vae_core.terms import ElboTerms
from vae_core.training.devices import Precision, reduced
from vae_core.training.loop import (
    EVALUATION_SEED,
    MOMENTS,
    STREAMS_VERSION,
    VERSION,
    adam,
    mean_image,
    restored_stream,
    set_learning_rate,
    stream,
)
from vae_core.training.steps import Steps

TERMS = ("loss", "distortion", "rate", "elbo")
VALUES_AT_ONCE = 20_000_000
"""Pixels of all models together that are evaluated at a time."""


class StackedRun:
    """Weights, Adam's moments, the noise, the epoch; models lie by seed, so that those that share images are side by side.

    Args:
        specs: distinct VAEs of one stack (`stacked.stack_key`).
        images: their data set.
        x: its training images, on the device.
        precision: of the matrix products.
    """

    def __init__(self, specs: Sequence[VAESpec], images: Dataset, x: Tensor, precision: Precision) -> None:
        self.specs = sorted(specs, key=lambda spec: (spec.seed, spec.latent_dim))
        self.spec, self.images, self.x, self.precision, self.epoch = specs[0], images, x, precision, 0
        self.test_x = torch.tensor(images.test.x, device=x.device)
        self.stack = VAEStack(self._initial_models(), x.device)
        seeds = sorted({spec.seed for spec in self.specs})
        self.order = {seed: stream(seed, "order") for seed in seeds}
        self.binarisation = {seed: stream(seed, "binarisation", x.device) for seed in seeds}
        self.noise = {key: stream(key[0], "noise", x.device) for key in sorted({(spec.seed, spec.latent_dim) for spec in self.specs})}
        self.columns = _columns({key: key[1] for key in self.noise}, [(spec.seed, spec.latent_dim) for spec in self.specs]).to(x.device)
        counts = [sum(spec.seed == seed for spec in self.specs) for seed in seeds]
        self.groups = list(range(len(seeds))) if len(set(counts)) == 1 else [seeds.index(spec.seed) for spec in self.specs]
        learned = {name for m in range(len(specs)) for name in self._trained_by(m)}
        self.trained = {name: weight for name, weight in self.stack.weights.items() if name in learned}
        scalars = [weight for weight in self.trained.values() if weight.ndim == 1]  # one a model
        self.adam = adam([weight for weight in self.trained.values() if weight.ndim > 1], scalars, self.spec, x.device)
        self.steps = Steps(self.step, x.device, lambda: (*self.binarisation.values(), *self.noise.values()))

    def one_epoch(self) -> list[dict[str, float]]:
        """Visit every image once, in each seed's order; means over the images as they were visited, for each model."""
        n, spec = len(self.x), self.spec
        n_steps = math.ceil(n / spec.batch_size)
        order = torch.stack([torch.randperm(n, generator=generator) for generator in self.order.values()]).to(self.x.device)
        sums = torch.zeros((3, len(self.specs)), device=self.x.device)
        for step, index in enumerate(order.split(spec.batch_size, dim=1)):
            set_learning_rate(self.adam, spec, (self.epoch + step / n_steps) / spec.n_epochs)
            sums += self.steps(index)
        self.epoch += 1
        return _by_model(sums / n)

    def step(self, index: Tensor) -> Tensor:
        """Move all weights once, by a batch of each seed, (S, B); each model's loss, distortion and rate summed over it, (3, M)."""
        x = self._observed(index)
        eps = self._noise(x)
        with reduced(self.precision, x.device):
            terms = self.stack.terms(x, eps)
        loss = terms.loss(self.stack.beta[:, None])
        self.adam.zero_grad(set_to_none=True)
        loss.mean(1).sum().backward()
        self.adam.step()
        return torch.stack([column.detach().sum(1) for column in (loss, terms.distortion, terms.rate)])

    @torch.no_grad()
    def test_terms(self) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
        """Each model's `evaluation.mean_terms` of the test images, and their standard errors, with that of the ELBO.

        Noise is from one seed, drawn as for a model alone.
        """
        x, device = self.test_x, self.x.device
        generators = {d: torch.Generator(device).manual_seed(EVALUATION_SEED) for d in {spec.latent_dim for spec in self.specs}}
        columns = _columns({d: d for d in generators}, [spec.latent_dim for spec in self.specs]).to(device)
        sums = torch.zeros((2, len(TERMS), len(self.specs)), dtype=torch.float64)
        for first in range(0, len(x), N_AT_ONCE):
            part = x[first : first + N_AT_ONCE].flatten(1)
            seen = {d: self.stack.models[0].observed(part, generator) for d, generator in generators.items()}
            noise = {d: standard_normal(seen[d].new_empty((len(part), d)), generator) for d, generator in generators.items()}
            b = torch.stack([seen[spec.latent_dim] for spec in self.specs])
            eps = _dealt(list(noise.values()), columns)
            at_once = max(1, VALUES_AT_ONCE // b[:, 0].numel())
            for b_part, eps_part in zip(b.split(at_once, 1), eps.split(at_once, 1), strict=True):
                sums += _moments(self.stack.terms(b_part, eps_part), self.stack.beta)
        mean, mean_square = sums / len(x)
        errors = ((mean_square - mean**2).clamp(min=0) / (len(x) - 1)).sqrt()
        return _by_model(mean[:-1]), _by_model(errors)

    def snapshot(self, m: int) -> dict[str, Tensor]:
        """Everything that resuming model m needs, stacked or alone, as tensors on the CPU: what `fit` of it alone would give."""
        spec, stack = self.specs[m], self.stack
        tensors = {f"model.{name}": stack.own(name, weight, m) for name, weight in stack.weights.items()}
        for i, name in enumerate(self._trained_by(m)):
            state = self.adam.state[stack.weights[name]]
            tensors |= {f"adam.{i}.{moment}": stack.own(name, state[moment], m) for moment in MOMENTS}
            tensors[f"adam.{i}.step"] = state["step"].clone()
        streams = {"order": self.order[spec.seed], "binarisation": self.binarisation[spec.seed]}
        streams["noise"] = self.noise[spec.seed, spec.latent_dim]
        tensors |= {name: generator.get_state() for name, generator in streams.items()}
        tensors |= {"epoch": torch.tensor(self.epoch), VERSION: torch.tensor(STREAMS_VERSION)}
        return {name: value.cpu() for name, value in tensors.items()}

    def restore(self, snapshots: dict[str, dict[str, Tensor]]) -> None:
        """The inverse of `snapshot`, for all models."""
        by_model = [snapshots[spec.fingerprint] for spec in self.specs]
        epochs = {int(tensors["epoch"]) for tensors in by_model}
        require(len(epochs) == 1, "snapshots", "be of one epoch", sorted(epochs))
        self.epoch = epochs.pop()
        with torch.no_grad():
            for name, weight in self.stack.weights.items():
                weight.copy_(self.stack.piled(name, [tensors[f"model.{name}"] for tensors in by_model]))
        for name, weight in self.trained.items():
            self.adam.state[weight] = self._moments(name, by_model)
        for spec, tensors in zip(self.specs, by_model, strict=True):
            self.order[spec.seed] = restored_stream(spec.seed, "order", tensors)
            self.binarisation[spec.seed] = restored_stream(spec.seed, "binarisation", tensors, self.x.device)
            self.noise[spec.seed, spec.latent_dim] = restored_stream(spec.seed, "noise", tensors, self.x.device)

    def without(self, fingerprints: set[str]) -> StackedRun:
        """The same run of the other models."""
        others = [m for m, spec in enumerate(self.specs) if spec.fingerprint not in fingerprints]
        if not others:
            self.specs = []
            return self
        run = StackedRun([self.specs[m] for m in others], self.images, self.x, self.precision)
        run.restore({self.specs[m].fingerprint: self.snapshot(m) for m in others})
        return run

    def _initial_models(self) -> list[VAE]:
        models, mean = [VAE(spec) for spec in self.specs], mean_image(self.x)
        for model in models:
            model.solve(self.images.train.x)
            initialise(model, mean, stream(model.spec.seed, "weights"), model.spec.protocol)
        return models

    def _moments(self, name: str, by_model: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Adam's state of one weight of the stack; zero for a model that does not train it."""

        def own(m: int, moment: str) -> Tensor:
            names = self._trained_by(m)
            return by_model[m][f"adam.{names.index(name)}.{moment}"] if name in names else torch.zeros_like(by_model[m][f"model.{name}"])

        piles = {moment: self.stack.piled(name, [own(m, moment) for m in range(len(by_model))]) for moment in MOMENTS}
        return {name: value.to(self.x.device) for name, value in {"step": by_model[0]["adam.0.step"].clone(), **piles}.items()}

    def _trained_by(self, m: int) -> list[str]:
        """Names of the weights that model m trains, in its own order."""
        return [name for name, weight in self.stack.models[m].named_parameters() if weight.requires_grad]

    def _observed(self, index: Tensor) -> Tensor:
        """The next batch as the models see it: indices (S, B) of each seed's images -> (G, B, P)."""
        x = self.x.index_select(0, index.flatten()).view(*index.shape, -1)
        seen = [self.stack.models[0].observed(part, generator) for part, generator in zip(x, self.binarisation.values(), strict=True)]
        return torch.stack([seen[group] for group in self.groups])

    def _noise(self, x: Tensor) -> Tensor:
        """eps of every model for a batch (G, B, P), drawn once for models that share it: (M, B, D)."""
        noise = [standard_normal(x.new_empty((x.shape[1], d)), generator) for (_, d), generator in self.noise.items()]
        return _dealt(noise, self.columns)


def _moments(terms: ElboTerms, beta: Tensor) -> Tensor:
    """`TERMS` and their squares summed over the images, (2, 4, M), in float64, on the CPU: not every device has it."""
    columns = torch.stack([terms.loss(beta[:, None]), terms.distortion, terms.rate, terms.elbo]).cpu().double()
    return torch.stack([columns.sum(2), columns.square().sum(2)])


def _by_model(values: Tensor) -> list[dict[str, float]]:
    """The first of `TERMS`, (T, M) -> one record a model."""
    return [dict(zip(TERMS, of_one, strict=False)) for of_one in values.T.tolist()]


def _columns(widths: dict[Hashable, int], kinds: list[Hashable]) -> Tensor:
    """Where `_dealt` finds the noise of each model: it has the width and is the kind that stands there, (M, D).

    Kinds of noise lie side by side, and one column of zeros after them, which is that of the dimensions that a model lacks.
    """
    first = dict(zip(widths, accumulate(widths.values(), initial=0), strict=False))
    n_columns, widest = sum(widths.values()), max(widths.values())
    return torch.tensor([[first[kind] + i if i < widths[kind] else n_columns for i in range(widest)] for kind in kinds])


def _dealt(noise: list[Tensor], columns: Tensor) -> Tensor:
    """Each kind of noise, (B, D_kind), to the models that share it, (M, B, D), in one gather: a GPU feels each of many small copies."""
    side_by_side = torch.cat([*noise, noise[0].new_zeros((len(noise[0]), 1))], 1)
    return side_by_side.index_select(1, columns.flatten()).unflatten(1, columns.shape).transpose(0, 1)
