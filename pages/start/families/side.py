"""What stands beside the taxonomy: which test image, how probable the model in focus finds them all, and what this machine has."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.shared import cached, fetching
from pages.shared.controls import Choice, called, sets_of_the_sidebar
from pages.shared.links import bound
from pages.start.families.cached import device_name
from vae_core.drawing.image_table import Head, ImageTable, Tile
from vae_core.explore.means import log_px_method, log_px_of_metrics
from vae_core.log_px import is_bound


def one_test_image(choice: Choice) -> tuple[int, np.ndarray]:
    """Choose one test image: its index and its bytes, (C, H, W)."""
    x = cached.dataset(choice.dataset).test.x
    place = st.container()
    index = st.number_input("Test image", 0, len(x) - 1, 0, **bound("image"))
    place.html(ImageTable((Head("", ""),), ((Tile(x[index], "x, for every model"),),)).to_html(most=120, beside=650))
    return index, x[index]


def log_px(choice: Choice) -> None:
    """Mean log p(x) of the model in focus where it has one: exact, by quadrature, or a bound that is called a bound."""
    metrics = cached.metrics(choice.dataset, choice.latent_dim).get(choice.family)
    if metrics is None or metrics["log_px"] is None:
        return
    images = f"{metrics['n_images']:,} {'binarised ' if metrics['binarisation_seed'] is not None else ''}test images"
    value = log_px_of_metrics(metrics).removeprefix("≥ ")
    interval = " ± 95 % confidence interval" if "±" in value else ""
    least = "at least " if is_bound(metrics) else ""
    st.caption(f"log p(x) is {least}{value} nats per image ({log_px_method(metrics)}). Mean over {images}{interval}.")


def this_machine() -> None:
    """What this machine has: device, models and data sets."""
    models = cached.checkpoints()
    shipped = sum(checkpoint.is_shipped for checkpoint in models)
    size = sum(checkpoint.size for checkpoint in models) / 1e6
    here = sets_of_the_sidebar()
    sets = [f"● {called(name)}" if is_here else f"○ {called(name)}, {fetching.megabytes(name)}" for name, is_here in here.items()]
    st.caption(f"**This machine** · {device_name()} · {len(models)} models ({shipped} shipped), {size:.1f} MB  \n{' · '.join(sets)}")
