"""What README and docs promise is what is there."""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.harness import CPU, PAGES, ROOT, table
from vae_core.models import build, default_spec
from vae_core.training.fit import fit

README = ROOT / "README.md"
TEXTS = [README, *(ROOT / name for name in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")), *sorted((ROOT / "docs").glob("*.md"))]


def python_lines(text: str) -> list[str]:
    """The blocks of Python in a text."""
    return [textwrap.dedent(block) for block in re.findall(r"^ *```python\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)]


def test_the_table_of_shipped_models_is_what_their_metrics_say() -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from shipped_table import table
    finally:
        sys.path.pop(0)
    assert (ROOT / "docs/models.md").read_text().partition("<!-- shipped table -->\n")[2].startswith(table())


def test_the_lines_of_the_readme_run(capsys: pytest.CaptureFixture[str]) -> None:
    (lines,) = python_lines(README.read_text())
    exec(compile(lines, "README.md", "exec"), {})
    assert "log_px_method='quadrature'" in capsys.readouterr().out


def test_the_lines_for_a_notebook_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    (lines,) = python_lines((ROOT / "docs/notebook.md").read_text())
    quick = lines.replace("beta=4.0", "beta=4.0, n_epochs=1")
    assert quick != lines
    exec(compile(quick, "docs/notebook.md", "exec"), {})


@pytest.mark.slow
def test_the_vae_of_forty_lines_learns_what_the_programs_own_learns_in_as_many_epochs() -> None:
    lines = "\n".join(python_lines((ROOT / "docs/build_a_vae.md").read_text()))
    assert len([line for line in lines.splitlines() if line.strip()]) <= 42
    made: dict[str, Any] = {}
    exec(compile(lines, "docs/build_a_vae.md", "exec"), made)
    elbos = made["elbos"]
    spec = replace(default_spec("vae", "digits", 10), n_epochs=len(elbos))
    *_, last = fit(build(spec), made["digits"], device=CPU)
    assert elbos[-1] > elbos[0] + 3
    assert elbos[-1] == pytest.approx(-last.test["loss"], abs=3)
    error, spread = (((made["x_test"] - guess) ** 2).sum(1).mean() for guess in (made["x_hat"], made["x"].mean(0)))
    assert error < 0.8 * spread
    assert made["new"].shape == (8, 8, 8) and 0 <= made["new"].min() < made["new"].max() <= 1


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(README.read_text().splitlines()) <= 130


def test_what_the_readme_proposes_to_try_is_there() -> None:
    addresses = re.findall(r"\]\(http://localhost:8501/([^)?]*)", README.read_text())
    assert len(addresses) == 5
    assert set(addresses) <= set(PAGES.values())


def test_the_readme_names_every_page_under_its_section() -> None:
    rows = re.findall(r"^\| ([^|]+) \| (\*.+\*.*) \|$", README.read_text(), re.MULTILINE)
    named = [(title, section) for section, pages in rows for title in re.findall(r"\*([^*]+)\*", pages)]
    assert named == [(page.title, page.section) for page in table()]


def test_pictures_are_said_in_words_and_are_light() -> None:
    pictures = {name: words for words, name in re.findall(r"!\[([^\]]*)\]\((docs/pictures/[^)]+)\)", README.read_text())}
    assert len(pictures) == 4 and all(len(words.split()) >= 8 for words in pictures.values())
    assert {path.name for path in (ROOT / "docs/pictures").iterdir()} == {Path(name).name for name in pictures}
    assert sum((ROOT / name).stat().st_size for name in pictures) <= 2_500_000
    assert (ROOT / "docs/pictures/pad.webp").stat().st_size <= 1_500_000


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_every_file_that_a_text_links_to_is_there(text: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text.read_text())
    assert [link for link in links if not (text.parent / link).exists()] == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_every_module_that_a_text_runs_is_there(text: Path) -> None:
    modules = set(re.findall(r"python -m (vae_core(?:\.\w+)*|benchmarks(?:\.\w+)+)", text.read_text()))
    paths = [ROOT / module.replace(".", "/") for module in modules]
    assert [path.name for path in paths if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists()] == []


def test_what_a_docstring_names_in_another_module_is_there() -> None:
    """A name as `module.name`: what moves, or is called otherwise, leaves such words behind."""
    sources = {path: path.read_text() for folder in ("vae_core", "pages") for path in (ROOT / folder).rglob("*.py")}
    modules: dict[str, set[str]] = {}
    for path, text in sources.items():
        within = modules.setdefault(path.stem, set())
        within |= {name for names in re.findall(r"^ *(?:def|class) (\w+)|^ *(\w+)(?:: [^=\n]+)? = ", text, re.MULTILINE) for name in names}
    files = ("js", "py", "json", "jsonl", "md", "toml", "txt", "lock")
    named = [(path, *pair) for path, text in sources.items() for pair in re.findall(r"`(?:\w+\.)*(\w+)\.(\w+)`", text)]
    of_modules = [one for one in named if one[1] in modules and one[2] not in (*files, *modules)]
    assert len(of_modules) >= 50
    assert [f"{path}: {module}.{name}" for path, module, name in of_modules if name not in modules[module]] == []
