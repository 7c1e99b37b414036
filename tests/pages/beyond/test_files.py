"""*A real file*: what it says of a file is what the file has, and a file that is handed over is read or refused in a sentence."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.runtime.memory_media_file_storage import _calculate_file_id
from streamlit.testing.v1 import AppTest

from pages.beyond.files import findings
from pages.beyond.files.view import BINS, sizes_of
from pages.shared import own_picture
from pages.shared.own_picture import OwnPicture
from tests.harness import answer_of, assert_answers, assert_sound, charts, conclusion_of, mean_by_scipy, opened, pictures, value_of, words
from vae_core import data
from vae_core.data.pictures import Picture
from vae_core.data.preparation import Preparation
from vae_core.explore.beyond import files
from vae_core.explore.beyond.files import Coded
from vae_core.explore.beyond.other_codes import general_purpose
from vae_core.models import default_spec
from vae_core.specs import ModelSpec
from vae_core.store import Store

PAGE = "beyond/files"
pytestmark = pytest.mark.usefixtures("checkpoints")


def written(n: int, precision: int = 12, spec: ModelSpec | None = None) -> Coded:
    spec = spec or default_spec("vae", "digits", 2)
    model = Store().load(spec)
    return files.coded(model, files.drawn_images(data.load(spec.dataset), n, is_binary=model.binarises), precision)


def on_digits(**query: object) -> AppTest:
    return opened(PAGE, dataset="digits", latent_dim=2, **query)


def test_the_weight_of_the_file_is_that_of_the_file_that_is_downloaded() -> None:
    app, of = on_digits(files_n=30), written(30)
    assert_answers(app)
    assert value_of(app, "File") == f"{len(of.data):,} bytes"
    url = next(element.proto.url for element in app.get("download_button") if element.proto.label == "File")
    assert _calculate_file_id(of.data, "application/octet-stream", "digits-30.vae") in url
    assert value_of(app, "−ELBO") == f"{mean_by_scipy(of.predicted)} bits"
    assert value_of(app, "Read back") == "30 of 30 equal"
    assert f"{8 * len(of.data) / (30 * 64):.3f} bits per pixel" in words(app)


def test_the_conclusion_takes_the_file_apart_and_names_the_shortest_of_the_others() -> None:
    said, of = conclusion_of(on_digits(files_n=100)), written(100)
    others = general_purpose(of.pixels, (1, 8, 8), is_binary=True)
    best = min(others, key=others.__getitem__)
    assert f"The file of 100 test images has {len(of.data):,} bytes, and their −ELBO sums to {of.predicted.sum() / 8:,.0f} bytes." in said
    assert (
        f"23 bytes of header, {of.borrowed / 8:.0f} borrowed bytes, and {mean_by_scipy(of.per_image - of.predicted)} bits per image" in said
    )
    assert "All 100 came back equal, byte for byte." in said
    assert f"{best}, has {others[best]:,} bytes: the VAE's has 0.{100 * len(of.data) / others[best]:.0f} times as many." in said


def test_a_file_that_is_longer_than_others_is_said_to_be() -> None:
    said = conclusion_of(opened(PAGE, dataset="faces_25", latent_dim=2, files_n=10))
    assert re.search(r"The shortest file of general use, \w+, has only [\d,]+ bytes: the VAE's has 1\.\d times as many\.", said)


def test_one_image_has_no_interval_and_its_loan_is_named() -> None:
    app, of = on_digits(files_n=1), written(1)
    said = conclusion_of(app)
    assert f"The file of 1 test image has {len(of.data)} bytes" in said and "It came back equal" in said and "±" not in said
    assert "only further images would share" in said


def test_images_that_do_not_come_back_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    right = files.decoded

    def wrong(model: object, file: bytes) -> np.ndarray:
        pixels = right(model, file).copy()
        pixels[2, 5] ^= 1
        return pixels

    monkeypatch.setattr(files, "decoded", wrong)
    app = on_digits(files_n=10, files_draw=77)
    assert value_of(app, "Read back") == "9 of 10 equal"
    assert "Only 9 of 10 came back equal: this file is not to be trusted." in conclusion_of(app)


def test_bars_are_files_and_an_autoencoder_has_none() -> None:
    app, of = on_digits(files_n=30), written(30)
    (bars,) = [trace for trace in charts(app)[0]["data"] if trace["type"] == "bar"]
    told = dict(zip(bars["y"], bars["text"], strict=True))
    assert told["VAE, bits back"] == f" {len(of.data):,} bytes" and told["AE"] == " no code length"
    assert told["1 bit per pixel"] == f" {30 * 8} bytes" and told["VAE, no bits back"] == f" {of.without_bits_back:,} bytes"


def test_the_answer_has_the_file_of_every_number_of_bins() -> None:
    told = answer_of(on_digits(files_n=10))
    for n in BINS:
        of = written(10, n.bit_length() - 1)
        assert f"| {n:,} | {len(of.data):,} | {of.borrowed / 8:.0f} | {of.without_bits_back:,} |" in told
    assert f"With 16 bins the file has {len(written(10, 4).data):,} bytes" in told


def test_images_are_written_and_shown_as_they_came_back() -> None:
    shown = pictures(on_digits(files_n=3))
    expected = [255 * pixels.reshape(8, 8) for pixels in written(3).pixels]
    assert len(shown) == 6
    for k, image in enumerate(expected * 2):
        assert (shown[k].squeeze() == image).all()


def read(file: bytes, **query: object) -> AppTest:
    app = on_digits(files_show="read", **query)
    return app.file_uploader(key="files_upload").set_value(("a.vae", file, "application/octet-stream")).run()


def test_a_file_that_is_handed_over_gives_its_images() -> None:
    of = written(12)
    app = read(of.data)
    assert_sound(app)
    assert (
        f"The file gave 12 images, and its check says that they are those that were written. It has {len(of.data)} bytes"
        in conclusion_of(app)
    )
    shown = pictures(app)
    assert len(shown) == 12
    assert all((shown[k].squeeze() == 255 * of.pixels[k].reshape(8, 8)).all() for k in range(12))


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence_that_says_why() -> None:
    of = written(3)
    other = written(3, spec=default_spec("vae", "digits", 10)).data
    unknown = of.data[:4] + bytes(8) + of.data[12:]
    retrained = of.data[:12] + bytes(4) + of.data[16:]
    for file, why in [
        (b"\x89PNG" + bytes(60), "it does not begin with VAE1"),
        (of.data[:-5], "cut short or damaged"),
        (other, "The VAE of Digits 8 × 8, d = 10 wrote this file"),
        (unknown, "not on this computer wrote this file (fingerprint 0000000000000000)"),
        (retrained, "Another training of the VAE of Digits 8 × 8, d = 2 wrote this file"),
    ]:
        app = read(file)
        assert not app.exception
        assert why in app.error[0].value
        assert not pictures(app)


def test_a_page_without_a_file_to_read_asks_for_one() -> None:
    app = on_digits(files_show="read")
    assert_sound(app)
    assert "Choose a file" in app.info[0].value


def test_one_s_own_picture_is_written_alone_and_kept_nowhere() -> None:
    ring = np.where(np.abs(np.hypot(*np.mgrid[-80:80, -80:80]) - 50) < 12, 255, 0).astype(np.uint8)
    own = OwnPicture(Picture("ring", ring), Preparation())
    app = on_digits(files_mine=True)
    assert not app.toggle
    app.session_state[own_picture.LAST] = own
    app.run()
    app.toggle(key="files_mine").set_value(True).run()
    assert_sound(app)
    said = conclusion_of(app)
    assert "The file of your picture has" in said and "It came back equal" in said
    assert app.select_slider(key="files_n").disabled
    prepared = own.like("digits").steps[-1].image
    assert np.array_equal(pictures(app)[0], pictures(app)[1]) and pictures(app)[0].shape[:2] == prepared.shape[1:]


def test_as_many_images_are_offered_as_take_about_a_second() -> None:
    assert sizes_of(default_spec("vae", "digits", 2)) == (1, 3, 10, 30, 100, 300)
    assert sizes_of(default_spec("vae", "faces_25", 2)) == (1, 3, 10, 30)


def test_in_a_lecture_the_file_is_weighed_beside_the_shortest_of_the_others() -> None:
    of = written(100)
    others = general_purpose(of.pixels, (1, 8, 8), is_binary=True)
    told = findings.beside_general_use({"dataset": "digits", "latent_dim": 2, "files_n": 100, "files_bins": 4096})
    assert told["value"] == pytest.approx(100 * len(of.data) / min(others.values()))
    assert (told["size"], told["best"]) == (len(of.data), min(others.values())) and others[str(told["name"])] == told["best"]
    assert told["expected"] == pytest.approx(of.predicted.sum() / 8)
