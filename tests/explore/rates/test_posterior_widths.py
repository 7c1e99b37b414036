"""Widths of q(z|x): histograms of shares, means with intervals, and the dimensions in the order of their KL."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import sem

from vae_core import data
from vae_core.explore.rates import doctor
from vae_core.explore.rates.posterior_widths import PosteriorWidths, posterior_widths
from vae_core.explore.rates.posterior_widths_figure import width_chart
from vae_core.models import build, default_spec


def made() -> PosteriorWidths:
    """Three dimensions of 200 images: one without information, a narrow one, and one between them."""
    rng = np.random.default_rng(0)
    means = np.stack([np.zeros(200), rng.normal(0, 1, 200), rng.normal(0, 0.8, 200)], 1)
    widths = np.stack([np.ones(200), rng.uniform(0.05, 0.15, 200), rng.uniform(0.5, 0.7, 200)], 1)
    return PosteriorWidths(widths, means)


def test_the_exact_posterior_of_ppca_has_the_width_of_its_formula_for_every_image() -> None:
    model, images = build(default_spec("ppca", "digits", 4)), data.load("digits")
    model.solve(images.train.x)
    found = posterior_widths(model.eval(), images)
    weight, noise = model.get_buffer("weight").double().numpy(), float(model.get_buffer("noise_variance"))
    exact = np.sqrt(noise * np.diag(np.linalg.inv(weight.T @ weight + noise * np.eye(4))))
    assert np.allclose(found.widths, exact, rtol=1e-5)
    assert found.is_active.all()


def test_dimensions_are_those_of_the_doctor_in_the_order_of_their_kl() -> None:
    model, images = build(default_spec("vae", "digits", 4)).eval(), data.load("digits")
    found, examined = posterior_widths(model, images), doctor.examine(model, images)
    assert found.order.tolist() == np.argsort(-examined.kl_per_dim, kind="stable").tolist()
    assert found.is_active.tolist() == examined.is_active.tolist()
    assert found.n_images == examined.n_images


def test_each_column_of_the_histogram_sums_to_1_and_nothing_falls_beside_it() -> None:
    shares = made().shares(np.linspace(0.1, 0.6, 11))
    assert shares.shape == (10, 3)
    assert shares.sum(0) == pytest.approx(np.ones(3))
    assert shares[-1, 0] == 1  # beyond the last edge, with the widest
    assert shares[0, 1] > 0.4  # half of them are below the first edge


def test_the_width_of_the_prior_is_in_the_middle_of_a_bin() -> None:
    edges = made().edges
    place = int(np.searchsorted(edges, 1.0)) - 1
    assert (edges[place] + edges[place + 1]) / 2 == pytest.approx(1)
    assert made().shares(edges)[place, 0] == 1
    assert edges[0] < 0 < edges[1]


def test_means_have_the_intervals_of_their_images_and_a_dimension_at_the_prior_is_inactive() -> None:
    found = made()
    for mean, column in zip(found.mean_widths[1:], found.widths.T[1:], strict=True):
        assert (mean.value, mean.half_width) == pytest.approx((column.mean(), 1.96 * sem(column)), rel=1e-4)
    assert found.is_active.tolist() == [False, True, True]
    assert found.order.tolist() == [1, 2, 0]


def test_the_chart_has_each_dimension_at_its_rank() -> None:
    found, edges = made(), np.linspace(0, 1.2, 13)
    shares = found.shares(edges)
    of_each = {"mean_widths": found.widths.mean(0), "written": list("abc")}
    heat, active, inactive = width_chart(shares, edges, order=found.order, is_active=found.is_active, **of_each).data
    assert heat["customdata"][:, :, 0].tolist() == [[2, 3, 1]] * 12
    assert np.allclose(heat["customdata"][:, :, 1], 100 * shares[:, [1, 2, 0]])
    assert (active["x"].tolist(), active["customdata"]) == ([1, 2], [[2, "b"], [3, "c"]])
    assert (inactive["x"].tolist(), inactive["y"].tolist()) == ([3], [1.0])
