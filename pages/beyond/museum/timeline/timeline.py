"""Works by year: what each published, what this program reaches of it, and the view that shows it."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.beyond.museum import cached as museum
from pages.shared import cached, controls, links, page, words
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.part import Part
from pages.shared.words import Words, listed
from vae_core.explore.beyond import timeline as explore
from vae_core.explore.beyond import timeline_figure as figures
from vae_core.explore.beyond.timeline import WORKS, Work
from vae_core.explore.beyond.timeline_figure import Row, in_digits
from vae_core.explore.means import log_px_method
from vae_core.units import minus

GIST = (
    "Each mark is a number of this program over the published one: on the dashed line they are equal. Choose a work to see its conditions."
)
OPENS_AT = "autoencoder"


@dataclass(frozen=True, slots=True)
class View:
    """What opens of a work: the folder of a page, its link's parameters, and what it shows."""

    folder: str
    shows: str
    query: dict[str, str] = field(default_factory=dict)


THIRTY = {"dataset": "mnist", "latent_dim": "30"}
PEARSON = "3mmg6gku9ahqbqiee0f0hefkjucqmocqo0biqq8o"
ALIKE = {f"surprise_{of}_{outcome}": weight for of in ("data", "model") for outcome, weight in zip("abcd", "9521", strict=True)}
VIEWS = {
    "line": View("linear/pca_by_hand", "the ten points", {"hand_seed": "0", "hand_points": f"0.{PEARSON}", "hand_angle": "151.38"}),
    "ppca": View("linear/pca_images", "three ways to pPCA", {"pca_show": "pPCA"}),
    "pca": View("autoencoders/compare", "reconstructions", THIRTY | {"family": "pca"}),
    "autoencoder": View("autoencoders/compare", "reconstructions", THIRTY | {"family": "autoencoder"}),
    "vae": View("elbo/inside", "a VAE at work"),
    "gan": View("elbo/evidence", "the best discriminator", {"evidence_part": "Surprise"} | ALIKE),
    "draw": View("beyond/draw", "an image drawn in steps"),
    "bound": View("start/families", "each family's log p(x)", THIRTY | {"family": "vae"}),
    "sentences": View("beyond/sequences", "a path of sentences"),
    "forecast": View("beyond/museum", "a ball at a fork", {"museum_part": "At a fork"}),
    "occupancy": View("beyond/museum", "shapes as functions", {"museum_part": "Function space"}),
    "vqvae": View("beyond/symbols", "an image in symbols"),
    "beta": View("rates/frontier", "rate and distortion"),
}
"""Work → the view of this program that shows its number, or what it is about."""


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the timeline, and beside it the chosen work."""
    text, numbers = words.beside(__file__), museum.numbers()
    rows = dict(zip([work.name for work in WORKS], explore.rows(numbers), strict=True))
    with side:
        name = choose(rows)
        tell(next(work for work in WORKS if work.name == name), rows[name])
    with picture:
        chosen = rows[name].label
        page.chart(cached.lasting_chart("timeline", (chosen,), lambda: figures.reproductions(list(rows.values()), chosen=chosen)))
    return Part(
        text=text,
        conclusion=conclusion(list(rows.values()), text),
        answer=lambda: answer(list(rows.values()), text),
        notebook=text.lines("notebook"),
        downloads=[page.Download("CSV", "timeline.csv", "text/csv", lambda: figures.timeline_csv(list(rows.values())))],
    )


def choose(rows: dict[str, Row]) -> str:
    """Draw the menu of works; the name of the chosen one."""
    names = {row.label: name for name, row in rows.items()}
    labels = tuple(names)
    controls.settle("museum_work", labels, rows[OPENS_AT].label)
    return names[st.selectbox("Work", labels, labels.index(rows[OPENS_AT].label), **bound("museum_work"))]


def tell(work: Work, row: Row) -> None:
    """Both numbers with their conditions, and the way to the view."""
    if work.published is None:
        page.number("Published number", "illustration only", f"{work.source}. No number of it is compared here.")
    else:
        page.number(f"Published, {work.published.unit}", minus(work.published.printed), f"{work.source}: {work.published.condition}.")
        spec = explore.spec_of(work.name) if work.name in explore.MODELS else None
        known = None if spec is None else museum.metrics(spec)
        how = work.how.format(method="" if known is None or known["log_px"] is None else log_px_method(known))
        if row.ours is None:
            st.caption(how)
        else:
            page.number(f"Here: {row.verdict}", in_digits(row), how, of=spec)
    view = VIEWS.get(work.name)
    if view is not None:
        st.page_link(links.page(view.folder), label=f"Open {view.shows}", icon=":material/open_in_new:", query_params=view.query)


def conclusion(rows: list[Row], text: Words) -> str:
    """How many published numbers are reached, and which are not."""
    by_verdict = {verdict: [row.label for row in rows if row.verdict == verdict] for verdict in (*figures.LOOKS, "not tried")}
    n = sum(len(labels) for labels in by_verdict.values())
    said = [text.said("conclusion", n=n, reached=len(by_verdict["reached"]), illustrations=len(rows) - n)]
    said += [text.said(f"conclusion-{of.replace(' ', '-')}", works=listed(by_verdict[of])) for of in list(by_verdict)[1:] if by_verdict[of]]
    return " ".join(said)


def answer(rows: list[Row], text: Words) -> str:
    """Of each number that has a mark, how far ours lies from it, the farthest first."""
    compared = sorted((row for row in rows if row.ours is not None), key=lambda row: -abs(_apart(row)))
    if not compared:
        return text.said("answer-none")
    farthest = compared[0]
    said = text.said(
        "answer", work=farthest.label, percent=f"{abs(_apart(farthest)):.2g}", side="below" if _apart(farthest) < 0 else "above"
    )
    lines = ["| Work | Published | Here | |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.label} | {minus(row.printed)} | {in_digits(row)} | {row.verdict} |" for row in compared]
    return "\n".join([said, "", *lines])


def _apart(row: Row) -> float:
    """How far ours lies above the published number, in percent of it."""
    return 100 * (row.share[0] - 1)
