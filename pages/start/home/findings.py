"""What two numbers keep of an image, and which classes lie between two others, in words."""

from __future__ import annotations

from pages.shared import cached
from pages.shared.controls import called
from pages.shared.words import Words
from vae_core.explore.codes import Codes
from vae_core.explore.means import log_px_method, log_px_of_metrics, mean_of_metrics
from vae_core.explore.start.home import classes_on_the_way
from vae_core.specs import ModelSpec

START, END = 0, 1
"""Classes between which one is asked to drag the point."""


def conclusion(spec: ModelSpec, text: Words) -> str:
    """How well two numbers do on the test images."""
    checkpoint = cached.checkpoint(spec)
    if checkpoint is None:
        return ""
    metrics = checkpoint.metrics
    return text.said(
        "conclusion",
        dataset=called(spec.dataset),
        sse=mean_of_metrics(metrics, "sse"),
        log_px=log_px_of_metrics(metrics),
        method=log_px_method(metrics),
        n=f"{metrics['n_images']:,}",
    )


def answer(spec: ModelSpec, codes: Codes | None, text: Words) -> str:
    """Which classes one passes between two others."""
    labels = None if codes is None else cached.dataset(spec.dataset).test.labels
    if labels is None:
        return text.said("answer-unlabelled")
    between = classes_on_the_way(codes.mean, labels, START, END)[1:-1]
    return text.said("answer", start=START, end=END, between=", ".join(map(str, between)) or "none")
