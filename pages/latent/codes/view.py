"""The codes of all test images as a chart, coloured by class or by a number of each image."""

from __future__ import annotations

from pages.latent.codes.cached import per_image
from pages.latent.codes.controls import MOST_CHOSEN
from pages.shared import cached
from vae_core.explore.codes import Projection
from vae_core.explore.codes_figure import latent_scatter
from vae_core.specs import ModelSpec


def scatter(spec: ModelSpec, projection: Projection, plane: str, dims: tuple[int, int], colour: str) -> bytes:
    """The chart, packed.

    Args:
        spec: of the model whose codes these are.
        projection: of the codes on a plane.
        plane: its name, as the control has it.
        dims: the two dimensions of axes of z.
        colour: "label", or the name of a number that each image has.
    """
    values = None if colour == "label" else per_image(spec)[colour]
    unit = "squared error, all pixels" if colour == "SSE" else f"{colour} (nats)"
    drawing = {
        "labels": cached.labels(spec.dataset),
        "values": values,
        "value_name": unit,
        "prior_circles": cached.test_codes(spec).has_prior and plane == "axes of z",
    }
    choices = (spec.fingerprint, plane, dims, colour)
    points, names = projection.points, projection.names
    return cached.lasting_chart("codes", choices, lambda: latent_scatter(points, names, **drawing), selects=MOST_CHOSEN)
