"""Networks that learn the ring; curves; what is sent to the browser; the film."""

from __future__ import annotations

import io
import json
import math
import struct

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import integrate, stats

from tests.harness import tiny_spec
from vae_core import data as datasets
from vae_core.bounds import Box, log_px_by_quadrature
from vae_core.drawing.payloads import cloud as cloud_payload
from vae_core.explore.latent import films, morph
from vae_core.explore.latent.learned_maps import learned_map
from vae_core.explore.latent.line_to_curve import CURVES, PRIORS, curve_samples, curve_table
from vae_core.explore.latent.morph_figure import morph_gif
from vae_core.explore.latent.plane_lines import circles, coordinate_lines, winding_number
from vae_core.explore.latent.ring import Ring, prior_samples
from vae_core.explore.latent.ring_learning import EVERY_EPOCH, SHIPPED, RingLearningSpec, frames, likelihood_figures, pairs
from vae_core.explore.latent.ring_learning_figure import Panel, learning_gif
from vae_core.models import LatentModel, build
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.training.fit import fit

TINY = RingLearningSpec(hidden=32, n_epochs=4)


@pytest.fixture(scope="module", params=[0.1, "learned"])
def trained_frames(request: pytest.FixtureRequest) -> list[films.Frame]:
    return list(frames(RingLearningSpec(hidden=32, n_epochs=4, scale=request.param)))


def test_no_trained_model_beats_the_entropy(trained_frames: list[films.Frame]) -> None:
    every = [*trained_frames, *(films.load(SHIPPED) if SHIPPED.is_file() else [])]
    vae = [frame.metrics for frame in every if frame.kind == "vae"]
    assert len(vae) >= 5
    for metrics in vae:
        assert metrics["kl"] > -4 * metrics["kl_se"], metrics
        assert metrics["log_px"] < -Ring().entropy()[0] + 4 * metrics["log_px_se"], metrics
        assert metrics["elbo"] <= metrics["log_px"] + 4 * metrics["log_px_se"]


def test_both_networks_get_closer_to_the_ring(trained_frames: list[films.Frame]) -> None:
    regression = [frame.metrics for frame in trained_frames if frame.kind == "regression"]
    vae = [frame.metrics for frame in trained_frames if frame.kind == "vae"]
    assert regression[-1]["rmse"] < 0.3 * regression[0]["rmse"]
    assert vae[-1]["kl"] < vae[0]["kl"]
    assert [frame.epoch for frame in trained_frames if frame.kind == "vae"] == [0, 1, 2, 3, 4]


def test_a_continuous_map_that_goes_round_the_hole_has_points_in_it(trained_frames: list[films.Frame]) -> None:
    last = [frame for frame in trained_frames if frame.kind == "regression"][-1]
    assert last.metrics["winding"] == 1
    assert last.metrics["hole"] > 0


def test_the_quadrature_is_fine_enough() -> None:
    model = build(TINY.vae())
    for _ in fit(model, datasets.load("ring"), device=torch.device("cpu")):
        pass
    x = prior_samples(300, 2).astype(np.float64)
    y = Ring().forward(x).astype(np.float32)
    coarse = likelihood_figures(model, y, EVERY_EPOCH)["log_px"]
    fine = likelihood_figures(model, y, Box(half_width=7, points_per_unit=25))["log_px"]
    assert coarse == pytest.approx(fine, abs=5e-3)


def test_the_quadrature_of_a_decoder_that_ignores_z_is_its_gaussian() -> None:
    spec = VAESpec(dataset="ring", latent_dim=2, network="linear", likelihood="gaussian", scale=0.5)
    model = build(spec).requires_grad_(False)
    for parameter in model.decoder.parameters():
        parameter.zero_()
    y = 0.5 * prior_samples(500, 2)
    exact = -0.5 * (y.astype(np.float64) ** 2).sum(1) / 0.25 - math.log(2 * math.pi * 0.25)
    found = log_px_by_quadrature(model, torch.tensor(y), EVERY_EPOCH).double().mean()
    assert float(found) == pytest.approx(exact.mean(), abs=1e-4)


