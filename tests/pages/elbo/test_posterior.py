"""*Which posterior?*: q ascends step by step, parts sum to the gap, images are sorted, larger codes have bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from pages.shared import cached
from tests.harness import answer_of, assert_sound, charts, conclusion_of, link_of, opened, value_of, values, words
from vae_core.drawing.packing import unpacked
from vae_core.explore.elbo import gaps, posterior_maps
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.units import signed

POSTERIOR, DIGITS = "elbo/posterior", {"dataset": "digits", "latent_dim": 2}
SPEC = default_spec("vae", "digits", 2)


def known() -> dict[int, posterior_maps.PosteriorMap]:
    return posterior_maps.read(posterior_maps.path_of(Store().checkpoint(SPEC).weights_sha256))


def film(app) -> tuple[dict, dict[str, np.ndarray]]:
    """What the browser is sent of the ascent: header and arrays."""
    return unpacked(next(one.proto.bytes for one in app.get("bidi_component") if one.proto.component_name == "ascent_film"))


def test_q_ascends_to_the_best_diagonal_and_to_the_best_full_gaussian() -> None:
    app = opened(POSTERIOR, **DIGITS)
    one = known()[int(link_of(app)["posterior_image"])].split
    header, way = film(app)
    half, gaps_of = header["n_diagonal"], way["gaps"]
    parts = [value for value, _ in header["parts"].values()]
    np.testing.assert_allclose(parts, [one.amortization, one.diagonal, one.gaussian], atol=1e-3)
    np.testing.assert_allclose(gaps_of[[0, half, -1]], [one.gap, one.approximation, one.gaussian], atol=1e-3)
    assert (np.diff(gaps_of) < 0).all()
    assert {"heat", "draws", "shares"} <= set(way)
    for step, said, left in ((half, "the best diagonal Gaussian", one.approximation), (10_000, "the best full Gaussian", one.gaussian)):
        app = opened(POSTERIOR, **DIGITS, posterior_step=step)
        assert said in conclusion_of(app)
        assert float(value_of(app, "Gap").removesuffix(" nats")) == pytest.approx(left, abs=0.01)
        assert link_of(app)["posterior_step"] == str(step)


def test_it_opens_at_the_median_gap_and_says_which_part_is_the_larger_one() -> None:
    app, maps = opened(POSTERIOR, **DIGITS), known()
    one, measured = maps[int(link_of(app)["posterior_image"])].split, gaps.of_maps(maps)
    assert one.gap == pytest.approx(np.median(measured.gap), rel=0.05)
    whose = "the encoder's" if one.amortization > one.approximation else "the family's"
    assert f"Most of it is {whose}" in conclusion_of(app)
    for name in ("amortization", "approximation", "gaussian", "diagonal", "draw"):
        assert str(measured.mean(name)) in answer_of(app)


@pytest.mark.parametrize(
    ("shown", "said"),
    [("more draws", "One draw gives the ELBO"), ("all images", "200 test images"), ("four approximations", "the family costs")],
)
def test_what_stands_beside_the_map_has_its_own_conclusion(shown: str, said: str) -> None:
    app = opened(POSTERIOR, **DIGITS, posterior_shown=shown, posterior_drawn="chain")
    assert_sound(app)
    assert said in conclusion_of(app)
    header, way = film(app)
    assert "chain" in way
    assert header["parts"] is None
    assert len(charts(app)) == 1


def test_draws_from_a_q_that_is_far_off_do_not_reach_log_px() -> None:
    measured = gaps.of_maps(known())
    order = measured.images[measured.order]
    second_worst, best = (
        conclusion_of(opened(POSTERIOR, **DIGITS, posterior_image=int(image), posterior_shown="more draws"))
        for image in (order[1], order[-1])
    )
    assert float(re.search(r"is still ([\d.]+) nats below the exact line", second_worst)[1]) > 0.5
    assert "costs draws, and not the answer" in best


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """What was measured of posteriors, as if no maps came with the program, and nothing was measured beside a visitor."""
    measured: list[object] = []
    measure = posterior_maps.posterior_map

    def counted(*of: object) -> posterior_maps.PosteriorMap:
        measured.append(of)
        return measure(*of)

    with monkeypatch.context() as patch:
        patch.setattr(posterior_maps, "read", lambda path: None)
        patch.setattr(posterior_maps, "posterior_map", counted)
        patch.setattr(cached, "prepare", lambda *of: None)
        cached.forget_models()
        yield measured
    cached.forget_models()


def test_maps_come_with_every_shipped_vae_of_two_latent_dimensions() -> None:
    recipes = [c for c in Store().checkpoints() if c.is_shipped and c.spec.latent_dim == 2 and c.spec.family == "vae"]
    usual = [c for c in recipes if len(c.spec.identity.shape) == 3 and c.spec == default_spec("vae", c.spec.dataset, 2)]
    assert len(usual) >= 8
    assert [c.spec.dataset for c in usual if not posterior_maps.path_of(c.weights_sha256).is_file()] == []


def test_without_shipped_maps_a_visitor_waits_for_the_posterior_of_one_image(looked_at: list[object]) -> None:
    app = opened(POSTERIOR, **DIGITS, unfolded=())
    assert_sound(app)
    assert len(looked_at) == 1
    assert "Most of it is" in conclusion_of(app)
    assert app.main.select_slider[0].label == "Test image"


def test_without_shipped_maps_all_images_are_measured_once_and_sorted(looked_at: list[object]) -> None:
    for shown in ("the gap", "all images"):
        app = opened(POSTERIOR, **DIGITS, posterior_shown=shown)
        assert len(looked_at) == 40
    assert "40 test images" in conclusion_of(app)
    _, _, gap, chosen, _ = charts(app)[0]["data"]
    assert (np.diff(values(gap["y"])) <= 0).all()
    at = values(chosen["x"])[0] - 1
    assert values(gap["y"])[at] == pytest.approx(float(value_of(app, "Gap").removesuffix(" nats")), abs=0.01)


def test_posteriors_that_no_maps_came_for_are_measured_beside_the_first_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    log_px_of_first = known()[0].split.log_px
    with monkeypatch.context() as patch:
        works: list[Callable[[], object]] = []
        patch.setattr(posterior_maps, "read", lambda path: None)
        patch.setattr(cached, "prepare", lambda what, choices, parts: works.extend(parts))
        cached.forget_models()
        opened(POSTERIOR, **DIGITS, unfolded=())
        assert len(works) == 40
        assert works[0]().split.log_px == pytest.approx(log_px_of_first, abs=1e-4)
    cached.forget_models()


def test_a_larger_code_has_bounds_which_are_called_so() -> None:
    app = opened(POSTERIOR, dataset="digits", latent_dim=10, code_size="d of the sidebar")
    assert_sound(app)
    assert "at least" in conclusion_of(app)
    assert "only bounds" in answer_of(app)
    assert "Only bounds reach log p(x) at d = 10" in words(app)
    assert app.metric[0].label == "log p(x), at least"
    header, way = film(app)
    assert header["is_bound"]
    assert "heat" not in way
    assert len(way["gaps"]) == 3


def test_the_images_are_sorted_by_their_gaps_and_a_link_chooses_one() -> None:
    measured = gaps.of_maps(known())
    worst = int(measured.images[measured.order[0]])
    app = opened(POSTERIOR, **DIGITS, posterior_image=worst, posterior_shown="all images")
    approximation, amortization, gap, chosen, _ = charts(app)[0]["data"]
    np.testing.assert_allclose(values(gap["y"]), measured.gap[measured.order])
    assert (np.diff(values(gap["y"])) <= 0).all()
    np.testing.assert_allclose(np.add(values(approximation["y"]), values(amortization["y"])), values(gap["y"]))
    assert values(chosen["x"]) == [1]
    assert signed(measured.gap.max(), 1)[0] != "−"
