"""The frame in a browser: deep links on a fresh server, choices that outlive page changes, nothing asked of any other server."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from pages.frame.navigation import by_section
from pages.frame.streamlit_patches import STYLE
from tests.browser.windows import A_LINK, THEMES, Visit, assert_is_inside_the_frame, served
from tests.harness import table

pytestmark = pytest.mark.browser


def test_the_first_page_as_the_first_request_of_a_fresh_server_opens_inside_the_frame(visit: Callable[..., Visit]) -> None:
    """So does a deep link: `test_training.py` begins with one."""
    with served() as address:
        assert_is_inside_the_frame(visit().open(f"{address}/?{A_LINK}"), address, "")


@pytest.mark.parametrize(("path", "is_folded"), [("compare", False), ("expressiveness", True)])
def test_all_menus_are_in_sight_and_the_sidebar_is_folded_where_it_plays_no_part(
    path: str, is_folded: bool, server: str, visit: Callable[..., Visit]
) -> None:
    one = visit().open(f"{server}/{path}?{A_LINK}")
    for width, height in ((1280, 800), (1024, 768)):
        one.page.set_viewport_size({"width": width, "height": height})
        one.settle()
        menus = one.page.locator('[data-testid="stTopNavSection"]')
        assert [text.split("\n")[0] for text in menus.all_inner_texts()] == list(by_section(table()))
        assert menus.last.bounding_box()["x"] + menus.last.bounding_box()["width"] < width
        assert (one.page.locator('[data-testid="stExpandSidebarButton"]').count() == 1) is is_folded
    one.menu("Latent space")
    assert len(one.entries()) == len([page for page in table() if page.section == "Latent space"])


def test_a_link_with_an_older_name_of_a_parameter_restores_its_view(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/exact-curve?dataset=digits&distortion_unit=nats")
    main = one.page.locator('[data-testid="stMain"]')
    assert main.get_by_role("combobox", name="Distortion in").input_value() == "nats"
    assert one.query()["error_unit"] == ["nats"]
    assert one.faults() == []


def test_choices_of_a_link_outlive_changes_of_page_though_some_pages_draw_none_of_them(server: str, visit: Callable[..., Visit]) -> None:
    for first in ("compare", ""):
        one = visit().open(f"{server}/{first}?dataset=digits&latent_dim=2&family=ppca")
        for path in ("compare", "", "expressiveness", "compare", "", "compare"):
            one.go_to(path)
            assert one.query().items() >= {"dataset": ["digits"], "latent_dim": ["2"], "family": ["ppca"]}.items()
            if path == "compare":
                assert one.choices() == ["Digits 8 × 8", "Probabilistic PCA", "2"]
            assert one.faults() == []
        assert one.complaints == []


def test_a_choice_that_was_moved_outlives_a_page_that_draws_none_and_the_way_back(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/compare?dataset=digits")
    one.page.locator('[data-testid="stSidebar"] input[type="range"]').first.press("ArrowLeft")
    one.settle()
    one.go_to("")
    assert one.query()["latent_dim"] == ["2"]
    one.back("/compare")
    assert one.choices() == ["Digits 8 × 8", "VAE", "2"]
    one.go_to("")
    again = visit().open(one.page.url)
    again.go_to("compare")
    assert again.choices() == ["Digits 8 × 8", "VAE", "2"]


def test_back_to_a_page_finds_it_as_it_was_left(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/compare?dataset=digits&latent_dim=2")
    errors = one.page.locator('[data-testid="stMain"]').get_by_role("radio", name="errors")
    errors.click()
    one.settle()
    one.go_to("doctor")
    one.back("/compare")
    assert errors.get_attribute("aria-checked") == "true"
    assert one.query()["show"] == ["errors"]
    assert one.choices()[2] == "2"
    assert one.faults() == []


def test_boxes_of_a_page_follow_the_sidebar_and_what_they_show_is_what_is_sent(server: str, visit: Callable[..., Visit]) -> None:
    """A value that was deleted on the server would stay on the screen, and come back with the next change."""
    one = visit().open(f"{server}/train?dataset=digits&latent_dim=2&family=vae")
    main, d = one.page.locator('[data-testid="stMain"]'), one.page.locator('[data-testid="stSidebar"] input[type="range"]').first

    def field(name: str) -> str:
        return main.get_by_role("textbox", name=name, exact=True).input_value()

    assert (field("Dimensions d"), field("β")) == ("2", "1")
    d.press("ArrowRight")
    one.settle()
    assert (one.choices()[2], field("Dimensions d")) == ("10", "10")
    main.get_by_role("textbox", name="β", exact=True).fill("4")
    one.page.keyboard.press("Enter")
    one.settle()
    assert (field("Dimensions d"), field("β")) == ("10", "4")
    assert main.get_by_text("Not trained yet").count() == 1
    one.go_to("doctor")
    patient = main.get_by_role("combobox", name="Model", exact=True)
    opened = patient.input_value()
    assert one.choices()[2] == "10"
    assert opened.startswith("VAE, d = 10")
    for key, dim in (("ArrowLeft", "2"), ("ArrowRight", "10"), ("ArrowLeft", "2")):
        d.press(key)
        one.settle()
        assert one.choices()[2] == dim
        assert patient.input_value().startswith(f"VAE, d = {dim},")
    assert one.faults() == []


def test_a_dark_page_is_dark(server: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.emulate_media(color_scheme="dark")
    one.open(f"{server}/?dataset=digits&latent_dim=2")
    background = one.page.locator('[data-testid="stApp"]').evaluate("e => getComputedStyle(e).backgroundColor")
    assert background == THEMES["dark"]


SELECTORS = re.findall(r"^ *([^@\s{<][^{\n]*) {", STYLE, re.MULTILINE)


def test_every_part_of_a_page_that_the_frame_styles_is_still_called_so(server: str, visit: Callable[..., Visit]) -> None:
    """Names of parts are the platform's own: where one is gone, its rule has no effect, and nobody is told."""
    assert len(SELECTORS) > 20
    one, missing = visit(), {selector.removesuffix("::after") for selector in SELECTORS}

    def look() -> None:
        missing.difference_update(one.page.evaluate("all => all.filter(one => document.querySelector(one))", sorted(missing)))

    one.open(server).go_to("families")  # its sidebar was folded before, which the platform gives a width of its own
    look()
    for what in ("train_network=linear&", "train_beta=4&", ""):  # without an activation to choose, not trained, and trained
        one.open(f"{server}/train?{what}dataset=digits&latent_dim=2&family=vae")
        look()
    for path in ("", "lectures", "few-labels", "own-data-set", "families", "compare", "collapse", "photograph"):
        one.go_to(path)
        look()
    one.page.get_by_text("What am I seeing?", exact=True).click()
    one.page.locator(".katex-display").wait_for()
    one.page.locator(".terms dt").first.wait_for()
    look()
    one.go_to("exact-curve")
    one.page.get_by_text("Train a linear β-VAE", exact=True).click()
    one.page.locator('[data-testid="stPopoverBody"] button').last.wait_for()
    look()
    assert not missing
