"""Which models draw samples, and the bound on log p(x) of each beneath its own."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached, page
from pages.shared.controls import Choice, latent_dims
from vae_core.explore.means import log_px_method, log_px_of_metrics, mean_of_metrics
from vae_core.specs import ModelSpec
from vae_core.units import signed


def at_every_dim(choice: Choice, family: str) -> dict[int, ModelSpec]:
    """Latent dimension → spec of the trained recipes of a family, four at most: those of Kingma & Welling 2014, Fig. 5 first."""
    recipes = {dim: cached.specs(choice.dataset, dim).get(family) for dim in latent_dims(choice.dataset)}
    trained = cached.trained({dim: spec for dim, spec in recipes.items() if spec is not None})
    usual = [dim for dim in trained if dim in (2, 5, 10, 20)]
    chosen = usual if len(usual) >= 2 else list(trained)[:4]
    return {dim: trained[dim] for dim in chosen}


def metrics_of(specs: dict[int, ModelSpec]) -> dict[int, dict]:
    """Latent dimension → stored evaluation on the test images."""
    here = cached.by_fingerprint()
    return {dim: here[spec.fingerprint].metrics for dim, spec in specs.items() if spec.fingerprint in here}


def elbo_line(spec: ModelSpec) -> str:
    """The ELBO of a model on the test images, as a line."""
    checkpoint = cached.checkpoint(spec)
    return f"ELBO {signed(checkpoint.metrics['elbo'], 1)} nats" if checkpoint is not None else ""


def best_bound(specs: dict[int, ModelSpec]) -> None:
    """The largest ELBO of all, and log p(x) of each model with its method."""
    metrics = metrics_of(specs)
    if not metrics:
        return
    best = max(metrics, key=lambda dim: metrics[dim]["elbo"])
    images = "binarised test images" if metrics[best]["binarisation_seed"] is not None else "test images"
    method = f"Mean over n = {metrics[best]['n_images']:,} {images}, one z ~ q(z|x) each, rate in closed form."
    page.number(f"Best test ELBO, d = {best}", f"{mean_of_metrics(metrics[best], 'elbo')} nats", method, of=specs[best])
    lines = [f"d = {dim}: {log_px_of_metrics(of_dim)} ({log_px_method(of_dim)})" for dim, of_dim in metrics.items()]
    st.caption("  \n".join(["log p(x) of the same images, nats:", *lines]))