def test_pairs_are_those_that_the_data_set_was_made_from() -> None:
    np.testing.assert_allclose(pairs(0)[1].numpy(), datasets.load("ring").train.x, atol=1e-6)
    np.testing.assert_allclose(pairs(1)[1].numpy(), datasets.load("ring").test.x, atol=1e-6)


def test_frames_survive_their_way_to_another_process(trained_frames: list[films.Frame]) -> None:
    stream = io.BytesIO()
    for frame in trained_frames:
        films.write_frame(stream, frame)
    whole = stream.getvalue()
    stream.seek(0)
    for frame in trained_frames:
        again = films.read_frame(stream)
        assert (again.kind, again.epoch, again.n_epochs, again.metrics) == (frame.kind, frame.epoch, frame.n_epochs, frame.metrics)
        for name in films.ARRAYS:
            np.testing.assert_allclose(getattr(again, name), getattr(frame, name), rtol=1e-3, atol=1e-4)  # float16
    assert films.read_frame(stream) is None
    assert films.read_frame(io.BytesIO(whole[:1000])) is None


def test_the_winding_number_counts_turns() -> None:
    loop = circles(radii=(1.0,))[0, :-1]
    assert winding_number(loop) == 1
    assert winding_number(loop[::-1]) == -1
    assert winding_number(loop + 2) == 0
    assert winding_number(np.concatenate([loop, loop])) == 2


def test_no_coordinate_line_has_a_vertex_at_the_origin() -> None:
    for dim in (2, 3):
        assert np.linalg.norm(coordinate_lines(dim), axis=-1).min() > 1e-3


@pytest.fixture
def decoder(tiny_store: Store) -> LatentModel:
    return tiny_store.load(tiny_spec("vae"))


def test_a_decoders_area_factor_agrees_with_differences(decoder: LatentModel) -> None:
    z, step = prior_samples(20, 2), 1e-3
    with torch.no_grad():
        decoded = lambda codes: decoder.decode(torch.tensor(codes)).mean.flatten(1).double().numpy()  # noqa: E731
        columns = [(decoded(z + step * e) - decoded(z - step * e)) / (2 * step) for e in np.eye(2, dtype=np.float32)]
    gram = np.array([[(a * b).sum(1) for a in columns] for b in columns])
    expected = 0.5 * np.log(gram[0, 0] * gram[1, 1] - gram[0, 1] ** 2)
    found = learned_map(decoder, z)
    np.testing.assert_allclose(found.log_abs_det, expected, atol=0.05)  # float32 differences
    assert found.y.shape == (20, 2)
    assert 0 < found.explained <= 1


def test_a_decoder_of_other_than_two_dimensions_is_refused() -> None:
    model = build(VAESpec(dataset="ring", latent_dim=1, network="mlp", likelihood="gaussian"))
    with pytest.raises(ValueError, match="latent_dim must be 2"):
        learned_map(model, prior_samples(3, 2))


@pytest.mark.parametrize("name", [name for name, curve in CURVES.items() if curve.length is not None])
def test_the_length_of_a_curve_is_its_closed_form(name: str) -> None:
    assert curve_table(name).arc[-1] == pytest.approx(CURVES[name].length, rel=1e-5)


