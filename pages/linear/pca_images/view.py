"""PCA of images on the page: how many components, what they are, one image moved along them, three ways to pPCA, faces told by three."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from pages.linear.pca_images import cached as caches
from pages.linear.pca_images.mixer import mixer as component
from pages.shared import cached, controls, links, page
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.own_picture import OwnPicture
from pages.shared.words import Words
from vae_core import data
from vae_core.data.preparation import Preparation
from vae_core.drawing.image_table import ImageTable
from vae_core.drawing.tables import csv
from vae_core.explore.eigenimages_figure import eigenimages, spectrum_csv
from vae_core.explore.linear import pca_images as explore
from vae_core.explore.linear import pca_images_figure as figures
from vae_core.explore.linear import three_ways, three_ways_figure
from vae_core.explore.linear.pca_images import SHARES
from vae_core.explore.linear.three_ways import Way
from vae_core.explore.means import Mean, mean_of
from vae_core.models.pca import Spectrum
from vae_core.units import nats, signed, tiny

SCREE, MATRICES, MOVE, PPCA, FACES = VIEWS = ("scree", "V", "move", "pPCA", "faces")
AN_IMAGE, THE_MEAN, MINE = BEGINNINGS = ("an image", "the mean", "my picture")
N_IMAGES, N_MOVED, N_SHOWN = 8, 6, 6
MOST_D = 20
"""Latent dimensions of pPCA, at most."""
NOISES = ("0.01", "0.03", "0.1", "0.3", "1", "3", "10")
"""Values of σ² to start from, as links write them."""
ROUNDING = 1e-9
"""Nats that are rounding of log p(x)."""
SEEN = 0.0005
"""Squared error that shows in three decimals: less is rounding."""
STATED = {"slide: 3<br>components": 79.0, "slide: 84<br>states": 76.8}
"""Of the lecture's slide: accuracy on the CBCL faces, which are not here."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What is looked at.

    Attributes:
        choice: of the sidebar.
        exact: the spectrum of its training images.
        show: which view.
        n_components: K.
        image: the test image that is moved; None for the mean, or one's own.
        n_states: Gaussians per class.
        x: what is moved, or one's own picture that is shown first, uint8 (C, H, W); None for the mean.
        own: the picture of a person's own that `x` was made of.
        noise: σ² that EM and the gradient start from, as a link writes it.
        seed: of the W that they start from.
    """

    choice: Choice
    exact: Spectrum
    show: str
    n_components: int
    image: int | None = None
    n_states: int = 2
    x: np.ndarray | None = None
    own: OwnPicture | None = None
    noise: str = "1"
    seed: int = 0

    @property
    def counts(self) -> dict[float, int]:
        """Share of the variance → the least number of components that hold it."""
        return {share: explore.components_for(self.exact.eigenvalues, share) for share in SHARES}

    @property
    def picture(self) -> str:
        """What is moved, as links name it."""
        which = f"own{self.own.number}" if self.own is not None else "mean" if self.image is None else self.image
        return f"{self.choice.dataset}-{which}"

    @property
    def train_sse(self) -> float:
        """Mean squared error per training image with K components, exact."""
        return float(explore.train_sse(self.exact.eigenvalues)[self.n_components])


def shown() -> str:
    """Which view is looked at."""
    help_ = "The number of components, the matrices, one image moved along them, three ways to pPCA, and faces told by three numbers."
    return controls.segmented("Show", VIEWS, "pca_show", help=help_)


def choose(choice: Choice, show: str) -> Setting:
    """Draw the controls of a view."""
    exact = cached.spectrum(choice.dataset)
    most = len(exact.components)
    if show in (SCREE, MATRICES):
        controls.settle("pca_k", range(1, most + 1), min(10, most))
        k = st.slider("Components K", 1, most, min(10, most), **bound("pca_k"))
        is_mine = show == SCREE and OwnPicture.last() is not None and st.toggle("My picture first", True, **bound("pca_mine"))
        return _with_own(Setting(choice, exact, show, k)) if is_mine else Setting(choice, exact, show, k)
    if show == PPCA:
        most = min(MOST_D, exact.rank - 1)
        if most < 2:
            st.info("These images differ in fewer than three directions: pPCA has no d to choose. Take images that differ more.")
            st.stop()
        controls.settle("ppca_d", range(1, most + 1), min(10, most))
        d = st.slider("Latent dimensions of pPCA, d", 1, most, min(10, most), **bound("ppca_d"))
        noise = str(st.select_slider("Start of σ²", NOISES, value="1", **bound("ppca_noise")))
        return Setting(choice, exact, show, d, noise=noise, seed=controls.draw("New start", key="ppca_seed"))
    if show == FACES:
        states = st.slider("Gaussians per class", 1, 6, 2, **bound("pca_states"))
        return Setting(choice, exact, show, min(10, most), n_states=states)
    begin = controls.segmented("Begin with", BEGINNINGS, "mix_from")
    setting = Setting(choice, exact, show, min(10, most))
    if begin == THE_MEAN:
        return setting
    if begin == AN_IMAGE:
        test = cached.dataset(choice.dataset).test
        image = controls.draw("Next", key="mix_image") % len(test)
        return replace(setting, image=image, x=test.x[image])
    label = "Bring one" if OwnPicture.last() is None else "Change, turn, crop"
    st.page_link(links.page("own/bring"), label=label, icon=":material/add_photo_alternate:")
    return _with_own(setting)


def _with_own(setting: Setting) -> Setting:
    """With the picture that this session brought last, made like the data, and what is to be said of it."""
    own = OwnPicture.last()
    if own is None:
        st.caption("You have brought no picture yet: until then, the mean is moved.")
        return setting
    made = own.like(setting.choice.dataset)
    for sentence in made.warnings:
        st.warning(sentence, icon=":material/warning:")
    return replace(setting, x=made.steps[-1].image, own=own)


def draw(setting: Setting) -> ImageTable | None:
    """The picture; its table of images, where it is one."""
    if setting.show == SCREE:
        return _scree(setting)
    if setting.show == MATRICES:
        return _matrices(setting)
    {MOVE: _move, PPCA: _ways, FACES: _faces}[setting.show](setting)
    return None


def _examples(setting: Setting) -> np.ndarray:
    """Test images, (N, C, H, W), the first of which one's own picture replaces."""
    test = cached.dataset(setting.choice.dataset).test
    x = test.x[list(test.spread(N_IMAGES))]
    return x if setting.x is None else np.stack([setting.x, *x[1:]])


