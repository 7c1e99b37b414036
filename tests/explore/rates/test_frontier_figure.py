"""The plane of rate and distortion as a picture: dots, whiskers, tangent and lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explore.rates.frontier_grid import GRID
from vae_core.explore.rates import frontier, frontier_numbers
from vae_core.explore.rates import frontier_figure as figures
from vae_core.explore.rates.frontier import Axes
from vae_core.explore.rates.frontier_lines_figure import PlaneLine
from vae_core.store import Store
from vae_core.training.grids import specs_of_grid


def plane_dots(dots: list[frontier.Dot], axes: Axes) -> list[figures.PlaneDot]:
    return [figures.PlaneDot(d.spec.latent_dim, d.spec.beta, *d.point(axes), *d.spread(axes), len(d.seeds), d.in_words(axes)) for d in dots]


def test_the_picture_holds_every_dot_with_its_whiskers_and_its_lines(grid: tuple[Path, Store], numbers_file: Path) -> None:
    dots = plane_dots(frontier.dots(specs_of_grid(GRID), {}, frontier_numbers.read(numbers_file).models), Axes())
    line = PlaneLine(dots[0].distortion + 2 * dots[0].rate, -2.0, "slope −2")
    figure = figures.rate_distortion_plane(dots, end=(0.0, 27.0)).at(dots[0], line).figure()
    curves = {trace.name: trace for trace in figure.data if trace.mode == "lines+markers"}
    assert list(curves) == ["2", "4"]
    for d, curve in curves.items():
        own = sorted((dot for dot in dots if str(dot.latent_dim) == d), key=lambda dot: dot.beta)
        assert list(curve.x) == [dot.rate for dot in own]
        assert curve.hovertemplate.startswith("d = %{customdata[0]}, β = %{customdata[1]}<br>")  # with ":g" Plotly writes 0.500000
        assert [about[3] for about in curve.customdata] == [dot.text for dot in own]
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
    dots = [figures.PlaneDot(2, 1.0, 10.0 + k, 100.0 - k, (10.0 + k, 10.0 + k), (100.0 - k, 100.0 - k), 1, "") for k in range(4)]
    plane = figures.rate_distortion_plane(dots)
    line = PlaneLine(110.0, -1.0, "tangent")
    focused = [plane.at(dots[0], line), plane.at(dots[3])]
    still = [chart.data[:-1] for chart in focused]
    assert [trace for trace in still[0] if trace.get("name") != "tangent"] == still[1]
    assert [chart.frame["data"][-1]["x"] for chart in focused] == [[10.0], [13.0]]


def test_lines_of_the_plane_are_named_and_no_name_is_written_over_another() -> None:
    dots = [figures.PlaneDot(2, 1.0, 10.0 + k, 100.0 - k, (10.0 + k, 10.0 + k), (100.0 - k, 100.0 - k), 1, "") for k in range(4)]
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
