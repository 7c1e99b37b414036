"""Both ways to tell a class: densities are those of scipy, logistic regression that of scikit-learn; and what is made of images."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.linear_model import LogisticRegression

from vae_core import data
from vae_core.explore import odd_pictures
from vae_core.explore.linear import by_class
from vae_core.explore.linear.by_class import ByClass
from vae_core.explore.linear.pca_images import codes
from vae_core.explore.odd_pictures import KINDS
from vae_core.models.pca import spectrum

D = 10


def fitted(name: str) -> tuple[ByClass, np.ndarray, np.ndarray]:
    """Both ways on all training images, with these and their labels."""
    train = data.load(name).train
    return by_class.by_class(spectrum(train.x), train.x, train.labels, D), train.x, train.labels


def test_the_densities_of_the_labels_make_p_x_and_by_bayes_rule_p_y_given_x() -> None:
    model, train, labels = fitted("digits")
    exact, x = spectrum(train), data.load("digits").test.x[:40]
    v, noise = exact.components[:D], float(exact.eigenvalues[D:].mean())
    rows, log_joint = x.reshape(len(x), -1) / 255, []
    for label in range(10):  # the whole Gaussian of all pixels, without the split into components and the rest
        z = codes(exact, train[labels == label], D)
        values, vectors = np.linalg.eigh(np.cov(z.T, bias=True))
        inside = (vectors * values.clip(min=noise)) @ vectors.T
        covariance = v.T @ inside @ v + noise * (np.eye(64) - v.T @ v)
        density = multivariate_normal(exact.mean + z.mean(0) @ v, covariance)
        log_joint.append(density.logpdf(rows) + np.log((labels == label).mean()))
    joint = np.stack(log_joint, 1)
    assert model.density.log_px(x) == pytest.approx(logsumexp(joint, 1), rel=1e-6)
    assert model.by_density(x) == pytest.approx(np.exp(joint - logsumexp(joint, 1, keepdims=True)), abs=1e-6)


@pytest.mark.parametrize("name", ["digits", "faces_25"])
def test_logistic_regression_is_that_of_scikit_learn_for_two_labels_and_for_ten(name: str) -> None:
    model, train, labels = fitted(name)
    exact, x = spectrum(train), data.load(name).test.x
    theirs = LogisticRegression(max_iter=1000).fit(codes(exact, train, D), labels).predict_proba(codes(exact, x, D))
    assert model.by_regression(x) == pytest.approx(theirs, abs=1e-9)
    assert (model.classes == np.unique(labels)).all()
    for p in (model.by_regression(x), model.by_density(x)):
        assert p.sum(1) == pytest.approx(1)


def test_densities_read_digits_and_noise_is_less_probable_than_nearly_all_of_them() -> None:
    model, _, _ = fitted("digits")
    test = data.load("digits").test
    log_px = model.density.log_px(test.x)
    assert (model.classes[model.by_density(test.x).argmax(1)] == test.labels).mean() > 0.95
    noise = by_class.told(model, odd_pictures.pictures(test.x, "noise"))
    assert (odd_pictures.share_below(log_px, noise.log_px) <= odd_pictures.UNLIKE).all()
    assert odd_pictures.n_sure(noise.by_density) == sum(p.max() >= 0.9 for p in noise.by_density)


def test_a_picture_counts_the_test_images_that_are_less_probable() -> None:
    assert odd_pictures.share_below(np.array([3.0, 1.0, 2.0, 4.0]), np.array([0.0, 2.5, 9.0])).tolist() == [0, 0.5, 1]


def test_pictures_are_made_of_images() -> None:
    x = data.load("digits").test.x[:4]
    made = {kind: odd_pictures.pictures(x, kind) for kind in KINDS}
    assert all(some.shape == x.shape and some.dtype == np.uint8 for some in made.values())
    assert (made["test image"] == x).all()
    assert (made["negative"].astype(int) + x == 255).all()
    assert (made["upside down"][0, 0] == np.rot90(x[0, 0], 2)).all()
    assert (made["two at once"][3] == (x[3].astype(int) + x[1]) // 2).all()
    assert not made["blank"].any()
    assert (made["noise"] == odd_pictures.pictures(x, "noise")).all()
    assert 100 < made["noise"].mean() < 155
