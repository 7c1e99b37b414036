"""The controls of *Denoising*: which images, which view, which noise, how strong and where."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.shared import cached, controls
from pages.shared.links import bound, note
from vae_core.explore.autoencoders import denoising
from vae_core.explore.autoencoders.denoising import LATENT_DIMS, STRENGTHS
from vae_core.explore.autoencoders.denoising_figure import NOISES
from vae_core.explore.reconstructions import drawn
from vae_core.models.autoencoder import AutoencoderSpec
from vae_core.specs import Corruption

IMAGES, MATRIX, CODES = VIEWS = ("images", "matrix", "codes")
LEVELS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
N_IMAGES = 4
KINDS: tuple[Corruption, ...] = tuple(STRENGTHS)


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What is looked at.

    Attributes:
        dataset: its name.
        show: which view.
        kind: of the noise.
        strength: σ, or the share of pixels.
        draw: which images and which noise.
    """

    dataset: str
    show: str
    kind: Corruption
    strength: float
    draw: int = 0

    @property
    def specs(self) -> dict[str, AutoencoderSpec]:
        """The denoisers that are trained here."""
        return cached.trained(denoising.specs(self.dataset))

    @property
    def indices(self) -> list[int]:
        """The test images that are shown."""
        n = len(cached.dataset(self.dataset).test)
        return drawn(n, N_IMAGES, self.draw).tolist()

    @property
    def noise(self) -> str:
        """What a sentence calls the noise, with its strength."""
        strength = f"σ = {self.strength:g}" if self.kind == "gaussian" else f"{100 * self.strength:.0f} % of the pixels"
        return f"{NOISES[self.kind]} noise ({strength})" if self.kind == "gaussian" else f"{NOISES[self.kind]} ({strength})"


def choose() -> Setting:
    """Draw the controls."""
    note("dn_data")
    dataset = controls.by_title("Images", tuple(LATENT_DIMS), "dn_data", title=controls.called, usual="mnist_5k")
    help_ = "Noisy images and what becomes of them; every denoiser on every noise; what noise does to codes."
    show = controls.segmented("Show", VIEWS, "dn_show", help=help_)
    if show == MATRIX:
        return Setting(dataset, show, "gaussian", STRENGTHS["gaussian"])
    names = {NOISES[kind]: kind for kind in KINDS}
    kind = names[controls.segmented("Noise", tuple(names), "dn_noise")]
    if show == CODES:
        return Setting(dataset, show, kind, STRENGTHS[kind])
    strength = st.select_slider("σ" if kind == "gaussian" else "Share of pixels", LEVELS, 0.5, **bound("dn_strength"))
    return Setting(dataset, show, kind, float(strength), controls.draw("Other images", key="dn_draw"))
