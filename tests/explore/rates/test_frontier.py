"""The plane of rate and distortion: its lines, its numbers, and what the shipped grid must hold."""

from __future__ import annotations

import json
import math
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import sem

from benchmarks import frontier_numbers as command
from tests.harness import CPU
from vae_core import data as datasets
from vae_core.bounds import iwae_bound
from vae_core.evaluation import as_observed, binarised, elbo_per_image
from vae_core.explore.rates import frontier, frontier_numbers, frontier_training
from vae_core.explore.rates import frontier_card_figure as frontier_card
from vae_core.explore.rates import frontier_figure as figures
from vae_core.explore.rates import frontier_training_figure as frontier_sweep
from vae_core.explore.rates.frontier import Axes
from vae_core.explore.rates.frontier_lines_figure import PlaneLine
from vae_core.explore.rates.frontier_numbers import ModelNumbers, PairedBound
from vae_core.explore.training_collapse import z_free
from vae_core.models import build
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAESpec
from vae_core.store import Store
from vae_core.store.checkpoints import Checkpoint
from vae_core.training.fit import fit
from vae_core.training.grids import specs_of_grid
from vae_core.units import NATS_PER_BIT

GRID = {
    "family": "vae",
    "fixed": {"dataset": "digits", "network": "mlp", "hidden": [32], "n_epochs": 4, "batch_size": 64},
    "product": {"latent_dim": [2, 4], "beta": [0.5, 4]},
}


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Store]:
    """A grid file, and a store with its models at two seeds."""
    root = tmp_path_factory.mktemp("grid")
    (root / "grid.json").write_text(json.dumps([GRID]))
    store = Store(local=root / "local", shipped=root / "shipped")
    for spec in specs_of_grid(GRID):
        for seed in (0, 1):
            store.train(replace(spec, seed=seed), device=CPU)
    return root / "grid.json", store


