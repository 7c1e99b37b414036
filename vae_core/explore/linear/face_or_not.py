"""Face or no face, told from three principal components: logistic regression beside a mixture of Gaussians, cross-validated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae_core.explore.means import Mean, mean_of

N_FOLDS, N_REPEATS = 10, 5


@dataclass(frozen=True, slots=True, eq=False)
class FaceOrNot:
    """How often each way to tell is right on images that it was not fitted on.

    Attributes:
        logistic: accuracy of logistic regression, with the interval of images.
        mixture: of a mixture of Gaussians for each class.
        gap: of logistic regression over the mixture, image by image.
        spread: standard deviations of the accuracy over the repeats, (2,).
        codes: of all images, in standard deviations of each component, (N, K): fitted on all, for the picture only.
    """

    logistic: Mean
    mixture: Mean
    gap: Mean
    spread: np.ndarray
    codes: np.ndarray


def face_or_not(x: np.ndarray, labels: np.ndarray, *, n_components: int = 3, n_states: int = 2, n_repeats: int = N_REPEATS) -> FaceOrNot:
    """Ten folds, several times; components, scales and classifiers are fitted in each fold without its test images.

    Args:
        x: uint8 (N, C, H, W).
        labels: 0 or 1, (N,).
        n_components: K.
        n_states: Gaussians of each class's mixture.
        n_repeats: times that the images are dealt into folds anew.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import RepeatedStratifiedKFold

    rows = x.reshape(len(x), -1) / 255
    is_right = np.zeros((2, n_repeats, len(x)))
    folds = RepeatedStratifiedKFold(n_splits=N_FOLDS, n_repeats=n_repeats, random_state=0)
    for k, (train, test) in enumerate(folds.split(rows, labels)):
        seen, unseen = _standardised(rows[train], rows[test], n_components)
        logistic = LogisticRegression().fit(seen, labels[train]).predict(unseen)
        for way, read in enumerate((logistic, _read_by_mixtures(seen, labels[train], unseen, n_states))):
            is_right[way, k // N_FOLDS, test] = read == labels[test]
    by_logistic, by_mixture = is_right.mean(1)  # how often each image is read right, (N,)
    return FaceOrNot(
        logistic=mean_of(by_logistic),
        mixture=mean_of(by_mixture),
        gap=mean_of(by_logistic - by_mixture),
        spread=is_right.mean(2).std(1, ddof=1),
        codes=_standardised(rows, rows, n_components)[0],
    )


def _standardised(train: np.ndarray, test: np.ndarray, n_components: int) -> tuple[np.ndarray, np.ndarray]:
    """Both in the first components of the one, each with standard deviation 1 there."""
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    pca = PCA(n_components, svd_solver="arpack", random_state=0).fit(train)
    scaler = StandardScaler().fit(pca.transform(train))
    return scaler.transform(pca.transform(train)), scaler.transform(pca.transform(test))


def _read_by_mixtures(train: np.ndarray, labels: np.ndarray, test: np.ndarray, n_states: int) -> np.ndarray:
    """The class whose mixture of Gaussians, times its share of the images, is the denser at each test image."""
    from sklearn.mixture import GaussianMixture

    scores = []
    for label in (0, 1):
        of_class = train[labels == label]
        fitted = GaussianMixture(n_states, reg_covar=1e-3, random_state=0).fit(of_class)
        scores.append(fitted.score_samples(test) + np.log(len(of_class) / len(train)))
    return np.argmax(scores, axis=0)
