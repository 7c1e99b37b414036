"""The table of pages: every address that was ever given to anybody, and the entries of the menus."""

from __future__ import annotations

import re

import pytest

from pages.frame import navigation
from pages.frame.navigation import MOVED, RENAMED, SECTIONS, WITHOUT_DATA, Page, by_section, moved_to, renamed
from pages.rates.frontier_training.view import LIVE
from pages.shared import links
from pages.shared.controls import Choice
from tests.harness import ROOT, link_of, numbers_of, opened, table, words
from vae_core.explore.rates import frontier


class Rerun(Exception):
    """The whole page is drawn again."""


CHOICES = ({"dataset": "digits", "latent_dim": 2, "family": "vae"}, {"dataset": "mnist_5k", "latent_dim": 10, "family": "pca"})
"""Two choices of the sidebar."""
PUBLISHED = (
    "",
    "families",
    "compare",
    "manifold-toys",
    "manifold-pad",
    "manifold-grid",
    "manifold-samples",
    "manifold-paths",
    "manifold-codes",
    "manifold-smoothness",
    "expressiveness",
    "expressiveness-learned",
    "expressiveness-curve",
    "frontier",
    "frontier-training",
    "latent-dim",
    "exact-curve",
    "collapse",
    "doctor",
    "discrete-world",
    "rda",
    "own-images",
    "own-place",
    "photograph",
    "own-data-set",
    "train",
    "training-film",
    "library",
    "lectures",
)
"""Addresses in links that people have; that each address of the table opens, a browser tests (`tests/browser/test_frame.py`)."""


def test_every_published_address_is_still_that_of_a_page() -> None:
    assert set(PUBLISHED) <= {page.address for page in table()}


def test_a_parameter_of_an_older_link_gets_its_present_name() -> None:
    assert renamed("photograph", {"across": "40", "photo_show": "detail"}) == {"photo_across": "40"}
    assert renamed("photograph", {"across": "40", "photo_across": "60"}) == {}
    assert renamed("manifold-codes", {"across": "1"}) == {}
    assert set(RENAMED) <= {page.address for page in table()}


def test_a_value_of_an_older_link_gets_its_present_title() -> None:
    assert renamed("frontier-training", {"sweep": "digits, live", "epoch": "3"}) == {"sweep": LIVE}
    assert renamed("frontier-training", {"sweep": LIVE}) == {}
    assert renamed("frontier", {"plane": "MNIST conv"})["plane"] in frontier.planes()


def test_a_link_to_what_stood_first_before_opens_that_page() -> None:
    assert moved_to("", {"dataset": "digits", "image": "3"}) == "start/families"
    assert moved_to("", {"dataset": "digits", "z": "0,1"}) is None
    assert moved_to("compare", {"draw": "3"}) is None
    assert {folder for folder, _ in MOVED.values()} <= {page.folder for page in table()}


def test_no_two_pages_have_one_address() -> None:
    addresses = [page.address for page in table()]
    assert len(set(addresses)) == len(addresses)


def test_every_folder_with_a_script_is_in_the_table_once() -> None:
    scripts = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*/*/page.py"))
    assert sorted(links.page(page.folder) for page in table()) == scripts


def test_pages_come_by_sections_in_the_order_of_the_table() -> None:
    sections = by_section(table())
    assert list(sections) == [title for title in SECTIONS.values() if title in sections]
    assert [page for pages in sections.values() for page in pages] == list(table())


def test_a_page_of_no_section_is_refused() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        by_section((Page("nowhere/page", "Page", "link", "page", help="A page."),))


@pytest.mark.parametrize("page", table(), ids=lambda page: page.folder)
def test_the_menu_says_of_each_page_what_one_sees_there_in_one_sentence(page: Page) -> None:
    assert re.fullmatch(r"[A-Z][^.?!]+[.?!]", page.help)
    assert len(page.help.split()) <= 20
    assert page.help != page.title


def test_no_two_pages_are_said_to_be_the_same() -> None:
    assert len({page.help for page in table()}) == len(table())


def test_only_one_place_knows_what_streamlit_calls_a_page() -> None:
    sources = [*(ROOT / "pages").rglob("*.py"), ROOT / "explorer_app.py"]
    knowing = [path.relative_to(ROOT).as_posix() for path in sources if "/page.py" in path.read_text()]
    assert knowing == ["pages/shared/links.py"]


PARTS_WITHOUT_DATA = [(folder, key, part) for folder, (key, parts) in WITHOUT_DATA.items() for part in sorted(filter(None, parts))]


@pytest.mark.usefixtures("checkpoints")
@pytest.mark.parametrize(("folder", "key", "part"), PARTS_WITHOUT_DATA)
def test_a_part_that_is_said_to_use_nothing_of_the_sidebar_says_the_same_of_every_data_set(folder: str, key: str, part: str) -> None:
    one, other = (opened(folder, **{key: part}, **choices) for choices in CHOICES)
    assert words(one) == words(other)
    assert numbers_of(one) == numbers_of(other)
    assert not one.sidebar.selectbox


@pytest.mark.usefixtures("checkpoints")
@pytest.mark.parametrize("folder", WITHOUT_DATA)
def test_the_choices_appear_with_the_part_that_uses_them_and_are_as_they_were(folder: str) -> None:
    key, without = WITHOUT_DATA[folder]
    app = opened(folder, **{key: next(filter(None, sorted(without, key=str)))}, **CHOICES[0])
    for part in app.button_group(key=key).options:
        app.button_group(key=key).set_value(part).run()
        assert bool(app.sidebar.selectbox) is (part not in without), part
        assert link_of(app).items() >= {name: str(value) for name, value in CHOICES[0].items()}.items()


@pytest.mark.usefixtures("checkpoints")
def test_a_page_of_several_parts_opens_with_the_choices_its_first_part_uses() -> None:
    assert [bool(opened(folder).sidebar.selectbox) for folder in WITHOUT_DATA] == [False, True, True]


def test_a_data_set_that_another_tab_has_removed_is_left_before_the_page_looks_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def rerun() -> None:
        raise Rerun

    monkeypatch.setattr(navigation, "choice", lambda: Choice("own-0123abcd", 2, "vae", has_data=True))
    monkeypatch.setattr(navigation.sidebar, "is_changed_by_the_page", lambda: False)
    monkeypatch.setattr(navigation.st, "toast", lambda sentence, **_: said.append(sentence))
    monkeypatch.setattr(navigation.st, "rerun", rerun)
    with pytest.raises(Rerun):
        navigation._body(table()[0], None, None)
    assert said == [navigation.REMOVED]
