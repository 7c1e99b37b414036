"""What the README promises is what is there."""

from __future__ import annotations

import re
import sys

from tests.harness import ROOT

README = (ROOT / "README.md").read_text()


def test_the_table_of_shipped_models_is_what_their_metrics_say() -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from shipped_table import table
    finally:
        sys.path.pop(0)
    assert README.partition("<!-- shipped table -->\n")[2].startswith(table())


def test_the_lines_for_a_notebook_run(capsys) -> None:
    lines = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    exec(compile(lines, "README.md", "exec"), {})
    assert "log_px_method='quadrature'" in capsys.readouterr().out
