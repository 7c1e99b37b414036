"""A family, a data set and a page are added to a copy of the program, each by its file or folder and one line; the rest finds them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import ROOT

ADDITIONS = ROOT / "tests" / "additions"
COPIED = ("vae_core", "pages", "tests", "docs", ".streamlit", "explorer_app.py", "pyproject.toml")
LINES = {
    "vae_core/models/__init__.py": ('    "conditional_vae",\n)', '    "conditional_vae",\n    "denoiser",\n)'),
    "vae_core/identities.py": (
        "DATASETS: dict[str, DatasetIdentity] = {",
        'DATASETS: dict[str, DatasetIdentity] = {\n    "bars": DatasetIdentity((1, 8, 8), 400, "bars:1"),',
    ),
    "explorer_app.py": (
        "PAGES = (",
        'PAGES = (\n    Page("start/brightness", "Brightness", "wb_sunny", "brightness", help="How bright?"),',
    ),
}
"""File → what stands there, and the same with one line more."""
FILES = {
    "denoiser.py": "vae_core/models/denoiser.py",
    "bars.py": "vae_core/data/sets/bars.py",
    "brightness": "pages/start/brightness",
    "walk.py": "tests/test_walk.py",
}


def copied(root: Path) -> None:
    """The program with one of each added."""
    for name in COPIED:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, root / name)
    (root / "checkpoints").mkdir()
    (root / "checkpoints" / "shipped").symlink_to(ROOT / "checkpoints" / "shipped")
    for addition, place in FILES.items():
        (shutil.copytree if (ADDITIONS / addition).is_dir() else shutil.copy)(ADDITIONS / addition, root / place)
    for file, (before, after) in LINES.items():
        text = (root / file).read_text()
        assert text.count(before) == 1
        assert after.count("\n") == before.count("\n") + 1
        (root / file).write_text(text.replace(before, after))


TESTS = ("tests/test_walk.py", "tests/core/models/test_contract.py", "tests/core/store/test_archive.py", "tests/core/data/test_datasets.py")
"""The walk, the contract of families, the contract of data sets."""


@pytest.mark.slow
def test_what_is_added_by_one_file_and_one_line_is_found_by_all(tmp_path: Path) -> None:
    copied(tmp_path)
    added = ["-k", "test_walk or denoiser or bars"]
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:randomly", "-p", "no:cacheprovider", *TESTS, *added]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
    assert all(re.search(rf"^{name}.* PASSED", done.stdout, re.MULTILINE) for name in TESTS), done.stdout
