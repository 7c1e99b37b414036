"""What the models make of this session's pictures: tables, numbers and files. Computed for the session, kept in no shared cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from pages.own import cached as own
from pages.own.own_images import SAMPLE, Brought
from pages.shared import cached, page
from pages.shared.controls import Choice, latent_dims
from vae_core.data.preparation import Preparation, made_like
from vae_core.drawing.theme import mark
from vae_core.explore.own import own_images_figure as figures
from vae_core.explore.own.own_images import FALSE_ALARMS, FEWEST_SCORES, N_DRAWS, WORDS, nearest, percentile, place, threshold, verdict
from vae_core.explore.own.own_results_figure import results_zip, table_csv
from vae_core.specs import ModelSpec

N_NEIGHBOURS = 6


def models(choice: Choice) -> list[ModelSpec]:
    """Every trained recipe of the data set: all families at all cached latent dimensions."""
    dims = latent_dims(choice.dataset)
    return [spec for dim in dims for spec in cached.trained(cached.specs(choice.dataset, dim)).values()]


def through(specs: list[ModelSpec], x: np.ndarray) -> list[figures.Through]:
    """A picture, uint8 (C, H, W), through every model."""
    found = [own.passage(spec, x[None]) for spec in specs]
    return [figures.Through(p.spec.family, p.spec.latent_dim, p.x_hat[0], float(p.sse[0]), float(p.psnr[0])) for p in found]


def numbers(choice: Choice, found: list[figures.Through]) -> None:
    """Squared error and PSNR of the picture through the model in focus, or what is missing."""
    one = next((t for t in found if (t.family, t.latent_dim) == (choice.family, choice.latent_dim)), None)
    if one is None:
        st.caption(f"{choice.family} is not trained for {choice.title} at d = {choice.latent_dim}.")
        return
    method = f"PSNR {one.psnr:.1f} dB. Exact, of this picture (n = 1): summed over pixels, through the posterior mean, not clipped."
    page.number(f"SSE, {choice.family}, d = {choice.latent_dim}", f"{one.sse:.2f}", method)


def files(choice: Choice, brought: Brought, how: Preparation, specs: list[ModelSpec], found: list[figures.Through]) -> list[page.Download]:
    """All pictures through all models as one ZIP file, made when it is asked for; the numbers of the one that is looked at as CSV."""
    name = f"own-images-{choice.dataset}"
    shown = rows(brought.picture.name, specs, found)

    def everything() -> bytes:
        inputs = [(picture.name, made_like(choice.dataset, picture.over(how.behind), how)) for picture in brought.pictures]
        parts = [(label, x, through(specs, x)) for label, x in inputs]
        lines = []
        for number, (label, x, each) in enumerate(parts, start=1):
            for spec, row in zip(specs, rows(label, specs, each), strict=True):
                lines.append({"folder": f"{number:02d}", **row, "score": own.score_name(spec), "value": f"{own.score(spec, x)[0]:.6g}"})
        about = {"preparation": how.to_json(), "models": [{**spec.to_json(), "fingerprint": spec.fingerprint} for spec in specs]}
        return results_zip(parts, lines, about)

    return [
        page.Download("ZIP", f"{name}.zip", "application/zip", everything),
        page.Download("CSV", f"{name}.csv", "text/csv", table_csv(shown)),
    ]


def rows(name: str, specs: list[ModelSpec], found: list[figures.Through]) -> list[dict[str, Any]]:
    """The numbers of one picture, a line for each model."""
    return [
        {
            "picture": name,
            "family": one.family,
            "latent_dim": one.latent_dim,
            "fingerprint": spec.fingerprint,
            "sse": f"{one.sse:.6g}",
            "psnr_db": f"{one.psnr:.6g}",
        }
        for spec, one in zip(specs, found, strict=True)
    ]


def notebook(brought: Brought, how: Preparation, dataset: str) -> dict[str, str]:
    """What the lines for a notebook need of the picture; a file's name is a person's own, and is not written into them."""
    asked = {name: value for name, value in how.to_json().items() if value != Preparation().to_json()[name]}
    said = ", ".join(f"{name}={value!r}" for name, value in asked.items())
    if brought.way == SAMPLE:
        source, _, rest = brought.picture.name.partition(" #")
        index = rest.partition(":")[0]
        channels = "[0]" if brought.picture.on_white.ndim == 2 else ".transpose(1, 2, 0)"
        pixels = f'datasets.load("{source}").test.x[{index}]{channels}'
    else:
        pixels = f'read_image_file(Path("picture.png"), behind="{how.behind}")'
    return {"pixels": pixels, "preparation": f"Preparation({said})", "dataset": dataset}


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
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


def judged(spec: ModelSpec, x: np.ndarray) -> Judged:
    """A picture, uint8 (C, H, W), among the images of the model's data set."""
    code = own.code(spec, x)
    train = cached.dataset(spec.dataset).train.x
    found = {
        "pixels": nearest(train, x, N_NEIGHBOURS),
        "codes": nearest(cached.train_codes(spec).mean, code.mean[0], N_NEIGHBOURS),
    }
    return Judged(spec, code.mean[0], code.sd[0], own.score_name(spec), *own.score(spec, x), own.test_scores(spec), found)


