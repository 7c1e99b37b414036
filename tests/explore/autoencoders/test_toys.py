"""Toys: densities, magnification, and the frames of a training."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal, sem

from tests.harness import CPU
from vae_core import data
from vae_core.data import drawn
from vae_core.explore.autoencoders import toys
from vae_core.explore.autoencoders.toys_figure import manifold_on_data, stretch
from vae_core.models import build
from vae_core.models.ppca import PPCASpec
from vae_core.models.vae import VAESpec
from vae_core.networks import initialise
from vae_core.training.fit import fit


@pytest.mark.parametrize(("dataset", "latent_dim"), [("moons", 1), ("ring", 2), ("spiral", 1)])
@pytest.mark.parametrize("scale", [0.1, "learned"])
def test_the_density_of_a_toy_integrates_to_one(dataset: str, latent_dim: int, scale: float | str) -> None:
    frames = list(toys.toy_frames(toys.ToyTraining(toys.toy_spec(dataset, latent_dim, hidden=16, n_epochs=2, scale=scale))))
    assert [frame.epoch for frame in frames] == [0, 1, 2]
    assert all(frame.metrics["integral"] == pytest.approx(1, abs=1e-3) for frame in frames)


def test_the_density_of_a_toy_agrees_with_quadrature_point_by_point() -> None:
    from vae_core.bounds import log_px_by_quadrature

    model = build(toys.toy_spec("moons", 1, hidden=16, n_epochs=1)).requires_grad_(False)
    axis = np.linspace(-1, 1, 9)
    points = torch.tensor(np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2), dtype=torch.float32)
    expected = log_px_by_quadrature(model, points, toys.BOXES[1]).exp().reshape(9, 9).numpy()
    assert toys.density_in_plane(model, axis) == pytest.approx(expected, rel=1e-3, abs=1e-12)


@pytest.mark.parametrize(("dataset", "latent_dim"), [("moons", 1), ("swiss_roll", 2), ("swiss_roll", 3)])
def test_the_magnification_is_the_root_of_the_determinant_of_the_metric(dataset: str, latent_dim: int) -> None:
    model = build(toys.toy_spec(dataset, latent_dim, hidden=8, n_epochs=1)).requires_grad_(False)
    initialise(model, torch.zeros(model.spec.identity.shape), torch.Generator().manual_seed(0))
    z = torch.randn((5, latent_dim), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    h, units = 1e-6, torch.eye(latent_dim, dtype=torch.float64)
    found = toys.magnification(model, z.float())
    model.double()
    for at, root in zip(z, found, strict=True):
        columns = [(model.decode((at + h * e)[None]).mean - model.decode((at - h * e)[None]).mean)[0] / (2 * h) for e in units]
        jacobian = torch.stack(columns, -1)
        assert float(root) == pytest.approx(float(torch.linalg.det(jacobian.T @ jacobian).sqrt()), rel=1e-3, abs=1e-5)


@pytest.mark.parametrize(("dataset", "latent_dim"), [("moons", 1), ("ring", 2), ("swiss_roll", 1), ("swiss_roll", 3)])
def test_the_linear_answer_to_a_toy_is_that_of_probabilistic_pca(dataset: str, latent_dim: int) -> None:
    frame, points = toys.linear_frame(toys.ToyTraining(toys.toy_spec(dataset, latent_dim))), data.load(dataset)
    x = points.test.x[: toys.N_TEST].astype(float)
    if latent_dim < x.shape[1]:
        model = build(PPCASpec(dataset=dataset, latent_dim=latent_dim))
        model.solve(points.train.x)
        expected = float(model.log_px(torch.tensor(x)).mean())
        scale = float(model.noise_variance.sqrt())
    else:  # a Gaussian
        train = points.train.x.astype(float)
        inverse = np.linalg.inv(np.cov(train.T, bias=True))
        r = x - train.mean(0)
        log_det = x.shape[1] * np.log(2 * np.pi) - np.linalg.slogdet(inverse)[1]
        expected, scale = -0.5 * (np.einsum("ni,ij,nj->n", r, inverse, r) + log_det).mean(), 0.0
    v = np.linalg.svd(points.train.x.astype(float) - points.train.x.astype(float).mean(0), full_matrices=False)[2][:latent_dim]
    away = x - points.train.x.astype(float).mean(0)
    sse = float(np.square(away - away @ v.T @ v).sum(1).mean())
    means = {name: value for name, value in frame.metrics.items() if "error" not in name}
    assert means == pytest.approx({"sse": sse, "log_px": expected, "scale": scale}, rel=1e-5, abs=1e-9)
    along_z1 = frame.manifold[..., -1, :] - frame.manifold[..., 0, :]
    assert np.abs(along_z1 @ v[1:].T).max(initial=0) < 1e-6 < np.abs(along_z1 @ v[0]).min()
    off = frame.manifold.reshape(-1, x.shape[1]) - points.train.x.astype(float).mean(0)
    assert np.abs(off - off @ v.T @ v).max() < 1e-6
    assert np.abs(frame.rebuilt - x[: toys.N_REBUILT]).max() < (1e-6 if latent_dim == x.shape[1] else np.inf)
    assert frame.manifold.shape == (*(len(frame.axis),) * latent_dim, x.shape[1])
    assert frame.samples.mean(0) == pytest.approx(points.train.x.mean(0), abs=0.1)


def test_a_toy_learns_its_data_and_a_frame_travels_whole() -> None:
    frames = list(toys.toy_frames(toys.ToyTraining(toys.toy_spec("moons", 1, n_epochs=4))))
    assert frames[-1].metrics["elbo"] > frames[1].metrics["elbo"] > frames[0].metrics["elbo"]
    again = [toys.from_bytes(toys.to_bytes(frame)) for frame in frames]
    assert [frame.metrics for frame in again] == [frame.metrics for frame in frames]
    assert np.allclose(again[-1].manifold, frames[-1].manifold)


def test_training_a_toy_is_the_same_as_training_its_spec() -> None:
    spec = toys.toy_spec("moons", 1, hidden=16, n_epochs=2)
    frame = list(toys.toy_frames(toys.ToyTraining(spec)))[-1]
    model = build(spec)
    for _ in fit(model, data.load("moons"), device=CPU):
        pass
    with torch.no_grad():
        z = torch.tensor(frame.axis[:, None], dtype=torch.float32)
        assert np.array_equal(model.decode(z).mean.numpy(), frame.manifold)


def test_points_drawn_by_hand_are_learned_and_no_model_is_above_the_entropy_of_what_is_painted() -> None:
    code = drawn.encoded(drawn.brushed([(-2.0, -1.5), (2.0, 1.5)], 0.2))
    training = toys.ToyTraining(toys.toy_spec("drawn", 1, hidden=16, n_epochs=3), code)
    frames = list(toys.toy_frames(toys.ToyTraining.from_json(training.to_json())))
    elbos = [frame.metrics["elbo"] for frame in frames]
    assert elbos == sorted(elbos) and elbos[-1] < -drawn.entropy(code)
    assert frames[-1].metrics["integral"] == pytest.approx(1, abs=1e-3)
    assert frames[-1].grid[-1] > 2.8
    assert toys.linear_frame(training).metrics["log_px"] < -drawn.entropy(code)


def test_a_weight_of_the_rate_that_is_raised_while_it_trains_empties_the_code() -> None:
    training = toys.ToyTraining(toys.toy_spec("moons", 1, hidden=16, n_epochs=5))
    frames = toys.toy_frames(training)
    seen = [next(frames), *(frames.send({"beta": beta}) for beta in (1.0, 1.0, 200.0, 200.0, 200.0))]
    assert [frame.metrics["beta"] for frame in seen[2:]] == [1, 200, 200, 200]
    assert seen[-1].metrics["rate"] < 0.2 < 1 < seen[2].metrics["rate"]
    variances, kept = toys.kept_dimensions(training, 200.0, 0.1)
    assert variances[0] < 200 * 0.1**2 and kept == 0
    assert toys.kept_dimensions(training, 1.0, 0.1)[1] == 1


def test_a_training_that_is_sent_nothing_is_that_of_its_spec() -> None:
    training = toys.ToyTraining(toys.toy_spec("moons", 1, hidden=16, n_epochs=1))
    bytes_sent = toys.sent_frames(training.to_json())
    next(bytes_sent)
    sent = toys.from_bytes(bytes_sent.send(None))
    assert sent.metrics == list(toys.toy_frames(training))[-1].metrics
    assert next(bytes_sent, None) is None


@pytest.fixture(scope="module")
def without_a_bottleneck() -> list[toys.ToyFrame]:
    """An autoencoder with as many numbers as a point of the plane has."""
    spec = toys.toy_spec("moons", 2, family="autoencoder", hidden=32, activation="tanh", n_epochs=8)
    return list(toys.toy_frames(toys.ToyTraining(spec)))


def test_without_a_bottleneck_nothing_is_lost(without_a_bottleneck: list[toys.ToyFrame]) -> None:
    variance = float(data.load("moons").train.x.var(0).sum())
    errors = [frame.metrics["sse"] for frame in without_a_bottleneck]
    assert errors[0] > 0.5 * variance
    assert errors[-1] < 1e-3 * variance


def test_three_numbers_lose_nothing_of_the_swiss_roll_and_their_cage_is_drawn_in_space() -> None:
    training = toys.ToyTraining(toys.toy_spec("swiss_roll", 3, family="autoencoder", hidden=32, activation="tanh", n_epochs=8))
    x, (first, *_, last) = training.points().train.x, toys.toy_frames(training)
    assert last.metrics["sse"] < 0.01 * first.metrics["sse"] and last.metrics["sse"] < 0.01 * x.var(0).sum()
    assert last.manifold.shape == (*last.magnification.shape, 3) == (13, 13, 13, 3)
    chart = manifold_on_data(x[:50], last.manifold, last.axis, linear=toys.linear_frame(training).manifold)
    assert [one["name"] for one in chart.data] == ["data", "g(z)"]
    cage = np.stack([chart.data[1][axis] for axis in "xyz"], 1).reshape(3, 16, 14, 3)[:, :, :13]  # a gap after each line
    np.testing.assert_allclose(cage[0, 0], last.manifold[:, 0, 0], rtol=1e-6)
    np.testing.assert_allclose(cage[2, 1], last.manifold[0, 4], rtol=1e-6)
    assert (stretch(last.magnification, last.axis).data[0]["z"] == last.magnification[6]).all()
    with pytest.raises(ValueError, match="latent_dim must be from 1 to 2"):
        toys.toy_spec("moons", 3)


def test_an_autoencoder_has_neither_density_nor_samples_and_travels_whole(without_a_bottleneck: list[toys.ToyFrame]) -> None:
    frame = without_a_bottleneck[-1]
    assert set(frame.metrics) == {"sse", "sse_standard_error", "sse_beyond_linear_standard_error"}
    assert [part.size for part in (frame.samples, frame.grid, frame.density)] == [0, 0, 0]
    again = toys.from_bytes(toys.to_bytes(frame))
    assert again.metrics == frame.metrics and np.allclose(again.rebuilt, frame.rebuilt)


def test_the_sheet_of_an_autoencoder_reaches_as_far_as_its_codes(without_a_bottleneck: list[toys.ToyFrame]) -> None:
    """It is drawn in standard deviations of the codes, so that what is rebuilt lies on it, and its area is that of the plane."""
    frame, x = without_a_bottleneck[-1], data.load("moons").test.x
    spread = np.linalg.norm(frame.manifold.reshape(-1, 1, 2) - frame.rebuilt, axis=2).min(0)
    assert spread.max() < 0.15  # half of a mesh
    step = frame.axis[1] - frame.axis[0]
    mesh = np.stack([frame.manifold[1:, :-1] - frame.manifold[:-1, :-1], frame.manifold[:-1, 1:] - frame.manifold[:-1, :-1]], -1)
    areas = np.abs(np.linalg.det(mesh)) / step**2
    middle = (slice(10, 30), slice(10, 30))
    assert areas[middle] == pytest.approx(frame.magnification[:-1, :-1][middle], rel=0.3)
    assert np.square(frame.rebuilt - x[: toys.N_REBUILT]).sum(1).mean() < 0.01


def test_a_curve_of_an_autoencoder_loses_less_than_the_best_line() -> None:
    training = toys.ToyTraining(toys.toy_spec("moons", 1, family="autoencoder", hidden=32, depth=1, n_epochs=6))
    *_, last = toys.toy_frames(training)
    assert last.metrics["sse"] < 0.6 * toys.linear_frame(training).metrics["sse"]
    assert not last.samples.size and last.manifold.shape == (301, 2)


def test_a_toy_is_learned_by_no_other_family() -> None:
    with pytest.raises(ValueError, match="family must be one of vae, autoencoder, got 'pca'"):
        toys.toy_spec("moons", 1, family="pca")


def test_a_toy_with_nothing_chosen_is_the_vae_that_it_was_before_there_was_a_choice() -> None:
    sizes = {"hidden": (64, 64), "n_epochs": 30, "batch_size": 128, "learning_rate": 3e-3}
    before = VAESpec(dataset="moons", latent_dim=1, likelihood="gaussian", scale=0.1, **sizes)
    assert toys.toy_spec("moons", 1).fingerprint == before.fingerprint


def test_a_training_is_compared_with_the_best_line_point_by_point() -> None:
    training = toys.ToyTraining(toys.toy_spec("moons", 1, hidden=16, depth=1, n_epochs=3))
    *_, last = toys.toy_frames(training)
    linear, scores = toys.linear_frame(training), toys.linear_scores(training)
    x = data.load("moons").train.x.astype(float)
    line = multivariate_normal(x.mean(0), np.cov(x.T, bias=True))  # in the plane one direction and noise are any Gaussian
    assert scores["elbo"] == pytest.approx(line.logpdf(data.load("moons").test.x[:2000]))
    assert linear.mean("log_px").half_width == pytest.approx(1.959964 * sem(scores["elbo"]))
    assert linear.mean("sse").half_width == pytest.approx(1.959964 * sem(scores["sse"]))
    apart = last.beyond_linear("elbo", linear.mean("log_px"))
    assert apart.value == pytest.approx(last.metrics["elbo"] - linear.metrics["log_px"])
    unpaired = last.mean("elbo").less(linear.mean("log_px")).half_width
    assert 0 < apart.half_width < unpaired  # the same points are hard for both
    assert last.mean("rate").half_width > 0
