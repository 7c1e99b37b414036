"""The doctor warns of a starved model and passes a healthy one."""

from __future__ import annotations

import pytest

from tests.harness import assert_answers, charts, link_of, opened
from vae_core.store import Store

DOCTOR = "rates/doctor"
pytestmark = pytest.mark.usefixtures("gaussian_models")


def test_the_doctor_warns_of_a_starved_model_and_passes_a_healthy_one() -> None:
    app = opened(DOCTOR, dataset="digits", latent_dim=2, family="vae")
    patients = app.selectbox(key="patient")
    patients.select(next(option for option in patients.options if "gaussian" not in option and "pPCA" not in option)).run()
    assert_answers(app)
    assert len(app.success) == 1 and "Healthy" in app.success[0].value
    patients = app.selectbox(key="patient")
    patients.select(next(option for option in patients.options if "gaussian 0.4" in option)).run()
    assert_answers(app)
    assert len(app.warning) == 1 and "Starved of rate" in app.warning[0].value
    assert any(trace.get("name", "").startswith("linear model, exact") for trace in charts(app)[0]["data"])
    assert "gaussian 0.4" in link_of(app)["patient"]


def test_the_page_opens_with_the_model_whose_code_carries_least() -> None:
    app = opened(DOCTOR, dataset="digits", latent_dim=2, family="vae")
    rates = {c.spec: c.metrics["rate"] for c in Store().checkpoints() if c.spec.dataset == "digits" and c.spec.family == "vae"}
    least = min(rates, key=rates.__getitem__)
    assert app.selectbox(key="patient").value.endswith(least.fingerprint[:4])
