"""The controls of the doctor: which of the trained models is the patient, and what is looked at."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached
from pages.shared.controls import Choice, follow, segmented, settle
from pages.shared.labels import in_words
from pages.shared.links import bound
from vae_core.fields import text_of
from vae_core.models import unlabelled
from vae_core.specs import ModelSpec

PATIENT = "patient"
KL, WIDTHS, RESIDUALS = "KL", "Widths of q", "Residuals"


def patients(choice: Choice) -> dict[str, ModelSpec]:
    """Name → every cached model of the data set that has a density and needs no labels.

    The recipe of the sidebar's choices comes first, then those of its dimension.
    """
    focus = cached.specs(choice.dataset, choice.latent_dim).get(choice.family)
    able = {name for name, family in unlabelled().items() if family.is_probabilistic}
    specs = [c.spec for c in cached.checkpoints() if c.spec.dataset == choice.dataset and c.spec.family in able]
    specs.sort(key=lambda spec: (spec != focus, spec.latent_dim != choice.latent_dim, spec.family != "vae"))
    return {_name(spec): spec for spec in specs}


def _name(spec: ModelSpec) -> str:
    if spec.family == "ppca":
        return f"pPCA, d = {spec.latent_dim}"
    scale = "" if spec.likelihood == "bernoulli" else f", {in_words(spec.likelihood)} {text_of(spec.scale)}"
    seed = f", seed {spec.seed}" if spec.seed else ""
    network = "" if spec.network == "mlp" else f", {in_words(spec.network)}"
    return f"VAE, d = {spec.latent_dim}, β = {spec.beta:g}{network}{scale}{seed} · {spec.fingerprint[:4]}"


def choose(choice: Choice) -> ModelSpec | None:
    """Choose a patient, at first one that has collapsed where there is one; None if there is none at all."""
    specs = patients(choice)
    if not specs:
        return None
    names = list(specs)
    follow(PATIENT, names[0], choice)
    settle(PATIENT, specs, names[0])
    start = names.index(_collapsed(specs))
    what = "Every trained model of this data set with a density. The page opens with a collapsed one where there is one."
    return specs[st.selectbox("Model", names, index=start, **bound(PATIENT), help=what, label_visibility="collapsed")]


def shown(choice: Choice) -> str:
    """What is looked at: the KL of the dimensions, and, where the images are here, the widths of q(z|x), or the residuals."""
    return segmented("Show", (KL, WIDTHS, RESIDUALS), "doctor_shown") if choice.has_data else KL


def _collapsed(specs: dict[str, ModelSpec]) -> str:
    """The name of the first model none of whose dimensions is active, by its evaluation; else the first of all."""
    active = {c.spec: c.metrics.get("active_units") for c in cached.checkpoints()}
    return next((name for name, spec in specs.items() if active.get(spec) == 0), next(iter(specs)))
