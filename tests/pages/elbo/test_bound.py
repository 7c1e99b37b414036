"""The bound's page: what it says is what the integrals are, and a link restores world, x and q."""

from __future__ import annotations

import csv
import io

import pytest

from pages.elbo.bound.view import Setting, curves, derivations
from tests.harness import assert_sound, conclusion_of, link_of, opened, value_of
from vae_core.explore.elbo import bound
from vae_core.explore.elbo.bound import WORLDS
from vae_core.explore.elbo.gaussian import Gaussian

BOUND = "elbo/bound"


@pytest.mark.parametrize("name", WORLDS)
def test_a_link_restores_the_world_x_and_q(name: str) -> None:
    query = {f"bound_{name}_x": 0.5, f"bound_{name}_mean": 0.9, f"bound_{name}_width": 0.3}
    app = opened(BOUND, bound_world=WORLDS[name].title, bound_below="Jensen", **query)
    assert_sound(app)
    assert {key: float(link_of(app)[key]) for key in query} == query
    world, q = WORLDS[name], Gaussian(0.9, 0.3)
    assert value_of(app, "log p(x)") == f"{bound.log_evidence(world, 0.5):.3f} nats".replace("-", "−")
    lost = bound.elbo(world, 0.5, bound.best(world, 0.5)) - bound.elbo(world, 0.5, q)
    assert f"{lost:.2f} nats" in conclusion_of(app)


@pytest.mark.parametrize(
    ("name", "x", "said"), [("line", 0.5, "closes the gap"), ("bend", 1.2, "has 2 modes"), ("bend", -0.9, "is not a Gaussian")]
)
def test_the_conclusion_names_what_keeps_even_the_best_gaussian_away(name: str, x: float, said: str) -> None:
    best = bound.best(WORLDS[name], x)
    query = {f"bound_{name}_x": x, f"bound_{name}_mean": best.mean, f"bound_{name}_width": best.width}
    conclusion = conclusion_of(opened(BOUND, bound_world=WORLDS[name].title, **query))
    assert conclusion.startswith("This q is the best Gaussian.") and said in conclusion


def test_numbers_beyond_their_bounds_are_not_taken_from_an_address() -> None:
    app = opened(BOUND, bound_bend_x="1e9", bound_bend_width=-1, bound_bend_mean="nan", bound_s="x")
    assert_sound(app)
    assert float(link_of(app)["bound_bend_width"]) == WORLDS["bend"].q.width


def test_files_hold_the_curves_and_every_line_with_its_value() -> None:
    world = WORLDS["bend"]
    setting = Setting(world, world.x, world.q, bound.best(world, world.x))
    rows = list(csv.DictReader(io.StringIO(curves(setting).decode())))
    assert sum(float(row["posterior"]) for row in rows) * 0.01 == pytest.approx(1, abs=1e-3)
    rows = list(csv.DictReader(io.StringIO(derivations(setting).decode())))
    assert len({row["slides"] for row in rows}) == 4
    evidence = bound.log_evidence(world, world.x)
    firsts = [float(row["nats"]) for row in rows if row["formula"].endswith(("p(x)", "_\\theta(x)")) and row["derivation"] == "by KL"]
    assert firsts and firsts[:2] == pytest.approx([evidence] * 2)
