"""Where a picture lies: among the codes, the scores and the images of a model's data set. Computed for the session, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from pages.own import cached as own
from pages.own.place import cached as place_cache
from pages.shared import cached, page
from pages.shared.controls import Choice
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import mark
from vae_core.explore.own import own_images_figure as figures
from vae_core.explore.own.own_images import FALSE_ALARMS, FEWEST_SCORES, N_DRAWS, WORDS, nearest, percentile, place, threshold, verdict
from vae_core.specs import ModelSpec
from vae_core.units import minus, with_interval

N_NEIGHBOURS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """A picture as a model sees it.

    Attributes:
        z: its code, (D,), and `sd`, σ of q(z|x), (D,).
        score: what `name` says, with its standard error over draws if it is drawn, and the scores of the test images, (N,).
        nearest: how it was measured → indices of training images, and their distances.
    """

    spec: ModelSpec
    z: np.ndarray
    sd: np.ndarray
    name: str
    score: float
    score_error: float | None
    test_scores: np.ndarray
    nearest: dict[str, tuple[np.ndarray, np.ndarray]]


def why_not_judged(choice: Choice) -> str | None:
    """What is said where there are too few images to compare a picture with; None where there are enough. They must be here."""
    n = len(cached.dataset(choice.dataset).test)
    if n >= FEWEST_SCORES:
        return None
    return f"{choice.title} has {n} test images, and a threshold takes at least {FEWEST_SCORES}: make the data set again from more images."


def judge(spec: ModelSpec, x: np.ndarray) -> Placement:
    """A picture, uint8 (C, H, W), among the images of the model's data set."""
    code = place_cache.code(spec, x)
    train = cached.dataset(spec.dataset).train.x
    neighbours = {
        "pixels": nearest(train, x, N_NEIGHBOURS),
        "codes": nearest(cached.train_codes(spec).mean, code.mean[0], N_NEIGHBOURS),
    }
    return Placement(spec, code.mean[0], code.sd[0], own.score_name(spec), *own.score(spec, x), place_cache.test_scores(spec), neighbours)


def likeness(placement: Placement) -> None:
    """The percentile of the picture's score among the test images, in a word and in numbers, with the false alarms of that word."""
    limit, n = threshold(placement.test_scores), len(placement.test_scores)
    share = percentile(placement.test_scores, placement.score)
    is_binarised = cached.offers(placement.spec).binarises
    value = f"{placement.name} = {with_interval(placement.score, placement.score_error)}" + (" nats" if placement.name != "−SSE" else "")
    how = {
        "ELBO": f"mean and standard error of {N_DRAWS} draws of z" + (" and of the binarisation" if is_binarised else ""),
        "log p(x)": "exact",
        "−SSE": "exact; this family has no density",
    }[placement.name]
    st.markdown(f"**{WORDS[verdict(placement.test_scores, placement.score)]}.**")
    method = f"{value} ({how}): {share:.1f} % of the n = {n:,} test images score lower."
    page.number(f"Percentile, {mark(placement.spec.family).short}", f"{share:.1f} %", method, of=placement.spec)
    st.caption(
        minus(f"“Nothing like” is said below {limit.score:.2f}")
        + f", the {100 * FALSE_ALARMS:.0f} % quantile of every second test image; of the other {limit.n_measured:,} it is said of "
        f"{100 * limit.false_alarms:.1f} % (false alarms, measured). A high score proves little: plain pictures score high "
        "(Nalisnick et al. 2019)."
    )


def neighbour_table(placement: Placement, x: np.ndarray) -> Any:
    """The training images nearest to the picture in pixels and in codes, their class and distance below each."""
    train = cached.dataset(placement.spec.dataset).train
    labels = cached.labels(placement.spec.dataset, "train")
    lines = {
        how: [f"{distance:.2f}" if labels is None else f"{labels[i]}: {distance:.2f}" for i, distance in zip(*pair, strict=True)]
        for how, pair in placement.nearest.items()
    }
    return figures.neighbours(x, {f"nearest in {how}": (train.x[placement.nearest[how][0]], lines[how]) for how in lines})


def chart(placement: Placement, view: str, *, height: int) -> Any:
    """The picture among the test codes, its code, or its score among theirs."""
    codes = cached.test_codes(placement.spec)
    if view == "score":
        unit = f"{placement.name}, squared error over all pixels" if placement.name == "−SSE" else f"{placement.name} (nats)"
        return figures.score_histogram(placement.test_scores, placement.score, threshold(placement.test_scores).score, unit, height=height)
    if view == "code":
        low, high = np.quantile(codes.mean, [0.05, 0.95], axis=0)
        return figures.code_bars(placement.z, placement.sd, low, high, height=height)
    where = place(codes, placement.z)
    circles = codes.has_prior and codes.latent_dim == 2
    look = {"labels": cached.labels(placement.spec.dataset), "prior_circles": circles, "height": height}
    return figures.place_map(where.plane.points, where.plane.names, where.point, **look)


def csv_of(placement: Placement) -> bytes:
    """Code, score and neighbours of the picture as a CSV file, a line for each number."""
    code = [[f"z{j + 1}", value] for j, value in enumerate(placement.z.tolist())]
    score = [[placement.name, float(placement.score)], ["percentile", percentile(placement.test_scores, placement.score)]]
    near = [
        [f"training image {i}, distance in {how}", float(distance)]
        for how, pair in placement.nearest.items()
        for i, distance in zip(*pair, strict=True)
    ]
    return csv(["what", "value"], [*code, *score, *near], digits=6)


def focus_line(choice: Choice) -> str:
    """The model in focus in a few words."""
    return f"{mark(choice.family).short} of {choice.title} at d = {choice.latent_dim}"