def _scree(setting: Setting) -> ImageTable:
    exact, k, x = setting.exact, setting.n_components, _examples(setting)
    page.chart(figures.scree(exact.eigenvalues, setting.counts, chosen=k))
    x_hat = explore.reconstructions(exact, x, k)
    first = "" if setting.own is None else "yours"
    table = figures.kept_images(x, x_hat, explore.sse_of(exact, x, k).tolist(), k, first=first)
    page.image_table(table, beside=215, charts=285)
    return table


def _matrices(setting: Setting) -> ImageTable:
    exact, k = setting.exact, min(setting.n_components, 40)
    code = explore.codes(exact, _examples(setting)[:1], k)[0]
    page.chart(figures.matrices(exact.components[:k], code, height=235))
    train = cached.dataset(setting.choice.dataset).train
    table = eigenimages(exact.mean, exact.eigenvalues, exact.components, train.x[list(train.spread(N_SHOWN + 1))], n=N_SHOWN)
    page.image_table(table, beside=215, charts=235)
    return table


def mixture(setting: Setting) -> explore.Mixture:
    """The picture that is moved."""
    return explore.mixture(setting.exact, setting.x, N_MOVED)


def _move(setting: Setting) -> None:
    what = "Your picture" if setting.own is not None else "The mean image" if setting.image is None else f"Test image {setting.image}"
    shares = 100 * setting.exact.eigenvalues[:N_MOVED] / setting.exact.eigenvalues.sum()
    shape = cached.dataset(setting.choice.dataset).test.x.shape[1:]
    component.mixer(mixture(setting), of=setting.picture, what=what, shape=shape, shares=shares.tolist())


