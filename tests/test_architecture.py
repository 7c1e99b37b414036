"""Who may know whom."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = sorted((ROOT / "vae_core").rglob("*.py"))
PAGES = [*sorted((ROOT / "pages").rglob("*.py")), ROOT / "explorer_app.py"]


def imports(path: Path) -> set[str]:
    """Every module that a file imports, in full, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_core_does_not_know_streamlit(path: Path) -> None:
    assert not packages(path) & {"streamlit", "pages"}


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_do_not_know_torch(path: Path) -> None:
    assert "torch" not in packages(path)


@pytest.mark.parametrize("path", sorted((ROOT / "vae_core/figures").rglob("*.py")), ids=lambda p: p.name)
def test_figures_see_arrays_only(path: Path) -> None:
    own = {name for name in imports(path) if name.startswith("vae_core.")}
    assert packages(path) - set(sys.stdlib_module_names) <= {"numpy", "plotly", "PIL", "vae_core"}
    assert all(name.startswith(("vae_core.figures", "vae_core.units")) for name in own), own


def test_specs_know_the_standard_library_only() -> None:
    for name in ("specs", "identities", "units"):
        path = ROOT / f"vae_core/{name}.py"
        assert packages(path) - {"vae_core"} <= set(sys.stdlib_module_names)
        assert all(own.startswith("vae_core.identities") for own in imports(path) if own.startswith("vae_core"))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_caches_and_session_state_have_their_places(path: Path) -> None:
    text = path.read_text()
    if path.parent != ROOT / "pages/shared/cached":
        assert "st.cache_" not in text
    if ROOT / "pages/shared" not in path.parents:
        assert "session_state" not in text
        assert "query_params" not in text


@pytest.mark.parametrize("path", [p for p in PAGES if "shared" not in p.parts and p.name != "explorer_app.py"], ids=lambda p: p.name)
def test_a_page_is_sixty_lines_at_most(path: Path) -> None:
    """Everything outside `shared` counts, so that a page's length cannot move into a neighbour."""
    assert len(path.read_text().splitlines()) <= 60


@pytest.mark.parametrize("path", [*CORE, *PAGES], ids=lambda p: str(p.relative_to(ROOT)))
def test_there_is_no_room_for_odds_and_ends(path: Path) -> None:
    assert path.stem not in ("utils", "helpers", "common", "misc")


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_library_never_touches_the_global_generator(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    global_seeds = [node for node in calls if ast.unparse(node.func) in ("torch.manual_seed", "np.random.seed", "random.seed")]
    assert not global_seeds


def test_ln_two_has_one_place() -> None:
    others = [path for path in [*CORE, *PAGES] if path.name != "units.py"]
    assert not [path for path in others if "log(2)" in path.read_text().replace("math.log(2 ", "")]
