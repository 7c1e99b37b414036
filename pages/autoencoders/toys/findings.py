"""What bending the line has bought, in words, and where the decoder stretches most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np

from pages.autoencoders.toys.cached import linear_toy, train_points, trained_toy
from pages.autoencoders.toys.controls import AUTOENCODER
from pages.shared.words import Words
from vae_core.explore.autoencoders.toys import ToyFrame, ToyTraining, toy_spec
from vae_core.explore.autoencoders.toys_figure import LEAST_SHOWN
from vae_core.explore.means import Mean
from vae_core.jobs.live_runs import LiveRun
from vae_core.units import signed

PEAK = 1.5
"""Times the mean from which on a local maximum of the magnification counts as a peak."""


SHAPES = {1: "straight line", 2: "flat sheet", 3: "linear map"}
"""What the linear model draws, by its number of dimensions."""


def error(sse: Mean) -> str:
    """A mean squared error with its interval; what is only rounding is 0."""
    return "0" if sse.value < LEAST_SHOWN else str(sse)


def conclusion(training: ToyTraining, frame: ToyFrame, text: Words) -> str:
    """How far an epoch is above the best straight line or flat sheet, in ELBO or in error; before the training, what that line reaches."""
    if not training.has_density:
        return _of_error(training, frame, text)
    line = linear_toy(training.to_json()).mean("log_px")
    values = {"shape": _shape(training), "line": line, "epoch": frame.epoch}
    if "elbo" not in frame.metrics:
        return text.said("conclusion-untrained", **values)
    apart = frame.beyond_linear("elbo", line)
    section = "conclusion-alike" if not apart.tells_apart else "conclusion" if apart.value > 0 else "conclusion-below"
    return text.said(section, **values, elbo=frame.mean("elbo"), apart=apart if apart.value > 0 else -apart)


def _shape(training: ToyTraining) -> str:
    return SHAPES[training.spec.latent_dim]


def _of_error(training: ToyTraining, frame: ToyFrame, text: Words) -> str:
    """What an autoencoder loses, beside PCA with as many numbers per point; without a bottleneck that is nothing."""
    line, x = linear_toy(training.to_json()).mean("sse"), train_points(training.to_json())
    sse, total = frame.mean("sse"), Mean(float(x.var(0).sum()), None, len(x))
    values = {"shape": _shape(training), "epoch": frame.epoch, "line": error(line), "sse": error(sse), "n": training.spec.latent_dim}
    values |= {"share": sse.over(total, None).in_percent, "line_share": line.over(total, None).in_percent}
    values["whole"] = "plane" if x.shape[1] == 2 else "space"
    if training.spec.latent_dim == x.shape[1]:
        return text.said("conclusion-no-bottleneck" if frame.is_trained else "conclusion-no-bottleneck-untrained", **values)
    if not frame.is_trained:
        return text.said("conclusion-error-untrained", **values)
    times = sse.over(line, frame.beyond_linear("sse", line))
    section = "conclusion-error" if times.value < 1 else "conclusion-error-above"
    return text.said(section, times=times, **values)


def answer(training: ToyTraining, run: LiveRun | None, text: Words) -> str:
    """The peaks of the magnification of a line, and how far from the data g(z) is at the highest; what a straight line has."""
    frame = (run.frames if run is not None else [])[-1:]
    if not frame or training.spec.latent_dim > 1 or not frame[0].is_trained:
        line = replace(training, spec=replace(training.spec, latent_dim=1))
        return text.said("answer-untrained", stretch=f"{linear_toy(line.to_json()).magnification.mean():.2f}")
    stretch, axis = frame[0].magnification, frame[0].axis
    at_peak = (stretch[1:-1] > stretch[:-2]) & (stretch[1:-1] >= stretch[2:]) & (stretch[1:-1] > PEAK * stretch.mean())
    top = int(stretch.argmax())
    x = train_points(training.to_json())
    away = float(np.linalg.norm(x - frame[0].manifold[top], axis=1).min())
    values = {"n_peaks": int(at_peak.sum()), "z": signed(float(axis[top])), "most": f"{stretch[top]:.1f}", "mean": f"{stretch.mean():.1f}"}
    values |= {"away": f"{away:.2f}", "epoch": frame[0].epoch}
    if not training.has_density:
        return text.said("answer-autoencoder", **values)
    return text.said("answer", scale=f"{frame[0].metrics['scale']:.3f}", **values)


def error_beside_a_line(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: the error of the autoencoder that the link describes, as a share of PCA's and of the variance, both in percent."""
    training = _training(state)
    trained, x = trained_toy(training.to_json()), train_points(training.to_json())
    sse, line, total = trained.mean("sse"), linear_toy(training.to_json()).mean("sse"), Mean(float(x.var(0).sum()), None, len(x))
    share, told = sse.over(total, None).in_percent, {"sse": sse, "line": line, "epochs": training.spec.n_epochs}
    if line.value < 1e-9 * total.value:
        return {"value": float("inf"), "share": share, **told}
    of_line = sse.over(line, trained.beyond_linear("sse", line)).in_percent
    return {"value": of_line.value, "of_line": of_line, "share": share, **told}


def error_without_a_bottleneck(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: the error with as many numbers as a point has coordinates, and with one, as shares of the variance in percent."""
    whole, one = (error_beside_a_line({**state, "toy_dim": dim}) for dim in ("2", "1"))
    share = cast(Mean, whole["share"])
    return {"value": share.value, "share": share, "one": one["share"], "epochs": whole["epochs"]}


def _training(state: Mapping[str, Any]) -> ToyTraining:
    """What a lecture's link trains; a setting that it does not name is the first of its control."""
    family = "autoencoder" if state.get("toy_model") == AUTOENCODER else "vae"
    network = {"hidden": int(state.get("toy_width", 64)), "depth": int(state.get("toy_depth", 2))}
    network |= {"activation": state.get("toy_activation", "relu"), "n_epochs": int(state.get("toy_epochs", 30))}
    return ToyTraining(toy_spec(str(state["toy"]), int(state.get("toy_dim", 1)), family=family, **network))
