"""The sidebar: what is not on this machine is offered to whoever sits at it, and ends in a sentence where it fails."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pages.shared import links
from pages.shared.controls import WANTED
from tests.harness import COMPARE, CPU, FIVE_FAMILIES, SECONDS, WITH_MODELS, At, assert_answers, labels, link_of, opened, press
from vae_core.data import available
from vae_core.models import default_spec
from vae_core.store import Store

pytestmark = pytest.mark.usefixtures("checkpoints")


def test_what_is_not_on_this_machine_is_offered_and_the_page_shows_what_needs_no_images(no_images: None) -> None:
    if default_spec("vae", "mnist", 20) not in Store():
        pytest.skip("needs the shipped models of mnist")
    for page in WITH_MODELS:
        app = opened(page, dataset="mnist", latent_dim=20, family="vae")
        assert_answers(app)
        assert "not on this machine" in app.main.caption[0].value
        assert "Download 11.6 MB" in labels(app)


@pytest.mark.usefixtures("no_images")
def test_data_sets_that_are_not_here_are_marked_and_come_last_in_the_menu() -> None:
    menu = opened(COMPARE, dataset="digits", latent_dim=2).sidebar.selectbox(key="dataset")
    here = ["MNIST 5k", "Faces 25 × 25", "Digits 8 × 8", "Photo patches 8 × 8", "Photo patches 16 × 16"]
    assert menu.options == [*here, "MNIST ⬇", "Fashion-MNIST ⬇", "Frey faces ⬇", "Olivetti faces ⬇"]
    assert menu.value == "digits"


@pytest.mark.usefixtures("no_images")
def test_a_link_names_a_data_set_as_the_command_line_does_and_one_that_does_not_exist_is_given_up() -> None:
    app = opened(COMPARE, dataset="faces_25", latent_dim=2)
    assert link_of(app)["dataset"] == "faces_25"
    app.sidebar.selectbox(key="dataset").set_value("digits").run()
    assert link_of(app)["dataset"] == "digits"
    assert app.query_params["dataset"] in ("digits", ["digits"])
    app.switch_page(links.page("autoencoders/compare")).run()
    assert link_of(app)["dataset"] == "digits"
    assert opened(FIVE_FAMILIES, dataset="minst").sidebar.selectbox(key="dataset").value == "mnist_5k"


def test_a_page_on_which_the_choices_play_no_part_draws_none_of_them_and_hands_them_on() -> None:
    chosen = {"dataset": "digits", "latent_dim": "2", "family": "ppca"}
    app = opened("start/home", **chosen)
    for folder in ("autoencoders/compare", "latent/ring", "start/home", "autoencoders/compare"):
        assert chosen.items() <= link_of(app).items()
        app.switch_page(links.page(folder)).run()
        assert (len(app.sidebar.selectbox) == 2) is (folder == "autoencoders/compare")
    assert chosen.items() <= link_of(app).items()
    strange = opened("start/home", dataset="minst", latent_dim="1e999", family="no")
    assert {key: link_of(strange)[key] for key in chosen} == {
        "dataset": "mnist" if available("mnist") else "mnist_5k",
        "latent_dim": "20",
        "family": "vae",
    }


@pytest.mark.usefixtures("no_images")
def test_all_of_mnist_is_one_click_from_a_part_of_it(at: type[At]) -> None:
    assert any(button.label == "All of MNIST" for button in opened(FIVE_FAMILIES, dataset="mnist_5k").sidebar.button)
    assert not any(button.label.startswith("All of") for button in opened(FIVE_FAMILIES, dataset="digits").sidebar.button)
    at.address = "192.168.1.7"
    assert not any(button.label.startswith("All of") for button in opened(FIVE_FAMILIES, dataset="mnist_5k").sidebar.button)


def test_the_sidebar_turns_to_a_data_set_that_was_fetched() -> None:
    app = opened(COMPARE, dataset="digits", latent_dim=2)
    app.session_state[WANTED] = "faces_25"
    app.run()
    assert app.sidebar.selectbox(key="dataset").value == link_of(app)["dataset"] == "faces_25"


def test_a_data_set_without_any_model_is_no_error(no_images: None) -> None:
    for page in WITH_MODELS:
        app = opened(page, dataset="fashion_mnist", latent_dim=20)
        assert [exception.message for exception in app.exception] == []
        assert any("Training needs the data set" in caption.value for caption in app.sidebar.caption)


def test_only_the_person_at_this_computer_is_offered_training_and_downloads(
    at: type[At], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    Store().train(default_spec("ppca", "digits", 4), device=CPU)
    assert any("Train 4 missing" in button.label for button in opened(COMPARE, dataset="digits", latent_dim=4).sidebar.button)
    at.address = "192.168.1.7"
    app = opened(COMPARE, dataset="digits", latent_dim=4)
    assert not any("Train" in button.label for button in app.sidebar.button)
    assert any("Only someone with this server's PIN" in caption.value for caption in app.sidebar.caption)
    app = opened(FIVE_FAMILIES, dataset="fashion_mnist")
    assert not any("Download" in label for label in labels(app))


def test_a_download_that_fails_says_what_happened_and_what_to_do_and_nothing_of_it_stays(
    no_images: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    app = opened(FIVE_FAMILIES, dataset="frey_faces")
    press(app, "Download")
    assert [exception.message for exception in app.exception] == []
    assert [error.value for error in app.main.error] == ["Not downloaded: no connection to cs.nyu.edu."]
    assert "Connect to the network and try again." in [caption.value for caption in app.main.caption]
    assert "Put frey_rawface.mat" in app.main.text[0].value
    assert not app.main.get("progress")
    assert not any("Stop" in label for label in labels(app))


def test_a_download_that_the_disk_does_not_take_says_where_and_how_to_choose_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VAE_EXPLORER_DATA", raising=False)
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "a file"))
    (tmp_path / "a file").write_text("")
    app = opened(FIVE_FAMILIES, dataset="frey_faces")
    press(app, "Download")
    assert app.main.error[0].value.startswith(f"Not downloaded: {tmp_path / 'a file'}")
    assert "Allow writing there or name another folder by VAE_EXPLORER_CACHE." in [caption.value for caption in app.main.caption]
    assert "in a folder frey_faces of one that VAE_EXPLORER_DATA names." in app.main.text[0].value


def test_a_damaged_checkpoint_is_missing_and_can_be_trained_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    spec = default_spec("pca", "digits", 3)
    Store().train(spec, device=CPU)
    (tmp_path / spec.fingerprint / "weights.safetensors").write_bytes(b"not what was saved")
    app = opened(COMPARE, dataset="digits", latent_dim=3, family="pca")
    assert [exception.message for exception in app.exception] == []
    assert any("0 of 5 models ready" in caption.value for caption in app.sidebar.caption)
    assert any("Train 5 missing" in button.label for button in app.sidebar.button)


@pytest.mark.slow
def test_missing_models_are_trained_from_the_sidebar_and_can_be_cancelled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path))
    Store().train(default_spec("ppca", "digits", 4), device=CPU)
    app = opened(COMPARE, dataset="digits", latent_dim=4, family="ppca")
    next(button for button in app.sidebar.button if button.label == "Train 4 missing").click().run()
    assert app.sidebar.get("progress")
    next(button for button in app.sidebar.button if button.label == "Cancel training").click().run()
    for _ in range(SECONDS):
        app.run()
        if not app.sidebar.get("progress"):
            break
        time.sleep(1)
    assert [exception.message for exception in app.exception] == []
    assert any("Missing:" in caption.value for caption in app.sidebar.caption)
    assert any("ancelled" in caption.value for caption in app.sidebar.caption)
