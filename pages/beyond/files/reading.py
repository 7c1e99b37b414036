"""A file that a person hands over: the images that come out of it, or a sentence on why none do."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.beyond.files import cached as kept
from pages.beyond.files import view
from pages.shared import cached, page
from pages.shared.labels import label
from pages.shared.uploads import handed_over
from pages.shared.words import Words
from vae_core.explore.beyond import files_figure as figures
from vae_core.explore.beyond.files import MAGIC, Unreadable, header_of
from vae_core.explore.beyond.files_figure import Code
from vae_core.identities import identity
from vae_core.specs import ModelSpec

OTHER_COMPUTERS = "Another kind of computer may round otherwise. Then the check of the file fails, and nothing is shown."
N_SHOWN = 30


def read(spec: ModelSpec, text: Words) -> tuple[np.ndarray, bytes] | None:
    """Draw the field that takes a file: its images and the file, or None, and a sentence on what is wrong."""
    uploads = handed_over(st.file_uploader, "A file that was downloaded here", key="files_upload")
    st.caption(f"It stays in this session's memory. {OTHER_COMPUTERS}")
    if not uploads:
        return None
    data = uploads[0].getvalue()
    try:
        return kept.read(data, spec, spec.fingerprint), data
    except Unreadable as error:
        st.error(_refusal(error, data, spec, text))
    return None


def _refusal(error: Unreadable, data: bytes, spec: ModelSpec, text: Words) -> str:
    if error.why != "other-model":
        return text.said(f"unreadable-{error.why}", magic=MAGIC.decode())
    wrote = header_of(data).fingerprint
    if wrote == spec.fingerprint:
        return text.said("unreadable-other-training", here=label(spec))
    known = cached.by_fingerprint().get(wrote)
    if known is None:
        return text.said("unreadable-unknown-model", fingerprint=wrote)
    return text.said("unreadable-other-model", wrote=label(known.spec), here=label(spec))


def draw(spec: ModelSpec, pixels: np.ndarray, data: bytes) -> list[page.Download]:
    """The images of a file; their files."""
    table = figures.read_images(view.as_images(spec, pixels[:N_SHOWN]), len(pixels))
    page.image_table(table, beside=240)
    codes = [Code("VAE, bits back", len(data), family="vae")]
    n_pixels = len(pixels) * identity(spec.dataset).n_pixels
    return page.downloads(f"{spec.dataset}-read", table, lambda: figures.codes_csv(codes, n_images=len(pixels), n_pixels=n_pixels))


def notebook(spec: ModelSpec, text: Words) -> str:
    """Lines of Python that read a file."""
    return text.lines("notebook-read", dataset=spec.dataset, latent_dim=spec.latent_dim, unit=255 if kept.is_binary(spec) else 1)
