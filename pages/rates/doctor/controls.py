"""The doctor of posterior collapse on the page: which model, what was measured, the verdict, and images under another image's code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.rates import cached as exact_rates
from pages.shared import cached, page
from pages.shared.controls import Choice, follow, settle
from pages.shared.links import bound
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.drawing.payloads import rows_csv
from vae_core.explore.rates import doctor as collapse
from vae_core.explore.rates.doctor import Examination
from vae_core.explore.rates.doctor_figure import kl_bars
from vae_core.explore.rates.rates_on_train import water_level
from vae_core.explore.training.training import text_of
from vae_core.models import FAMILIES
from vae_core.specs import ModelSpec
from vae_core.store.checkpoints import Checkpoint

PATIENT = "patient"
N_IMAGES = 10


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """What is on record of a model whose images are not here: KL of each dimension and which are active, from its stored evaluation."""

    kl_per_dim: np.ndarray
    is_active: np.ndarray
    n_images: int


def record(spec: ModelSpec) -> Record:
    """The stored evaluation of a trained model; of its units those of largest KL are the active ones."""
    metrics = cached.checkpoint(spec).metrics
    kl = np.array(metrics["kl_per_dim"])
    return Record(kl, (-kl).argsort().argsort() < metrics["active_units"], metrics["n_images"])


def patients(choice: Choice) -> dict[str, Checkpoint]:
    """Name → every cached model of the data set that has a density, the recipe of the sidebar's choices first, then its dimension."""
    focus = cached.specs(choice.dataset, choice.latent_dim).get(choice.family)
    found = [c for c in cached.checkpoints() if c.spec.dataset == choice.dataset and FAMILIES[c.spec.family].model.has_density]
    found.sort(key=lambda c: (c.spec != focus, c.spec.latent_dim != choice.latent_dim, c.spec.family != "vae"))
    return {_name(c.spec): c for c in found}


def _name(spec: ModelSpec) -> str:
    if spec.family == "ppca":
        return f"pPCA, d = {spec.latent_dim}"
    scale = "" if spec.likelihood == "bernoulli" else f", {spec.likelihood} {text_of(spec.scale)}"
    seed = f", seed {spec.seed}" if spec.seed else ""
    return f"{spec.network}, d = {spec.latent_dim}{scale}, β = {spec.beta:g}{seed} · {spec.fingerprint[:4]}"


def choose(choice: Choice) -> ModelSpec | None:
    """Choose a patient; None if there is none."""
    found = patients(choice)
    if not found:
        return None
    first = next(iter(found))
    follow(PATIENT, first, choice)
    settle(PATIENT, found, first)
    name = st.selectbox("Model", list(found), **bound(PATIENT), help="Every cached model of this data set with a density.")
    return found[name].spec


def verdict(spec: ModelSpec) -> str:
    """The verdict on a model, as Markdown."""
    return collapse.verdict(exact_rates.examination(spec))


def diagnosis(found: Examination | Record) -> None:
    """The verdict, in a box whose colour and icon say the same; none without images."""
    if isinstance(found, Record):
        st.info("A verdict needs the test images; here is what was recorded when the model was made.", icon=":material/history:")
        return
    said = collapse.verdict(found)
    if found.kind in collapse.SYMPTOMS or found.is_worse_than_no_code:
        st.warning(said, icon=":material/notification_important:")
    else:
        st.success(said, icon=":material/check_circle:")


def numbers(found: Examination | Record) -> None:
    """What the verdict rests on, each with its method; without images the recorded rate."""
    n = f"n = {found.n_images:,} test images"
    active = f"KL in closed form; {int(found.is_active.sum())} of {len(found.kl_per_dim)} units active (Burda et al. 2016), {n}."
    if isinstance(found, Record):
        page.number("Rate", f"{found.kl_per_dim.sum():.2f} nats", active)
        return
    page.number(
        "Shuffled codes cost",
        f"{found.shuffle_said} nats",
        f"−log p(x|z) with another image's z, less that with its own; 95 % interval, {n}.",
    )
    page.number("Rate", f"{found.rate:.2f} nats", active)
    page.number(
        "Pressure",
        f"{found.pressure:.2f} ×",
        f"Times that the KL weighed what the residuals justify: 1 is the best bound, above {collapse.PRESSED_ABOVE:g} a symptom.",
    )


def evidence(spec: ModelSpec, found: Examination | Record) -> None:
    """KL of each dimension beside what a linear model would spend."""
    tau, known = water_level(spec), exact_rates.statistics(spec.dataset)
    linear = None
    if tau is not None and known is not None:
        linear = 0.5 * np.log(np.maximum(np.array(known.eigenvalues)[: spec.latent_dim], tau) / tau)
    choices = (spec.fingerprint, isinstance(found, Examination))
    page.chart(cached.plotted("doctor", choices, lambda: kl_bars(found.kl_per_dim, found.is_active, linear=linear)))


def linear_note(spec: ModelSpec, found: Examination) -> None:
    """λ_j against τ: evidence, and for a network that is not linear no more."""
    if found.n_above_water is None:
        st.caption("λⱼ against τ says nothing here: the theory of linear models needs a Gaussian likelihood.")
        return
    network = "" if getattr(spec, "network", "linear") == "linear" else " A network that is not linear may use others."
    st.caption(f"λⱼ > τ for {found.n_above_water} of {spec.latent_dim} dimensions: as many would a linear model keep.{network}")


def swapped_table(spec: ModelSpec, n: int = N_IMAGES) -> ImageTable:
    """Test images, each decoded from its own code, and from the next image's."""
    x = exact_rates.shown(spec.dataset, n)
    own, other = exact_rates.swapped(spec, n)
    rows = tuple(tuple(Tile(image) for image in row) for row in (x, own, other))
    return ImageTable(tuple(Head("") for _ in x), rows, ("original", "own code", "next one's"))


def csv(found: Examination | Record) -> bytes:
    """Every dimension, a line each; the variance of its means where it was measured."""
    variances = found.variance.tolist() if isinstance(found, Examination) else [""] * len(found.kl_per_dim)
    rows = [
        {"dimension": j + 1, "kl_nats": float(kl), "variance_of_mean": v, "is_active": bool(a)}
        for j, (kl, v, a) in enumerate(zip(found.kl_per_dim, variances, found.is_active, strict=True))
    ]
    return rows_csv(rows)
