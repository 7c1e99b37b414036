"""The codes of all test images: colours, planes, and the images that are chosen on them."""

from __future__ import annotations

import numpy as np
import pytest

from pages.latent.codes import findings
from pages.shared import cached
from tests.harness import assert_answers, conclusion_of, opened, pictures
from vae_core import data
from vae_core.explore.codes import codes
from vae_core.explore.means import Share
from vae_core.models import default_spec
from vae_core.store import Store

PAD = "latent/pad"
CODES = "latent/codes"
pytestmark = pytest.mark.usefixtures("more_models")


@pytest.mark.parametrize("query", [{"colour": "ELBO"}, {"colour": "rate", "plane": "PCA of z"}, {"across": "z4", "up": "z1"}])
def test_every_colour_and_plane_of_the_codes_answers(query: dict) -> None:
    app = opened(CODES, dataset="digits", latent_dim=10, code_size="d of the sidebar", **query)
    assert_answers(app)


def test_images_of_one_class_have_none_to_tell_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "beside_own_class", lambda _: (Share(9, 9), 1.0))
    assert "of one class" in conclusion_of(opened(CODES, dataset="digits", latent_dim=2, family="vae"))


def test_the_patches_of_two_photographs_are_of_two_classes() -> None:
    """The first of their test images are all of one."""
    assert "chance would give 50 %" in conclusion_of(opened(CODES, dataset="patches_8", latent_dim=12, family="vae"))


def test_the_chosen_codes_show_their_images() -> None:
    app = opened(CODES, dataset="digits", latent_dim=2, chosen="7,3", n_shown=2)
    x = data.load("digits").test.x
    shown = pictures(app)
    assert np.array_equal(shown[0], x[7, 0])
    assert np.array_equal(shown[2], x[3, 0])
    assert len(shown) == 4


def test_the_codes_that_are_kept_are_those_of_the_model(checkpoints: Store) -> None:
    spec = default_spec("vae", "digits", 2)
    opened(PAD, dataset="digits", latent_dim=2)
    assert np.array_equal(cached.test_codes(spec).mean, codes(checkpoints.load(spec), data.load("digits").test.x).mean)
