"""*With labels*: what is said is what models and classifier give, whatever the sidebar's data set is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pages.beyond.labels import cached as caches
from pages.beyond.labels import findings
from pages.beyond.labels.cvae import of_state
from pages.beyond.labels.manifolds.manifolds import View
from pages.shared.labels import label
from tests.harness import assert_answers, assert_sound, conclusion_of, controls, opened, press
from vae_core import data
from vae_core.evaluation import as_observed, elbo_per_image
from vae_core.explore.beyond import labels, which_label
from vae_core.explore.codes import codes
from vae_core.explore.means import mean_of
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.store.classifiers import classifier_of

PAGE = "beyond/labels"


def captions(app) -> str:
    return "\n".join(caption.value for caption in app.caption)


@pytest.mark.parametrize(("dataset", "d"), [("digits", 2), ("mnist_5k", 10)])
def test_how_many_are_read_as_the_label_asked_for_is_counted_and_the_bound_is_paired_with_the_vaes(dataset: str, d: int) -> None:
    app = opened(PAGE, dataset=dataset, label_dim=f"d = {d}")
    assert_answers(app)
    test, ours, usual = data.load(dataset).test, *(Store().load(default_spec(f, dataset, d)) for f in ("conditional-vae", "vae"))
    changed = labels.changed(ours, test.x, test.labels, codes(ours, test.x, test.labels).mean, classifier_of(dataset))
    assert app.metric[0].value == str(changed.as_wanted)
    assert f"r = {changed.slant_kept.value:.2f}" in conclusion_of(app)
    gain = elbo_per_image(ours, as_observed(ours, test.x), test.labels).elbo - elbo_per_image(usual, as_observed(usual, test.x)).elbo
    mean = mean_of(gain.numpy())
    assert f"{mean} nats below the VAE's of the same d" in captions(app)
    assert f"it is {mean_of(gain.numpy() - math.log(10))} nats below it." in captions(app)


@pytest.mark.parametrize("dataset", ["faces_25", "patches_8"])
def test_where_no_model_is_told_labels_the_page_shows_another_data_set_and_says_so(dataset: str) -> None:
    app = opened(PAGE, dataset=dataset)
    assert_answers(app)
    assert "this page shows MNIST 5k" in captions(app)
    assert "1,000 test images" in captions(app)


def test_the_sidebar_offers_no_model_that_is_told_labels_and_no_link_puts_one_in_focus() -> None:
    app = opened("start/families", dataset="digits", latent_dim=2, family="conditional-vae")
    assert_sound(app)
    assert app.sidebar.selectbox(key="family").value == "vae"
    assert "Class-conditional VAE" not in app.sidebar.selectbox(key="family").options


def test_the_doctor_has_no_patient_that_would_need_a_label() -> None:
    app = opened("rates/doctor", dataset="digits", latent_dim=2)
    assert_sound(app)
    here = [c.spec for c in Store().checkpoints() if c.spec.dataset == "digits" and c.spec.family in ("vae", "ppca")]
    assert len(app.selectbox(key="patient").options) == len(here)


def test_the_library_opens_it_on_its_page_and_compares_only_its_rate_with_models_of_another_density() -> None:
    ours, usual = (default_spec(family, "digits", 10) for family in ("conditional-vae", "vae"))
    both = {"dataset": "digits", "latent_dim": 10, "library_models": [label(spec, with_dataset=False) for spec in (usual, ours)]}
    assert "different densities, p(x) and p(x | y)" in conclusion_of(opened("training/library", **both))
    app = opened("training/library", **both, library_term="rate")
    assert "*CVAE of Digits 8 × 8, d = 10* ends with the smallest rate" in conclusion_of(app)
    app.multiselect(key="library_models").set_value([ours.fingerprint]).run()
    press(app, "Open")
    assert_sound(app)
    assert "told the label" in app.title[0].value
    assert app.session_state["dataset"] == "digits"


def test_other_images_are_other_rows_and_each_setting_is_in_the_link() -> None:
    app = opened(PAGE, dataset="digits")
    before = app.get("html")[0].proto.body if hasattr(app.get("html")[0].proto, "body") else str(app.get("html")[0])
    press(app, "Other images")
    assert_sound(app)
    assert str(app.get("html")[0]) != before
    assert {"label_dim", "label_images", "label_rows"} <= {key for _, key in controls(app)}


def test_the_answer_of_the_lecture_is_the_share_of_the_page() -> None:
    told = findings.read_as_asked({"dataset": "mnist_5k", "label_dim": "d = 2"})
    assert told["value"] == pytest.approx(100 * told["share"].count / 1000)
    assert 0 < told["low"] < told["r"] < told["high"] < 1


def test_each_label_is_asked_of_every_test_image_in_the_answer() -> None:
    app = opened(PAGE, dataset="digits", label_dim="d = 2")
    model, test = Store().load(default_spec("conditional-vae", "digits", 2)), data.load("digits").test
    images = labels.analogies(model, codes(model, test.x, test.labels).mean, range(10))
    right = (labels.read(images, classifier_of("digits")) == np.arange(10)).sum(0)
    said = "\n".join(element.value for element in app.markdown)
    for y in range(10):
        assert f"| {y} | {labels.Share(int(right[y]), 359)} |" in said


def test_a_frame_stands_at_the_code_and_below_it_is_what_that_is_with_each_label() -> None:
    app = opened(PAGE, dataset="digits", label_part="manifolds", label_z1=-1.5, label_z2=1.0)
    assert_answers(app)
    model = Store().load(default_spec("conditional-vae", "digits", 2))
    right = (labels.read(labels.analogies(model, np.array([[-1.5, 1.0]]), range(10))[0], classifier_of("digits")) == np.arange(10)).sum()
    assert f"At z = (−1.5, 1.0) {right} of 10 labels" in conclusion_of(app)
    axis = caches.axis()
    row, column = View(of_state("digits", "d = 2"), (-1.5, 1.0)).cell
    assert abs(axis[column] + 1.5) == abs(axis + 1.5).min()
    assert abs(axis[::-1][row] - 1) == abs(axis - 1).min()
    assert app.metric[0].value == str(labels.drawn_as(model, 1000, classifier_of("digits")))


@pytest.mark.parametrize("d", [2, 10])
def test_what_is_left_of_the_label_is_told_beside_the_vae_and_beside_guessing(d: int) -> None:
    app = opened(PAGE, dataset="digits", label_part="style", label_dim=f"d = {d}")
    assert_answers(app)
    images, told = data.load("digits"), []
    for family in ("conditional-vae", "vae"):
        model = Store().load(default_spec(family, "digits", d))
        train, test = ((codes(model, part.x, part.labels).mean, part.labels) for part in (images.train, images.test))
        told.append(labels.probed(train, test).by_neighbours)
    assert app.metric[0].value == str(told[0])
    assert str(told[0]) in conclusion_of(app) and str(told[1]) in conclusion_of(app)
    assert told[0].is_below(told[1])
    assert ("is left in the style" in conclusion_of(app)) == (told[0].interval[0] > 0.1)
    said = findings.labels_left_in_codes({"dataset": "digits", "label_dim": f"d = {d}"})
    assert (said["own"], said["other"], said["chance"]) == (told[0], told[1], 10)


def test_both_ways_are_counted_on_the_same_test_images_and_only_p_of_x_notices_noise() -> None:
    app = opened(PAGE, dataset="mnist_5k", label_part="which y?", label_dim="d = 10", label_picture="noise")
    assert_answers(app)
    checkpoint, classifier, test = (
        Store().find(default_spec("conditional-vae", "mnist_5k", 10)),
        classifier_of("mnist_5k"),
        data.load("mnist_5k").test,
    )
    kept = which_label.read()[checkpoint.weights_sha256[:16]]
    read = labels.Share(int((classifier.read(test.x).labels == test.labels).sum()), len(test))
    assert [metric.value for metric in app.metric[:2]] == [str(kept.right), str(read)]
    assert "all of the test images have a larger one: only p(x) says that it is unlike them" in conclusion_of(app)
    noise = kept.by_kind["noise"]
    said = "\n".join(element.value for element in app.markdown)
    assert f"| noise | {noise.by_classifier} | {noise.by_bayes} | {noise.unlike} |" in said
    blank = conclusion_of(opened(PAGE, dataset="mnist_5k", label_part="which y?", label_dim="d = 10", label_picture="blank"))
    assert "All of the test images have a smaller one: a picture can be more probable than images are." in blank
    told = findings.right_by_bayes({"dataset": "mnist_5k", "label_dim": "d = 10"})
    assert told["value"] == pytest.approx(100 * (read.share - kept.right.share))
