"""Four approaches to p(x): densities that integrate to 1, bounds that stay below, and ticks that a model earns by answering."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.utils import parameters_to_vector

from vae_core.data.sets import moons, ring
from vae_core.explore.beyond import approaches as here
from vae_core.explore.beyond.approaches import STEPS, Answers, Film, Judge, answers, points_of, unseen
from vae_core.explore.beyond.approaches_figure import LOOKS, films_csv, square
from vae_core.explore.beyond.four_models import APPROACHES, Variational
from vae_core.explore.latent.ring import Ring

SETS = ("ring", "moons")
WITH_DENSITY = ("autoregressive", "flow", "vae")


@pytest.fixture(scope="module")
def films() -> dict[str, Film]:
    return here.load()


@pytest.fixture(scope="module")
def judges() -> dict[str, Judge]:
    return {name: Judge.of(name) for name in SETS}


def test_the_data_sets_know_their_own_density(films: dict) -> None:
    x = unseen("ring").astype(float)
    assert ring.log_density(x) == pytest.approx(Ring().log_density(x), abs=1e-9)
    assert np.isneginf(ring.log_density(np.array([[0.3, 0.2]])))
    assert films["ring"].entropy == pytest.approx(Ring().entropy()[0], abs=1e-4)
    along = np.arange(-2.2, 2.2, 0.02)
    log_density = moons.log_density(np.stack(np.meshgrid(along, along), -1).reshape(-1, 2))
    density = np.exp(log_density)
    assert density.sum() * 0.02**2 == pytest.approx(1, abs=1e-6)
    assert -(density * log_density).sum() * 0.02**2 == pytest.approx(films["moons"].entropy, abs=1e-5)
    of_test = moons.log_density(unseen("moons"))
    assert abs(of_test.mean() + films["moons"].entropy) < 3 * of_test.std() / len(of_test) ** 0.5
    angle = np.linspace(0, np.pi, 5001)  # one moon's middle, far from the other: a Gaussian across it, as curved as a circle is
    on = moons.log_density(np.array([[-0.5, 0.75]]))
    arc = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], 1)
    gaussian = np.exp(-((arc - [-0.5, 0.75]) ** 2).sum(1) / (2 * 0.05**2)) / (2 * np.pi * 0.05**2)
    assert np.exp(on[0]) == pytest.approx(gaussian.mean() / 2, rel=1e-3)


@pytest.mark.parametrize("dataset", SETS)
def test_exact_densities_integrate_to_1_and_the_flow_comes_back(films: dict, dataset: str) -> None:
    x = unseen(dataset)
    for approach in ("autoregressive", "flow"):
        answer = answers(films[dataset].model(approach), x)
        assert answer.integral == pytest.approx(1, abs=1e-3)
        if approach == "flow":
            assert answer.inverse_error < 1e-5
            assert answer.n_code == 2


@pytest.mark.parametrize("dataset", SETS)
def test_the_flow_s_density_is_that_of_its_noise_and_its_jacobian(films: dict, dataset: str) -> None:
    flow = films[dataset].model("flow")
    z = torch.randn((20, 2), generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda codes: flow.decode(codes).sum(0), z).transpose(0, 1)  # (20, 2, 2)
    log_normal = -0.5 * (z**2).sum(1) - np.log(2 * np.pi)
    exact = log_normal - torch.linalg.slogdet(jacobian).logabsdet
    assert flow.log_prob(flow.decode(z)).numpy() == pytest.approx(exact.numpy(), abs=1e-8)


@pytest.mark.parametrize("dataset", SETS)
def test_the_elbo_is_below_log_p_at_every_test_point(films: dict, dataset: str) -> None:
    vae, x = films[dataset].model("vae"), torch.tensor(unseen(dataset)[:1000], dtype=torch.float64)
    log_px = vae.log_px_by_quadrature(x)
    assert (vae.elbo(x) <= log_px + 1e-9).all()
    cells = torch.tensor(here.centres(90, 2.4))
    assert float(vae.log_px_by_quadrature(cells).exp().sum()) * (4.8 / 90) ** 2 == pytest.approx(1, abs=1e-3)
    q = vae.encode(x[:5])  # of one point, the bound is that with very many draws
    z = q.expand(200_000).sample(torch.Generator().manual_seed(0))
    drawn = vae.decode(z).log_prob(x[:5]).mean(0) - q.kl_per_dim().sum(-1)
    assert vae.elbo(x[:5]).numpy() == pytest.approx(drawn.numpy(), abs=0.05)


def test_a_gan_has_no_density_no_bound_and_no_encoder(films: dict) -> None:
    gan = films["ring"].model("gan")
    for name in ("log_prob", "elbo", "encode"):
        with pytest.raises(AttributeError, match=name):
            getattr(gan, name)
    assert answers(gan, unseen("ring")[:5]) == Answers(None, 1, 4, None, None, None)


@pytest.mark.parametrize("dataset", SETS)
def test_ticks_are_earned_and_nobody_has_all_four(films: dict, dataset: str) -> None:
    asked = {name: answers(films[dataset].model(name), unseen(dataset)[:200]) for name in APPROACHES}
    assert {name: one.ticks for name, one in asked.items()} == {
        "autoregressive": (True, False, False, False),
        "flow": (True, True, False, True),
        "vae": (False, True, True, False),
        "gan": (False, True, False, False),
    }
    assert {name: (one.n_passes, one.n_layers) for name, one in asked.items()} == {
        "autoregressive": (2, 6),
        "flow": (1, 24),
        "vae": (1, 3),
        "gan": (1, 4),
    }
    assert asked["vae"].posterior_gap > 0


@pytest.mark.parametrize("dataset", SETS)
def test_shipped_numbers_are_those_of_the_shipped_models(films: dict, judges: dict, dataset: str) -> None:
    judge, film = judges[dataset], films[dataset]
    for approach in WITH_DENSITY:
        frame, model = film.frames[approach][-1], film.model(approach)
        log_px = here.log_px(model, torch.tensor(judge.x)).numpy()
        assert frame.metrics["log_px"] == pytest.approx(log_px.mean(), abs=1e-4)
        assert frame.metrics["gap"] == pytest.approx((judge.log_density - log_px).mean(), abs=1e-4)
        density = here.log_px(model, torch.tensor(here.centres())).exp().numpy()
        assert frame.picture.ravel() == pytest.approx(density, abs=0.003 * density.max())
    assert film.frames["vae"][-1].metrics["elbo"] == pytest.approx(film.model("vae").elbo(torch.tensor(judge.x)).mean().item(), abs=1e-4)
    gan = film.frames["gan"][-1]
    assert gan.picture.ravel() == pytest.approx(film.model("gan").is_data(torch.tensor(here.centres())).numpy(), abs=0.003)


@pytest.mark.parametrize("dataset", SETS)
def test_no_model_beats_the_density_of_the_data(films: dict, dataset: str) -> None:
    for approach in WITH_DENSITY:
        for frame in films[dataset].frames[approach]:
            gap, log_px = frame.mean("gap"), frame.mean("log_px")
            assert gap.value > -gap.half_width
            assert log_px.value < -films[dataset].entropy + log_px.half_width
        assert films[dataset].frames[approach][-1].mean("gap").value < 0.3
    slack = films[dataset].frames["vae"][-1]
    assert slack.mean("log_px").value - slack.mean("elbo").value == pytest.approx(slack.mean("slack").value, abs=1e-4)


@pytest.mark.parametrize("dataset", SETS)
def test_no_discriminator_tells_data_from_draws_better_than_the_best(films: dict, dataset: str) -> None:
    for frame in films[dataset].frames["gan"]:
        assert 0.45 < frame.metrics["told"] <= frame.metrics["best_told"] <= 1
    data, draws = np.array([[0.4, 0.1], [0.0, 0.5]]), np.array([[0.1, 0.1], [0.0, 0.6]])
    best, d = here.best_discriminator(data, draws), np.linspace(0.001, 0.999, 999)
    value = data[..., None] * np.log(d) + draws[..., None] * np.log1p(-d)
    is_there = data + draws > 0
    assert best[is_there] == pytest.approx(d[value.argmax(-1)][is_there], abs=0.001)
    assert np.isnan(best[~is_there]).all()
    assert here.told_apart(best, data, draws) == pytest.approx(0.5 + 0.25 * (np.abs(data - draws).sum() + 0.2))  # a fifth is beyond


def test_outskirts_hold_one_percent_of_the_data(judges: dict) -> None:
    for judge in judges.values():
        assert judge.n_off(judge.x) == 100
        assert judge.n_off(np.array([[5.0, 5.0]])) == 1
        assert judge.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("approach", APPROACHES)
def test_training_is_repeatable_and_goes_down(approach: str) -> None:
    x, losses, weights = points_of("ring").train.x, [], []
    for _ in range(2):
        for step, model in here.training(approach, x, steps=(0, 40)):
            if step in (0, 40) and approach != "gan":
                with torch.no_grad():
                    losses.append(float(model.loss(torch.tensor(x[:2000]), torch.Generator().manual_seed(0))))
        weights.append(parameters_to_vector(model.parameters()).detach())
    assert torch.equal(*weights)
    assert approach == "gan" or losses[1] < losses[0] - 0.5


def test_an_autoregressive_draw_follows_its_own_density(films: dict) -> None:
    for approach in ("autoregressive", "flow"):
        model = films["moons"].model(approach)
        draws = model.sample(20_000, torch.Generator().manual_seed(5))
        n, _, _ = np.histogram2d(*draws.numpy().T, bins=4, range=[[-2, 2], [-2, 2]])
        mass = model.log_prob(torch.tensor(here.centres(200, 2.0))).exp().numpy().reshape(4, 50, 4, 50).sum((1, 3)).T * 0.02**2
        assert n / 20_000 == pytest.approx(mass, abs=0.02)


def test_a_film_comes_back_from_its_file(films: dict, tmp_path: Path) -> None:
    here.save(tmp_path / "again.film", films)
    again = here.load(tmp_path / "again.film")
    assert (tmp_path / "again.film").read_bytes() == here.SHIPPED.read_bytes()
    assert again["moons"].frames["vae"][3].metrics == films["moons"].frames["vae"][3].metrics
    assert here.SHIPPED.stat().st_size <= 300_000
    assert not here.load(tmp_path / "none.film")


def test_the_picture_is_of_what_it_says(films: dict) -> None:
    film = films["ring"]
    frame = film.frames["gan"][-1]
    chart = square(frame.draws, frame.best, approach="gan", side=here.SIDE, most=1.0, of="D*(x)")
    assert (chart.data[1]["zmin"], chart.data[1]["zmax"], chart.data[1]["name"]) == (0, 1, "D*(x)")
    assert chart.data[0]["marker"]["color"] == LOOKS["gan"].colour
    rows = films_csv([("vae", STEPS[-1], film.frames["vae"][-1].metrics)]).decode().splitlines()
    assert rows[0].startswith("approach,step,elbo,") and rows[1].startswith(f"VAE,{STEPS[-1]},")
    assert len(chart.figure().data) == 2


def test_a_vae_s_noise_is_drawn_with_its_own_scale() -> None:
    vae = Variational()
    vae.start(0)
    with torch.no_grad():
        vae.decoder[-1].weight.zero_()
        draws = vae.sample(4000, torch.Generator().manual_seed(0))
    assert draws.std(0).numpy() == pytest.approx([0.1, 0.1], rel=0.05)
