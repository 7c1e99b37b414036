"""Caches of the training film."""

from __future__ import annotations

from pages.shared import cached
from pages.training.cached import film
from vae_core.drawing.images import Theme
from vae_core.explore.training import points_film_figure, training_film, training_film_figure
from vae_core.specs import ModelSpec
from vae_core.store import Store


def filmed() -> list[ModelSpec]:
    """The specs of all trainings of which there are snapshots."""
    return training_film.filmed(Store())


@cached.of_model(most=8, of=lambda spec, lines, theme: [snapshot.epoch for snapshot in film(spec)], spinner="Drawing the snapshots …")
def film_files(spec: ModelSpec, lines: tuple[str, ...], theme: Theme) -> tuple[bytes, bytes]:
    """The film for the browser (`training_film_figure.film`), and as an animated GIF; images are the same on every page."""
    snapshots = film(spec)
    epochs = tuple(snapshot.epoch for snapshot in snapshots)
    x = cached.dataset(spec.dataset).test.x[list(snapshots[-1].indices)]
    images = [snapshot.reconstructions for snapshot in snapshots]
    if not spec.identity.is_images:
        about = {"family": spec.family, "theme": theme}
        drawn = [points_film_figure.picture(x, s.reconstructions, s.manifold, title=f"epoch {s.epoch}", **about) for s in snapshots]
        return points_film_figure.film(drawn, epochs, lines, spec.n_epochs), training_film_figure.animated(drawn)
    manifolds = [snapshot.manifold for snapshot in snapshots if snapshot.manifold is not None]
    packed = training_film_figure.film(x, epochs, images, manifolds, lines, spec.n_epochs)
    return packed, training_film_figure.film_gif(x, epochs, images, manifolds)
