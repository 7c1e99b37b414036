"""MNIST and Fashion-MNIST: four IDX files each."""

from __future__ import annotations

import numpy as np

from vae_core.data.base import Provenance, Split
from vae_core.data.files import RemoteFile, as_published, gunzipped
from vae_core.data.recipe import Recipe

IDX_UINT8 = b"\x00\x00\x08"
MNIST_MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
FASHION_MIRRORS = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)


def idx_array(content: bytes) -> np.ndarray:
    """The uint8 array of an IDX file: a type, the number of axes, their big-endian lengths, the bytes. Not copied.

    Raises:
        ValueError: if the content is no IDX file of bytes, or is shorter or longer than it says.
    """
    if content[:3] != IDX_UINT8:
        raise ValueError(f"content must be an IDX file of bytes, got one that starts with {content[:4]!r}")
    n_axes = content[3]
    shape = np.frombuffer(content, ">u4", count=n_axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def idx_split(images: bytes, labels: bytes) -> Split:
    """One part, from the content of its two files."""
    x = idx_array(gunzipped(images))
    return Split(x[:, None], idx_array(gunzipped(labels)).astype(np.int64))  # (N, H, W) -> (N, 1, H, W)


def idx_splits(train_images: bytes, train_labels: bytes, test_images: bytes, test_labels: bytes) -> tuple[Split, Split]:
    """Train and test, from the content of the four files."""
    return idx_split(train_images, train_labels), idx_split(test_images, test_labels)


def mnist_file(name: str, size: int, sha256: str) -> RemoteFile:
    """A file of MNIST, compressed or not: what is pinned is the unpacked file, since archives may be compressed anew."""
    urls = tuple(f"{mirror}{name}.gz" for mirror in MNIST_MIRRORS)
    return RemoteFile(f"{name}.gz", urls, size, f"sha256:{sha256}", other_names=(name,), unpack=gunzipped)


def fashion_file(name: str, size: int, md5: str) -> RemoteFile:
    """A file of Fashion-MNIST, whose publisher pins the archive and nothing else."""
    return RemoteFile(f"{name}.gz", tuple(f"{mirror}{name}.gz" for mirror in FASHION_MIRRORS), size, f"md5:{md5}", unpack=as_published)


PUBLISHED_SPLIT = "As published: 60,000 training images, 10,000 test images."

MNIST = Recipe(
    "mnist",
    Provenance(
        title="MNIST handwritten digits",
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
)

FASHION_MNIST = Recipe(
    "fashion_mnist",
    Provenance(
        title="Fashion-MNIST articles of clothing",
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
)
