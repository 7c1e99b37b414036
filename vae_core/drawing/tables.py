"""Tables as CSV files: a line of names with their units, numbers as numbers, `\\n` after each line."""

from __future__ import annotations

import csv as standard
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FORMULA = "=+-@＝＋－＠"
"""A text that begins so, after spaces or not, is run as a formula by a spreadsheet."""
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", re.IGNORECASE)


def csv(names: Sequence[str], rows: Iterable[Sequence[Any]], *, digits: int | None = None) -> bytes:
    """A table as a CSV file.

    Args:
        names: of the columns.
        rows: as many values each; None leaves a cell empty, and a text that a spreadsheet would run is kept as text by a `'` before it.
        digits: of numbers that are not whole, where fewer are meant than tell them apart.

    Raises:
        ValueError: if a row has another number of values.
    """
    file = io.StringIO()
    out = standard.writer(file, lineterminator="\n")
    out.writerow([_cell(name, digits) for name in names])
    for row in rows:
        if len(row) != len(names):
            raise ValueError(f"row must have {len(names)} values, got {len(row)}")
        out.writerow([_cell(value, digits) for value in row])
    return file.getvalue().encode()


def csv_of_rows(rows: Sequence[Mapping[str, Any]], *, digits: int | None = None) -> bytes:
    """Rows of named values as a CSV file, with `digits` as for `csv`; a row without a column leaves it empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return csv(names, ([row.get(name) for name in names] for row in rows), digits=digits)


def _cell(value: Any, digits: int | None) -> Any:
    """A value as it is written: numbers as they are, however they begin and whoever wrote them out."""
    if isinstance(value, str):
        is_formula = value.strip()[:1] in tuple(FORMULA) and not NUMBER.fullmatch(value)
        return f"'{value}" if is_formula else value
    return f"{value:.{digits}g}" if digits is not None and isinstance(value, float) else value