def _faces(setting: Setting) -> None:
    told, labels = caches.faces(setting.n_states), caches.all_faces()[1]
    left, right = st.columns(2, gap="medium")
    with left:
        page.chart(figures.face_codes(told.codes, labels, data.class_names(caches.FACES)))
    with right:
        means = {"logistic<br>regression": told.logistic, "mixture of<br>Gaussians": told.mixture}
        ways = {name: (100 * mean.value, 100 * (mean.half_width or 0.0)) for name, mean in means.items()}
        page.chart(figures.face_accuracies(ways, STATED), key="accuracies")
        st.caption("× as the lecture's slide states them of 2,429 CBCL faces of 19×19, which are not here: not reproduced.")


def _ways(setting: Setting) -> None:
    exact, d = setting.exact.eigenvalues, setting.n_components
    best = three_ways.closed_form(exact, d)
    em, ascent = ways(setting)
    page.chart(three_ways_figure.ways(em.curves, ascent.curves, best=three_ways.log_px(exact, best), noise=best.noise))


def ways(setting: Setting) -> tuple[Way, Way]:
    """EM and gradient ascent from the start that is chosen."""
    return caches.ways(setting.choice.dataset, setting.n_components, float(setting.noise), setting.seed)


def below(setting: Setting) -> tuple[float, float]:
    """How far EM and the gradient end below the closed form, nats per training image."""
    best = three_ways.log_px(setting.exact.eigenvalues, three_ways.closed_form(setting.exact.eigenvalues, setting.n_components))
    em, ascent = ways(setting)
    return best - float(em.log_px[-1]), best - float(ascent.log_px[-1])


def small(gap: float) -> str:
    """A gap in nats, which may be rounding alone."""
    return nats(gap) if gap >= 0.001 else tiny(gap) if gap >= ROUNDING else f"< {tiny(ROUNDING)}"


def test_error(setting: Setting) -> Mean:
    """Mean squared error per test image with K components."""
    return mean_of(caches.test_sse(setting.choice.dataset, setting.n_components))


def numbers(setting: Setting) -> None:
    """What the view is about, in numbers."""
    n_train = len(cached.dataset(setting.choice.dataset).train)
    if setting.show == FACES:
        _numbers_of_faces(setting)
        return
    if setting.show == PPCA:
        _numbers_of_ways(setting, n_train)
        return
    k, total = setting.n_components, float(setting.exact.eigenvalues.sum())
    if setting.show == MOVE:
        held = 100 * setting.exact.eigenvalues[:N_MOVED].sum() / total
        page.number(f"Variance in {N_MOVED} components", f"{held:.1f} %", f"Exact, of n = {n_train:,} training images.")
        return
    counts = " / ".join(f"{count}" for count in setting.counts.values())
    page.number(
        "Components for 90 / 95 / 99 %", counts, f"Exact, of {len(setting.exact.eigenvalues):,} pixels; n = {n_train:,} training images."
    )
    left_over = setting.train_sse
    value = f"{left_over:.3f}" if left_over >= SEEN else tiny(left_over)
    page.number(f"Training SSE, K = {k}", value, f"Exact: Σ λⱼ over j > {k}. It is 0 from the rank {setting.exact.rank} on.")
    mean = test_error(setting)
    value = str(mean) if mean.value >= SEEN else tiny(mean.value)
    page.number(f"Test SSE, K = {k}", value, f"Mean over n = {mean.n:,} test images ± 95 % confidence interval.")


