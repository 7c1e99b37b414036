"""Fashion-MNIST: articles of clothing in the format of MNIST, four IDX files."""

from __future__ import annotations

from vae_core.data.base import Provenance
from vae_core.data.files import RemoteFile, as_published
from vae_core.data.idx import PUBLISHED_SPLIT, idx_splits
from vae_core.data.recipe import Frame, Recipe

MIRROR = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"


def fashion_file(name: str, size: int, md5: str) -> RemoteFile:
    """A file of Fashion-MNIST, whose publisher pins the archive and nothing else."""
    return RemoteFile(f"{name}.gz", (f"{MIRROR}{name}.gz",), size, f"md5:{md5}", unpack=as_published)


RECIPE = Recipe(
    "fashion_mnist",
    Provenance(
        title="Fashion-MNIST",
        source="Han Xiao, Kashif Rasul and Roland Vollgraf (Zalando Research), 2017, https://github.com/zalandoresearch/fashion-mnist",
        licence="MIT",
        split=PUBLISHED_SPLIT,
    ),
    idx_splits,
    (
        fashion_file("train-images-idx3-ubyte", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        fashion_file("train-labels-idx1-ubyte", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        fashion_file("t10k-images-idx3-ubyte", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        fashion_file("t10k-labels-idx1-ubyte", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
    place=3,
    n_classes=10,
    classes=("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    usual_dims=(2, 10, 20, 30),
    frame=Frame(28),  # Xiao, Rasul & Vollgraf 2017, Sec. 2
    likelihood="bernoulli",
)
