"""Write what *Strong decoders* shows: the best linear models with a context on digits, and rates of trained ones.

    python -m benchmarks.strong_decoder

Writes checkpoints/shipped/strong_decoder.safetensors. Each optimum is sought from two starts, and the lower one is kept. Trained models
have all three parts learned by Adam on the training images from a random start: context, decoder of 20 dimensions, and encoder; the
expectation over z is in closed form. A few minutes on one core.
"""

from __future__ import annotations

import numpy as np
import torch

from vae_core import data
from vae_core.explore.rates import strong_decoder as strong

SEEDS, OF_CONTEXTS, LATENT_DIM = (0, 1, 2), (0, 1, 4, 8, 16, 32), 20


def trained_rate(x: np.ndarray, k: int, tau: float, seed: int, n_steps: int = 2000) -> float:
    """KL(q(z|x) || p(z)), mean over the images, of a model that Adam trained on centred images as rows, (N, P); nats."""
    generator, rows = torch.Generator().manual_seed(seed), torch.from_numpy(x)
    n_pixels, band = x.shape[1], torch.zeros(x.shape[1], x.shape[1], dtype=torch.float64)
    band[strong.context(n_pixels, k)] = 1

    def start(*shape: int) -> torch.Tensor:
        return (0.05 * torch.randn(*shape, generator=generator, dtype=torch.float64)).requires_grad_()

    context, decoder, encoder, logvar = (
        start(n_pixels, n_pixels),
        start(n_pixels, LATENT_DIM),
        start(n_pixels, LATENT_DIM),
        start(LATENT_DIM),
    )
    adam = torch.optim.Adam([context, decoder, encoder, logvar], lr=1e-2)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(adam, n_steps)
    rate = torch.zeros(())
    for _ in range(n_steps):
        mu = rows @ encoder
        left = rows + rows @ (context * band).T - mu @ decoder.T
        expected = left.square().sum(1).mean() + (logvar.exp() * decoder.square().sum(0)).sum()
        rate = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(1).mean()
        adam.zero_grad()
        (expected / (2 * tau) + rate).backward()
        adam.step()
        slower.step()
    return float(rate.detach())


def main() -> None:
    torch.set_num_threads(1)
    x = data.load(strong.DATASET).train.x.reshape(-1, 64) / 255
    mean, covariance = strong.moments(x)
    matrices = {}
    for tau in strong.LEVELS:
        for k in strong.CONTEXTS:
            starts = (None,) if k in (0, 63) else (None, np.eye(64))
            tried = [strong.decoder(strong.best_matrix(covariance, k, tau, start), tau, mean, covariance) for start in starts]
            best = min(tried, key=lambda one: one.minus_elbo)
            matrices[tau, k] = best.matrix
            print(f"τ={tau:<5g} k={k:<3}", *(f"{one.minus_elbo:.5f} {one.rate:.4f}" for one in tried), flush=True)
    trained = {k: [trained_rate(x - mean, k, strong.TRAINED, seed) for seed in SEEDS] for k in OF_CONTEXTS}
    print(trained)
    strong.write(matrices, trained)


if __name__ == "__main__":
    main()
