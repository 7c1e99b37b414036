"""PCA of images on its page: every view answers, K runs to the rank, a link holds how far an image was moved."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.decomposition import PCA

from pages.linear.pca_images import cached as caches
from pages.linear.pca_images import findings
from pages.linear.pca_images.view import small
from pages.shared import links
from tests.harness import assert_answers, assert_sound, code, conclusion_of, link_of, opened, run_notebook, value_of, words
from tests.image_corpus import saved
from vae_core import data
from vae_core.explore.linear import three_ways
from vae_core.explore.linear.pca_images import kept
from vae_core.models.pca import spectrum
from vae_core.units import signed

PAGE = "linear/pca_images"
HERE = {"dataset": "faces_25", "latent_dim": 2, "family": "pca"}
pytestmark = pytest.mark.usefixtures("checkpoints")


@pytest.mark.parametrize("view", ["scree", "V", "move", "pPCA"])
def test_every_view_answers(view: str) -> None:
    app = opened(PAGE, **HERE, pca_show=view, pca_k=7)
    assert_answers(app)
    assert conclusion_of(app)


def test_at_the_rank_the_training_images_come_back() -> None:
    app = opened(PAGE, **HERE, pca_k=159)
    assert_sound(app)
    rounding = r"(\d × )?10⁻[¹²³]\w|0"
    assert re.fullmatch(rounding, value_of(app, "Training SSE"))
    assert "without an error" in conclusion_of(app)
    assert re.fullmatch(rounding, value_of(opened(PAGE, dataset="digits", pca_k=64), "Test SSE"))  # and no zeros of rounding
    assert "without an error" not in conclusion_of(opened(PAGE, **HERE, pca_k=20))


def test_three_ways_end_at_the_closed_form_and_the_conclusion_says_how_near() -> None:
    eigenvalues = spectrum(data.load("digits").train.x).eigenvalues
    for d, noise, said in ((10, "0.3", "both ways reach"), (20, "0.01", "both ways reach"), (20, "10", "both ways reach")):
        app = opened(PAGE, dataset="digits", pca_show="pPCA", ppca_d=d, ppca_noise=noise)
        assert_sound(app)
        best, begin = three_ways.closed_form(eigenvalues, d), three_ways.start(eigenvalues, d, float(noise), 0)
        assert value_of(app, "log p(x)") == f"{signed(three_ways.log_px(eigenvalues, best), 3)} nats"
        assert value_of(app, "σ²") == f"{eigenvalues[d:].mean():.4g}"
        assert value_of(app, "EM") == "< 10⁻⁹ nats"
        gap = three_ways.log_px(eigenvalues, best) - three_ways.ascent(eigenvalues, begin).log_px[-1]
        assert value_of(app, "Gradient") == f"{small(gap)} nats"
        assert said in conclusion_of(app)
    chart = run_notebook(code(app, "python")[0])
    np.testing.assert_allclose(chart.layout["shapes"][0]["y0"], three_ways.log_px(eigenvalues, best))


def test_a_way_that_has_not_arrived_is_called_so() -> None:
    conclusion = conclusion_of(opened(PAGE, **HERE, pca_show="pPCA", ppca_d=20, ppca_noise="10"))
    exact = spectrum(data.load("faces_25").train.x).eigenvalues
    em = three_ways.em(exact, three_ways.start(exact, 20, 10.0, 0))
    left = three_ways.log_px(exact, three_ways.closed_form(exact, 20)) - em.log_px[-1]
    assert left > 0.1
    assert f"EM is still **{small(left)} nats** below it" in conclusion


def test_k_is_none_that_another_data_set_has_not() -> None:
    app = opened(PAGE, **HERE, pca_k=159)
    app.sidebar.selectbox(key="dataset").set_value("digits").run()
    assert_sound(app)
    assert app.slider(key="pca_k").value == 10


def test_a_link_holds_how_far_an_image_was_moved() -> None:
    moved = "faces_25-5~1_-2_0.5_0_0_3"
    app = opened(PAGE, **HERE, pca_show="move", mix_image=5, mix_codes=moved)
    assert link_of(app)["mix_codes"] == moved
    assert 'codes = vc.load("faces_25"), [1.0, -2.0, 0.5, 0.0, 0.0, 3.0]' in code(app, "python")[0]


@pytest.mark.parametrize(
    "moved", ["", "digits-5~1_-2_0.5_0_0_3", "faces_25-5~1_2", "faces_25-5~1_-2_x_0_0_3", "faces_25-5~1_-2_1e99_0_0_3"]
)
def test_codes_that_are_none_of_the_picture_are_its_own(moved: str) -> None:
    app = opened(PAGE, **HERE, pca_show="move", mix_image=5, mix_codes=moved)
    assert_sound(app)
    assert "mix_codes" not in link_of(app)


@pytest.mark.slow
def test_faces_are_told_with_an_interval_beside_what_the_slide_states() -> None:
    app = opened(PAGE, **HERE, pca_show="faces")
    assert_answers(app)
    assert value_of(app, "Logistic regression").startswith("88.")
    assert "not reproduced" in words(app)


def test_a_face_of_ones_own_is_moved_and_rebuilt_and_stays_in_the_session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "brought no picture" in words(opened(PAGE, **HERE, pca_show="move", mix_from="my picture"))
    face = np.kron(data.load("faces_25").test.x[3, 0], np.ones((4, 4), np.uint8))
    app = opened("own/bring", **HERE, own_way="upload")
    app.file_uploader(key="own_files").set_value([("my secret face.png", saved(Image.fromarray(face), "PNG"), "image/png")]).run()
    app.switch_page(links.page(PAGE)).run()
    app.segmented_control(key="pca_show").set_value("move").run()
    app.segmented_control(key="mix_from").set_value("my picture").run()
    assert_sound(app)
    exact = spectrum(data.load("faces_25").train.x)
    own, test = (100 * kept(exact, x, 6) for x in (data.load("faces_25").test.x[3:4], data.load("faces_25").test.x))
    assert f"hold {own:.0f} %. Of test images they hold {test:.0f} %" in conclusion_of(app)
    assert "secret" not in str(dict(app.query_params)) + words(app)
    Image.fromarray(face).save(tmp_path / "picture.png")
    monkeypatch.chdir(tmp_path)
    (before, _), *_ = run_notebook(code(app, "python")[0]).rows
    np.testing.assert_allclose(before.image[0], face[::4, ::4] / 255)
    app.segmented_control(key="pca_show").set_value("scree").run()
    assert_sound(app)
    assert (run_notebook(code(app, "python")[0]).rows[0][0].image[0] == face[::4, ::4]).all()


def test_a_lecture_is_told_the_first_step_that_comes_near_the_closed_form() -> None:
    told = findings.steps_to_the_closed_form({"dataset": "digits", "ppca_d": "3", "ppca_noise": "10"})
    x = data.load("digits").train.x.reshape(1438, -1) / 255
    best = PCA(3).fit(x).score(x)  # scikit-learn's is the closed form with N − 1 for N
    gaps = [best - way.log_px for way in caches.ways("digits", 3, 10.0, 0)]
    for name, gap in zip(("em", "gradient"), gaps, strict=True):
        step = told[name]
        assert gap[step] < 0.1 + 0.01
        assert gap[step - 1] > 0.1 - 0.01
    assert told["value"] == told["em"] < told["gradient"]
