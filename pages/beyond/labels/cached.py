"""Caches of the page on labels: codes that were made with them, and what becomes of these with others."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.beyond import labels, which_label
from vae_core.explore.beyond.labels import Changed, Probed
from vae_core.explore.beyond.which_label import OfAll
from vae_core.explore.codes import Codes, codes
from vae_core.explore.manifolds import grid_axis
from vae_core.explore.means import Share
from vae_core.explore.odd_pictures import KINDS, Kind, pictures
from vae_core.specs import ModelSpec

N_CELLS, EXTENT, N_DRAWN = 8, 2.0, 1000
"""Codes along each side of a manifold, how far it reaches, in standard deviations of the prior, and draws that are read."""


@cached.of_model(most=16, spinner="Encoding the images …")
def test_codes(spec: ModelSpec) -> Codes:
    """`explore.codes.codes` of every test image, given its label if the model needs it."""
    test = cached.dataset(spec.dataset).test
    return codes(cached.model(spec), test.x, test.labels)


@cached.of_model(most=64)
def analogies(spec: ModelSpec, indices: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """`explore.beyond.labels.analogies` of these test images, (N, K, C, H, W), and what each is read as, (N, K)."""
    classifier = cached.classifier(spec.dataset)
    images = labels.analogies(cached.model(spec), test_codes(spec).mean[list(indices)], range(classifier.spec.n_classes))
    return cached.fixed(images), cached.fixed(labels.read(images, classifier))


@cached.of_model(most=16, spinner="Decoding the plane with each label …")
def manifolds(spec: ModelSpec) -> np.ndarray:
    """`explore.beyond.labels.manifolds` on a grid of equal steps of probability, float32 (K, n, n, C, H, W)."""
    return cached.fixed(labels.manifolds(cached.model(spec), axis(), cached.classifier(spec.dataset).spec.n_classes))


def axis() -> np.ndarray:
    """Coordinates of the grid of `manifolds`."""
    return grid_axis(N_CELLS, spacing="quantile", extent=EXTENT)


@cached.of_model(most=64)
def at_code(spec: ModelSpec, z: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """What one code is with every label, (K, C, H, W), and what each is read as, (K,)."""
    classifier = cached.classifier(spec.dataset)
    (images,) = labels.analogies(cached.model(spec), np.array([z]), range(classifier.spec.n_classes))
    return cached.fixed(images), cached.fixed(labels.read(images, classifier))


@cached.of_model(most=16, spinner="Reading draws …")
def drawn_as(spec: ModelSpec) -> Share:
    """`explore.beyond.labels.drawn_as` of 1,000 draws."""
    return labels.drawn_as(cached.model(spec), N_DRAWN, cached.classifier(spec.dataset))


@cached.of_model(most=32, spinner="Telling labels from codes …")
def probed(spec: ModelSpec) -> Probed:
    """`explore.beyond.labels.probed` of the posterior means, given the labels if the model needs them."""
    model, images = cached.model(spec), cached.dataset(spec.dataset)
    train, test = ((codes(model, part.x, part.labels).mean, part.labels) for part in (images.train, images.test))
    return labels.probed(train, test)


@cached.keep(most=2, of=lambda: cached.written_at(which_label.SHIPPED))
def _shipped() -> dict[str, OfAll]:
    """`explore.beyond.which_label.read` of what came with the program."""
    return which_label.read()


@cached.of_model(most=8, spinner="Asking for the label of every test image, for a minute …")
def of_all(spec: ModelSpec) -> OfAll:
    """`explore.beyond.which_label.of_all`: as shipped, else measured."""
    known = _shipped().get(cached.checkpoint(spec).weights_sha256[:16])
    if known is not None:
        return known
    return which_label.of_all(cached.model(spec), cached.dataset(spec.dataset), cached.classifier(spec.dataset))


@cached.of_model(most=64)
def of_one(spec: ModelSpec, index: int) -> dict[Kind, tuple[np.ndarray, float, np.ndarray]]:
    """Of each kind of picture that is made of a test image: p(y|x) by Bayes' rule, log p(x), and p(y|x) of the classifier."""
    images, classifier = cached.dataset(spec.dataset), cached.classifier(spec.dataset)
    x = np.concatenate([pictures(images.test.x, kind)[[index]] for kind in KINDS])
    n_labels = classifier.spec.n_classes
    told = which_label.ByBayes(
        which_label.log_px_given(cached.model(spec), x, n_labels), which_label.prior_of(images.train.labels, n_labels)
    )
    columns = told.probabilities, told.log_px, classifier.read(x).probabilities
    return {kind: (p, float(log_px), q) for kind, p, log_px, q in zip(KINDS, *columns, strict=True)}


def of_own(spec: ModelSpec, x: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """What the classifier reads of a picture of a visitor's own, (1, C, H, W), and with that label as its own what `analogies` returns.

    It is kept nowhere.
    """
    model, classifier = cached.model(spec), cached.classifier(spec.dataset)
    label = classifier.read(x).labels
    images = labels.analogies(model, codes(model, x, label).mean, range(classifier.spec.n_classes))
    return int(label[0]), images, labels.read(images, classifier)


@cached.of_model(most=16, spinner="Changing the label of every test image …")
def changed(spec: ModelSpec) -> Changed:
    """`explore.beyond.labels.changed` of every test image."""
    test = cached.dataset(spec.dataset).test
    return labels.changed(cached.model(spec), test.x, test.labels, test_codes(spec).mean, cached.classifier(spec.dataset))


@cached.of_model(most=16, spinner="Decoding every test image with each label …")
def read_with_each(spec: ModelSpec) -> dict[int, Share]:
    """`explore.beyond.labels.read_with_each` of the codes of every test image."""
    classifier = cached.classifier(spec.dataset)
    return labels.read_with_each(cached.model(spec), test_codes(spec).mean, range(classifier.spec.n_classes), classifier)
