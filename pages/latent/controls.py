"""What several pages of this section share: which plane of the codes, which code, and what to say where a decoder cannot be drawn."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.latent.cached import codes_csv
from pages.shared import page
from pages.shared.controls import Choice, opened_at_two, settle, the
from pages.shared.fetched_files import FetchedFile
from pages.shared.latent_pad.cached import decoder_file
from pages.shared.latent_pad.latent_pad import read_code, write_code
from pages.shared.links import bound
from vae_core.explore.codes import Codes
from vae_core.specs import ModelSpec


def decoder(spec: ModelSpec | None) -> FetchedFile | None:
    """The decoder that the browser runs; a sentence and None where it cannot, and None where there is no model."""
    try:
        return decoder_file(spec) if spec is not None else None
    except ValueError as error:
        st.info(f"The browser cannot run the decoder of {the(spec.family)}: {error}. Choose another model in focus.")
        return None


def columns_at_two(choice: Choice) -> tuple[Choice, tuple[DeltaGenerator, DeltaGenerator]]:
    """The places of the picture and of the controls, the first of which is `opened_at_two`; and what that says."""
    picture, side = page.columns()
    with side:
        choice = opened_at_two(choice)
    return choice, (picture, side)


def two_dims(codes: Codes | None, latent_dim: int) -> tuple[int, int]:
    """Choose two latent dimensions, from 0; those that vary most over the test images come first."""
    if latent_dim <= 2:
        return 0, latent_dim - 1
    names = [f"z{j + 1}" for j in (codes.by_activity if codes is not None else range(latent_dim))]
    left, right = st.columns(2, gap="xsmall")
    with left:
        across = one_of("Across", names, key="across", help="The dimensions whose means vary most over the test images come first.")
    with right:
        up = one_of("Up", names, key="up", index=1)
    return int(across[1:]) - 1, int(up[1:]) - 1


def one_of(label: str, options: Sequence[str], key: str, *, index: int = 0, help: str | None = None) -> str:
    """One of a list that depends on the model; a choice that the list does not hold is given up."""
    settle(key, options, options[index])
    return st.selectbox(label, options, index=index, **bound(key), help=help)


def code_field(home: Sequence[float]) -> None:
    """The code z as text, which moves the pad, and which the address keeps; one of a model of another dimension is given up."""
    if st.session_state.get("z_dim", len(home)) != len(home):
        st.session_state["z"] = ""
    st.session_state["z_dim"] = len(home)
    typed = st.text_input("Code z", **bound("z"), placeholder=write_code(home), help="Numbers, with commas between them.")
    if typed and read_code(typed, len(home)) is None:
        st.error(f"z must be {len(home)} numbers with commas between them: until it is, the picture begins at the start.")


def codes_download(spec: ModelSpec, choice: Choice) -> list[page.Download]:
    """The codes of all test images as CSV, where there are test images."""
    if not choice.has_data:
        return []
    return [page.Download("CSV", f"{choice.dataset}-d{choice.latent_dim}-{choice.family}-codes.csv", "text/csv", codes_csv(spec))]
