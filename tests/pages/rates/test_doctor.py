"""The doctor warns of a starved model and passes a healthy one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy.stats import sem

from tests.harness import CPU, assert_answers, charts, link_of, opened
from vae_core import data
from vae_core.evaluation import as_observed, posterior_per_image
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.units import with_interval

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


def test_each_kl_under_the_pointer_has_the_interval_of_its_mean(checkpoints: Store) -> None:
    spec = default_spec("vae", "digits", 2)
    model, images = checkpoints.load(spec), data.load("digits")
    _, kl = posterior_per_image(model, as_observed(model, images.test.x))
    app = opened(DOCTOR, dataset="digits", latent_dim=2, family="vae")
    patients = app.selectbox(key="patient")
    patients.select(next(option for option in patients.options if option.endswith(spec.fingerprint[:4]))).run()
    assert {line for trace in charts(app)[0]["data"] for line in map(tuple, trace.get("customdata", ()))} == {
        (j + 1, with_interval(column.mean(), 1.96 * sem(column))) for j, column in enumerate(kl.T)
    }
