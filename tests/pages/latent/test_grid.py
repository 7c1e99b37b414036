"""Grids of decoded images: every control, and the axes that they share."""

from __future__ import annotations

import re
import threading

import numpy as np
import pytest

from pages.latent.grid import cached as of_page
from pages.latent.grid import view
from pages.shared import cached
from tests.harness import assert_answers, charts, link_of, opened, value_of, words
from vae_core.explore.latent import holes
from vae_core.explore.manifolds_figure import Panel, manifold_grids
from vae_core.models import default_spec

GRID = "latent/grid"
pytestmark = pytest.mark.usefixtures("more_models")


@pytest.mark.parametrize(
    "query",
    [
        {"shown": "in focus", "grid": "quantile", "ground": "prior", "extent": 4.0, "n_grid": 7},
        {"ground": "none", "unit": "code", "family": "autoencoder"},
        {"latent_dim": 10, "across": "z2", "up": "z5", "code_size": "d of the sidebar"},
    ],
)
def test_every_control_of_the_grid_answers(query: dict) -> None:
    app = opened(GRID, dataset="digits", **{"latent_dim": 2, **query})
    assert_answers(app)
    found = link_of(app)
    assert {key: found[key] for key in query} == {key: str(value) for key, value in query.items()}


def test_the_grid_stands_side_by_side_on_the_same_axes() -> None:
    (chart,) = charts(opened(GRID, dataset="digits", latent_dim=2))
    assert [note["text"] for note in chart["layout"]["annotations"]] == [
        "<b>● VAE</b>",
        "<b>▼ AE</b>",
        "<b>■ PCA</b>",
        "density of the codes q(z)",
    ]
    ticks = [chart["layout"][axis]["ticktext"] for axis in ("xaxis", "xaxis2", "xaxis3", "yaxis")]
    assert all(tick == ["−3.0", "0.0", "3.0"] for tick in ticks)


def test_a_coordinate_that_rounds_to_zero_has_no_sign() -> None:
    axis = np.array([-1.0, -0.03, 0.03, 1.0])
    figure = manifold_grids([Panel("VAE", np.zeros((4, 4, 1, 2, 2), np.float32), axis, None)]).figure()
    assert figure.layout.xaxis.ticktext == figure.layout.yaxis.ticktext == ("−1.0", "0.0", "1.0")


def test_what_is_drawn_where_no_code_lies_is_counted_below_the_grid() -> None:
    app = opened(GRID, dataset="digits", latent_dim=2)
    without, beside = re.search(r"is sure of \*\*(.+)\*\* images; in the other cells (.+)\.", words(app)).groups()
    cells = [[int(n) for n in re.findall(r"of (\d+)", part)] for part in (without, beside)]
    assert [sum(pair) for pair in zip(*cells, strict=True)] == [121, 121, 121]
    assert value_of(app, "Empty cells, VAE") == f"{cells[0][0]} of 121"
    assert "to the nearest of 1,438 training images, in empty cells and in the others: VAE" in words(app)
    assert len(charts(app)[0]["layout"]["shapes"]) == 3


def test_where_there_is_no_classifier_only_the_distance_is_said() -> None:
    said = words(opened(GRID, dataset="faces_25", latent_dim=2))
    assert "In empty cells the mean squared error to the nearest training image is **VAE" in said
    assert "is sure of" not in said


@pytest.mark.parametrize("state", [{}, {"extent": 4.0, "n_grid": 7}, {"latent_dim": 10, "n_grid": 7, "code_size": "d of the sidebar"}])
def test_once_it_is_open_or_its_slider_was_moved_no_other_number_of_images_is_waited_for(
    state: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "PER_SIDE", (5, 7, 9, 11))
    app = opened(GRID, dataset="digits", **{"latent_dim": 2, **state})
    for thread in threading.enumerate():
        if thread.name == cached.PREPARING:
            thread.join(60)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was computed")

    monkeypatch.setattr(of_page.manifolds, "manifold_grid", refuse)
    monkeypatch.setattr(holes, "holes", refuse)
    monkeypatch.setattr(view, "figure", refuse)
    app.slider(key="n_grid").set_value(9).run()
    assert [exception.message for exception in app.exception] == []
    assert value_of(app, "Empty cells, VAE").endswith(" of 81")


def test_nothing_is_prepared_of_other_planes_before_the_slider_is_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = []
    monkeypatch.setattr(cached, "_prepare", prepared.append)
    app = opened(GRID, dataset="digits", latent_dim=2, extent=4.0)
    assert prepared == []
    app.slider(key="n_grid").set_value(9).run()
    assert len(prepared) == 1


@pytest.mark.parametrize(("n", "extent"), [(11, 3.0), (11, 4.0)])
def test_what_a_shipped_model_draws_in_holes_is_kept_and_right(n: int, extent: float, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, plane = default_spec("vae", "digits", 2), (n, "linear", extent, (0, 1), False)
    kept = of_page.shipped_holes()[holes.model_name(cached.checkpoint(spec), cached.classifier("digits"))][holes.plane_of(n, extent)]
    found = holes.holes(of_page.manifold_grid(spec, *plane), cached.dataset("digits").train.x, cached.classifier("digits"))
    for of_kept, measured in ((kept.empty, found.empty), (kept.inhabited, found.inhabited)):
        assert (of_kept.n, of_kept.sse) == (measured.n, pytest.approx(measured.sse, rel=1e-3))
        assert of_kept.n_read == pytest.approx(measured.n_read, abs=1)  # one may be as confident as is asked for
    of_page.holes.clear()
    monkeypatch.setattr(holes, "holes", lambda *given: pytest.fail("measured again"))
    assert of_page.holes(spec, *plane) == kept
