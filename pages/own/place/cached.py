"""What a person's own picture is compared with: of the test images only, which is kept. Its own code is computed anew."""

from __future__ import annotations

import numpy as np

from pages.shared import cached
from vae_core.explore.codes import Codes, codes
from vae_core.explore.own import own_images as explore
from vae_core.explore.own.strangers import Evidence, Rule, code_distances, rule_of
from vae_core.specs import ModelSpec


def code(spec: ModelSpec, x: np.ndarray) -> Codes:
    """`explore.codes.codes` of one picture, (C, H, W); not kept."""
    return codes(cached.model(spec), x[None])


def evidence(spec: ModelSpec, x: np.ndarray, z: np.ndarray, score: float) -> Evidence:
    """What the rule knows of one picture, (C, H, W), of that code, (D,), and score; not kept."""
    distances = code_distances(cached.train_codes(spec).mean, z[None])
    return Evidence(np.array([score]), distances, _energy(spec.dataset, x[None]))


@cached.of_model(most=32, spinner="Scoring every test image …")
def test_scores(spec: ModelSpec) -> np.ndarray:
    """`explore.own.own_images.scores` of every test image, (N,)."""
    return cached.fixed(explore.scores(cached.model(spec), cached.dataset(spec.dataset).test.x))


@cached.of_model(most=32, spinner="Comparing the codes of every test image …")
def rule(spec: ModelSpec) -> Rule:
    """`explore.own.strangers.rule_of` every test image."""
    distances = code_distances(cached.train_codes(spec).mean, cached.test_codes(spec).mean)
    energy = _energy(spec.dataset, cached.dataset(spec.dataset).test.x)
    return rule_of(Evidence(test_scores(spec), distances, energy))


def _energy(dataset: str, x: np.ndarray) -> np.ndarray | None:
    """Of the data set's classifier for images, (N, C, H, W), (N,); None where there is no classifier. Not kept."""
    judge = cached.classifier(dataset)
    return None if judge is None else judge.read(x).energy
