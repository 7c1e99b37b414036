"""Which share of a training step is its matrix products, and how much faster it is than the step that autograd takes.

Three take turns in blocks of steps, so that a machine whose speed drifts slows all alike, and every ratio is of neighbouring blocks, in
processor seconds of one thread: the step of `vae_core.training.loop`; its matrix products alone, of the same shapes, into tensors that
are there; and the step as it was before `vae_core.training.by_hand` (autograd, one fused Adam over all weights, images binarised by
floating-point random numbers). Images are made up: bytes of which four in five are 0, as in MNIST.

Usage: python -m benchmarks.step_profile [--n-blocks 31] [--n-steps 100]
Prints one JSON object; a row a model and precision.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from itertools import cycle, pairwise, product
from typing import get_args

import torch
from torch import Tensor

from benchmarks.grid_on_digits import cpu_seconds_of
from benchmarks.machine import report, say, spread
from vae_core.models import build
from vae_core.models.autoencoder import AutoencoderSpec
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAESpec
from vae_core.specs import TrainedSpec
from vae_core.training.devices import Precision, configure_numerics, reduced
from vae_core.training.loop import _Run, adam, stream

N_IMAGES = 20_000
MODELS: dict[str, TrainedSpec] = {
    "VAE 784-400-20": VAESpec(dataset="mnist", latent_dim=20, hidden=(400,)),
    "autoencoder 784-400-20": AutoencoderSpec(dataset="mnist", latent_dim=20, hidden=(400,)),
    "VAE 784-500-500-50, SiLU": VAESpec(dataset="mnist", latent_dim=50, hidden=(500, 500), activation="silu"),
    "autoencoder 784-600-300-30, SiLU": AutoencoderSpec(dataset="mnist", latent_dim=30, hidden=(600, 300), activation="silu"),
}


def made_up_images() -> Tensor:
    """Bytes, (N, 1, 28, 28)."""
    generator = torch.Generator().manual_seed(0)
    grey = torch.randint(0, 256, (N_IMAGES, 1, 28, 28), dtype=torch.uint8, generator=generator)
    return grey * (torch.rand(grey.shape, generator=generator) < 0.2)


def products_of(spec: TrainedSpec, precision: Precision) -> Callable[[Tensor], None]:
    """The matrix products of one step: forward, of the weights, and of what went in, which the images need not."""
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    code = (2 if spec.kind == "vae" else 1) * spec.latent_dim
    encoder = [*pairwise((spec.identity.n_features, *spec.widths, code))]
    decoder = [*pairwise((spec.latent_dim, *spec.widths[::-1], spec.identity.n_features))]
    made = [(torch.rand(spec.batch_size, n), torch.rand(m, n) / n, torch.rand(spec.batch_size, m)) for n, m in [*encoder, *decoder]]
    layers = [tuple(tensor.to(dtype) for tensor in tensors) for tensors in made]
    into = [tuple(torch.empty_like(tensor) for tensor in tensors) for tensors in layers]

    def step(_: Tensor) -> None:
        for i, ((x, weight, d), (d_x, d_weight, y)) in enumerate(zip(layers, into, strict=True)):
            torch.mm(x, weight.mT, out=y)
            torch.mm(d.mT, x, out=d_weight)
            if i > 0:
                torch.mm(d, weight, out=d_x)

    return step


def step_by_autograd(spec: TrainedSpec, x: Tensor, precision: Precision) -> Callable[[Tensor], Tensor]:
    """The step as it was: by autograd, with images binarised by floats."""
    model = build(spec).train()
    optimiser = adam([weight for weight in model.parameters() if weight.requires_grad], [], spec, x.device)
    binarisation, noise = stream(0, "binarisation"), stream(0, "noise")

    def step(index: Tensor) -> Tensor:
        grey = model_input(x.index_select(0, index), x.device)
        seen = (torch.rand(grey.shape, generator=binarisation) < grey).to(grey.dtype) if model.binarises else grey
        with reduced(precision, x.device):
            terms = model.loss_terms(seen, noise)
        columns = {"loss": terms.loss(model.beta), **terms.columns()}
        optimiser.zero_grad(set_to_none=True)
        columns["loss"].mean().backward()
        optimiser.step()
        return torch.stack([column.detach().sum() for column in columns.values()])

    return step


def profile(spec: TrainedSpec, x: Tensor, precision: Precision, n_blocks: int, n_steps: int) -> dict[str, object]:
    """Milliseconds a step of each of the three, and their ratios block by block."""
    with torch.no_grad():
        products = products_of(spec, precision)
    run = _Run(build(spec), x, None, precision)
    kinds: dict[str, Callable[[Tensor], object]] = {
        "products": products,
        "step": run.steps,
        "by autograd": step_by_autograd(spec, x, precision),
    }
    batches = cycle(torch.randperm(len(x), generator=stream(0, "order")).split(spec.batch_size)[:-1])

    def block(step: Callable[[Tensor], object]) -> None:
        for _ in range(n_steps):
            step(next(batches))

    for step in kinds.values():
        block(step)
    ms = {name: [] for name in kinds}
    for _ in range(n_blocks):
        for name, step in kinds.items():
            ms[name].append(1000 * cpu_seconds_of(lambda step=step: block(step)) / n_steps)
    shares = [products / step for products, step in zip(ms["products"], ms["step"], strict=True)]
    faster = [before / step for before, step in zip(ms["by autograd"], ms["step"], strict=True)]
    return {
        "share_of_products": _quartiles(shares),
        "times_as_fast_as_by_autograd": _quartiles(faster),
        "ms_a_step": {name: spread(values) for name, values in ms.items()},
        "images_per_second": round(1000 * spec.batch_size / statistics.median(ms["step"])),
    }


def _quartiles(values: list[float]) -> dict[str, float]:
    """Median and quartiles: of short blocks on a shared machine the extremes tell of its other users."""
    low, median, high = statistics.quantiles(values, n=4)
    return {"median": round(median, 3), "lower_quartile": round(low, 3), "upper_quartile": round(high, 3), "n": len(values)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-blocks", type=int, default=31)
    parser.add_argument("--n-steps", type=int, default=100)
    options = parser.parse_args()
    matmul = configure_numerics()
    x = made_up_images()
    rows = {}
    for name, precision in product(MODELS, get_args(Precision)):
        rows[f"{name}, {precision}"] = profile(MODELS[name], x, precision, options.n_blocks, options.n_steps)
        say(f"{name}, {precision}: {rows[f'{name}, {precision}']}")
    report(models=rows, n_steps_a_block=options.n_steps, batch_size=128, matmul=matmul)


if __name__ == "__main__":
    main()
