"""What Home says of its model is what the model scores."""

from __future__ import annotations

import pytest

from tests.harness import conclusion_of, mean_by_scipy, opened
from vae_core import data
from vae_core.explore.reconstructions import sse_per_image
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.units import with_interval


@pytest.mark.usefixtures("checkpoints", "no_images")
def test_home_concludes_with_the_error_and_log_p_of_its_model_and_their_intervals() -> None:
    spec = default_spec("vae", "mnist_5k", 2)
    sse, metrics = sse_per_image(Store().load(spec), data.load("mnist_5k").test.x), Store().find(spec).metrics
    log_px = with_interval(metrics["log_px"], 1.959964 * metrics["log_px_standard_error"])
    said = conclusion_of(opened("start/home"))
    assert mean_by_scipy(sse) in said and log_px in said and f"n = {len(sse):,}" in said
