"""What the pages on learned manifolds share: which plane of the codes, which code, and what to say where a model is missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.latent import cached as manifolds
from pages.latent.latent_pad import read_code, write_code
from pages.shared import cached, page
from pages.shared.chart.chart import mount
from pages.shared.controls import Choice, latent_dims, settle
from pages.shared.links import bound, note
from vae_core.data.base import spread_over
from vae_core.evaluation import ACTIVE_ABOVE
from vae_core.explore.codes import Codes, log_prior, nearest_code
from vae_core.explore.latent.paths import N_SAMPLES, prior_range
from vae_core.explore.latent.paths_figure import film, score_curves
from vae_core.explore.latent_pad import Payload
from vae_core.specs import ModelSpec

MOST_CHOSEN = 8
"""Images that are remembered of those that were circled."""


def focus(choice: Choice) -> ModelSpec | None:
    """The spec of the model in focus if it is trained; else a sentence on what to do, and None."""
    spec = cached.specs(choice.dataset, choice.latent_dim).get(choice.family)
    if spec is not None and cached.is_trained(spec):
        return spec
    st.info(f"{choice.family} is not trained for {choice.title} at d = {choice.latent_dim}: train it in the sidebar, or choose another.")
    return None


def decoder(spec: ModelSpec | None) -> Payload | None:
    """The decoder that the browser runs; a sentence and None where it cannot, and None where there is no model."""
    try:
        return manifolds.decoder_payload(spec) if spec is not None else None
    except ValueError as error:
        st.info(f"The browser cannot run the decoder of {spec.family}: {error}. Choose another model in focus.")
        return None


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


def go_to_two_dims(choice: Choice) -> None:
    """At more than two dimensions: a button that takes the whole page to d = 2."""
    if choice.latent_dim > 2 and 2 in latent_dims(choice.dataset):
        st.button("Whole code: d = 2", icon=":material/crop_square:", on_click=_set_two_dims, width="stretch")
        st.caption(f"The plane shows 2 of {choice.latent_dim} dimensions; the others stay at the start, or at the image kept.")


def _set_two_dims() -> None:
    st.session_state["latent_dim"] = 2


def code_field(home: Sequence[float]) -> None:
    """The code z as text, which moves the pad, and which the address keeps; one of a model of another dimension is given up."""
    if st.session_state.get("z_dim", len(home)) != len(home):
        st.session_state["z"] = ""
    st.session_state["z_dim"] = len(home)
    said = st.text_input("Code z", **bound("z"), placeholder=write_code(home), help="Numbers, with commas between them.")
    if said and read_code(said, len(home)) is None:
        st.error(f"z must be {len(home)} numbers with commas between them: until it is, the picture begins at the start.")


def number_at(z: np.ndarray, codes: Codes | None, *, has_prior: bool) -> None:
    """How probable a code is under the prior, and which test image's code is nearest."""
    if has_prior:
        method = f"Exact log N(z; 0, I) of the code z; its largest value, at 0, is {page.signed(log_prior(np.zeros(len(z))))} nats."
        page.number("log p(z)", f"{page.signed(log_prior(z))} nats", method)
    if codes is None:
        return
    index, distance = nearest_code(codes, z)
    if has_prior:
        st.caption(f"Nearest code: test image #{index} at ‖Δz‖ = {distance:.2f}, of n = {len(codes.mean):,}.")
    else:
        method = f"‖z − f(x)‖, exact: test image #{index} of n = {len(codes.mean):,}. This model has no prior."
        page.number("Nearest test code", f"{distance:.2f}", method)


def codes_download(spec: ModelSpec, choice: Choice) -> list[page.Download]:
    """The codes of all test images as CSV, where there are test images."""
    if not choice.has_data:
        return []
    return [page.Download("CSV", f"{choice.dataset}-d{choice.latent_dim}-{choice.family}-codes.csv", "text/csv", manifolds.codes_csv(spec))]


def compared(choice: Choice, families: Sequence[str]) -> dict[str, ModelSpec]:
    """Family → spec of the model in focus, then of the named families, of those that are trained; three at most."""
    trained = cached.trained(cached.specs(choice.dataset, choice.latent_dim))
    order = dict.fromkeys((*families, choice.family))
    found = [family for family in order if family in trained]
    if len(found) > 3:
        found = [*found[:2], choice.family]
    return {family: trained[family] for family in found}


def own_dims(spec: ModelSpec, choice: Choice) -> tuple[int, int]:
    """The two dimensions of a model whose means vary most over the test images, the smaller number first at d = 2."""
    if spec.latent_dim <= 2 or not choice.has_data:
        return 0, spec.latent_dim - 1 if spec.latent_dim <= 2 else 1
    return manifolds.test_codes(spec).by_activity[:2]


def subscript(n: int) -> str:
    """A number as the index of a symbol."""
    return str(n).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def at_every_dim(choice: Choice, family: str) -> dict[int, ModelSpec]:
    """Latent dimension → spec of the trained recipes of a family, four at most: those of Kingma & Welling 2014, Fig. 5 first."""
    recipes = {dim: cached.specs(choice.dataset, dim).get(family) for dim in latent_dims(choice.dataset)}
    trained = cached.trained({dim: spec for dim, spec in recipes.items() if spec is not None})
    usual = [dim for dim in trained if dim in (2, 5, 10, 20)]
    chosen = usual if len(usual) >= 2 else list(trained)[:4]
    return {dim: trained[dim] for dim in chosen}


