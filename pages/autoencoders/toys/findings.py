"""What bending the line has bought, in words, and where the decoder stretches most."""

from __future__ import annotations

import numpy as np

from pages.autoencoders.toys.cached import linear_toy, train_points
from pages.shared.words import Words
from vae_core.explore.autoencoders.toys import ToyFrame, ToyTraining
from vae_core.jobs.live_runs import LiveRun
from vae_core.units import signed

PEAK = 1.5
"""Times the mean from which on a local maximum of the magnification counts as a peak."""


def conclusion(training: ToyTraining, frame: ToyFrame, text: Words) -> str:
    """How far the ELBO of an epoch is above the best straight line or flat sheet; before the training, what that line reaches."""
    line = linear_toy(training.to_json()).metrics["log_px"]
    values = {"shape": "straight line" if training.spec.latent_dim == 1 else "flat sheet", "line": signed(line), "epoch": frame.epoch}
    if "elbo" not in frame.metrics:
        return text.said("conclusion-untrained", **values)
    apart = frame.metrics["elbo"] - line
    section = "conclusion" if apart > 0 else "conclusion-below"
    return text.said(section, **values, elbo=signed(frame.metrics["elbo"]), apart=f"{abs(apart):.2f}")


def answer(training: ToyTraining, run: LiveRun | None, text: Words) -> str:
    """The peaks of the magnification of a line, and how far from the data g(z) is at the highest; what a straight line has."""
    frame = (run.frames if run is not None else [])[-1:]
    if not frame or training.spec.latent_dim > 1 or "elbo" not in frame[0].metrics:
        return text.said("answer-untrained", stretch=f"{linear_toy(training.to_json()).magnification.mean():.2f}")
    stretch, axis = frame[0].magnification, frame[0].axis
    at_peak = (stretch[1:-1] > stretch[:-2]) & (stretch[1:-1] >= stretch[2:]) & (stretch[1:-1] > PEAK * stretch.mean())
    top = int(stretch.argmax())
    x = train_points(training.to_json())
    away = float(np.linalg.norm(x - frame[0].manifold[top], axis=1).min())
    values = {"n_peaks": int(at_peak.sum()), "z": signed(float(axis[top])), "most": f"{stretch[top]:.1f}", "mean": f"{stretch.mean():.1f}"}
    return text.said("answer", **values, away=f"{away:.2f}", scale=f"{frame[0].metrics['scale']:.3f}", epoch=frame[0].epoch)
