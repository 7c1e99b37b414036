"""Four approaches on the page: draws above densities, what each model answered when it was asked, and how close it comes to the data."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.beyond.approaches.cached import answers, films
from pages.shared import cached, controls, page
from pages.shared.links import bound
from vae_core.explore.beyond import approaches_figure as figures
from vae_core.explore.beyond.approaches import N_DRAWS, N_JUDGED, OUTER, SIDE, STEPS, Answers, Film, Frame, unseen
from vae_core.explore.beyond.four_models import P
from vae_core.explore.means import Mean
from vae_core.units import signed, tiny

POINTS = {"Ring": "ring", "Two moons": "moons"}
NUMBERS = [f"{n:,}" for n in STEPS]
D, BEST = "D(x)", "D*(x)"
OUTSKIRTS = (
    f"Where the data's own density is below that of {100 * (1 - OUTER):.0f} % of them. "
    f"Of {N_JUDGED:,} draws of each model ± half the width of the 95 % confidence interval (Wilson)."
)
COLUMNS = ("Exact log p(x)", "Draw in one pass", "Code smaller than x", "Exact inference")


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """The data set with its film, after how many steps it is looked at, and which discriminator is drawn."""

    dataset: str
    film: Film
    at: int
    discriminator: str

    @property
    def step(self) -> int:
        """Steps of training."""
        return STEPS[self.at]

    @property
    def frames(self) -> dict[str, Frame]:
        """Approach → how it is then."""
        return {approach: frames[self.at] for approach, frames in self.film.frames.items()}

    @property
    def gaps(self) -> dict[str, Mean]:
        """Approach → by how much its log p(x) is below that of the data's own density, point by point; of those that have one."""
        gaps = {approach: frame.mean("gap") for approach, frame in self.frames.items()}
        return {approach: gap for approach, gap in gaps.items() if gap is not None}


def choose() -> Setting:
    """Draw the controls."""
    title = controls.segmented("Points", tuple(POINTS), "approach_points")
    step = st.select_slider("Training steps", NUMBERS, value=NUMBERS[-1], **bound("approach_step"))
    discriminator = controls.segmented("Below the GAN's draws", (D, BEST), "approach_discriminator")
    return Setting(POINTS[title], films()[POINTS[title]], NUMBERS.index(step), discriminator)


def asked(dataset: str) -> dict[str, Answers]:
    """Approach → what its trained model answered."""
    return {approach: answers(dataset, approach) for approach in films()[dataset].frames}


def called(approach: str) -> str:
    """Symbol and name of an approach."""
    return f"{figures.LOOKS[approach].glyph} {figures.LOOKS[approach].short}"


def numbers(setting: Setting) -> None:
    """How close each comes to the density of the data, which none can pass on average."""
    gaps = setting.gaps
    best = min(gaps, key=lambda approach: gaps[approach].value)
    n = gaps[best].n
    method = f"log p(x) below that of the data's own density. Mean over n = {n:,} new points ± 95 % confidence interval."
    page.number(f"Closest: {figures.LOOKS[best].short}", f"{gaps[best]} nats", method)
    rows = [f"| {called('data')} | {signed(-setting.film.entropy, 3)} |"]
    for approach, frame in setting.frames.items():
        rows.append(f"| {called(approach)} | {frame.mean('log_px') or 'none'} |")
        if (elbo := frame.mean("elbo")) is not None:
            rows.append(f"| its ELBO | {elbo} |")
    st.markdown("| | log p(x), nats |\n|---|---|\n" + "\n".join(rows))
    told, best_told = (f"{100 * setting.frames['gan'].metrics[name]:.0f} %" for name in ("told", "best_told"))
    st.caption(f"Data: −entropy, exact. VAE: an integral over z. D tells {told} of data and draws right, the best one, D*, {best_told}.")


def draw(setting: Setting) -> None:
    """The data, and each approach: points above a map."""
    names = ("data", *setting.frames)
    for column, name in zip(st.columns(len(names), gap="small"), names, strict=True):
        with column:
            _one(setting, name)


def _one(setting: Setting, name: str) -> None:
    frame = setting.frames.get(name)
    points = unseen(setting.dataset)[:N_DRAWS] if frame is None else frame.draws
    of, picture = "p(x)", setting.film.picture if frame is None else frame.picture
    if frame is not None and frame.best.size:
        of, picture = setting.discriminator, frame.best if setting.discriminator == BEST else frame.picture
    options = {"approach": name, "side": SIDE, "most": float(setting.film.picture.max()), "of": of}
    st.markdown(f"**{called(name)}**")
    key = (setting.dataset, name, setting.at, of)
    page.chart(cached.lasting_chart("approaches", key, lambda: figures.square(points, picture, **options), tools=False), key=f"of_{name}")
    st.caption(f"Outskirts: {f'{100 * OUTER:.0f}' if frame is None else frame.off.in_brief} %", help=OUTSKIRTS if frame is None else None)


def table(setting: Setting) -> None:
    """What each trained model answered: a tick where it can."""
    rows = [f"| {called(name)} | {' | '.join(_cells(one, setting))} |" for name, one in asked(setting.dataset).items()]
    st.markdown(f"| Trained model | {' | '.join(COLUMNS)} |\n|---|---|---|---|---|\n" + "\n".join(rows))


def _cells(one: Answers, setting: Setting) -> list[str]:
    """Four answers of a model, each with the number that decides it."""
    density = "asking raises" if one.integral is None else f"∫ p(x) dx = {one.integral:.3f}"
    draws = f"{one.n_passes} {'pass' if one.n_passes == 1 else 'passes'}, {one.n_layers} layers"
    code = "no encoder" if one.n_code is None else f"{one.n_code} of {P} numbers"
    inference = "no code to infer"
    if one.inverse_error is not None:
        inference = f"back to {tiny(one.inverse_error)}"
    elif one.posterior_gap is not None:
        density = "a bound, the ELBO"
        inference = f"q is {setting.film.frames['vae'][-1].mean('slack')} nats off"
    return [f"{'✓' if tick else '–'} {said}" for tick, said in zip(one.ticks, (density, draws, code, inference), strict=True)]


def downloads(setting: Setting) -> list[page.Download]:
    """Every frame's numbers as CSV."""
    rows = [(approach, frame.step, frame.metrics) for approach, frames in setting.film.frames.items() for frame in frames]
    return [page.Download("CSV", f"{setting.dataset}-approaches.csv", "text/csv", lambda: figures.films_csv(rows))]
