"""Who may know whom, and what lies where: one test a rule, each of which names its culprits."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

from tests.harness import ROOT

CORE = sorted((ROOT / "vae_core").rglob("*.py"))
PAGES = [*sorted((ROOT / "pages").rglob("*.py")), ROOT / "explorer_app.py"]

RANKS: tuple[tuple[str, ...], ...] = (
    ("units", "errors", "plain", "statistics"),
    ("identities",),
    ("fields", "specs"),
    ("data",),
    ("distributions", "networks", "terms", "adam"),
    ("models",),
    ("bounds", "passes", "log_px", "evaluation"),
    ("training",),
    ("store",),
    ("explore",),
    ("jobs",),
    ("api", "cli"),
)
"""The units of `vae_core`, each of which may import those before it, and those beside it one way."""
DRAWING = ("vae_core.drawing", "vae_core.units")
"""What a figure and everything in `drawing/` may import of this program, beside other figures."""


def name_of(path: Path) -> str:
    """The module of a file; a package is named by its folder, and a page's script, `page.py`, stands for the page's folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" or (parts[-1] == "page" and len(parts) == 4) else parts)


MODULES = {name_of(path): path for path in [*CORE, *PAGES]}


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports, in full, wherever in the file; of this program only what there is."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in MODULES else node.module or "")
    return frozenset(found)


def packages(path: Path) -> set[str]:
    """The first word of every import."""
    return {name.split(".")[0] for name in imports(path)}


def own(path: Path) -> list[str]:
    """What a file imports of this program."""
    return sorted(name for name in imports(path) if name in MODULES)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def sections(root: str) -> set[str]:
    """The folders of sections in `pages` or `vae_core/explore`, `pages/shared` and `pages/frame` not among them."""
    return {path.name for path in (ROOT / root).iterdir() if path.is_dir() and path.name not in ("__pycache__", "shared", "frame")}


def section(name: str) -> str | None:
    """The section that a module of `pages` or `vae_core.explore` belongs to; None for what stands above the sections."""
    words = name.removeprefix("vae_core.").split(".")
    root = "pages" if words[0] == "pages" else "vae_core/explore"
    return words[1] if words[0] in ("pages", "explore") and len(words) > 1 and words[1] in sections(root) else None


def page(name: str) -> str | None:
    """The page whose folder a module lies in, as `section/page`; None for what several pages share."""
    words = name.split(".")
    is_page = words[0] == "pages" and len(words) > 2 and (ROOT / "/".join(words[:3]) / "page.py").is_file()
    return "/".join(words[1:3]) if is_page else None


# Rule 1: every module of `pages` and `explore` in the lowest folder that holds all its users


def folder(name: str) -> tuple[str, ...]:
    """Where a module lies: the page's folder, even for a component in a folder of its own; else section, `shared`, `frame` or `explore`."""
    if page(name):
        return ("pages", *page(name).split("/"))
    words = name.split(".")
    top = ("vae_core", "explore") if words[0] == "vae_core" else ("pages",)
    if section(name):
        return (*top, section(name))
    return top if top[0] == "vae_core" else tuple(words[:2])


def lowest_folder(name: str, users: set[str]) -> tuple[str, ...]:
    """The lowest folder that holds all users of a module; a page that uses `explore` counts as its section there."""
    if name.startswith("pages."):
        folders = [folder(user) for user in users]
    else:
        folders = [("vae_core", "explore", *([section(user)] if section(user) else [])) for user in users]
    shortest = min(folders, key=len)
    lowest = next(shortest[:n] for n in range(len(shortest), -1, -1) if all(one[:n] == shortest[:n] for one in folders))
    return ("pages", "shared") if lowest == ("pages",) else lowest


def users() -> dict[str, set[str]]:
    """Module → the modules of `pages` and `explore` that import it; a figure lies beside what it draws, and is no user of it."""
    found: dict[str, set[str]] = {name: set() for name in MODULES}
    for name, path in MODULES.items():
        if name.startswith(("pages.", "vae_core.explore.")):
            for other in own(path):
                found[other].add(name)
    return found


def draws(name: str) -> str | None:
    """What a figure draws: `X` of `X_figure`, if there is such a module."""
    subject = name.removesuffix("_figure")
    return subject if subject != name and subject in MODULES else None


def test_a_module_lies_in_the_lowest_folder_that_holds_all_its_users() -> None:
    wrong = []
    for name, by in users().items():
        is_place = name.startswith(("pages.", "vae_core.explore.")) and not MODULES[name].name.startswith("__")
        if not is_place or draws(name) or page_script(name) or name.startswith("pages.frame"):
            continue
        belongs = lowest_folder(name, by) if by else None
        if belongs != folder(name):
            wrong.append(
                f"{name} belongs in {'/'.join(belongs) if belongs else 'no folder: nobody uses it'} (used by {', '.join(sorted(by))})"
            )
    assert not wrong, "\n".join(wrong)


