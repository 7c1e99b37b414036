"""How well the decoder knows the code at hand, in words, and what an autoencoder leaves empty."""

from __future__ import annotations

import numpy as np

from pages.latent.pad.cached import N_CELLS, gap_to_nearest, n_empty
from pages.shared import cached
from pages.shared.controls import Choice
from pages.shared.words import Words
from vae_core.explore.codes import Codes, log_prior, nearest_code
from vae_core.specs import ModelSpec
from vae_core.units import signed

FAR = 3.0
"""Times the usual gap between codes from which on a code lies by itself."""


def conclusion(spec: ModelSpec, z: np.ndarray, codes: Codes | None, text: Words) -> str:
    """Whether codes of images lie near the one at hand; without images, how dense the prior is there."""
    if codes is None:
        return text.said("conclusion-prior", below=signed(float(log_prior(np.zeros(len(z))) - log_prior(z)), 1))
    _, distance = nearest_code(codes, z)
    gap = gap_to_nearest(spec)
    section = "conclusion" if distance <= FAR * gap else "conclusion-far"
    return text.said(
        section, distance=f"{distance:.2f}", gap=f"{gap:.2g}", times=f"{distance / max(gap, 1e-9):.0f}", n=f"{len(codes.mean):,}"
    )


@cached.recall(most=256)
def answer(choice: Choice, text: Words) -> str:
    """How many cells of the plane each of the two families leaves without a code, and how wide the VAE's posteriors are."""
    both = {family: cached.specs(choice.dataset, choice.latent_dim).get(family) for family in ("vae", "autoencoder")}
    trained = cached.trained({family: spec for family, spec in both.items() if spec is not None})
    if not choice.has_data or len(trained) < 2:
        return text.said("answer-untrained")
    empty, codes = {}, {family: cached.test_codes(spec) for family, spec in trained.items()}
    for family, spec in trained.items():
        dims = (0, choice.latent_dim - 1) if choice.latent_dim <= 2 else codes[family].by_activity[:2]
        empty[family] = n_empty(spec, tuple(dims))
    width = float(codes["vae"].sd[:, list(codes["vae"].by_activity[:2])].mean())
    section = "answer" if 2 * width > gap_to_nearest(trained["vae"]) else "answer-narrow"
    return text.said(section, n_cells=N_CELLS**2, **empty, width=f"{width:.2f}", gap=f"{gap_to_nearest(trained['vae']):.2g}")
