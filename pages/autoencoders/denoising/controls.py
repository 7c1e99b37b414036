"""The controls of *Denoising*: which images, which view, which noise, how strong and where."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from pages.shared import cached, controls
from pages.shared.links import bound, note
from pages.shared.painting import painting
from pages.shared.painting.painting import Sheet
from vae_core.explore.autoencoders import denoising
from vae_core.explore.autoencoders.denoising import LATENT_DIMS, STRENGTHS
from vae_core.explore.autoencoders.denoising_figure import NOISES
from vae_core.explore.reconstructions import drawn
from vae_core.models.autoencoder import AutoencoderSpec
from vae_core.specs import Corruption

IMAGES, MATRIX, CODES = VIEWS = ("images", "matrix", "codes")
EVERYWHERE, PAINTED = PLACES = ("everywhere", "where I paint")
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
        painted: the code of the pixels that have the noise; none where all may have it.
    """

    dataset: str
    show: str
    kind: Corruption
    strength: float
    draw: int = 0
    painted: str = ""

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
    def pixels(self) -> np.ndarray | None:
        """The pixels that have the noise, bool (H, W); None where all may have it."""
        return denoising.painted_pixels(self.painted, side_of(self.dataset)) if self.painted else None

    @property
    def noise(self) -> str:
        """What a sentence calls the noise, with its strength, or with the share of pixels that are painted."""
        share = None if self.pixels is None else f"{100 * self.pixels.mean():.0f} % of the pixels"
        if self.kind == "gaussian":
            return f"{NOISES[self.kind]} noise (σ = {self.strength:g}{', ' + share if share else ''})"
        return f"{NOISES[self.kind]} ({share or f'{100 * self.strength:.0f} % of the pixels'})"


def side_of(dataset: str) -> int:
    """Pixels along a side of its images, which are square."""
    return cached.dataset(dataset).test.x.shape[-1]


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
    is_painted = controls.segmented("Where", PLACES, "dn_where") == PAINTED
    place = st.container()
    strength = STRENGTHS[kind]  # of what is painted, every pixel is set
    if kind == "gaussian" or not is_painted:
        strength = float(st.select_slider("σ" if kind == "gaussian" else "Share of pixels", LEVELS, 0.5, **bound("dn_strength")))
    setting = Setting(dataset, show, kind, strength, controls.draw("Other images", key="dn_draw"))
    if not is_painted:
        return setting
    with place:
        return replace(setting, painted=painting.paint(_sheet(setting)))


def _sheet(setting: Setting) -> Sheet:
    """The first image that is shown, to paint noise on."""
    side = side_of(setting.dataset)
    image = cached.dataset(setting.dataset).test.x[setting.indices[0]]
    what = f"Test image {setting.indices[0]}, to paint noise on"
    return Sheet(f"dn_painted_{side}", side, what, "pixel", denoising.presets(side), image.mean(0).round().astype(np.uint8))
