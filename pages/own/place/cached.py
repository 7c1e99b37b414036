"""What a person's own picture is compared with: of the test images only, which is kept. Its own code is computed anew."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.codes import Codes, codes
from vae_core.explore.own import known_tests, strangers
from vae_core.explore.own.known_tests import KnownTests
from vae_core.explore.own.strangers import Evidence, Rule, Seen, rule_of
from vae_core.specs import ModelSpec


def code(spec: ModelSpec, x: np.ndarray) -> Codes:
    """`explore.codes.codes` of one picture, (C, H, W); not kept."""
    return codes(cached.model(spec), x[None])


def evidence(spec: ModelSpec, x: np.ndarray, score: float) -> Evidence:
    """What the rule knows of one picture, (C, H, W), of that score; not kept."""
    looks = strangers.looks(cached.model(spec), x[None], cached.classifier(spec.dataset))
    return strangers.evidence(*_train(spec), looks, np.array([score]))


@cached.keep(most=1, of=lambda: cached.written_at(known_tests.SHIPPED))
def shipped_tests() -> dict[str, KnownTests]:
    """`explore.own.known_tests.read` of what came with the program."""
    return known_tests.read()


def test_scores(spec: ModelSpec) -> np.ndarray:
    """`explore.own.own_images.scores` of every test image, (N,)."""
    return tests_known_to(spec).scores


@cached.of_model(most=32, spinner="Comparing test images with training images …")
def tests_known_to(spec: ModelSpec) -> KnownTests:
    """`explore.own.known_tests` of a trained model: as shipped, else measured."""
    model, classifier = cached.checkpoint(spec), cached.classifier(spec.dataset)
    shipped = shipped_tests().get(known_tests.known_name(model, classifier)) if model is not None else None
    return shipped or known_tests.measured(cached.model(spec), *_train(spec), cached.dataset(spec.dataset).test.x, classifier)


@cached.of_model(most=32)
def rule(spec: ModelSpec) -> Rule:
    """`explore.own.strangers.rule_of` the test images that are `tested`."""
    return rule_of(tests_known_to(spec).evidence)


@cached.keep(most=4, of_models=True)
def seen(dataset: str) -> Seen:
    """`explore.own.strangers.seen` of the training images that others are compared with."""
    train = cached.dataset(dataset).train
    known = strangers.seen(train.x, train.labels, cached.classifier(dataset))
    if known.shapes is not None:
        cached.fixed(known.shapes)
    for span in known.spans:
        cached.fixed(span.mean), cached.fixed(span.directions)
    return known


def _train(spec: ModelSpec) -> tuple[np.ndarray, Seen]:
    some, known = strangers.others_among(cached.dataset(spec.dataset).train.x), seen(spec.dataset)
    return cached.train_codes(spec).mean[some], known


def prepare(spec: ModelSpec) -> None:
    """Encode the training images beside all else that a first picture needs, which takes about as long."""
    cached.prepare("training codes", (spec.fingerprint,), [lambda: cached.train_codes(spec)])
