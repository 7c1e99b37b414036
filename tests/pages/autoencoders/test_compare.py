"""The comparison of reconstructions: its views, its images, its numbers and its link."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import stats

from pages.autoencoders.compare import findings
from pages.shared.controls import Choice, the
from tests.harness import COMPARE, answer_of, assert_answers, assert_sound, link_of, mean_by_scipy, numbers_in, opened, pictures, value_of
from vae_core import data
from vae_core.drawing.images import as_bytes
from vae_core.drawing.theme import mark
from vae_core.explore import paired
from vae_core.explore.autoencoders import seeds
from vae_core.explore.means import mean_of
from vae_core.explore.reconstructions import PUBLISHED, hardest, reconstructions, sse_per_image
from vae_core.models import default_spec, unlabelled
from vae_core.statistics import Z_95
from vae_core.store import Store
from vae_core.units import with_interval

pytestmark = pytest.mark.usefixtures("checkpoints")


@pytest.mark.parametrize("view", ["images", "errors", "means"])
def test_every_view_of_the_comparison_answers(view: str) -> None:
    app = opened(COMPARE, dataset="digits", latent_dim=2, family="pca")
    app.button_group(key="show").set_value(view).run()
    assert_answers(app)
    assert link_of(app)["show"] == view


def test_the_comparison_shows_the_models_side_by_side(checkpoints: Store) -> None:
    app = opened(COMPARE, dataset="digits", latent_dim=2)
    html = next(element.proto.body for element in app.get("html") if "<img" in element.proto.body)
    assert re.findall(r"</span> ([^<]+)</b>", html) == ["PCA", "pPCA", "Linear AE", "AE", "VAE"]
    assert len(pictures(app)) == 4 * (1 + len(unlabelled()))
    x = data.load("digits").test.x[[int(index) for index in re.findall(r"<span>#(\d+): \d", html)]]
    for column, family in enumerate(unlabelled(), start=1):
        spec = default_spec(family, "digits", 2)
        model = checkpoints.load(spec)
        for row, x_hat in enumerate(reconstructions(model, x)):
            np.testing.assert_array_equal(pictures(app)[row * 6 + column], as_bytes(x_hat))
        assert f"{sse_per_image(model, x)[0]:.2f}" in html
        metrics = checkpoints.find(spec).metrics
        assert with_interval(metrics["sse"], Z_95 * metrics["sse_standard_error"]) in html


@pytest.mark.data
@pytest.mark.parametrize(("latent_dim", "numbers"), [(1, "one number"), (3, "3 numbers")])
def test_digits_of_mnist_are_compared_at_one_and_three_dimensions_by_every_family(latent_dim: int, numbers: str) -> None:
    app = opened(COMPARE, dataset="mnist", latent_dim=latent_dim)
    assert_answers(app)
    assert len(pictures(app)) == 4 * (1 + len(unlabelled()))
    assert any(f"a code of {numbers}." in caption.value for caption in app.main.caption)


@pytest.mark.parametrize(("dataset", "focus", "expected"), [("digits", "pca", "above the AE"), ("faces_25", "vae", " of PCA")])
def test_models_are_compared_on_the_same_images(checkpoints: Store, dataset: str, focus: str, expected: str) -> None:
    """Differences image by image, in words: which is above, which below, and which are not told apart."""
    x = data.load(dataset).test.x
    sse = {family: sse_per_image(checkpoints.load(default_spec(family, dataset, 2)), x) for family in unlabelled()}
    app = opened(COMPARE, dataset=dataset, latent_dim=2, family=focus)
    assert value_of(app, "Test SSE") == mean_by_scipy(sse[focus])
    said = next(caption.value for caption in app.main.caption if "On the same" in caption.value)
    assert said.startswith(f"On the same images the SSE of {the(focus)} is ") and expected in said
    for family in set(unlabelled()) - {focus}:
        apart = sse[focus] - sse[family]
        half_width = 1.959964 * stats.sem(apart)
        name = the(family)
        if abs(apart.mean()) <= half_width:
            assert f"within {with_interval(0, half_width).split(' ± ')[1]} of {name}" in said
        else:
            word = "above" if apart.mean() > 0 else "below"
            assert f"{with_interval(abs(apart.mean()), half_width)} {word} {name}" in said


def test_the_hardest_images_of_the_model_in_focus_come_first(checkpoints: Store) -> None:
    app = opened(COMPARE, dataset="digits", latent_dim=2, family="pca")
    app.button_group(key="images").set_value("hardest").run()
    test = data.load("digits").test
    sse = sse_per_image(checkpoints.load(default_spec("pca", "digits", 2)), test.x)
    html = next(element.proto.body for element in app.get("html") if "<img" in element.proto.body)
    assert [int(index) for index in re.findall(r"<span>#(\d+): \d", html)] == hardest(sse, 4).tolist()
    np.testing.assert_array_equal(pictures(app)[0], test.x[hardest(sse, 1)[0], 0])


def test_the_link_carries_every_setting_of_the_view() -> None:
    app = opened(COMPARE, dataset="digits", latent_dim=2, family="ppca")
    app.button_group(key="images").set_value("chosen").run()
    app.number_input(key="first").set_value(7).run()
    app.slider(key="n_images").set_value(2).run()
    link = link_of(app)
    chosen = {"dataset": "digits", "latent_dim": "2", "family": "ppca", "show": "images", "images": "chosen", "first": "7", "n_images": "2"}
    assert {key: link[key] for key in chosen} == chosen


def test_another_draw_shows_other_images() -> None:
    app = opened(COMPARE, dataset="digits", latent_dim=2)
    before = pictures(app)[0]
    next(button for button in app.main.button if button.label == "Other images").click().run()
    assert app.number_input(key="draw").value == 1
    assert not np.array_equal(before, pictures(app)[0])


def test_a_published_error_is_reached_by_what_is_as_small_in_its_two_decimals(monkeypatch: pytest.MonkeyPatch, checkpoints: Store) -> None:
    here = {
        family: mean_of(sse_per_image(checkpoints.load(default_spec(family, "digits", 2)), data.load("digits").test.x))
        for family in ("pca", "autoencoder", "vae")
    }
    printed = {"pca": here["pca"].value + 0.5, "autoencoder": here["autoencoder"].value - 0.5, "vae": round(here["vae"].value, 2)}
    monkeypatch.setitem(PUBLISHED, ("digits", 2), printed)
    captions = [caption.value for caption in opened(COMPARE, dataset="digits", latent_dim=2).main.caption]
    for family, is_reached in {"pca": True, "autoencoder": False, "vae": True}.items():
        found = next(said for said in captions if said.startswith(f"{mark(family).short}:") and "reached" in said)
        assert numbers_in(found) == [f"{printed[family]:.2f}", *str(here[family]).split(" ± ")]
        assert ("not reached" not in found) == is_reached


def test_the_conclusion_is_computed_from_the_evaluations(checkpoints: Store) -> None:
    app = opened(COMPARE, dataset="digits", latent_dim=2)
    assert_sound(app)
    recipes = [default_spec(family, "digits", 2) for family in unlabelled()]
    of_family = {c.spec.family: c.metrics["sse"] for c in checkpoints.checkpoints() if c.spec in recipes}
    errors = {f: sse_per_image(checkpoints.load(default_spec(f, "digits", 2)), data.load("digits").test.x) for f in of_family}
    (said,) = [element.value for element in app.main.markdown if "smallest mean test error" in element.value]
    best = min(of_family, key=of_family.__getitem__)
    assert f"**{the(best)}** has the smallest mean test error (SSE {mean_by_scipy(errors[best])})." in said
    for family, name in (("autoencoder", "AE"), ("pca", "PCA")):
        own, other = errors["vae"], errors[family]
        pairs = np.stack([own, other], 1)[np.random.default_rng(0).integers(len(own), size=(4000, len(own)))].mean(1)  # a bootstrap
        low, high = np.quantile(pairs[:, 0] / pairs[:, 1], [0.025, 0.975])
        value, half_width = map(float, re.search(rf"([\d.]+) ± ([\d.]+) times {'the ' * (name == 'AE')}{name}'s", said).groups())
        assert (value, half_width) == (pytest.approx(own.mean() / other.mean(), abs=0.01), pytest.approx((high - low) / 2, rel=0.15))
        told = findings.error_beside_pca({"dataset": "digits", "latent_dim": 2, "family": "vae"})
        assert name != "PCA" or str(told["times"]) in said
        assert (str(told["own"]), str(told["pca"])) == (mean_by_scipy(own), mean_by_scipy(errors["pca"]))
    large = default_spec("vae", "digits", 10)
    largest = sse_per_image(checkpoints.load(large), data.load("digits").test.x)
    ends = f"is {mean_by_scipy(errors['vae'])} at d = 2, and {mean_by_scipy(largest)} at d = 10"
    n_shared = len({*np.argsort(-errors["vae"])[:10]} & {*np.argsort(-errors["pca"])[:10]})
    assert ends in answer_of(app) and f"have {n_shared} of their 10 hardest" in answer_of(app)


@pytest.mark.parametrize(("latent_dim", "tied_by"), [(2, {"seeds"}), (5, {"images", "seeds"})])
def test_the_conclusion_names_whom_images_or_seeds_do_not_tell_from_the_best(latent_dim: int, tied_by: set[str]) -> None:
    """Of MNIST, the autoencoder is the best, and the VAE close to it."""
    own, other = (Store().find(default_spec(family, "mnist", latent_dim)) for family in ("autoencoder", "vae"))
    apart = paired.known(paired.read(), "sse", other, own)
    assert (abs(apart.value) < apart.half_width) == ("images" in tied_by)
    if "seeds" in tied_by:
        kept = seeds.read()
        both = [[one.metrics["sse"], *(of["sse"] for of in kept[one.spec.fingerprint].values())] for one in (own, other)]
        assert [len(of) for of in both] == [3, 3]
        widths = [stats.t.ppf(0.975, 2) * stats.sem(of) for of in both]
        assert abs(np.mean(both[1]) - np.mean(both[0])) < np.hypot(*widths)
    said = findings.conclusion(Choice("mnist", latent_dim, "vae", has_data=False))
    both = "; neither the same images nor 3 seeds of each tell the VAE from it."
    assert ("; 3 seeds of each do not tell the VAE from it." if len(tied_by) == 1 else both) in said
    assert said.count("the VAE from it") == 1


def test_the_mean_over_seeds_is_that_of_three_trainings(checkpoints: Store) -> None:
    spec = default_spec("vae", "digits", 2)
    trainings = [checkpoints.find(spec).metrics, *seeds.read()[spec.fingerprint].values()]
    app = opened(COMPARE, dataset="digits", latent_dim=2, family="vae")
    said = next(caption.value for caption in app.main.caption if "seed" in caption.value)
    sse, elbo = (mean_by_scipy(np.array([one[name] for one in trainings]), few=True) for name in ("sse", "elbo"))
    assert said.startswith(f"Mean over 3 seeds: SSE {sse}; ELBO {elbo} nats (")
