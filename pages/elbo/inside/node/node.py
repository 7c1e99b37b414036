"""The random node inside the network, or moved to its input: where the gradient stops, and what arrives."""

from __future__ import annotations

import numpy as np
from streamlit.delta_generator import DeltaGenerator

from pages.elbo.agreement import within
from pages.elbo.inside import cached as inside_cached
from pages.elbo.inside import findings, model
from pages.elbo.inside.diagram.diagram import diagram
from pages.elbo.inside.model import Seen
from pages.shared import cached, controls, page, words
from pages.shared.controls import Choice
from pages.shared.part import Part
from pages.shared.words import Words
from vae_core.drawing.tables import csv
from vae_core.explore.elbo import inside_figure
from vae_core.explore.elbo.inside import Backward
from vae_core.units import signed

GIST = "Run the network backward. Where the random node stands decides whether the encoder hears of the distortion."
INSIDE, MOVED = "inside", "at the input"


def draw(picture: DeltaGenerator, side: DeltaGenerator, choice: Choice) -> Part:
    """Draw the path and its gradients, and the controls beside them."""
    text, seen = words.beside(__file__), model.seen(picture, side, choice)
    with side:
        moved = controls.segmented("Random node", (INSIDE, MOVED), "inside_node") == MOVED
        seed = controls.draw("Redraw ε", key="inside_draw", icon=":material/casino:")
        d, dim = seen.spec.latent_dim, model.dimension(seen, choice)
        found = inside_cached.backward(seen.spec, seen.index, seed, moved)
        _numbers(seen, found)
    with picture:
        drawing = inside_figure.node(dim, _at(found, dim), moved=moved)
        diagram(drawing)
        arrays = (found.eps, found.z_bar, found.mu_bar, found.sigma_bar)
        choices = (seen, seed, moved)
        page.chart(cached.lasting_chart("chain rule", choices, lambda: inside_figure.chain_rule(*arrays)))
    values = {"dataset": seen.spec.dataset, "d": d, "index": seen.index, "seed": seed, "moved": moved}
    return Part(
        text=text,
        conclusion=_conclusion(found, text),
        answer=lambda: _answer(seen, seed, text),
        notebook=text.lines("notebook", **values),
        downloads=[
            page.Download("SVG", "random-node.svg", "image/svg+xml", drawing.svg.encode()),
            page.Download("CSV", "gradients.csv", "text/csv", lambda: _csv(found)),
        ],
    )


def _at(found: Backward, dim: int) -> dict[str, float | None]:
    """What the drawing says of one dimension, from 1."""
    arrays = {"eps": found.eps, "z_bar": found.z_bar, "mu_bar": found.mu_bar, "sigma_bar": found.sigma_bar}
    at = {name: None if values is None else float(values[dim - 1]) for name, values in arrays.items()}
    return at | {"encoder": found.encoder_norm, "decoder": found.decoder_norm}


def _numbers(seen: Seen, found: Backward) -> None:
    """The distortion, and how well autograd and the chain rule agree."""
    if found.mu_bar is None or found.sigma_bar is None:
        method = "Exact for this draw: n = 1. No gradient arrives at μ and σ."
    else:
        apart = max(np.abs(found.mu_bar - found.z_bar).max(), np.abs(found.sigma_bar - found.z_bar * found.eps).max())
        method = f"Exact for this draw: n = 1. Autograd and the chain rule by hand agree within {within(float(apart))}."
    page.number("−log p(x|z)", f"{signed(found.distortion, 2)} nats", method, of=seen.spec)


def _conclusion(found: Backward, text: Words) -> str:
    """How much gradient the encoder gets, and from what."""
    values = {"encoder": f"{found.encoder_norm:.3g}", "decoder": f"{found.decoder_norm:.3g}", "kl": f"{found.kl_norm:.3g}"}
    return text.said("conclusion" if found.encoder_norm else "conclusion-inside", **values)


def _answer(seen: Seen, seed: int, text: Words) -> str:
    """Both places of the node, for the same draw."""
    spec = seen.spec
    view = {"dataset": spec.dataset, "latent_dim": spec.latent_dim, "inside_image": seen.index, "inside_draw": seed}
    numbers = findings.stopped_by_the_node(view)
    lengths = {name: f"{numbers[name]:.3g}" for name in ("moved", "kl", "decoder")}
    return text.said("answer", inside=f"{numbers['value'] * numbers['moved']:.3g}", **lengths)


def _csv(found: Backward) -> bytes:
    """Every dimension; empty where no gradient arrives."""
    empty = [""] * len(found.eps)
    mu, sigma = (empty if one is None else one.tolist() for one in (found.mu_bar, found.sigma_bar))
    columns = (range(1, len(found.eps) + 1), found.eps.tolist(), found.z_bar.tolist(), mu, sigma)
    return csv(["dimension", "eps", "z_bar", "mu_bar", "sigma_bar"], zip(*columns, strict=True), digits=8)
