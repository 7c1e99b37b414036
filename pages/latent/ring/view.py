"""What stands still beside the moving points: radii, density and Jacobian with their exact laws, the numbers, and the film for slides."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np
import streamlit as st

from pages.latent.ring.cached import morph_cloud, morph_estimates, morph_table, ring_in_dimensions
from pages.latent.ring.controls import Chosen
from pages.latent.ring.ring_morph.ring_morph import USUAL, View
from pages.shared import cached, controls, page
from pages.shared.chart.chart import packed
from pages.shared.words import Seeing, Words, in_code
from vae_core.drawing.colours import between, even
from vae_core.explore.latent import morph, morph_figure
from vae_core.explore.latent import ring_figure as figures
from vae_core.explore.latent.comparison_maps import density_grid
from vae_core.explore.latent.drawn_map import DrawnMap, drawn_estimates
from vae_core.explore.latent.ring import Estimate, Ring, chi_density
from vae_core.units import signed

N_MARKED, N_PIXELS = 250, 220
FILM = "ring_film_made"
"""Where a visitor's last film is kept, with what it was asked for."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart, packed, with what is said below it."""

    chart: bytes
    caption: str = ""
    formulas: tuple[str, ...] = ()


def draw(chosen: Chosen, view: View) -> None:
    """One of three charts, and the numbers."""
    plots = (
        {"radius": radius, "density p(y)": density, "Jacobian": jacobian} if chosen.formula else {"radius": radius, "density p(y)": density}
    )
    plot = controls.segmented("Exact beside sampled", tuple(plots), "ring_plot")

    of_map = (chosen.name, *chosen.points, chosen.law_dim, tuple(view.values.items()))
    choices = (plot, *of_map, view.numbers.get("follow", -1))
    still = cached.lasting("ring", choices, lambda: plots[plot](chosen, view))

    def below() -> None:
        if still.caption:
            st.caption(still.caption)
        for formula in still.formulas:
            st.latex(formula)
        numbers(chosen, view)

    page.chart(still.chart)
    cached.lasting("below the ring", choices, below)


def samples(chosen: Chosen, view: View) -> np.ndarray:
    """g(z) of the points, (N, d)."""
    if not chosen.formula:
        return morph_cloud(*chosen.points)[0].image["y"]
    return morph_estimates(chosen.name, tuple(view.values.items()), chosen.dim, chosen.n_points)[0]


def radius(chosen: Chosen, view: View) -> Plot:
    """Histogram of radii beside the exact law; the ring's in any number of dimensions."""
    exact = chosen.map(view)
    if isinstance(exact, Ring) and chosen.law_dim != chosen.dim:
        exact = Ring(exact.a, exact.b, chosen.law_dim)
        histogram = ring_in_dimensions(exact.a, exact.b, exact.dim, chosen.n_points)[0]
    else:
        histogram = morph.radius_histogram(samples(chosen, view), exact)
    marks = {"mode": exact.radius.mode, "mean": exact.radius.mean} if isinstance(exact, Ring) else {}
    chart = figures.radius_chart(**asdict(histogram), marks=marks, height=250)
    if isinstance(exact, Ring):
        caption = f"Line: exact, ρ = r/{exact.a:g} + {exact.b:g} with r chi distributed, {exact.dim} degrees of freedom."
    else:
        by_quadrature = "Line: exact, ρ∫p(ρ, φ)dφ by quadrature over the angle."
        caption = by_quadrature if histogram.density is not None else "Counted from the samples."
    return Plot(packed(chart, tools=False), caption)


def density(chosen: Chosen, view: View) -> Plot:
    """Heat map of the exact p(y), or counted where there is no closed form."""
    y, exact = samples(chosen, view), chosen.map(view)
    half = max(0.5, 1.1 * float(np.quantile(np.abs(y[:, :2]), 0.998)))
    if exact is not None:
        axis, p = density_grid(exact, half, N_PIXELS)
    else:
        counts, edges, _ = np.histogram2d(y[:, 1], y[:, 0], 70, ((-half, half), (-half, half)))
        axis, p = (edges[1:] + edges[:-1]) / 2, counts / len(y) / (edges[1] - edges[0]) ** 2
    marked = y[:N_MARKED] if chosen.dim == 2 else y[:0]
    chart = figures.density_map(axis, p, marked[:, :2], is_exact=exact is not None)
    where = "" if chosen.dim == 2 else " on the slice y₃ = 0"
    caption = f"Exact p(y){where}; dots: {len(marked)} samples." if exact is not None else "Counted from the samples: no closed form."
    return Plot(packed(chart, tools=False), caption)


def jacobian(chosen: Chosen, view: View) -> Plot:
    """det J against the radius, with the formulas of determinant and inverse."""
    exact = chosen.map(view)
    r = np.linspace(0.02, 4.5, 300)
    z = np.zeros((len(r), chosen.dim))
    z[:, 0] = r
    at = None
    followed = int(view.numbers.get("follow", -1))
    if 0 <= followed < chosen.n_points:
        at = float(np.linalg.norm(morph_cloud(chosen.n_points, chosen.dim)[0].z[followed]))
    chart = figures.stretch_chart(r, np.exp(exact.log_abs_det(z)), chi_density(r, chosen.dim), at=at, height=220)
    return Plot(packed(chart, tools=False), formulas=(chosen.formula.determinant, chosen.formula.inverted))


