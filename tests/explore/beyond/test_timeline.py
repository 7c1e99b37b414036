"""The timeline: what is compared is what was printed, and its verdict is that of the interval."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from vae_core.explore.beyond import timeline
from vae_core.explore.beyond.timeline import OUTCOMES, PEARSON, WORKS, Published, slope, value_of_the_game
from vae_core.explore.beyond.timeline_figure import reproductions, timeline_csv
from vae_core.explore.means import Mean
from vae_core.store import SHIPPED, Store

ERROR = Published(printed="3.00", unit="", condition="", is_error=True)


def shipped() -> dict[str, Mean]:
    """The numbers of the models that come with the program."""
    store = Store(shipped=SHIPPED)
    return timeline.ours(lambda spec: store.checkpoint(spec).metrics)


def test_the_line_of_closest_fit_is_the_one_that_a_search_over_angles_finds() -> None:
    centred = PEARSON - PEARSON.mean(0)
    across = minimize_scalar(
        lambda a: np.square(centred @ (-math.sin(a), math.cos(a))).sum(), bounds=(-1.5, 1.5), method="bounded", options={"xatol": 1e-10}
    )
    assert slope(PEARSON) == pytest.approx(math.tan(across.x), abs=1e-6)


def test_the_game_is_worth_minus_log_4_where_both_are_alike_and_more_elsewhere() -> None:
    assert value_of_the_game(OUTCOMES, OUTCOMES) == pytest.approx(-math.log(4), abs=1e-12)
    assert value_of_the_game(OUTCOMES, OUTCOMES[::-1]) > -math.log(4) + 0.1


@pytest.mark.parametrize(
    ("value", "half_width", "verdict"),
    [(2.9, 0.05, "reached"), (2.9, 0.2, "not told apart"), (3.1, 0.05, "missed"), (3.004, 0.5, "reached")],
)
def test_an_error_is_judged_by_its_whole_interval(value: float, half_width: float, verdict: str) -> None:
    assert ERROR.verdict(Mean(value, half_width, 100)) == verdict
    assert ERROR.verdict(None) == "not tried"


def test_what_has_one_right_value_is_missed_on_either_side_of_its_rounding() -> None:
    exact = Published(printed="-0.54", unit="", condition="")
    assert [exact.verdict(Mean(value, None, 1)) for value in (-0.546, -0.5449, -0.5351, -0.534)] == [
        "missed",
        "reached",
        "reached",
        "missed",
    ]


def test_what_is_shown_is_the_evaluation_of_the_shipped_models() -> None:
    numbers = shipped()
    rows = {work.name: row for work, row in zip(WORKS, timeline.rows(numbers), strict=True)}
    store = Store(shipped=SHIPPED)
    for name, figure, sign in (("autoencoder", "sse", 1), ("pca", "sse", 1), ("bound", "log_px", -1)):
        metrics = store.checkpoint(timeline.spec_of(name)).metrics
        assert (metrics["spec"]["dataset"], metrics["spec"]["latent_dim"], metrics["split"]) == ("mnist", 30, "test")
        assert rows[name].ours == sign * metrics[figure]
        assert rows[name].half_width == pytest.approx(1.959964 * metrics[f"{figure}_standard_error"])
    assert {name: row.verdict for name, row in rows.items() if row.verdict} == {
        **dict.fromkeys(("line", "pca", "autoencoder", "gan"), "reached"),
        "bound": "missed",
        "vqvae": "not tried",
    }
    assert [row.year for row in rows.values()] == sorted(row.year for row in rows.values())


def test_the_picture_and_the_table_hold_every_work_once() -> None:
    rows = timeline.rows(shipped())
    chart = reproductions(rows, chosen=rows[3].label)
    points = {y: x for one in chart.figure().data for x, y in zip(one.x, one.y, strict=True)}
    assert points == {row.label: pytest.approx(row.ours / float(row.printed)) for row in rows if row.ours is not None}
    written = {one["y"]: one["text"] for one in chart.layout["annotations"]}
    assert list(written) == [row.label for row in rows]
    assert {text for label, text in written.items() if label not in points} == {"illustration only", "4.67, not tried here"}
    assert written["2006 Autoencoder"] == "3.00 → 2.452 ± 0.035"
    assert chart.layout["shapes"][1]["y0"] == 2.5
    assert len(timeline_csv(rows).decode().splitlines()) == len(WORKS) + 1


def test_without_a_model_its_number_is_not_tried() -> None:
    rows = timeline.rows(timeline.ours(lambda spec: None))
    assert [row.title for row in rows if row.verdict == "reached"] == ["Closest line", "GAN"]
    assert len([row for row in rows if row.verdict == "not tried"]) == 4
