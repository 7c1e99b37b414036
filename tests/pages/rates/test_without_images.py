"""What the theory says needs no images, and is shown without them."""

from __future__ import annotations

import pytest

from tests.harness import assert_sound, charts, numbers_of, opened
from vae_core.explore.means import part_of_metrics
from vae_core.models import default_spec
from vae_core.store import Store

EXACT, LOSSES, RDA, DOCTOR = (f"rates/{name}" for name in ("water_filling", "collapse", "rda", "doctor"))
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_what_needs_no_images_is_there_without_them(no_images: None) -> None:
    for page in (EXACT, LOSSES, RDA, DOCTOR):
        app = opened(page, dataset="mnist", latent_dim=20, family="vae")
        assert_sound(app)
        assert charts(app)
    app = opened(DOCTOR, dataset="mnist", latent_dim=20, family="vae")
    assert "needs the test images" in app.info[0].value
    app.selectbox(key="patient").select_index(0).run()  # the model in focus, not the one that the page opens with
    metrics = Store().find(default_spec("vae", "mnist", 20)).metrics
    assert numbers_of(app)["Rate"] == f"{part_of_metrics(metrics, 'rate')} nats"
    for page in (EXACT, LOSSES, RDA, DOCTOR):
        app = opened(page, dataset="fashion_mnist")
        assert [exception.message for exception in app.exception] == []