@pytest.mark.parametrize("name", CURVES)
def test_tangents_are_derivatives(name: str) -> None:
    z = np.linspace(0.01, 0.99, 99)
    differences = (CURVES[name].point(z + 1e-6) - CURVES[name].point(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(CURVES[name].tangent(z), differences, atol=1e-6)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("prior", PRIORS)
def test_the_density_along_a_curve_integrates_to_one_and_fits_its_samples(name: str, prior: str) -> None:
    table = curve_table(name, prior, n=4001)
    cdf = integrate.cumulative_trapezoid(table.density, table.arc, initial=0)
    assert cdf[-1] == pytest.approx(1, abs=1e-4)
    z, _ = curve_samples(name, prior, 5000)
    arc = np.interp(z, table.z, table.arc)
    assert stats.kstest(arc, lambda s: np.interp(s, table.arc, cdf)).pvalue > 1e-3


def test_ten_thousand_points_take_at_most_200_kilobytes(decoder: LatentModel) -> None:
    for dim in (2, 3):
        cloud = morph.cloud(10_000, dim)
        assert len(cloud_payload(cloud.z, cloud.lines, cloud.circles)[1]) <= 200_000
    cloud = morph.cloud(10_000, 2, decoder)
    assert len(cloud_payload(cloud.z, cloud.lines, cloud.circles, image=cloud.image)[1]) <= 200_000


def test_a_payload_holds_the_points_to_the_bit() -> None:
    cloud = morph.cloud(100, 3)
    name, packed = cloud_payload(cloud.z, cloud.lines, cloud.circles)
    (length,) = struct.unpack_from("<I", packed)
    header = json.loads(packed[4 : 4 + length])
    first = -(-(4 + length) // 8) * 8
    assert header["name"] == name
    assert header["arrays"][0] == {"name": "z", "dtype": "f4", "shape": [100, 3]}
    np.testing.assert_array_equal(np.frombuffer(packed, "<f4", 300, first).reshape(100, 3), cloud.z)
    assert cloud_payload(cloud.z + 1, cloud.lines, cloud.circles)[0] != name


def test_the_film_has_the_pictures_that_were_asked_for() -> None:
    cloud = morph.cloud(2000, 2)
    y = Ring().forward(cloud.z.astype(np.float64))
    lines = [(cloud.lines, Ring().forward(cloud.lines))]
    colours = np.full((2000, 3), (30, 60, 200), np.uint8)
    film = Image.open(io.BytesIO(morph_gif(cloud.z, y, colours, lines=lines, n_frames=7, size=200)))
    assert (film.n_frames, film.size) == (7, (200, 200))
    first = np.asarray(film.convert("RGB"), int)
    film.seek(6)
    last = np.asarray(film.convert("RGB"), int)
    assert (np.abs(first - last).sum(-1) > 30).mean() > 0.05
    centre = last[95:105, 60:90]  # within the hole at the end
    assert (np.abs(centre - 255).sum(-1) < 40).mean() > 0.8
    with pytest.raises(ValueError, match="n_frames must be between 2 and 90, got 1"):
        morph_gif(cloud.z, y, colours, n_frames=1)


@pytest.mark.parametrize("turned", [(0.6, 0.45), (2.0, -0.3)])
def test_the_film_in_space_is_turned_as_the_camera_is_and_shows_the_near_side(turned: tuple[float, float]) -> None:
    cloud, red, blue = morph.cloud(4000, 3), (200, 30, 30), (30, 30, 200)
    y = Ring(10, 1, 3).forward(cloud.z.astype(np.float64))
    yaw, pitch = turned
    towards = np.array([math.sin(yaw) * math.cos(pitch), -math.cos(yaw) * math.cos(pitch), math.sin(pitch)])  # to the eye
    colours = np.where((y @ towards > 0)[:, None], red, blue).astype(np.uint8)
    film = Image.open(io.BytesIO(morph_gif(cloud.z, y, colours, n_frames=3, size=240, dot=8, turned=turned)))
    film.seek(2)
    middle = np.asarray(film.convert("RGB"), int)[90:150, 90:150]
    assert (middle[..., 0] > middle[..., 2] + 20).mean() > 0.6
    assert (middle[..., 2] > middle[..., 0] + 20).mean() < 0.15


def test_the_film_of_a_training_has_a_picture_an_epoch(trained_frames: list[films.Frame]) -> None:
    kinds = ("regression", "vae")
    panels = [Panel(kind, kind, "#0072b2", [f"{f.epoch} of σ" for f in trained_frames if f.kind == kind]) for kind in kinds]
    film = Image.open(io.BytesIO(learning_gif([0, 1, 2, 3, 4], panels, films.stacked(trained_frames), size=200)))
    assert film.n_frames == 5
    first = np.asarray(film.convert("RGB"), int)
    film.seek(4)
    last = np.asarray(film.convert("RGB"), int)
    for half in (np.s_[30:230, :208], np.s_[30:230, 208:]):
        assert (np.abs(first[half] - last[half]).sum(-1) > 30).mean() > 0.02
    with pytest.raises(ValueError, match="epochs must be at least 2 for a film, got 1"):
        learning_gif([0], panels, films.stacked(trained_frames))