def numbers(chosen: Chosen, view: View) -> None:
    """Exact numbers beside the sample's."""
    if chosen.drawing:
        _of_drawing(chosen, view)
        return
    if not chosen.formula:
        explained = morph_cloud(*chosen.points)[0].explained
        page.number(
            "Variance in the picture",
            f"{100 * explained:.1f} %",
            f"Share that the two axes shown hold, of decoded draws, n = {chosen.n_points:,}.",
            of=cached.by_fingerprint()[chosen.fingerprint].spec,
        )
        return
    if chosen.law_dim != chosen.dim:
        estimates = ring_in_dimensions(**view.values, dim=chosen.law_dim, n_points=chosen.n_points)[1]
    else:
        estimates = morph_estimates(chosen.name, tuple(view.values.items()), chosen.dim, chosen.n_points)[1]
    _table(estimates)
    entropy = "; entropy by quadrature over r, in nats" if chosen.name == "ring" else "; entropy in nats"
    st.caption(f"d = {chosen.law_dim}. Exact: closed form{entropy}. Sample: n = {chosen.n_points:,} points.")


def _of_drawing(chosen: Chosen, view: View) -> None:
    """The numbers of what is painted, exact, beside the sample's."""
    exact = DrawnMap(chosen.drawing)
    _table(drawn_estimates(exact, samples(chosen, view)))
    st.caption(
        f"p(y) = 1/area = {1 / exact.area:.4f} wherever it is painted: the entropy is ln area = {signed(exact.entropy())} nats. "
        f"Exact: sums over {int(exact.cells.sum()):,} cells. Sample: n = {chosen.n_points:,} points."
    )


def _table(estimates: list[Estimate]) -> None:
    st.html(figures.estimates_table([(e.name.replace("<", "&lt;"), e.exact, e.sample, e.half_width) for e in estimates]))


def film(chosen: Chosen, view: View) -> None:
    """The morph as GIF, with as many pictures as one likes."""
    with st.popover("Film (GIF)", icon=":material/movie:", width="stretch"):
        n_frames = st.slider("Pictures", 2, morph_figure.MOST_FRAMES, 30, key="ring_film_frames")
        seconds = st.slider("Seconds from t = 0 to t = 1", 1.0, 10.0, 3.0, 0.5, key="ring_film_seconds")
        theme = controls.segmented("Paper", ("light", "dark"), "ring_film_paper")
        settings = repr((chosen, view, n_frames, seconds, theme))
        if st.button("Make the film", icon=":material/movie:", width="stretch"):
            st.session_state[FILM] = settings, gif(chosen, view, n_frames, seconds, theme)
        made_for, data = st.session_state.get(FILM, ("", b""))
        if made_for == settings:  # also when the frame is drawn again meanwhile, since somebody's model is ready
            words = f"Save {len(data) / 1e6:.1f} MB"
            st.download_button(
                words, data, f"{chosen.name}.gif", "image/gif", icon=":material/download:", on_click="ignore", width="stretch"
            )


def gif(chosen: Chosen, view: View, n_frames: int, seconds: float, theme: morph_figure.Theme) -> bytes:
    """The film's bytes."""
    cloud = morph_cloud(*chosen.points)[0]
    exact, turned = chosen.map(view), (view.numbers.get("yaw", USUAL["yaw"]), view.numbers.get("pitch", USUAL["pitch"]))
    lines = {"lines": cloud.lines, "circles": cloud.circles}
    layers = [name for name in lines if {"lines": "grid", "circles": "circles"}[name] in chosen.layers]
    pairs = [(lines[name], exact.forward(lines[name]) if exact else cloud.image[f"{name}_y"]) for name in layers]
    share = morph.colour_share(cloud, chosen.colour, exact)
    colours = between(share, even(figures.PALETTES[chosen.colour]))
    y = samples(chosen, view)
    look = morph_figure.Film(n_frames=n_frames, seconds=seconds, turned=turned, theme=theme)
    return morph_figure.morph_gif(cloud.z, y, colours, lines=pairs, film=look)


def downloads(chosen: Chosen, view: View) -> list[page.Download]:
    """The points before and after the map, as CSV."""
    values = tuple(view.values.items()) if chosen.formula else ()
    of_map = (chosen.name, values, chosen.dim, chosen.n_points, chosen.fingerprint, chosen.drawing)
    return [page.Download("CSV", f"{chosen.name}-points.csv", "text/csv", lambda: morph_table(*of_map))]


def seeing(text: Words, chosen: Chosen) -> Seeing:
    """The explanation of the morph: of a map with a formula, of one to a drawing, or of a decoder."""
    if chosen.formula is None:
        what = "drawing" if chosen.drawing else "decoder"
        sentences, equation, source = (text.sections[f"{part}-{what}"] for part in ("seeing", "equation", "source"))
        return Seeing(tuple(sentences.splitlines()), equation, source)
    return replace(text.seeing, equation=text.lines("equation", formula=chosen.formula.formula))


def notebook(text: Words, chosen: Chosen, view: View) -> str:
    """Lines of Python that make the picture's points and numbers."""
    if chosen.drawing:
        return text.lines("notebook-drawing", drawing=chosen.drawing, n_points=chosen.n_points)
    if chosen.formula is None:
        return text.lines("notebook-decoder", spec=in_code(cached.by_fingerprint()[chosen.fingerprint].spec), n_points=chosen.n_points)
    return text.lines("notebook", name=chosen.name, values=view.values, dim=chosen.law_dim, n_points=chosen.n_points)
