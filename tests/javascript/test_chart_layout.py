"""A chart's layout on a page: the page's colours where its template leaves them open, lasting zooms."""

from __future__ import annotations

from tests.javascript.engine import evaluate

LAYOUT = ("pages/shared/chart/layout.js",)
LOOK = {"text": "#111", "ground": "#fff", "border": "#ccc", "accent": "#06c", "family": "Sans", "heading": "#000", "headings": "Serif"}


def test_the_page_gives_what_the_template_leaves_open() -> None:
    layout = {"template": {"layout": {"font": {"size": 13}, "title": {"x": 0.5}}, "data": {"bar": []}}, "height": 300}
    dressed = evaluate(LAYOUT, "return dressed(layout, look);", layout=layout, look=LOOK)
    own = dressed["template"]["layout"]
    assert own["font"] == {"size": 13, "color": "#111", "family": "Sans"}
    assert own["title"]["x"] == 0.5 and own["title"]["font"]["color"] == "#000"
    assert own["hoverlabel"]["bgcolor"] == "#fff" and dressed["template"]["data"] == {"bar": []} and dressed["height"] == 300


def test_powers_of_ten_are_as_large_as_other_numbers() -> None:
    layout = {"template": {"layout": {"xaxis": {"tickfont": {"size": 14}}, "yaxis": {"tickfont": {"size": 14}}}}}
    layout |= {"xaxis": {"type": "log"}, "yaxis2": {"type": "log", "tickfont": {"size": 12}}, "yaxis": {"type": "log", "tickvals": [1]}}
    for least, sizes in ((0, (14, 12)), (18, (18, 18))):
        dressed = evaluate(LAYOUT, "return dressed(layout, look);", layout=layout, look=LOOK | {"least": least})
        assert tuple(1.25 * dressed[name]["tickfont"]["size"] for name in ("xaxis", "yaxis2")) == sizes  # Plotly's factor
        assert "tickfont" not in dressed["yaxis"]


def test_a_zoom_lasts_as_long_as_an_axis_shows_the_same_quantity() -> None:
    axes = [{"xaxis": {"title": {"text": title}}, "yaxis2": {}, "legend": {}} for title in ("rate, nats", "rate, bits")]
    rate, bits = (evaluate(LAYOUT, "return dressed(layout, look);", layout=layout, look=LOOK) for layout in axes)
    assert rate["xaxis"]["uirevision"] != bits["xaxis"]["uirevision"]
    assert rate["yaxis2"]["uirevision"] == bits["yaxis2"]["uirevision"] == "yaxis2"
    assert "uirevision" not in rate["legend"]


def test_a_frame_changes_what_it_says_and_nothing_else() -> None:
    figure = {"data": [{"x": [1], "y": [2], "name": "a"}, {"x": [3], "y": [4]}], "layout": {"title": {"text": "now"}, "height": 200}}
    frame = {"traces": [1], "data": [{"y": [5]}], "layout": {"title": {"text": "then"}}}
    found = evaluate(LAYOUT, "return [atFrame(figure, frame), atFrame(figure, {}), figure];", figure=figure, frame=frame)
    changed = {"data": [figure["data"][0], {"x": [3], "y": [5]}], "layout": {"title": {"text": "then"}, "height": 200}}
    assert found == [changed, figure, figure]


SIZE = {"width": 348, "height": 900}
PANELS = {
    "title": {"text": "A title of more words than a telephone is wide, which it is not"},
    "legend": {"y": 1.1},
    "xaxis": {"domain": [0, 0.4], "title": {"text": "rate"}},
    "yaxis": {},
    "xaxis2": {"domain": [0.6, 1], "anchor": "y2", "title": {"text": "the rate of every image in nats, summed over all dimensions"}},
    "yaxis2": {"anchor": "x2"},
    "annotations": [
        {"text": "second", "x": 0.6, "y": 1, "xref": "paper", "yref": "paper"},
        {"text": "a point", "x": 3, "y": 4, "xref": "x2", "yref": "y2"},
    ],
}


def test_on_a_telephone_panels_stand_below_one_another_with_what_belongs_to_them() -> None:
    layout = evaluate(LAYOUT, "return onTelephone(layout, size);", layout=PANELS, size=SIZE)
    first, second = layout["yaxis"]["domain"], layout["yaxis2"]["domain"]
    assert layout["xaxis"]["domain"] == layout["xaxis2"]["domain"] == [0, 1]
    assert first[1] == 1 and first[0] > second[1] and second[0] >= -1e-9
    title, point = layout["annotations"]
    assert title["x"] == 0 and second[1] <= title["y"] < first[0]
    assert point == PANELS["annotations"][1]
    assert "<br>" in layout["xaxis2"]["title"]["text"] and "<br>" not in layout["xaxis"]["title"]["text"]
    assert layout["title"]["text"] == "" and "A title" in layout["legend"]["title"]["text"]
    assert evaluate(LAYOUT, "return onTelephone(layout, size);", layout=PANELS, size=SIZE | {"width": 600}) == PANELS


def test_on_a_telephone_a_chart_is_as_high_as_its_panels_ask() -> None:
    heights = "return [heightOnTelephone(layout, '400px'), heightOnTelephone({ xaxis: {}, yaxis: {} }, '400px')];"
    two, one = evaluate(LAYOUT, heights, layout=PANELS)
    assert one == "min(400px, 115vw)"
    assert two.startswith("calc(2.000 * max(")


def test_on_a_telephone_the_title_of_a_frame_stands_where_the_chart_s_does() -> None:
    frame = {"name": "1", "data": [], "layout": {"title": {"text": "Then"}}}
    narrow, wide = (
        evaluate(LAYOUT, "return frameOnTelephone(frame, layout, size);", frame=frame, layout=PANELS, size=SIZE | {"width": width})
        for width in (SIZE["width"], 600)
    )
    assert wide == frame
    assert narrow["layout"]["title"]["text"] == "" and "Then" in narrow["layout"]["legend"]["title"]["text"]
