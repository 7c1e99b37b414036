"""*Train a model*: every field with the spec's own words, and what is filled in."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from pages.shared import links
from tests.harness import assert_sound, labels, link_of, opened
from vae_core.models import default_spec
from vae_core.store import Store

TRAIN, LIBRARY = "training/train", "training/library"
SPEC = replace(default_spec("vae", "digits", 2), n_epochs=3, seed=7)


def test_the_page_starts_from_the_recipe_and_has_every_field(local: Store) -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae")
    assert_sound(app)
    shown = {box.key.removeprefix("train_"): box for box in (*app.main.text_input, *app.main.selectbox)}
    assert set(shown) == {field.name for field in fields(SPEC)} - {"dataset"}
    assert shown["hidden"].value == "128, 64"
    assert all(
        field.meaning[1:] in shown[field.name].help and field.rule_for(SPEC) in shown[field.name].help
        for field in SPEC.fields()
        if field.name not in ("dataset", "scale")
    )


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("latent_dim", "65", "Dimensions d must be between 1 and 64 for digits, got 65."),
        ("n_epochs", "0", "Epochs must be between 1 and 1,000,000, got 0."),
        ("n_epochs", "many", "Epochs must be between 1 and 1,000,000, got 'many'."),
        ("learning_rate", "2", "Learning rate must be above 0 and at most 1, got 2.0."),
        ("hidden", "0, 3", "Hidden layers must hold at most 8 widths between 1 and 8192, got (0, 3)."),
        (
            "hidden",
            "9, 9, 9, 9, 9, 9, 9, 9, 9",
            "Hidden layers must hold at most 8 widths between 1 and 8192, got (9, 9, 9, 9, 9, 9, 9, 9, 9).",
        ),
        ("beta", "-1", "β must be at least 0, got -1.0."),
        ("beta", "nan", "β must be at least 0, got nan."),
    ],
)
def test_a_wrong_value_is_refused_by_the_spec_s_own_rule(field: str, text: str, said: str) -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae")
    app.text_input(key=f"train_{field}").set_value(text).run()
    assert [exception.message for exception in app.exception] == []
    assert [error.value for error in app.error] == [said]
    assert "Start" not in labels(app)


def test_another_network_brings_its_own_recipe() -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae")
    app.selectbox(key="train_activation").set_value("tanh").run()
    assert_sound(app)
    app.selectbox(key="train_network").set_value("linear").run()
    assert_sound(app)
    assert app.text_input(key="train_hidden").value == ""
    assert app.selectbox(key="train_activation").disabled
    assert app.selectbox(key="train_activation").value == "relu"
    assert any("Not trained yet" in info.value for info in app.info)


@pytest.mark.parametrize("network", ["linear", "conv"])
def test_another_network_gives_up_what_a_link_had_filled_in(network: str) -> None:
    """The address belongs to the fields: to take a parameter from it would leave the browser blank."""
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_beta=4)
    app.query_params["train_network"] = network  # the browser says so before the server hears of it
    app.selectbox(key="train_network").set_value(network).run()
    assert_sound(app)
    assert app.text_input(key="train_beta").value == "1"
    assert "train_beta" not in app.query_params


def test_another_choice_of_the_sidebar_gives_up_what_a_link_had_filled_in() -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_beta=4, train_seed=3)
    app.sidebar.select_slider(key="latent_dim").set_value(10).run()
    assert_sound(app)
    assert {key: app.text_input(key=f"train_{key}").value for key in ("latent_dim", "beta", "seed")} == {
        "latent_dim": "10",
        "beta": "1",
        "seed": "0",
    }


def test_the_link_of_the_page_says_what_is_filled_in() -> None:
    link = link_of(opened(TRAIN, dataset="digits", latent_dim=2, family="vae", train_beta=4, train_network="linear"))
    assert (link["train_beta"], link["train_network"]) == ("4", "linear")


def test_what_was_filled_in_is_there_again_after_another_page() -> None:
    app = opened(TRAIN, dataset="digits", latent_dim=2, family="vae")
    app.text_input(key="train_beta").set_value("3").run()
    app.switch_page(links.page(LIBRARY)).run()
    app.switch_page(links.page(TRAIN)).run()
    assert app.text_input(key="train_beta").value == "3"
