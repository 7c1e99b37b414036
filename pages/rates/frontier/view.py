"""The plane of rate and distortion on the page: which models, which axes, which one is in focus, and what is drawn and said of it."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from pages.rates.frontier import cached
from pages.shared import controls, page
from pages.shared.links import bound
from vae_core.explore.rates import frontier
from vae_core.explore.rates import frontier_figure as figures
from vae_core.explore.rates.frontier import Axes, Dot
from vae_core.explore.reconstructions import Z_95


def choose_plane() -> str:
    """Draw the choice of the plane; its title."""
    return st.segmented_control(
        "Plane",
        list(frontier.planes()),
        default=next(iter(frontier.planes())),
        required=True,
        **bound("plane"),
        width="stretch",
        label_visibility="collapsed",
    )


def choose_axes() -> Axes:
    """Draw the choice of both axes, and of what the chart's camera saves."""
    left, middle, right = st.columns((2, 2, 1), gap="xsmall")
    with left:
        down = st.selectbox("Distortion in", ("nats", "expected SSE", "PSNR"), **bound("distortion_unit"))
    with middle:
        across = st.selectbox("Rate in", ("nats", "bits", "bits per pixel"), **bound("rate_unit"))
    with right:
        st.selectbox("Camera", ("svg", "png"), **bound("saved_as"), help="What the camera above the chart saves.")
    return Axes(across, down)


def choose_dot(found: list[Dot]) -> Dot:
    """Draw the sliders of d and β, which stop at trained models only; the dot that they choose."""
    dims = sorted({dot.spec.latent_dim for dot in found})
    betas = [int(beta) if beta.is_integer() else beta for beta in sorted({dot.spec.beta for dot in found})]  # 4, as the address says it
    left, right = st.columns(2, gap="small")
    with left:
        beta = _slider("β", betas, "beta", 1.0)
    with right:
        dim = _slider("Latent dimension d", dims, "d", 8)
    dot = frontier.nearest(found, int(dim), beta)
    if (dot.spec.latent_dim, dot.spec.beta) != (dim, beta):
        st.caption(f"β = {beta:g} at d = {dim} is not trained yet: here is β = {dot.spec.beta:g} at d = {dot.spec.latent_dim}.")
    return dot


def _slider(label: str, options: list, key: str, usual: float) -> float:
    """A slider over trained values; a text where there is but one."""
    start = min(options, key=lambda value: abs(value - usual))
    controls.settle(key, options, start)
    if len(options) == 1:
        st.markdown(f"{label} = **{options[0]:g}**, as all models of this plane")
        return options[0]
    return st.select_slider(label, options, value=start, **bound(key))


def choose_dims(dot: Dot) -> tuple[int, int]:
    """Choose two latent dimensions of the aggregate posterior, those of largest KL first."""
    names = [f"z{j + 1}" for j in frontier.dims_by_rate(dot.own)]
    chosen = []
    for place, key, index in zip(st.columns(2, gap="xsmall"), ("across", "up"), (0, 1), strict=True):
        with place:
            controls.settle(key, names, names[index])
            label = f"Codes {key}"
            chosen.append(st.selectbox(label, names, index=index, **bound(key), label_visibility="collapsed"))
    return int(chosen[0][1:]) - 1, int(chosen[1][1:]) - 1


def what_is_trained(title: str, found: list[Dot]) -> str:
    """How many of the plane's models are there, at how many seeds, and what the whiskers are."""
    fewest, most = (f(len(dot.seeds) for dot in found) for f in (min, max))
    counts = f"{most} seeds" if fewest == most else f"{most} seeds, where there are as many"
    seeds = f"whiskers: smallest and largest of {counts}" if most > 1 else "one seed"
    return f"{len(found)} of {len(frontier.planes()[title])} models trained; {seeds}"


def numbers(dot: Dot) -> None:
    """R, D and the ELBO of the chosen model, and how far its importance-weighted bound lies below their sum."""
    m, bound = dot.own.metrics, dot.own.bound
    st.markdown(
        f"R {m['rate']:.2f}, D {page.signed(m['distortion'])}: "
        f"**−ELBO {page.signed(-m['elbo'])} ± {Z_95 * m['elbo_standard_error']:.2f} nats**"
    )
    said = f"−ELBO = R + D (β = 1) ± 95 %; n = {m['n_images']:,} test images, one z each."
    if bound is not None:
        k = f"importance-weighted, k = {bound.n_samples:,}"
        said += f" Above −L ({k}) by {bound.gap:.2f} ± {Z_95 * bound.gap_standard_error:.2f}, same {bound.n_images} images and b."
    st.caption(said)


def about_the_lines(found: list[Dot], axes: Axes, dot: Dot) -> str:
    """What the lines are, and how the bound was obtained; or why there is no tangent."""
    if frontier.slope(dot.spec, axes, "tangent") is None:
        is_psnr = axes.distortion == "PSNR"
        return "No tangent: " + ("the PSNR is the logarithm of a mean." if is_psnr else "this likelihood's nats are not squared errors.")
    if axes.distortion != "nats":
        slopes = "" if axes.rate == "nats" else f", per nat; the axis has {axes.rate}"
        return f"Dotted: equal ELBO, slope −2σ²; red: the tangent, −2τ = −2βσ²{slopes}."
    bound = frontier.entropy_bound(found)
    model = f"d = {bound.spec.latent_dim}, β = {bound.spec.beta:g}"
    return f"Dotted: equal −ELBO. Dashed: best importance-weighted bound, k = {bound.n_samples}, n = {bound.n_images:,} ({model})."


OF_SPEC = ("dataset", "network", "likelihood", "scale", "latent_dim", "beta", "seed")
OF_METRICS = ("rate", "distortion", "elbo", "elbo_standard_error", "sse", "expected_sse", "active_units", "n_images")
OF_BOUND = ("iwae_bound", "n_samples", "n_images")


def rows(found: list[Dot]) -> list[tuple]:
    """Values of `figures.frontier.COLUMNS`, of every model at every seed; of its bounds the one with the larger k."""
    table = []
    for one in (one for dot in found for one in dot.seeds):
        bound = one.metrics if one.bound is None else asdict(one.bound)
        own = tuple(getattr(one.spec, name) for name in OF_SPEC)
        table.append((*own, *(one.metrics[name] for name in OF_METRICS), *(bound[name] for name in OF_BOUND)))
    return table


def downloads(title: str, found: list[Dot]) -> list[page.Download]:
    """The plane as CSV; the chart's own camera saves it as a picture."""
    name = f"frontier-{title.lower().replace(' ', '-')}.csv"
    return [page.Download("CSV", name, "text/csv", lambda: figures.plane_csv(rows(found)))]


def chart(title: str, axes: Axes, dot: Dot) -> None:
    """Draw the plane; its camera saves it as a picture."""
    page.chart(cached.plane(title, axes, dot, st.session_state["saved_as"]))
