"""The faults that `benchmarks.mutants` injects are faults of the program as it stands, and their tests are there."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from benchmarks.faults import FAULTS
from benchmarks.mutants import copied_to, injected
from tests.harness import ROOT
from tests.javascript.engine import compiles


@cache
def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_every_fault_is_of_one_line_that_is_there_once() -> None:
    assert len(FAULTS) >= 60
    assert [fault for fault in FAULTS if text_of(fault.file).count(fault.old) != 1] == []
    assert [one for one, n in Counter((fault.file, fault.old, fault.new) for fault in FAULTS).items() if n > 1] == []
    assert all(fault.new != fault.old and fault.why for fault in FAULTS)


def test_every_file_with_a_fault_in_it_is_still_python_or_javascript() -> None:
    for fault in FAULTS:
        text = text_of(fault.file).replace(fault.old, fault.new)
        compiles(text) if fault.file.endswith(".js") else compile(text, fault.file, "exec")


def test_every_test_that_should_kill_a_fault_is_there() -> None:
    tests = {test.partition("::")[::2] for fault in FAULTS for test in fault.tests.split()}
    assert [(path, name) for path, name in tests if name and f"def {name}(" not in text_of(f"tests/{path}")] == []
    assert [path for path, _ in tests if not (ROOT / "tests" / path).is_file()] == []


def test_the_copy_holds_every_file_that_a_test_reads_and_the_settings_of_the_platform(tmp_path) -> None:
    tree = copied_to(tmp_path)
    read = {name for path in (ROOT / "tests").rglob("*.py") for name in re.findall(r'ROOT / "([\w.-]+)', path.read_text(encoding="utf-8"))}
    assert {"README.md", ".streamlit", "docs", "pages"} <= read
    assert sorted(name for name in read if not (tree / name).exists()) == []


def test_a_fault_is_gone_when_its_tests_have_run(tmp_path) -> None:
    fault = FAULTS[0]
    path = tmp_path / fault.file
    path.parent.mkdir(parents=True)
    path.write_text(text_of(fault.file), encoding="utf-8")
    with injected(fault, tmp_path):
        assert fault.new in path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text_of(fault.file)