@pytest.fixture(scope="module")
def kept(grid: tuple[Path, Store], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The numbers of those models, made by the command's own steps."""
    out = tmp_path_factory.mktemp("numbers") / "numbers.json"
    with pytest.MonkeyPatch.context() as patch:
        asked = ["--stores", str(grid[1].local), "--out", str(out), "--n-samples", "50", "--workers", "2"]
        patch.setattr("sys.argv", ["frontier_numbers", str(grid[0]), *asked])
        command.main()
    return out


def gaussian(beta: float = 1.0, scale: float = 1.0) -> VAESpec:
    return VAESpec(dataset="digits", latent_dim=4, likelihood="gaussian", scale=scale, beta=beta)


def test_equal_elbo_falls_one_nat_for_a_nat_and_the_tangent_beta() -> None:
    spec = VAESpec(dataset="mnist", latent_dim=4, beta=4.0)
    assert frontier.slope(spec, Axes(), "equal ELBO") == -1
    assert frontier.slope(spec, Axes(), "tangent") == -4
    assert frontier.slope(spec, Axes(rate="bits"), "tangent") == pytest.approx(-4 * NATS_PER_BIT)
    assert frontier.slope(spec, Axes(rate="bits per pixel"), "tangent") == pytest.approx(-4 * 784 * NATS_PER_BIT)


def test_with_squared_errors_the_tangent_of_a_gaussian_is_two_tau_and_others_have_none() -> None:
    spec = gaussian(beta=0.5, scale=0.3)
    axes = Axes(distortion="expected SSE")
    assert frontier.slope(spec, axes, "tangent") == pytest.approx(-2 * 0.5 * 0.3**2)
    assert frontier.slope(spec, axes, "equal ELBO") == pytest.approx(-2 * 0.3**2)
    assert frontier.slope(replace(spec, scale="learned"), axes, "tangent") is None
    assert frontier.slope(VAESpec(dataset="mnist", latent_dim=4), axes, "tangent") is None
    assert frontier.slope(spec, Axes(distortion="PSNR"), "tangent") is None


def test_the_slopes_are_those_of_the_distortion_itself() -> None:
    """D = SSE/2σ² + constant: a step along equal ELBO in one pair of axes is a step along equal ELBO in the other."""
    spec, rate, sse = gaussian(beta=2.0, scale=0.2), 3.0, 5.0
    constant = 0.5 * 64 * math.log(2 * math.pi * spec.scale**2)

    def elbo(rate: float, sse: float) -> float:
        return -(sse / (2 * spec.scale**2) + constant + rate)

    step = 0.7
    along = frontier.slope(spec, Axes(distortion="expected SSE"), "equal ELBO") * step
    assert elbo(rate + step, sse + along) == pytest.approx(elbo(rate, sse))


def test_psnr_is_that_of_the_mean_squared_error() -> None:
    assert frontier.distortion_on_axis(0.0, 64 * 0.01, "PSNR", 64) == pytest.approx(20.0)


def test_what_is_no_axis_is_refused() -> None:
    with pytest.raises(ValueError, match="distortion must be one of nats, expected SSE, PSNR, got 'SSIM'"):
        Axes(distortion="SSIM")


def test_a_plane_holds_one_likelihood_on_one_data_set() -> None:
    planes = frontier.planes()
    assert len(planes) == 4
    for specs in planes.values():
        assert len({(spec.dataset, spec.network, spec.likelihood, spec.scale) for spec in specs}) == 1
    first = planes["MNIST Bernoulli"]
    assert {spec.beta for spec in first} == {0.1, 0.25, 0.5, 1, 2, 4, 8}
    assert {spec.latent_dim for spec in first} == {2, 4, 8, 16, 32}


def test_the_command_keeps_every_seed_of_the_grid_with_its_bound(grid: tuple[Path, Store], kept: Path) -> None:
    held = frontier_numbers.read(kept)
    specs = specs_of_grid(GRID)
    assert set(held.models) == {replace(spec, seed=seed).fingerprint for spec in specs for seed in (0, 1)}
    for one in held.models.values():
        stored = grid[1].find(one.spec)
        assert one.metrics["rate"] == pytest.approx(stored.metrics["rate"], rel=1e-5)
        assert one.history["distortion"][-1] == pytest.approx(stored.history[-1]["test"]["distortion"], rel=1e-5)
        assert len(one.history["rate"]) == 4
        assert (one.bound.n_images, one.bound.n_samples) == (300, 50)
    end = held.ends[frontier_numbers.end_name(specs[0])]
    assert end.distortion == pytest.approx(z_free(specs[0], datasets.load("digits")).test, rel=1e-5)


def test_what_is_in_the_file_is_not_computed_again(grid: tuple[Path, Store], kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.read_text()
    monkeypatch.setattr("sys.argv", ["frontier_numbers", str(grid[0]), "--stores", str(grid[1].local), "--out", str(kept)])
    monkeypatch.setattr(command, "keep", lambda *_: pytest.fail("computed again"))
    command.main()
    assert kept.read_text() == before


def test_threads_that_add_at_once_lose_nothing(kept: Path, tmp_path: Path) -> None:
    models, out = list(frontier_numbers.read(kept).models.values()), tmp_path / "numbers.json"
    threads = [threading.Thread(target=frontier_numbers.add, args=(out,), kwargs={"models": [one]}) for one in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert frontier_numbers.read(out).models == {one.spec.fingerprint: one for one in models}


def test_the_paired_bound_is_of_the_same_images_the_same_b_and_the_same_model(grid: tuple[Path, Store]) -> None:
    spec, images = specs_of_grid(GRID)[1], datasets.load("digits")
    model = grid[1].load(spec)
    found = frontier_numbers.paired_bound(model, images, n_images=40, n_samples=200)
    seen = as_observed(model, images.test.x)[:40]
    np.testing.assert_array_equal(seen, binarised(images.test.x)[:40])
    assert found.elbo == pytest.approx(float(elbo_per_image(model, seen).elbo.mean()))
    with torch.no_grad():
        again = iwae_bound(model, model_input(seen, CPU), 2000, torch.Generator().manual_seed(5))
    assert found.iwae_bound == pytest.approx(float(again.mean()), abs=0.1)
    assert found.gap > -3 * found.gap_standard_error


def test_the_error_of_the_gap_is_that_of_the_difference_image_by_image() -> None:
    """A decoder that does not see z, and q = N(μ(b), 1): the gap of an image is its KL, ½μ², whatever the image itself costs."""
    images = datasets.load("digits")
    model = build(VAESpec(dataset="digits", latent_dim=1, network="linear")).requires_grad_(False)
    model.encoder.mu[2].weight.fill_(0.15)
    model.encoder.mu[2].bias.fill_(-3.0)
    model.decoder[0].weight.zero_()
    model.decoder[0].bias.fill_(-1.0)
    found = frontier_numbers.paired_bound(model, images, n_images=100, n_samples=2000)
    ink = binarised(images.test.x[:100]).reshape(100, -1).sum(1) / 255
    kl = 0.5 * (0.15 * ink - 3) ** 2
    assert found.gap == pytest.approx(kl.mean(), abs=0.02)
    assert found.gap_standard_error == pytest.approx(sem(kl), rel=0.05)


def test_dots_are_the_weights_here_and_their_spread_is_over_all_seeds(grid: tuple[Path, Store], kept: Path) -> None:
    store, specs, held = grid[1], specs_of_grid(GRID), frontier_numbers.read(kept).models
    here = {spec.fingerprint: frontier_numbers.numbers_of(store.find(spec)) for spec in specs[:2]}
    found = frontier.dots(specs, here, held)
    assert [dot.spec for dot in found] == specs
    assert [dot.has_weights for dot in found] == [True, True, False, False]
    for dot in found:
        rates = [held[replace(dot.spec, seed=seed).fingerprint].metrics["rate"] for seed in (0, 1)]
        assert dot.spread(Axes())[0] == (min(rates), max(rates))
        assert dot.own.bound is not None
        assert dot.point(Axes())[0] == pytest.approx(rates[0])


def test_numbers_of_other_weights_are_not_shown_for_those_that_are_here(grid: tuple[Path, Store], kept: Path) -> None:
    spec, held = specs_of_grid(GRID)[0], frontier_numbers.read(kept).models
    own = replace(frontier_numbers.numbers_of(grid[1].find(spec)), weights_sha256="trained again")
    (dot,) = frontier.dots([spec], {spec.fingerprint: own}, held)
    assert dot.own == own
    assert len(dot.seeds) == 2


def test_the_sliders_stop_at_what_is_trained(grid: tuple[Path, Store], kept: Path) -> None:
    found = frontier.dots(specs_of_grid(GRID)[:3], {}, frontier_numbers.read(kept).models)
    assert frontier.nearest(found, 4, 0.5).spec == found[2].spec
    assert (frontier.nearest(found, 4, 4.0).spec.latent_dim, frontier.nearest(found, 4, 4.0).spec.beta) == (4, 0.5)


def test_the_entropy_bound_is_the_best_of_the_importance_weighted_ones(grid: tuple[Path, Store], kept: Path) -> None:
    found = frontier.dots(specs_of_grid(GRID), {}, frontier_numbers.read(kept).models)
    bounds = [one.metrics["iwae_bound"] for dot in found for one in dot.seeds]
    assert frontier.entropy_bound(found).nats == -max(bounds)


@pytest.mark.parametrize(("low", "high"), [(95.2, 206.0), (3.31, 3.94), (-560.0, 720.0), (0.0, 0.01)])
def test_levels_are_round_few_and_inside(low: float, high: float) -> None:
    levels = frontier.round_levels(low, high)
    assert 2 <= len(levels) <= 7
    assert min(levels) >= low - 1e-9
    assert max(levels) <= high + 1e-9
    assert len(set(np.diff(levels).round(6))) <= 1


def drawn(found: list[frontier.Dot], axes: Axes) -> list[figures.PlaneDot]:
    return [figures.PlaneDot(d.spec.latent_dim, d.spec.beta, *d.point(axes), *d.spread(axes), len(d.seeds)) for d in found]


def test_the_picture_holds_every_dot_with_its_whiskers_and_its_lines(grid: tuple[Path, Store], kept: Path) -> None:
    found = frontier.dots(specs_of_grid(GRID), {}, frontier_numbers.read(kept).models)
    dots = drawn(found, Axes())
    line = PlaneLine(dots[0].distortion + 2 * dots[0].rate, -2.0, "slope −2")
    figure = figures.rate_distortion_plane(dots, end=(0.0, 27.0)).at(dots[0], line).figure()
    curves = {trace.name: trace for trace in figure.data if trace.mode == "lines+markers"}
    assert list(curves) == ["2", "4"]
    for d, curve in curves.items():
        own = sorted((dot for dot in dots if str(dot.latent_dim) == d), key=lambda dot: dot.beta)
        assert list(curve.x) == [dot.rate for dot in own]
        assert [x + up for x, up in zip(curve.x, curve.error_x.array, strict=True)] == pytest.approx([d.rate_range[1] for d in own])
        assert [y - down for y, down in zip(curve.y, curve.error_y.arrayminus, strict=True)] == pytest.approx(
            [d.distortion_range[0] for d in own]
        )
    tangent = next(trace for trace in figure.data if trace.line.color == figures.CHOSEN and trace.mode == "lines")
    slope = (tangent.y[1] - tangent.y[0]) / (tangent.x[1] - tangent.x[0])
    assert slope == pytest.approx(-2.0)
    assert tangent.y[0] + 2 * tangent.x[0] == pytest.approx(dots[0].distortion + 2 * dots[0].rate)
    assert (tangent.name, tangent.legend) == ("slope −2", "legend2")
    assert figure.data[-1].marker.symbol == "circle-open"
    assert (figure.data[-1].x, figure.data[-1].y) == ((dots[0].rate,), (dots[0].distortion,))


def test_a_plane_is_drawn_again_with_another_dot_in_focus_and_with_no_tangent() -> None:
    dots = [figures.PlaneDot(2, 1.0, 10.0 + k, 100.0 - k, (10.0 + k, 10.0 + k), (100.0 - k, 100.0 - k), 1) for k in range(4)]
    plane = figures.rate_distortion_plane(dots)
    line = PlaneLine(110.0, -1.0, "tangent")
    drawn = [plane.at(dots[0], line).data, plane.at(dots[3]).data]
    assert [trace for trace in drawn[0][:-1] if trace.get("name") != "tangent"] == drawn[1][:-1]
    assert [trace[-1]["x"] for trace in drawn] == [[10.0], [13.0]]


def test_lines_of_the_plane_are_named_and_no_name_is_written_over_another() -> None:
    dots = [figures.PlaneDot(2, 1.0, 10.0 + k, 100.0 - k, (10.0 + k, 10.0 + k), (100.0 - k, 100.0 - k), 1) for k in range(4)]
    equal = [PlaneLine(level, -1.0, f"{level:g}", "equal") for level in (110.0, 110.5, 112.0)]
    figure = figures.rate_distortion_plane(dots, lines=[*equal, PlaneLine(105.0, -1.0, "entropy ≤ 105 nats", "entropy")])
    figure = figure.at(dots[0]).figure()
    assert {trace.name for trace in figure.data if trace.legend == "legend2"} == {"equal −ELBO", "entropy ≤ 105 nats"}
    high = figure.layout.yaxis.range[1]
    assert high < 110  # every line comes in from above
    assert {note.y for note in figure.layout.annotations if note.text in ("110", "110.5", "112")} == {high}
    apart = figures.rate_distortion_plane(dots, lines=equal, end=(0.0, 140.0)).at(dots[0]).figure()
    assert [note.text for note in apart.layout.annotations if note.xanchor == "right"] == ["110"]
    assert all(note.x == 0 for note in apart.layout.annotations if note.xanchor == "right")


def test_pairs_stand_above_each_other() -> None:
    x = np.arange(4, dtype=np.uint8).reshape(4, 1, 1, 1)
    table = frontier_card.pairs(x, 10 + x.astype(np.float32), 2)
    assert (table[:, :, 0, 0, 0] * 255).round().tolist() == [[0, 1], [2550, 2805], [2, 3], [3060, 3315]]


def test_the_bars_are_sorted_and_as_many_filled_as_are_active() -> None:
    html = frontier_card.kl_bars([0.5, 2.0, 0.001], n_active=2)
    assert [part.split(":")[0] for part in html.split('title="')[1:]] == ["z2", "z1", "z3"]
    assert html.count("class=idle") == 1
    assert "2 of 3 active" in html


def test_a_grid_that_trains_in_one_pass_is_the_models_alone() -> None:
    specs = specs_of_grid(GRID)
    frames = list(frontier_training.train_grid(specs))
    sweep = frontier_training.sweep_of_frames(specs, frames)
    assert sweep.n_done == sweep.n_epochs == 4
    alone = [event.test for event in fit(build(specs[3]), datasets.load("digits"), device=CPU)]
    assert sweep.rate[:, 3] == pytest.approx([test["rate"] for test in alone], rel=1e-3)
    assert sweep.distortion[:, 3] == pytest.approx([test["distortion"] for test in alone], rel=1e-3)


def test_the_sweep_shows_each_model_where_it_was_after_the_epoch(grid: tuple[Path, Store], kept: Path) -> None:
    found = frontier.dots(specs_of_grid(GRID), {}, frontier_numbers.read(kept).models)
    sweep = frontier_training.sweep_of_dots(found)
    dims, betas = [spec.latent_dim for spec in sweep.specs], [spec.beta for spec in sweep.specs]
    whole = frontier_sweep.frontier_sweep(dims, betas, sweep.rate, sweep.distortion)
    figure = whole.at(2, animated=True).figure()  # which checks every part of it
    curve = next(trace for trace in figure.data if trace.name == "4")
    assert list(curve.x) == pytest.approx([found[m].own.history["rate"][1] for m in (2, 3)], rel=1e-4)
    assert [frame.name for frame in figure.frames] == ["1", "2", "3", "4"]
    assert list(figure.frames[1].data[3].y) == list(curve.y)
    before = whole.at(0).figure()
    assert (len(before.data), len(before.frames), before.data[3].x) == (len(figure.data), 0, ())


def test_frames_of_a_grid_survive_their_journey() -> None:
    frame = frontier_training.GridFrame(1, 3, 0.5, 359, [1.0, None], [2.0, None])
    assert frontier_training.from_bytes(frontier_training.to_bytes(frame)) == frame
    assert np.isnan(frontier_training.sweep_of_frames(specs_of_grid(GRID)[:2], [frame]).rate[0, 1])


# The shipped grid


def shipped() -> list[Checkpoint]:
    """The grid's models that came with the program."""
    specs = [spec for plane in frontier.planes().values() for spec in plane]
    store = Store()
    return [found for spec in specs if spec in store and (found := store.find(spec)).is_shipped]


def test_a_larger_beta_buys_a_smaller_rate_with_more_distortion_in_the_shipped_grid() -> None:
    found = {title: frontier.dots(specs, of_shipped(specs), frontier_numbers.read().models) for title, specs in frontier.planes().items()}
    pairs = 0
    for dots in found.values():
        for d in {dot.spec.latent_dim for dot in dots}:
            own = sorted((dot for dot in dots if dot.spec.latent_dim == d), key=lambda dot: dot.spec.beta)
            for smaller, larger in pairwise(own):
                pairs += 1
                noise = spread_of_seeds(smaller, larger)
                assert larger.point(Axes())[0] <= smaller.point(Axes())[0] + noise, (smaller.spec, larger.spec)
            # Of one seed the spread is not known: on Frey faces β = 0.1 ends a nat above β = 0.25, and steps are taken two at a time.
            step = 1 if all(len(dot.seeds) > 1 for dot in own) else 2
            for smaller, larger in zip(own, own[step:], strict=False):
                noise = spread_of_seeds(smaller, larger)
                assert larger.point(Axes())[1] >= smaller.point(Axes())[1] - noise, (smaller.spec, larger.spec)
    if not pairs:
        pytest.skip("no shipped grid yet: python -m vae_core ship checkpoints/shipped/frontier.json")


def of_shipped(specs: list[VAESpec]) -> dict[str, ModelNumbers]:
    wanted = {spec.fingerprint for spec in specs}
    return {c.spec.fingerprint: frontier_numbers.numbers_of(c) for c in shipped() if c.spec.fingerprint in wanted}


def spread_of_seeds(*dots: frontier.Dot) -> float:
    """How far two seeds of one spec are apart, in rate or distortion: the largest of these dots; 0 where there is one seed."""
    return max(end[1] - end[0] for dot in dots for end in dot.spread(Axes()))


def test_no_kept_model_is_above_its_importance_weighted_bound() -> None:
    bounds = {one.spec: one.bound for one in frontier_numbers.read().models.values()}
    if not bounds:
        pytest.skip("no numbers yet: python -m benchmarks.frontier_numbers")
    assert None not in bounds.values()
    for spec, bound in bounds.items():
        assert bound.gap >= -3 * bound.gap_standard_error, spec
        assert (bound.n_images, bound.n_samples) == (300, 5000)


@pytest.mark.data
def test_the_kept_bound_of_one_model_is_what_its_weights_give() -> None:
    held = frontier_numbers.read().models
    found = next((c for c in shipped() if c.spec.fingerprint in held and c.spec.likelihood == "bernoulli"), None)
    if found is None:
        pytest.skip("no numbers yet: python -m benchmarks.frontier_numbers")
    model, images = Store().load(found.spec), datasets.load(found.spec.dataset)
    again = frontier_numbers.paired_bound(model, images, n_samples=500)
    kept_bound: PairedBound = held[found.spec.fingerprint].bound
    assert again.elbo == pytest.approx(kept_bound.elbo, rel=1e-4)
    assert again.gap >= -3 * again.gap_standard_error
    assert kept_bound.iwae_bound - 0.5 < again.iwae_bound < kept_bound.iwae_bound + 0.2


@pytest.mark.data
def test_a_model_without_z_scores_205_81_nats_on_mnist() -> None:
    end = frontier_numbers.end(VAESpec(dataset="mnist", latent_dim=2), datasets.load("mnist"))
    assert end.distortion == pytest.approx(205.81, abs=0.01)
    assert end.sse == pytest.approx(52.725, rel=0.01)