def metrics_of(specs: dict[int, ModelSpec]) -> dict[int, dict]:
    """Latent dimension → stored evaluation on the test images."""
    here = cached.by_fingerprint()
    return {dim: here[spec.fingerprint].metrics for dim, spec in specs.items() if spec.fingerprint in here}


def elbo_line(spec: ModelSpec) -> str:
    """The ELBO of a model on the test images, as a line."""
    found = cached.checkpoint(spec)
    return f"ELBO {page.signed(found.metrics['elbo'], 1)} nats" if found is not None else ""


def best_bound(specs: dict[int, ModelSpec]) -> None:
    """The largest ELBO of all, and log p(x) of each model with its method."""
    found = metrics_of(specs)
    if not found:
        return
    best = max(found, key=lambda dim: found[dim]["elbo"])
    seen = "binarised test images" if found[best]["binarisation_seed"] is not None else "test images"
    method = f"Mean over n = {found[best]['n_images']:,} {seen}, one z ~ q(z|x) each, rate in closed form."
    page.number(f"Best test ELBO, d = {best}", f"{page.signed(found[best]['elbo'])} nats", method)
    lines = [f"d = {dim}: {_log_px(metrics)}" for dim, metrics in found.items()]
    st.caption("  \n".join(["log p(x) of the same images, nats:", *lines]))


def _log_px(metrics: dict) -> str:
    value = page.signed(metrics["log_px"])
    if "bound" in metrics["log_px_method"]:
        return f"≥ {value} (importance-weighted, k = {metrics['n_samples']})"
    return f"{value} ({metrics['log_px_method']})"


def choose_on(chart: bytes, n: int, *, n_points: int) -> list[int]:
    """Draw a scatter on which test images are chosen by lasso, box or click; the indices of the first n of them, kept in the address.

    Before any is chosen they are evenly spread.

    Args:
        chart: `packed`, with the indices of the images as `customdata`.
        n: so many are wanted.
        n_points: images that there are.
    """
    picked = mount(chart)
    note("chosen")
    if picked:
        st.session_state["chosen"] = ",".join(map(str, picked[:MOST_CHOSEN]))
        st.query_params["chosen"] = st.session_state["chosen"]
    said = st.session_state.get("chosen") or st.query_params.get("chosen", "")
    kept = [int(part) for part in said.split(",") if part.isdecimal() and int(part) < n_points]
    return kept[:n] or list(spread_over(n_points, n))


def traversed(codes: Codes, index: int, n: int, span: str, *, most: int) -> tuple[list[int], np.ndarray]:
    """The dimensions that a traversal moves, those that vary most first, and the values that each takes, (dims, n)."""
    dims = list(codes.by_activity[:most])
    if span == "prior":
        return dims, codes.centre[dims, None] + codes.scale[dims, None] * prior_range(n)
    sd = codes.sd[index, dims] if codes.has_prior else codes.scale[dims] / 3
    return dims, codes.mean[index, dims, None] + sd[:, None] * np.linspace(-3, 3, n)


def row_names(codes: Codes, dims: list[int]) -> list[str]:
    """The dimensions with the variance of their means over the test images."""
    return [f"z{subscript(j + 1)}, var {codes.mean[:, j].var():.2f}" for j in dims]


def column_names(n: int, span: str) -> list[str]:
    """Where each column stands in the range of its row."""
    steps = prior_range(n) if span == "prior" else np.linspace(-3, 3, n)
    return [f"{v:+.1f}σ".replace("-", "−") if abs(v) > 1e-9 else "0" for v in steps]


def path_number(spec: ModelSpec, codes: Codes, scores: dict[str, np.ndarray], index: int) -> None:
    """The lowest score along the straight path beside that of the pixels, or the number of dimensions that carry something."""
    if scores:
        unit = "nats" if codes.has_prior else "SSE"
        sign = 1 if codes.has_prior else -1
        value, other = (sign * scores[way].min() for way in ("straight", "pixels"))
        how = (
            f"mean over 8 binarisations, importance-weighted bound, k = {N_SAMPLES}"
            if codes.has_prior
            else "of the image and its reconstruction"
        )
        if codes.has_prior and cached.model(spec).binarises is False:
            how = f"importance-weighted bound, k = {N_SAMPLES}"
        name = "Lowest log p(x) on the way" if codes.has_prior else "Largest error on the way"
        page.number(name, f"{_signed(value)} {unit}", f"Straight path; {_signed(other)} in pixels: {how}.")
        return
    active = int((codes.mean.var(0) > ACTIVE_ABOVE).sum())
    method = f"Dimensions whose means vary by more than {ACTIVE_ABOVE} over n = {len(codes.mean):,} test images (Burda et al. 2016)."
    page.number("Active dimensions", f"{active} of {codes.latent_dim}", method)


def film_or_curves(spec: ModelSpec, ends: tuple[int, int], scores: dict[str, np.ndarray], t: np.ndarray, *, is_film: bool) -> None:
    """The paths as films side by side, or how well the model knows the images along them."""
    if not is_film:
        unit = "log p(x) ≥ (nats)" if cached.offers(spec).has_density else "−SSE"
        page.chart(cached.plotted("path", (spec.fingerprint, ends, len(t)), lambda: score_curves(scores, t, unit=unit)))
        return
    for place, way in zip(st.columns(3), scores, strict=True):
        images = manifolds.path_images(spec, ends, 31, way)
        place.image(film(images, times=max(1, 168 // images.shape[-1])), caption=way)


def _signed(value: float) -> str:
    return page.signed(value, 1)
