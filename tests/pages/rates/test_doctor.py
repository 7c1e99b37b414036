"""The doctor warns of a starved model and passes a healthy one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.harness import CPU, assert_answers, charts, link_of, opened
from vae_core.models import default_spec
from vae_core.store import Store

DOCTOR = "rates/doctor"
pytestmark = pytest.mark.usefixtures("gaussian_models")


def test_the_doctor_warns_of_a_starved_model_and_passes_a_healthy_one() -> None:
    app = opened(DOCTOR, dataset="digits", latent_dim=2, family="vae")
    patients = app.selectbox(key="patient")
    patients.select(next(option for option in patients.options if "Gaussian" not in option and "pPCA" not in option)).run()
    assert_answers(app)
    assert len(app.success) == 1 and "Healthy" in app.success[0].value
    patients = app.selectbox(key="patient")
    patients.select(next(option for option in patients.options if "Gaussian 0.4" in option)).run()
    assert_answers(app)
    assert len(app.warning) == 1 and "Starved of rate" in app.warning[0].value
    assert any(trace.get("name", "").startswith("linear model, exact") for trace in charts(app)[0]["data"])
    assert "Gaussian 0.4" in link_of(app)["patient"]


def test_the_page_opens_with_a_collapsed_model_where_there_is_one(checkpoints: Store) -> None:
    app = opened(DOCTOR, dataset="digits", latent_dim=2, family="vae")
    assert app.selectbox(key="patient").value == app.selectbox(key="patient").options[0]
    collapsed = replace(default_spec("vae", "digits", 2), likelihood="gaussian", beta=1000.0, n_epochs=3)
    assert checkpoints.train(collapsed, device=CPU) is not None
    assert checkpoints.find(collapsed).metrics["active_units"] == 0
    app = opened(DOCTOR, dataset="digits", latent_dim=2, family="vae")
    assert app.selectbox(key="patient").value.endswith(collapsed.fingerprint[:4])
    assert "Collapsed" in app.warning[0].value
