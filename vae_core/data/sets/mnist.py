"""MNIST: handwritten digits, four IDX files."""

from __future__ import annotations

from vae_core.data.base import Provenance
from vae_core.data.files import RemoteFile, gunzipped
from vae_core.data.idx import PUBLISHED_SPLIT, idx_splits
from vae_core.data.recipe import Frame, Recipe

MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
WIDE_CODE = {"hidden": (400, 400), "activation": "silu", "n_epochs": 60, "learning_rate": 2e-3}
"""Of VAEs of many dimensions: about as wide as a decoder can be that is sent to a browser (what was tried: docs/performance.md)."""
NARROW_CODE = {"hidden": (128, 128, 128, 128), "activation": "silu", "n_epochs": 40, "learning_rate": 1e-3}
"""Of codes of one or three numbers: a curve that reaches all digits has to bend, for which layers count more than their width (chosen by
the loss on training images: docs/performance.md)."""


def mnist_file(name: str, size: int, sha256: str) -> RemoteFile:
    """A file of MNIST, compressed or not: what is pinned is the unpacked file, since archives may be compressed anew."""
    urls = tuple(f"{mirror}{name}.gz" for mirror in MIRRORS)
    return RemoteFile(f"{name}.gz", urls, size, f"sha256:{sha256}", other_names=(name,), unpack=gunzipped)


RECIPE = Recipe(
    "mnist",
    Provenance(
        title="MNIST",
        source="Yann LeCun, Corinna Cortes and Christopher Burges, 1998, http://yann.lecun.com/exdb/mnist; made from NIST's "
        "Special Databases 1 and 3",
        licence="No licence is stated by its authors, who offer it for free use in research; others who redistribute it name CC BY-SA 3.0",
        split=PUBLISHED_SPLIT,
    ),
    idx_splits,
    (
        mnist_file("train-images-idx3-ubyte", 9_912_422, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        mnist_file("train-labels-idx1-ubyte", 28_881, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        mnist_file("t10k-images-idx3-ubyte", 1_648_877, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        mnist_file("t10k-labels-idx1-ubyte", 4_542, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ),
    place=1,
    n_classes=10,
    usual_dims=(1, 2, 3, 10, 20, 30),
    frame=Frame(20, by_mass=True, strokes=(1.0, 2.47, 4.65), brightness=(11.4, 66.3)),  # LeCun et al. 1998, Sec. III-A
    likelihood="bernoulli",
    sizes={network: {"n_epochs": 60} for network in ("linear", "mlp", "conv")},
    sizes_of={
        "autoencoder": {
            "linear": {"n_epochs": 40, "batch_size": 256, "learning_rate": 1e-2},
            "mlp": {"n_epochs": 60, "learning_rate": 3e-3},
            "conv": {},
        }
    },
    sizes_at={  # chosen on the last 5,000 training images, of models that learned from 5,000 others (docs/performance.md)
        ("autoencoder", "mlp", 30): {
            "hidden": (600, 300),
            "activation": "silu",
            "n_epochs": 60,
            "learning_rate": 2e-3,
            "augmentation": "warp_then_none",
        },
        **{("vae", "mlp", d): WIDE_CODE for d in (20, 30)},
        **{(kind, "mlp", d): NARROW_CODE for kind in ("autoencoder", "vae") for d in (1, 3)},
    },
)
