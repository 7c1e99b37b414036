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
from vae_core.explore.means import Mean, Share
from vae_core.explore.own import own_images_figure as figures
from vae_core.explore.own.own_images import N_DRAWS, N_OWN_DRAWS, nearest, percentile, percentile_half_width, place
from vae_core.explore.own.strangers import FEWEST_TEST_IMAGES, Caught, Evidence, Rule, caught
from vae_core.specs import ModelSpec

N_NEIGHBOURS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """A picture as a model sees it.

    Attributes:
        z: its code, (D,), and `sd`, σ of q(z|x), (D,).
        score: what `name` says, with its interval over draws if it is drawn, and the scores of the test images, (N,).
        rule: when a picture is called unlike the data, and what it knows of this one, `evidence`.
        nearest: how it was measured → indices of training images, and their distances.
        reading: what the data set's classifier reads of it, where there is one.
    """

    spec: ModelSpec
    z: np.ndarray
    sd: np.ndarray
    name: str
    score: Mean
    test_scores: np.ndarray
    rule: Rule
    evidence: Evidence
    nearest: dict[str, tuple[np.ndarray, np.ndarray]]
    reading: own.Reading | None


def why_not_judged(choice: Choice) -> str | None:
    """What is said where there are too few images to compare a picture with; None where there are enough. They must be here."""
    n = len(cached.dataset(choice.dataset).test)
    if n >= FEWEST_TEST_IMAGES:
        return None
    few = f"{choice.title} has {n} test images, and a verdict takes at least {FEWEST_TEST_IMAGES}"
    return f"{few}: make the data set again from more images."


def judge(spec: ModelSpec, x: np.ndarray) -> Placement:
    """A picture, uint8 (C, H, W), among the images of the model's data set."""
    code = place_cache.code(spec, x)
    z, name, score = code.mean[0], own.score_name(spec), own.score(spec, x)
    pixels = nearest(cached.dataset(spec.dataset).train.x, x, N_NEIGHBOURS)
    among = place_cache.test_scores(spec), place_cache.rule(spec), place_cache.evidence(spec, x, score.value)
    neighbours = {"pixels": pixels, "codes": nearest(cached.train_codes(spec).mean, z, N_NEIGHBOURS)}
    return Placement(spec, z, code.sd[0], name, score, *among, neighbours, own.reading(spec.dataset, x) if x.any() else None)


def likeness(placement: Placement) -> None:
    """Whether the model has seen anything like the picture, in numbers, with how often the verdict is wrong."""
    n = len(placement.test_scores)
    test_scores, score = placement.test_scores, placement.score
    share, value, its_interval = percentile(test_scores, score.value), "", ""
    if score.half_width is not None:
        value = f" ± {percentile_half_width(test_scores, score.value, score.half_width):.1f}"
        its_interval = ", ± 95 % confidence interval over the draws"
    method = f"{_score_in_words(placement)}: {share:.1f} % of the n = {n:,} test images score lower{its_interval}."
    page.number(f"Percentile, {mark(placement.spec.family).short}", f"{share:.1f}{value} %", method, of=placement.spec)
    if placement.reading is not None:
        read = f"Read as **{placement.reading.label}**. {_neighbours_in_words(placement)}"
        st.caption(read, help=f"{placement.reading.how} {placement.reading.accuracy}")
    strangers = caught(placement.spec)
    about = f" Strangers: {strangers.by_kind}. {strangers.how_chosen}" if strangers else ""
    page.fine_print().caption(_rightness_in_words(placement.rule, strangers), help=f"{_rule_in_words(placement.rule)}{about}")


def _rule_in_words(rule: Rule) -> str:
    """When a picture is called unlike the data."""
    signs = ["its score", "its code" if rule.reference.shapes is None else "its code and shape among training images"]
    signs += [] if rule.reference.energy is None else ["the classifier's doubt"]
    return (
        f"A picture is called “unlike” if {', '.join(signs[:-1])} and {signs[-1]} are together as odd as in the oddest "
        f"{100 * rule.limit:.1f} % of test images, or if its score is among their highest {100 * rule.limit:.1f} %."
    )


def _rightness_in_words(rule: Rule, strangers: Caught | None) -> str:
    """How often the verdict is right: of test images that did not set its rule, and of strangers where it was measured."""
    alarms = Share(round(rule.false_alarms * rule.n_measured), rule.n_measured)
    said = "" if strangers is None else " Strangers are pictures of other kinds: "
    said += "" if strangers is None else f"{strangers.in_words} get this verdict, or a warning. {strangers.least_in_words}"
    return f"Of {rule.n_measured:,} other test images {alarms} are called “unlike” (false alarms, 95 % confidence interval).{said}"


def _score_in_words(placement: Placement) -> str:
    """The score with its interval, its unit, and how it was obtained."""
    is_binarised = cached.offers(placement.spec).binarises
    value = f"{placement.name} = {placement.score}" + (" nats" if placement.name != "−SSE" else "")
    draws = f"mean of {N_OWN_DRAWS} draws of z" + (" and of the binarisation" if is_binarised else "")
    how = {
        "ELBO": f"{draws}; of a test image, {N_DRAWS}",
        "log p(x)": "exact",
        "−SSE": "exact; this family has no density",
    }[placement.name]
    return f"{value} ({how})"


def _neighbours_in_words(placement: Placement) -> str:
    """The label that most of the nearest codes have, and how many of them; nothing where images have no labels."""
    labels = cached.labels(placement.spec.dataset, "train")
    if labels is None:
        return ""
    values, counts = np.unique(labels[placement.nearest["codes"][0]], return_counts=True)
    return f"Of the {counts.sum()} nearest codes {counts.max()} are of {values[counts.argmax()]}."


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
        rule, score = placement.rule, placement.score.value
        limits = np.quantile(rule.reference.scores, [rule.limit, 1 - rule.limit])
        return figures.score_histogram(placement.test_scores, score, (limits[0], limits[1]), unit, tail=rule.limit, height=height)
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
    score = [[placement.name, placement.score.value], ["percentile", percentile(placement.test_scores, placement.score.value)]]
    score += [["distance to nearest codes", float(placement.evidence.distances[0])]]
    near = [
        [f"training image {i}, distance in {how}", float(distance)]
        for how, pair in placement.nearest.items()
        for i, distance in zip(*pair, strict=True)
    ]
    return csv(["what", "value"], [*code, *score, *near], digits=6)


def focus_line(choice: Choice) -> str:
    """The model in focus in a few words."""
    return f"{mark(choice.family).short} of {choice.title} at d = {choice.latent_dim}"