def page_script(name: str) -> bool:
    """Whether a module is the script of a page."""
    return MODULES[name].name == "page.py" and len(MODULES[name].relative_to(ROOT).parts) == 4


def test_a_figure_lies_beside_what_it_draws() -> None:
    figures = [name for name in MODULES if name.endswith("_figure")]
    stems = {name.rpartition(".")[2] for name in MODULES if name.startswith("vae_core.")}  # a page of that name is not what is drawn
    apart = [name for name in figures if not draws(name) and name.rpartition(".")[2].removesuffix("_figure") in stems]
    assert not apart


def references(path: Path) -> dict[str, set[tuple[str, str]]]:
    """Definition at the top of a file ("" for the rest of it) → the (module, name) of this program that stand in it."""
    tree = ast.parse(path.read_text())
    modules: dict[str, str] = {}
    names: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full in MODULES:
                    modules[alias.asname or alias.name] = full
                elif node.module in MODULES:
                    names[alias.asname or alias.name] = (node.module, alias.name)
    here = name_of(path)
    tops = {name: node for node in tree.body for name in defined(node)}
    found: dict[str, set[tuple[str, str]]] = {}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        used = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in modules:
                used.add((modules[part.value.id], part.attr))
            elif isinstance(part, ast.Name) and part.id in names:
                used.add(names[part.id])
            elif isinstance(part, ast.Name) and part.id in tops:
                used.add((here, part.id))
        for name in defined(node) or [""]:
            found.setdefault(name, set()).update(used - {(here, name)})
    return found


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement at the top of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]


def test_what_pages_share_is_used_by_more_than_one_of_them() -> None:
    """What is public in `pages/shared` or in a section's file has two users at least, reached directly or through other definitions."""
    direct: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for name, path in MODULES.items():
        if name.startswith("pages.") or name == "explorer_app":
            for top, used in references(path).items():
                for what in used:
                    direct.setdefault(what, set()).add((name, top))

    def reached_by(what: tuple[str, str], seen: frozenset[tuple[str, str]] = frozenset()) -> set[str]:
        """The pages, sections and other places that use a definition, through whatever stands between."""
        places: set[str] = set()
        for user in direct.get(what, set()) - seen:
            place = page(user[0])
            places |= {place} if place else reached_by(user, seen | {what}) if user[1] else {user[0]}
            if user[0].startswith("pages.frame") or user[0] == "explorer_app":
                places.add("frame")
        return places

    wrong = []
    for name, path in MODULES.items():
        if name.startswith("pages.") and not page(name) and not name.startswith("pages.frame"):
            for node in ast.parse(path.read_text()).body:
                for definition in defined(node):
                    places = reached_by((name, definition))
                    if not definition.startswith("_") and len(places) < 2:
                        wrong.append(f"{name}.{definition} is used by {', '.join(sorted(places)) or 'nobody'}")
    assert not wrong, "\n".join(wrong)


# Rule 2: imports go one way


def rank(name: str) -> int | None:
    """The place of a module of `vae_core` in the order of imports; None for the public face and what draws."""
    words = name.split(".")
    return next((i for i, units in enumerate(RANKS) if len(words) > 1 and words[1] in units), None)


def test_imports_of_the_core_go_one_way() -> None:
    up = []
    for name, path in MODULES.items():
        if name.startswith("vae_core.") and not name.startswith(("vae_core.drawing", "vae_core.__main__")):
            mine = rank(name)
            assert mine is not None, f"{name} has no place in RANKS"
            up += [f"{name} → {other}" for other in own(path) if rank(other) is not None and rank(other) > mine]
            up += [f"{name} → {other}" for other in own(path) if other == "vae_core"]
            up += [f"{name} → {other}" for other in own(path) if other.startswith("vae_core.drawing") and mine < rank("vae_core.explore")]
    assert not up, "\n".join(up)


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: set(own(path)) - {name} for name, path in MODULES.items()}
    while free := [name for name, others in graph.items() if not others & set(graph)]:
        for name in free:
            del graph[name]
    circle = {name: sorted(others & set(graph)) for name, others in graph.items()}
    leading_into = {name for name in circle if not any(name in others for others in circle.values())}
    assert not circle, f"in a circle, or leading into one: {[name for name in circle if name not in leading_into]}"


def test_units_of_the_core_import_each_other_one_way() -> None:
    """No two folders or files of `vae_core` import each other, whichever of their modules do."""
    pairs = {
        (name.split(".")[1], other.split(".")[1])
        for name, path in MODULES.items()
        if name.startswith("vae_core.")
        for other in own(path)
        if other.count(".") and name.count(".")
    }
    assert not {pair for pair in pairs if pair[0] != pair[1] and pair[::-1] in pairs}


