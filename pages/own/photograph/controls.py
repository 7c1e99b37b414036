"""What is chosen on the page of photographs: a photograph, a model of its patches, and what is shown of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.own.photograph import cached as photographs
from pages.shared import cached, controls
from pages.shared.links import bound, number
from pages.shared.uploads import handed_over
from vae_core.data.images import ENDINGS
from vae_core.data.patches import PHOTOGRAPHS
from vae_core.drawing.theme import mark
from vae_core.explore.own.photographs_figure import is_tall
from vae_core.identities import identity, own_names, own_record
from vae_core.models import default_spec

FAMILIES = {"pPCA": "ppca", "PCA": "pca", "AE": "autoencoder", "VAE": "vae"}
"""Label → family; the first has a rate, which is what the page compares with files."""
YOURS, TWO, THIS_ONE = "yours", "two photos", "this photo"
SIDES = ("8", "16")
"""Of the patches, in pixels; the first is what the page opens with."""
KEPT = (*range(1, 13), 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 96, 112, 128, 144, 160, 176)
"""Numbers of components that can be chosen, and the largest: closer where one more is seen, and few enough for a class to have seen."""

USUALLY_KEPT = 12


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """A photograph and the model that it goes through.

    Attributes:
        name: of the photograph, for files.
        photograph: uint8 (H, W, 3).
        origin: a sentence on it.
        family: of the model.
        dataset: of patches, that the model was trained on, or whose shape it has.
        latent_dim: components kept, or dimensions of the code.
        is_own: whether it was fitted to this photograph's own patches.
    """

    name: str
    photograph: np.ndarray
    origin: str
    family: str
    dataset: str
    latent_dim: int
    is_own: bool

    @property
    def title(self) -> str:
        """The model in a few words."""
        return f"{mark(self.family).short}, d = {self.latent_dim}"


def choose(basic: DeltaGenerator) -> Choices | None:
    """Draw the controls; None where no photograph or no trained model is there yet.

    Args:
        basic: the place of those that are not folded.
    """
    with basic:
        name, photograph, origin = _photograph()
        if photograph is None:
            return None
        family = FAMILIES[controls.segmented("Model of its patches", tuple(FAMILIES), key="photo_model")]
    with controls.advanced({"patch": SIDES[0], "fitted": TWO}):
        left, right = st.columns((2, 3), gap="small")
    with left:
        size = int(controls.segmented("Patch side", SIDES, key="patch"))
    with right:
        dataset, is_own = _trained_on(family, size)
    with basic:
        dim = _latent_dim(family, dataset, photograph if is_own else None)
    origin = "The model was fitted to this very photograph's patches." if is_own else origin
    return None if dim is None else Choices(name, photograph, origin, family, dataset, dim, is_own)


def _photograph() -> tuple[str, np.ndarray | None, str]:
    """Choose a photograph: its name, its pixels, and a sentence on it."""
    name = controls.segmented("Photograph", (*PHOTOGRAPHS, YOURS), key="photo")
    if name != YOURS:
        return name, photographs.held_out(name), "The right half of a photograph; the models know patches of its left half."
    uploads = handed_over(st.file_uploader, "Your photograph", key="photo_file", type=list(ENDINGS), label_visibility="collapsed")
    if not uploads:
        st.caption("It stays in this session's memory: it is not written anywhere, and not sent to another server.")
        return YOURS, None, ""
    try:
        photograph, (width, height) = photographs.uploaded(uploads[0].name, uploads[0].getvalue())
    except ValueError as error:
        st.error(f"{error}.")
        return YOURS, None, ""
    how = "at" if photograph.shape[:2] == (height, width) else "reduced to"
    return YOURS, photograph, f"Your photograph, {how} {photograph.shape[1]} × {photograph.shape[0]} pixels."


def _trained_on(family: str, size: int) -> tuple[str, bool]:
    """Choose the patches that the model knows: their data set, and whether they are the photograph's own."""
    own = {own_record(name)["title"]: name for name in own_names() if _is_of_patches(name, size)}
    options = (TWO, *((THIS_ONE,) if family in ("pca", "ppca") else ()), *own)
    trained_on = st.selectbox("Trained on", options, **bound("fitted"))
    return own.get(trained_on, f"patches_{size}"), trained_on == THIS_ONE


def _is_of_patches(name: str, size: int) -> bool:
    return own_record(name)["cut"] == "patches" and identity(name).shape == (3, size, size)


def _latent_dim(family: str, dataset: str, own: np.ndarray | None) -> int | None:
    """Choose how many components are kept, or among the dimensions that were trained."""
    if family in ("pca", "ppca"):
        most = photographs.n_components(dataset, own)
        options = kept_of(most)
        before = number("kept", 0, 1e6)
        if before is not None and before not in options:  # a small photograph has fewer of its own, and a link may ask for any
            st.session_state["kept"] = min(options, key=lambda d: abs(d - before))
        return st.select_slider("Components kept, d", options, min(USUALLY_KEPT, most), **bound("kept"))
    dims = trained_dims(family, dataset)
    if not dims:
        remedy = f"choose {controls.called(dataset)} on another page, and train it there"
        st.caption(f"No {mark(family).short} is trained on these patches yet: {remedy}.")
        return None
    return st.select_slider("Latent dimension d", dims, 12 if 12 in dims else dims[0], **bound("code"))


def kept_of(most: int) -> list[int]:
    """The numbers of components that can be chosen where there are so many."""
    return [*(d for d in KEPT if d < most), most]


def trained_dims(family: str, dataset: str) -> list[int]:
    """The latent dimensions at which the recipe of a family is trained."""
    specs = [c.spec for c in cached.checkpoints() if c.spec.dataset == dataset and c.spec.family == family]
    return sorted(spec.latent_dim for spec in specs if spec == default_spec(family, dataset, spec.latent_dim))


def place() -> tuple[float, float]:
    """Choose where the detail is, from 0 to 1 across and down."""
    left, right = st.columns(2, gap="small")
    across = left.slider("Across, %", 0, 100, 20, 5, **bound("photo_across"))
    down = right.slider("Down, %", 0, 100, 75, 5, **bound("photo_down"))
    return across / 100, down / 100


def has_place(chosen: Choices | None, show: str) -> bool:
    """Whether a detail is shown, whose place can be chosen."""
    return chosen is not None and (show == "detail" or (show == "pictures" and is_tall(chosen.photograph)))
