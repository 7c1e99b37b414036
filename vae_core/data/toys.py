"""Points in the plane and in space whose law is known.

Each has 10,000 points for training and 10,000 for testing, drawn from one law with two seeds. Coordinates are of order 1.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from vae_core.data.base import Points, Provenance, Split
from vae_core.data.recipe import Recipe

N_POINTS = 10_000
TRAIN_SEED, TEST_SEED = 0, 1
SIZES_BESIDE_SCALE = {"n_epochs": 30, "learning_rate": 3e-3}
"""Of a VAE that is not linear and is given its σ."""
INDEPENDENT = "Two independent draws of 10,000 points from fixed seeds."


def toy(
    law: Callable[[int, int], Split],
    title: str,
    *,
    place: int,
    n_classes: int = 0,
    split: str = INDEPENDENT,
    scale: float | None = None,
) -> Recipe:
    """The recipe of points that follow a law, named after it.

    Args:
        law: (number of points, seed) → points, with labels where they have some.
        title: of the data set.
        place: among the points that a person chooses from.
        n_classes: how many labels there are.
        split: how train and test are drawn.
        scale: σ that a VAE that is not linear is given; None where it learns it. A learned σ starts at the spread of the points. Where that
            is about as large in every direction, using the code costs as much as it gains, and the ELBO stays at that of a round Gaussian:
            ring −2.38, spirals −2.25, Swiss roll −3.00 nats at d = 2.
    """
    source = f"made here, by {law.__module__}"
    provenance = Provenance(title=title, source=source, licence="this project's own (MIT)", split=split)
    sizes_of = {} if scale is None else {"vae": {"mlp": {"scale": scale, **SIZES_BESIDE_SCALE}}}
    made = partial(_draws, law)
    return Recipe(law.__name__, provenance, made, kind=Points, place=place, n_classes=n_classes, usual_dims=(1, 2), sizes_of=sizes_of)


def _draws(law: Callable[[int, int], Split]) -> tuple[Split, Split]:
    return law(N_POINTS, TRAIN_SEED), law(N_POINTS, TEST_SEED)
