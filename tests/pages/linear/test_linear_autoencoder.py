"""The linear autoencoder on its page: on points and on images, at a step that a link holds."""

from __future__ import annotations

import pytest

from pages.linear.linear_autoencoder import cached as caches
from tests.harness import answer_of, assert_answers, assert_sound, conclusion_of, link_of, opened, pictures, value_of, words

PAGE = "linear/linear_autoencoder"
HERE = {"dataset": "faces_25", "latent_dim": 2, "family": "pca"}
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_on_points_the_end_is_pca_and_a_link_holds_a_step_on_the_way() -> None:
    app = opened(PAGE, **HERE, lae_start=2)
    assert_answers(app)
    assert "has become PCA" in conclusion_of(app)
    on_the_way = opened(PAGE, **HERE, lae_start=2, line_step=20)
    assert_answers(on_the_way)
    assert link_of(on_the_way)["line_step"] == "20"
    assert "is still" in conclusion_of(on_the_way)
    assert "would add one number to two" in words(on_the_way)
    assert answer_of(app) == answer_of(on_the_way)


def test_a_step_that_was_not_recorded_is_the_nearest() -> None:
    steps = caches.on_points(0, 0)[1].steps
    missing = next(step for step in range(1, 600) if step not in steps)
    app = opened(PAGE, **HERE, line_step=missing)
    assert_sound(app)
    nearest = min(steps.tolist(), key=lambda step: abs(step - missing))
    assert f"step {nearest} " in conclusion_of(app)


def test_on_images_a_matrix_changes_columns_and_no_reconstruction() -> None:
    plain, mixed = (opened(PAGE, **HERE, lae_data="images", lae_dim=4, lae_mixed=is_mixed) for is_mixed in ("false", "true"))
    for app in (plain, mixed):
        assert_answers(app)
    before, after = pictures(plain), pictures(mixed)
    assert len(before) == len(after) == 8 + 8 + 8 + 4 + 4
    changed = [k for k, pair in enumerate(zip(before, after, strict=True)) if not (pair[0] == pair[1]).all()]
    assert changed == [24, 25, 26, 27]
    assert value_of(plain, "SSE") == value_of(mixed, "SSE")
    assert "but at the same x̂" in answer_of(plain)


def test_where_variances_are_alike_another_start_need_not_end_at_the_same_images() -> None:
    app = opened(PAGE, dataset="patches_8", lae_data="images", lae_dim=10)
    assert "so alike" in conclusion_of(app)
    assert "same x̂" not in answer_of(app)


def test_on_images_the_step_is_scrubbed() -> None:
    app = opened(PAGE, **HERE, lae_data="images", lae_step=0)
    assert_sound(app)
    assert float(value_of(app, "SSE")) > 2 * caches.on_images("faces_25", 10, 0).least
    assert link_of(app)["lae_step"] == "0"
