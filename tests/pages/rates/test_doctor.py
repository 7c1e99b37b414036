"""The doctor warns of a starved model and passes a healthy one."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import sem
from streamlit.testing.v1 import AppTest

from pages.rates.doctor.widths import widths
from tests.harness import CPU, assert_answers, charts, conclusion_of, link_of, numbers_of, opened
from vae_core import data
from vae_core.evaluation import as_observed, posterior_per_image
from vae_core.explore.rates.posterior_widths import PosteriorWidths, posterior_widths
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


def patient(name: str, shown: str) -> AppTest:
    """The page with a model and a view of it."""
    app = opened(DOCTOR, dataset="digits", latent_dim=2, family="vae", doctor_shown=shown)
    patients = app.selectbox(key="patient")
    return patients.select(next(option for option in patients.options if name in option)).run()


def test_residuals_stand_beside_the_noise_that_the_loss_claims_with_what_the_best_width_gains(checkpoints: Store) -> None:
    app = patient("Gaussian 0.4", "Residuals")
    assert_answers(app)
    assert {"residuals", "claimed by the loss", "Gaussian, σ*", "Laplace, b*"} <= {trace.get("name") for trace in charts(app)[0]["data"]}
    assert link_of(app)["doctor_shown"] == "Residuals"
    spec = next(c.spec for c in checkpoints.checkpoints() if app.selectbox(key="patient").value.endswith(c.spec.fingerprint[:4]))
    stored = checkpoints.find(spec).metrics
    numbers, gain = numbers_of(app), 64 * (0.5 * (stored["scale_closed_form"] ** 2 / 0.16 - 1) - np.log(stored["scale_closed_form"] / 0.4))
    value, low, high = map(float, re.findall(r"[\d.]+", numbers["σ* gains"]))
    assert low < gain < high
    assert low < value < high
    assert f"**{numbers['σ* gains']}** per image higher" in conclusion_of(app)
    assert f"σ* = {numbers['Best width σ*']}" in conclusion_of(app)


def test_exactly_fitted_noise_is_not_told_from_the_best_and_can_gain_but_little() -> None:
    app = patient("pPCA", "Residuals")
    assert "do not tell the two apart" in conclusion_of(app)
    assert numbers_of(app)["σ* gains"].startswith("≤ 0.")


def test_a_bernoulli_likelihood_claims_no_noise_of_grey_pixels() -> None:
    app = patient("VAE, d = 2, β = 1 ·", "Residuals")
    assert_answers(app)
    assert "claims no noise" in conclusion_of(app)
    assert "at least 13.73 ± 0.22 nats" in conclusion_of(app)
    assert "claimed by the loss" not in {trace.get("name") for trace in charts(app)[0]["data"]}


def test_widths_of_q_are_counted_on_the_page_as_they_are_in_the_model(checkpoints: Store) -> None:
    app = patient("VAE, d = 2, β = 1 ·", "Widths of q")
    assert_answers(app)
    found = posterior_widths(checkpoints.load(default_spec("vae", "digits", 2)), data.load("digits"))
    narrow = int((found.widths.mean(0) < 0.5).sum())
    assert f"in {narrow or 'none'} of 2 dimensions" in conclusion_of(app)
    assert numbers_of(app)["Active dimensions"] == f"{int(found.is_active.sum())} of 2"


def test_a_width_that_is_the_priors_for_every_image_is_written_without_powers_of_ten() -> None:
    rng = np.random.default_rng(0)
    found = PosteriorWidths(np.stack([1 + 1e-6 * rng.normal(size=50), rng.uniform(0.1, 0.2, 50)], 1), rng.normal(size=(50, 2)))
    written = [name for trace in widths.chart(found).data if trace["type"] == "scatter" for _, name in trace["customdata"]]
    assert sorted(written) == sorted(["1.0000", str(found.mean_widths[1])])