def likeness(found: Judged) -> None:
    """The percentile of the picture's score among the test images, in a word and in numbers, with the false alarms of that word."""
    limit, n = threshold(found.test_scores), len(found.test_scores)
    share = percentile(found.test_scores, found.score)
    is_binarised = cached.model(found.spec).binarises
    error = "" if found.score_error is None else f" ± {found.score_error:.2f}"
    value = f"{found.name} = {found.score:.2f}{error}".replace("-", "−") + (" nats" if found.name != "−SSE" else "")
    how = {
        "ELBO": f"mean and standard error of {N_DRAWS} draws of z" + (" and of the binarisation" if is_binarised else ""),
        "log p(x)": "exact",
        "−SSE": "exact; this family has no density",
    }[found.name]
    st.markdown(f"**{WORDS[verdict(found.test_scores, found.score)]}.**")
    page.number(f"Percentile, {found.spec.family}", f"{share:.1f} %", f"{value} ({how}): so many of the n = {n:,} test images score lower.")
    st.caption(
        f"“Nothing like” is said below {limit.score:.2f}".replace("-", "−")
        + f", the {100 * FALSE_ALARMS:.0f} % quantile of every second test image; of the other {limit.n_measured:,} it is said of "
        f"{100 * limit.false_alarms:.1f} % (false alarms, measured). A high score proves little: plain pictures score high "
        "(Nalisnick et al. 2019)."
    )


def neighbour_table(found: Judged, x: np.ndarray) -> Any:
    """The training images nearest to the picture in pixels and in codes, their class and distance below each."""
    train = cached.dataset(found.spec.dataset).train
    labels = cached.labels(found.spec.dataset, "train")
    lines = {
        how: [f"{distance:.2f}" if labels is None else f"{labels[i]}: {distance:.2f}" for i, distance in zip(*pair, strict=True)]
        for how, pair in found.nearest.items()
    }
    return figures.neighbours(x, {f"nearest in {how}": (train.x[found.nearest[how][0]], lines[how]) for how in lines})


def chart(found: Judged, view: str, *, height: int) -> Any:
    """The picture among the test codes, its code, or its score among theirs."""
    codes = cached.test_codes(found.spec)
    if view == "score":
        unit = f"{found.name}, squared error over all pixels" if found.name == "−SSE" else f"{found.name} (nats)"
        return figures.score_histogram(found.test_scores, found.score, threshold(found.test_scores).score, unit, height=height)
    if view == "code":
        low, high = np.quantile(codes.mean, [0.05, 0.95], axis=0)
        return figures.code_bars(found.z, found.sd, low, high, height=height)
    where = place(codes, found.z)
    circles = codes.has_prior and codes.latent_dim == 2
    look = {"labels": cached.labels(found.spec.dataset), "prior_circles": circles, "height": height}
    return figures.place_map(where.plane.points, where.plane.names, where.point, **look)


def place_rows(found: Judged) -> list[dict[str, Any]]:
    """Code, score and neighbours of the picture, a line for each number."""
    code = [{"what": f"z{j + 1}", "value": f"{v:.6g}"} for j, v in enumerate(found.z)]
    score = [
        {"what": found.name, "value": f"{found.score:.6g}"},
        {"what": "percentile", "value": f"{percentile(found.test_scores, found.score):.4g}"},
    ]
    near = [
        {"what": f"training image {i}, distance in {how}", "value": f"{distance:.6g}"}
        for how, pair in found.nearest.items()
        for i, distance in zip(*pair, strict=True)
    ]
    return [*code, *score, *near]


def focus_line(choice: Choice) -> str:
    """The model in focus in a few words."""
    return f"{mark(choice.family).short} of {choice.title} at d = {choice.latent_dim}"
