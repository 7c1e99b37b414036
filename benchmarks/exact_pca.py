"""Seconds that the exact PCA of all 60,000 MNIST images takes, beside scikit-learn's solver of the same kind and its randomized one.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.exact_pca [--n-rounds 5]
"""

from __future__ import annotations

import argparse

import numpy as np
from sklearn.decomposition import PCA

from benchmarks.machine import report, seconds_of, spread
from vae_core import data as datasets
from vae_core.models.pca import spectrum


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-rounds", type=int, default=5)
    options = parser.parse_args()
    x = datasets.load("mnist").train.x
    rows = x.reshape(len(x), -1).astype(np.float32) / 255
    peers = {solver: PCA(30, svd_solver=solver, random_state=0) for solver in ("covariance_eigh", "randomized")}
    seconds: dict[str, list[float]] = {"ours": [], **{solver: [] for solver in peers}}
    for _ in range(options.n_rounds):
        seconds["ours"].append(seconds_of(lambda: spectrum(x)))
        for solver, peer in peers.items():
            seconds[solver].append(seconds_of(lambda peer=peer: peer.fit(rows)))
    exact = spectrum(x).eigenvalues[:30] * len(x) / (len(x) - 1)  # scikit-learn divides by n − 1
    errors = {solver: float(np.abs(peer.explained_variance_ / exact - 1).max()) for solver, peer in peers.items()}
    report(
        seconds={name: spread(values) for name, values in seconds.items()},
        largest_relative_difference_of_30_eigenvalues=errors,
        n_images=len(x),
    )


if __name__ == "__main__":
    main()