def test_sections_do_not_import_each_other() -> None:
    wrong = []
    for name, path in MODULES.items():
        for other in own(path):
            if not other.startswith(("pages.", "vae_core.explore.")) or not name.startswith(("pages.", "vae_core.")):
                continue
            if section(other) and section(name) and section(other) != section(name):
                wrong.append(f"{name} → {other}")
            above = name.startswith(("pages.shared", "pages.frame")) or (name.startswith("vae_core.explore.") and not section(name))
            if above and section(other):
                wrong.append(f"{name} → {other}")
            if page(other) and page(other) != page(name):
                wrong.append(f"{name} → {other}")
            if other.startswith("pages.frame") and not name.startswith("pages.frame"):
                wrong.append(f"{name} → {other}")
    assert not wrong, "\n".join(wrong)


def test_the_core_does_not_know_streamlit() -> None:
    assert not [shown(path) for path in CORE if packages(path) & {"streamlit", "pages", "explorer_app"}]


def test_pages_do_not_know_torch() -> None:
    assert not [shown(path) for path in PAGES if "torch" in packages(path)]


def test_figures_see_arrays_only() -> None:
    wrong = []
    for name, path in MODULES.items():
        if name.startswith("vae_core.drawing") or name.endswith("_figure"):
            strange = packages(path) - set(sys.stdlib_module_names) - {"numpy", "plotly", "PIL", "vae_core"}
            others = [other for other in own(path) if not other.startswith(DRAWING) and not other.endswith("_figure")]
            wrong += [f"{name} → {other}" for other in (*sorted(strange), *others)]
    assert not wrong, "\n".join(wrong)


def test_specs_know_the_standard_library_only() -> None:
    for unit in ("units", "errors", "plain", "identities", "fields", "specs"):
        assert packages(MODULES[f"vae_core.{unit}"]) <= {*sys.stdlib_module_names, "vae_core"}, unit


# What stands where


def test_caches_stand_in_files_of_that_name() -> None:
    assert not [shown(path) for path in PAGES if "st.cache_" in path.read_text() and path.name != "cached.py"]


def test_pages_hold_no_models() -> None:
    """A model is asked in a file of caches, which hands out arrays; `vc.model` stands in lines for a notebook."""
    asking = [path for path in PAGES if re.search(r"\b(?!vc\b)\w+\.model\(", path.read_text())]
    assert not [shown(path) for path in asking if path.name != "cached.py"]


def test_scripts_of_pages_know_neither_session_state_nor_query_parameters() -> None:
    scripts = [MODULES[name] for name in MODULES if page_script(name)]
    assert scripts
    assert not [shown(path) for path in scripts if "session_state" in path.read_text() or "query_params" in path.read_text()]


def test_the_address_is_written_in_one_place() -> None:
    """It belongs to the widgets, which write it themselves: what takes a widget's parameter away leaves the browser blank."""
    writes = re.compile(r"query_params\[[^]]*\] = |del st\.query_params|query_params\.(pop|popitem|clear|update|setdefault|from_dict)\(")
    writing = {shown(path) for path in PAGES if writes.search(path.read_text())}
    in_the_frame = {"pages/frame/navigation.py", "pages/frame/sidebar.py"}  # a link's older names, and a model in focus: no widget's
    assert writing == {"pages/shared/links.py"} | in_the_frame


def test_a_script_of_a_page_is_sixty_lines_at_most() -> None:
    lengths = {name: len(MODULES[name].read_text().splitlines()) for name in MODULES if page_script(name)}
    assert not {name: length for name, length in lengths.items() if length > 60}


def test_there_is_no_room_for_odds_and_ends() -> None:
    assert not [shown(path) for path in (*CORE, *PAGES) if path.stem in ("utils", "helpers", "common", "misc")]


def test_the_library_never_touches_the_global_generator() -> None:
    seeds = ("torch.manual_seed", "np.random.seed", "random.seed")
    calls = {shown(path): {ast.unparse(n.func) for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)} for path in CORE}
    assert not [path for path, called in calls.items() if called & set(seeds)]


def test_no_default_of_an_argument_can_be_changed() -> None:
    """A linter lets it pass where the annotation promises to leave it alone."""
    wrong = []
    for path in [*CORE, *PAGES, *sorted((ROOT / "benchmarks").glob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.arguments):
                defaults = [*node.defaults, *node.kw_defaults]
                wrong += [f"{shown(path)}:{d.lineno}" for d in defaults if isinstance(d, ast.Dict | ast.List | ast.Set)]
    assert not wrong, wrong


def test_ln_two_has_one_place() -> None:
    others = [path for path in [*CORE, *PAGES] if path.name != "units.py"]
    assert not [shown(path) for path in others if "log(2)" in path.read_text().replace("math.log(2 ", "")]


def test_no_test_imports_from_another() -> None:
    """What tests share stands in `tests/harness.py` and in fixtures of a conftest."""
    wrong = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)] if isinstance(node, ast.ImportFrom) else []
            )
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            last = {name.rpartition(".")[2] for name in names if name.startswith("tests")}
            wrong += [f"{shown(path)} → {name}" for name in sorted(last) if name.startswith(("test_", "conftest"))]
    assert not wrong, "\n".join(wrong)
