"""Every package that is imported is declared, every version is locked, and the ranges of the installation admit what is tested."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.harness import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = {name: [Requirement(line) for line in lines] for name, lines in PROJECT["optional-dependencies"].items()}
OF_THE_PLATFORM = ("nvidia-", "cuda-", "triton")
"""What a build of torch brings for its own platform, in versions that it names itself."""
OWN = {"benchmarks", "explorer_app", "pages", "tests", "vae_core"}


def lines_of(file: str) -> list[str]:
    """The lines of a file of requirements, without comments and references to other files."""
    return [line for line in (ROOT / file).read_text().splitlines() if line and not line.startswith(("#", "-"))]


@cache
def locked(file: str) -> dict[str, Requirement]:
    """Canonical name → requirement of each line."""
    return {canonicalize_name(one.name): one for one in map(Requirement, lines_of(file))}


distributions = cache(packages_distributions)


def imported(folder: str) -> set[str]:
    """The first word of whatever the files of a folder, or a file, import that neither Python nor this program is."""
    files = [ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py")
    here = OWN | {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    names: set[str] = set()
    for node in (node for path in files for node in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - here


@pytest.mark.parametrize(
    ("folder", "extras"),
    [
        ("explorer_app.py", ()),
        ("pages", ()),
        ("vae_core", ("cluster",)),
        ("tests", ("cluster", "dev")),
        ("benchmarks", ("benchmarks", "dev")),
    ],
)
def test_what_is_imported_is_declared(folder: str, extras: tuple[str, ...]) -> None:
    declared = set(locked("requirements.txt")) | {canonicalize_name(one.name) for extra in extras for one in EXTRAS[extra]}
    brings = distributions()
    missing = {name for name in imported(folder) if not {canonicalize_name(package) for package in brings.get(name, [name])} & declared}
    assert not missing


def test_requirements_are_exact() -> None:
    first, *_ = (line for line in (ROOT / "requirements.txt").read_text().splitlines() if not line.startswith("#"))
    assert first == "-c constraints.txt"
    for file in ("requirements.txt", "constraints.txt"):
        assert not [line for line in lines_of(file) if not re.fullmatch(r"[a-z0-9-]+==[\w.]+(; sys_platform .+)?", line)]
    assert "torch==2.13.0" in lines_of("requirements.txt")
    assert not [one for extra in EXTRAS.values() for one in extra if not re.fullmatch(r"==[\w.]+", str(one.specifier))]


def brought(names: set[str]) -> set[str]:
    """All that packages bring along on this machine, and what that brings, as far as it is installed."""
    seen: set[str] = set()
    while names:
        name = names.pop()
        seen.add(name)
        try:
            lines = requires(name) or []
        except PackageNotFoundError:
            continue
        wanted = [one for one in map(Requirement, lines) if one.marker is None or one.marker.evaluate({"extra": ""})]
        names |= {canonicalize_name(one.name) for one in wanted if not one.name.startswith(OF_THE_PLATFORM)} - seen
    return seen


def test_what_the_requirements_bring_along_is_locked_too() -> None:
    named = set(locked("requirements.txt"))
    extras = {canonicalize_name(one.name) for extra in ("cluster", "dev") for one in EXTRAS[extra]}
    assert not brought(named | extras) - named - extras - set(locked("constraints.txt"))
    assert not named & set(locked("constraints.txt"))


def test_the_ranges_of_the_installation_admit_the_versions_that_are_tested() -> None:
    ranges = {canonicalize_name(one.name): one.specifier for one in map(Requirement, PROJECT["dependencies"])}
    exact = {name: str(one.specifier).removeprefix("==") for name, one in locked("requirements.txt").items()}
    of_tests = {"hypothesis", "packaging", "pytest", "pytest-randomly", "pytest-xdist", "tifffile", "websockets"}
    assert set(ranges) == set(exact) - of_tests
    assert not [name for name, versions in ranges.items() if exact[name] not in versions]


@pytest.mark.slow
def test_the_command_of_the_installation_is_that_of_the_package() -> None:
    module, _, function = PROJECT["scripts"]["vae-core"].partition(":")
    run = f"import sys; sys.argv = ['vae-core', '--help']; from {module} import {function} as main; sys.exit(main())"
    answers = [
        subprocess.run([sys.executable, *how], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for how in (["-c", run], ["-m", "vae_core", "--help"])
    ]
    assert answers[0] == answers[1] != ""