def _numbers_of_ways(setting: Setting, n_train: int) -> None:
    exact, d = setting.exact.eigenvalues, setting.n_components
    best = three_ways.closed_form(exact, d)
    value = f"{signed(three_ways.log_px(exact, best), 3)} nats"
    page.number("log p(x), closed form", value, f"Per image, exact, over n = {n_train:,} training images.")
    page.number("σ², closed form", f"{best.noise:.4g}", f"Exact: mean of the {len(exact) - d:,} discarded λⱼ.")
    for name, gap in zip(("EM", "Gradient"), below(setting), strict=True):
        page.number(f"{name}, below that", f"{small(gap)} nats", f"Exact, after {three_ways.N_STEPS:,} steps.")


def _numbers_of_faces(setting: Setting) -> None:
    told = caches.faces(setting.n_states)
    method = f"10 folds, 5 times: n = {told.logistic.n} images ± 95 % confidence interval."
    for name, mean, spread in (
        ("Logistic regression", told.logistic, told.spread[0]),
        ("Mixture of Gaussians", told.mixture, told.spread[1]),
    ):
        value = f"{100 * mean.value:.1f} ± {100 * (mean.half_width or 0.0):.1f} %"
        page.number(name, value, f"{method} The five differ by {100 * spread:.1f} %.")


def codes(setting: Setting) -> np.ndarray:
    """Where the picture was moved to, in standard deviations, (k,)."""
    origin = mixture(setting).origin
    moved = component.codes(setting.picture, len(origin))
    return origin if moved is None else moved


def _moved(setting: Setting) -> ImageTable:
    of, shape = mixture(setting), cached.dataset(setting.choice.dataset).test.x.shape[1:]
    return figures.moved(of.base.reshape(shape), of.at(codes(setting)).reshape(shape), codes(setting).tolist())


def downloads(setting: Setting, table: ImageTable | None) -> list[page.Download]:
    """The eigenvalues as CSV, or how well faces are told, and the images that are shown as PNG."""
    if setting.show == FACES:
        told = caches.faces(setting.n_states)
        rows = [["logistic regression", told.logistic], ["mixture of Gaussians", told.mixture]]
        accuracies = csv(["way", "accuracy", "half_width_95", "images"], ([name, m.value, m.half_width, m.n] for name, m in rows))
        return page.downloads("face-or-not", None, accuracies)
    if setting.show == PPCA:
        return page.downloads(f"{setting.choice.dataset}-ppca-ways", None, lambda: ways_csv(setting))
    table = _moved(setting) if setting.show == MOVE else table
    return page.downloads(f"{setting.choice.dataset}-pca", table, lambda: spectrum_csv(setting.exact.eigenvalues))


def ways_csv(setting: Setting) -> bytes:
    """A line a step: log p(x), angle and σ² of EM and of the gradient."""
    parts = [part for way in ways(setting) for part in way.curves]
    heads = [f"{name}: {what}" for name in ("EM", "gradient") for what in ("log p(x) (nats)", "largest angle (degrees)", "noise variance")]
    return csv(["step", *heads], ([step, *values] for step, values in enumerate(zip(*parts, strict=True))), digits=10)


def notebook(setting: Setting, text: Words) -> str:
    """Lines of Python that make the picture."""
    section = {SCREE: "notebook", MATRICES: "notebook-V", MOVE: "notebook-move", PPCA: "notebook-pPCA", FACES: "notebook-faces"}[
        setting.show
    ]
    values: dict[str, object] = {"dataset": setting.choice.dataset, "k": setting.n_components, "states": setting.n_states, "n": N_MOVED}
    values |= {"noise": setting.noise, "seed": setting.seed}
    if setting.own is not None:
        how = setting.own.how.to_json()
        arguments = ", ".join(f"{name}={value!r}" for name, value in how.items() if value != Preparation().to_json()[name])
        section, values["preparation"] = f"{section}-own", f"Preparation({arguments})"
        values["pixels"] = f'vc.read_image("picture.png", behind="{setting.own.how.behind}")'
    if setting.show == MOVE:
        image = "None" if setting.image is None else f"images.test.x[{setting.image}]"
        values |= {"image": image, "codes": codes(setting).tolist()}
    return text.lines(section, **values)
