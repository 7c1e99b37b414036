"""A chart is a value: what is sent is what Plotly's own figure would send, and what a notebook gets is that figure."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import plotly.colors
import plotly.graph_objects as go
import plotly.io
import pytest

from vae_core.drawing import theme
from vae_core.drawing.chart import Chart, axis, level, note, trace, upright
from vae_core.drawing.colours import between, even

CHART = theme.house_chart(
    [
        trace("scatter", x=np.arange(3.0), y=np.float32([1, np.nan, 3]), customdata=np.array([0, 200, -70_000]), name="a < b"),
        trace("heatmap", z=np.eye(2), colorscale=theme.SEQUENTIAL),
        trace("bar", x=np.array(["a", "b"]), y=[float("nan"), np.float64(2.5)], text=["ä", "∞"]),
    ],
    height=300,
    xaxis=axis("across", range=[0, np.float32(2)]),
    shapes=[upright(1.5, line={"width": 2}), level(0.5, line={"dash": "dot"})],
    annotations=[note("here", x=1, y=2)],
)


def test_what_is_sent_is_what_plotly_sends_of_the_same_figure() -> None:
    assert json.loads(CHART.to_json()) == json.loads(plotly.io.to_json(CHART.figure(), validate=False))


def test_what_is_sent_is_json_also_where_a_number_is_missing() -> None:
    parts = json.loads(CHART.to_json(), parse_constant=lambda name: pytest.fail(name))
    assert parts["data"][2]["y"] == [None, 2.5]


@pytest.mark.parametrize(
    ("array", "dtype"),
    [
        (np.arange(5), "i1"),
        (np.array([0, 300]), "i2"),
        (np.array([0, -70_000]), "i4"),
        (np.array([2**40]), None),
        (np.arange(3, dtype=np.uint8), "u1"),
        (np.zeros(3, np.float32), "f4"),
        (np.zeros((2, 3)), "f8"),
        (np.zeros(0), None),
        (np.array(["a", "b"]), None),
        (np.array([True, False]), None),
        (np.zeros(3, np.float16), None),
    ],
)
def test_arrays_travel_as_bytes_of_a_type_that_the_browser_has_or_as_lists(array: np.ndarray, dtype: str | None) -> None:
    sent = json.loads(Chart([trace("scatter", y=array)], {}).to_json())["data"][0]["y"]
    assert (sent if dtype is None else sent["dtype"]) == (array.tolist() if dtype is None else dtype)
    assert dtype is None or sent.get("shape") == ("2, 3" if array.ndim == 2 else None)


def test_what_is_neither_number_nor_text_nor_array_is_refused() -> None:
    with pytest.raises(TypeError, match="chart must hold numbers, texts and arrays, got set"):
        Chart([trace("scatter", x={1})], {}).to_json()


def test_the_figure_is_plotlys_own_and_can_be_changed() -> None:
    figure = CHART.figure()
    assert len(go.Figure(figure).data) == 3
    assert figure.update_layout(title="mine").layout.title.text == "mine"
    assert figure.data[0].y[2] == 3
    assert "title" not in CHART.layout


def test_a_property_that_plotly_does_not_know_is_found_by_its_figure() -> None:
    with pytest.raises(ValueError, match="colour"):
        Chart([trace("scatter", colour="red")], {}).figure()


def test_an_extended_chart_leaves_the_first_as_it_was() -> None:
    more = CHART.extended(trace("scatter", y=[1]), height=500)
    assert (len(more.data), more.layout["height"], more.layout["xaxis"]) == (4, 500, CHART.layout["xaxis"])
    assert (len(CHART.data), CHART.layout["height"]) == (3, 300)


def test_frames_are_sent_where_there_are_any() -> None:
    animated = Chart([trace("scatter", y=[1])], {}, frames=[{"name": "1", "data": [{"type": "scatter", "y": [2]}]}])
    assert json.loads(animated.to_json())["frames"][0]["name"] == animated.figure().frames[0].name == "1"
    assert "frames" not in json.loads(CHART.to_json())


def test_a_frame_that_is_shown_changes_the_figure_and_not_what_stays() -> None:
    moved = Chart([trace("scatter", x=[0], y=[1]), trace("bar", y=[3])], {"title": {"text": "first"}, "height": 200})
    moved = replace(moved, frame={"traces": [0], "data": [{"y": [2]}], "layout": {"title": {"text": "then"}}})
    figure = moved.figure()
    assert (figure.data[0].x, figure.data[0].y, figure.data[1].y) == ((0,), (2,), (3,))
    assert (figure.layout.title.text, figure.layout.height) == ("then", 200)
    assert json.loads(moved.to_json()) == {"data": moved.data, "layout": moved.layout}
    assert moved.now().now().data == moved.now().data == [{"type": "scatter", "x": [0], "y": [2]}, moved.data[1]]


def test_a_notebook_shows_a_chart_as_it_shows_plotlys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plotly.io.renderers, "default", "plotly_mimetype")
    bundle = CHART._repr_mimebundle_()
    assert len(bundle["application/vnd.plotly.v1+json"]["data"]) == 3


def test_the_scale_for_amounts_is_plotlys_cividis() -> None:
    assert [colour for _, colour in theme.SEQUENTIAL] == [colour.lower() for colour in plotly.colors.sequential.Cividis]
    assert [place for place, _ in theme.SEQUENTIAL] == pytest.approx([place for place, _ in plotly.colors.get_colorscale("Cividis")])


@pytest.mark.parametrize("stops", [theme.SEQUENTIAL, theme.DIVERGING, even(["#000000", "#ff8000", "#ffffff"])])
def test_colours_between_stops_are_those_of_plotly(stops: list[tuple[float, str]]) -> None:
    shares = np.linspace(0, 1, 57)
    theirs = plotly.colors.sample_colorscale([list(stop) for stop in stops], shares.tolist(), colortype="tuple")
    np.testing.assert_allclose(between(shares, stops), 255 * np.array(theirs), atol=1.0)  # plotly cuts off, this rounds


def test_colours_have_an_opacity_where_their_stops_have_one() -> None:
    assert between(np.array([[-1.0, 0.5, 2.0]]), [(0, "#00000000"), (1, "#ff80c8ff")]).tolist() == [
        [[0, 0, 0, 0], [128, 64, 100, 128], [255, 128, 200, 255]]
    ]
