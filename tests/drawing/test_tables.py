"""Tables as CSV files: what a person opens in a spreadsheet."""

from __future__ import annotations

import csv as standard
import io

import numpy as np
import pytest

from vae_core.drawing.tables import csv, csv_of_rows


def read(data: bytes) -> list[list[str]]:
    return list(standard.reader(io.StringIO(data.decode())))


def test_a_negative_number_stays_a_number() -> None:
    data = csv(["z1", "elbo_nats"], [[-0.0055, np.float64(-98.25)]])
    assert data == b"z1,elbo_nats\n-0.0055,-98.25\n"
    assert [float(cell) for cell in read(data)[1]] == [-0.0055, -98.25]


@pytest.mark.parametrize("text", ["-0.0055", "+1", "-98", "-5.5e-3"])
def test_a_number_that_was_written_out_before_stays_a_number(text: str) -> None:
    assert read(csv(["x"], [[text]])) == [["x"], [text]]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+a1", "-1+1", "@a", "\t=1", " -cmd", "＝1"])
def test_a_text_that_a_spreadsheet_would_run_stays_a_text(text: str) -> None:
    assert read(csv(["picture"], [[text]])) == [["picture"], [f"'{text}"]]
    assert read(csv([text], []))[0] == [f"'{text}"]


def test_digits_are_of_numbers_that_are_not_whole() -> None:
    assert csv(["i", "x"], [[1234567, 1 / 3]], digits=3) == b"i,x\n1234567,0.333\n"


def test_what_is_not_there_is_empty() -> None:
    assert csv(["a", "b"], [[None, ""]]) == b"a,b\n,\n"
    assert csv_of_rows([{"a": 1}, {"b": -2.5}]) == b"a,b\n1,\n,-2.5\n"
    assert csv_of_rows([]) == b"\n"


def test_a_row_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="row must have 2 values, got 1"):
        csv(["a", "b"], [[1]])
