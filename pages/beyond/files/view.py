"""Images that are written into a file, and read back: the stack of bits, and what the file and others weigh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.beyond.files import cached as kept
from pages.beyond.files.cached import Written
from pages.shared import cached, controls, links, page
from pages.shared.controls import Choice
from pages.shared.links import bound
from pages.shared.own_picture import OwnPicture
from pages.shared.words import Words
from vae_core.drawing.chart import Chart
from vae_core.explore.beyond import files_figure as figures
from vae_core.explore.beyond.files import HEADER, N_DRAWS
from vae_core.explore.beyond.files_figure import Code
from vae_core.explore.means import mean_of
from vae_core.identities import identity
from vae_core.specs import ModelSpec
from vae_core.units import counted

WRITE, READ = VIEWS = ("write", "read")
GISTS = {
    WRITE: "Left, the bits on the stack while images are written. Right, what their file weighs, beside −ELBO and other codes.",
    READ: "The VAE that wrote a file decodes it: the images below came out of its bytes alone.",
}
SIZES = (1, 3, 10, 30, 100, 300)
"""Numbers of images that can be written, as far as that takes about a second."""
MOST_PIXELS, MOST_BYTES = 240_000, 80_000
"""Pixels of a file at most: of 0 and 1, and of bytes."""
BINS = (16, 64, 256, 1024, 4096, 16384, 65536)
USUAL_SIZE, USUAL_BINS = 100, 4096
N_SHOWN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A VAE, what it wrote, and with which precision of z.

    Attributes:
        spec: of the VAE.
        written: the images, their file, and what other codes need.
        precision: a dimension of z has 2^precision bins.
        seed: of the draw of images.
        is_own: whether the image is a person's own picture.
    """

    spec: ModelSpec
    written: Written
    precision: int
    seed: int
    is_own: bool

    @property
    def n(self) -> int:
        """Images in the file."""
        return len(self.written.coded.pixels)

    @property
    def n_pixels(self) -> int:
        """Pixels of all images together, whatever their channels."""
        return self.n * identity(self.spec.dataset).n_pixels

    @property
    def what(self) -> str:
        """What was written, in words."""
        return "your picture" if self.is_own else counted(self.n, "test image")


def shown() -> str:
    """Draw the choice between writing and reading."""
    return controls.segmented("Show", VIEWS, "files_show", help="Write test images into a file, or read a file that was downloaded here.")


def vae(choice: Choice) -> ModelSpec | None:
    """The VAE of the data set at this d, if it is trained."""
    spec = cached.specs(choice.dataset, choice.latent_dim).get("vae")
    return spec if spec is not None and cached.is_trained(spec) else None


def sizes_of(spec: ModelSpec) -> tuple[int, ...]:
    """Numbers of images that can be written."""
    most = (MOST_PIXELS if kept.is_binary(spec) else MOST_BYTES) // identity(spec.dataset).n_features
    n_test = len(cached.dataset(spec.dataset).test)
    return tuple(n for n in SIZES if n <= min(most, n_test)) or (1,)


def choose(spec: ModelSpec) -> Setting:
    """Draw the controls, write the file, and read it."""
    own = OwnPicture.last()
    if own is None:
        st.page_link(links.page("own/bring"), label="Write a picture of mine", icon=":material/add_photo_alternate:")
    is_own = own is not None and st.toggle("My picture alone", False, **bound("files_mine"))
    sizes = sizes_of(spec)
    usual = max(n for n in sizes if n <= USUAL_SIZE)
    controls.settle("files_n", sizes, usual)
    n = st.select_slider("Test images in the file", sizes, usual, disabled=is_own, **bound("files_n"))
    n_bins = st.select_slider("Bins per dimension of z", BINS, USUAL_BINS, **bound("files_bins"))
    precision = n_bins.bit_length() - 1
    seed = 0 if is_own else controls.draw("Other images", key="files_draw")
    if is_own and own is not None:
        return Setting(spec, kept.written_own(spec, own.like(spec.dataset).steps[-1].image[None], precision), precision, seed, True)
    return Setting(spec, kept.written(spec, n, precision, seed), precision, seed, False)


def numbers(setting: Setting) -> None:
    """What the file weighs, what was predicted, and what came back."""
    coded, n, of = setting.written.coded, setting.n, {"of": setting.spec}
    size = len(coded.data)
    parts = f"{HEADER.size} bytes of it are the header, {coded.borrowed / 8:.0f} borrowed."
    page.number("File, VAE", f"{size:,} bytes", f"{8 * size / setting.n_pixels:.3f} bits per pixel; n = {n:,}. {parts}", **of)
    mean = f"Mean over n = {n:,} ± 95 % confidence interval." if n > 1 else "n = 1."
    pixels = "Each image is binarised" if kept.is_binary(setting.spec) else "Of the Gaussian, each of 256 levels has the mass around it"
    detail = f"{pixels}. By {N_DRAWS} draws of z per image, the KL divergence in closed form."
    page.number("−ELBO, VAE", f"{mean_of(coded.predicted)} bits", f"Per image, predicted. {mean}", **of, detail=detail)
    equal = f"{setting.written.n_equal:,} of {n:,} equal"
    page.number("Read back, VAE", equal, "Decoded from the file, and compared byte for byte.", **of)


def codes(setting: Setting) -> list[Code]:
    """What every code needs for the images, the VAE's first."""
    coded, written, of_one = setting.written.coded, setting.written, cached.specs(setting.spec.dataset, setting.spec.latent_dim)
    is_binary = kept.is_binary(setting.spec)
    rows = [
        Code("VAE, bits back", len(coded.data), family="vae"),
        Code("−ELBO", coded.predicted.sum() / 8, is_file=False, family="vae"),
        Code("VAE, no bits back", coded.without_bits_back, is_file=False, family="vae"),
        Code("pixels alone", written.alone),
        *(Code(name, size) for name, size in written.others.items()),
        Code("1 bit per pixel" if is_binary else "8 bits per value", coded.pixels.size / (8 if is_binary else 1), is_file=False),
    ]
    autoencoder = of_one.get("autoencoder")
    if autoencoder is not None and cached.is_trained(autoencoder) and not kept.has_length(autoencoder):
        rows.append(Code("AE", None, is_file=False, family="autoencoder"))
    return rows


def draw(setting: Setting) -> list[page.Download]:
    """The stack and the codes above the images; their files."""
    coded, rows = setting.written.coded, codes(setting)
    table = figures.before_and_after(*(as_images(setting.spec, pixels[:N_SHOWN]) for pixels in (coded.pixels, setting.written.read)))

    def chart() -> Chart:
        return figures.stack_and_codes(coded.lengths, coded.borrowed, coded.predicted, rows, n_pixels=setting.n_pixels)

    def images() -> None:
        page.image_table(table, beside=255, charts=400)

    if setting.is_own:  # in nothing that sessions share
        page.chart(chart())
        images()
    else:
        key = (setting.spec.fingerprint, setting.n, setting.precision, setting.seed)
        page.chart(cached.lasting_chart("files", key, chart))
        cached.lasting("images of files", key, images)
    name = f"{setting.spec.dataset}-{setting.n}"
    file = page.Download("File", f"{name}.vae", "application/octet-stream", coded.data)
    return [file, *page.downloads(name, table, lambda: figures.codes_csv(rows, n_images=setting.n, n_pixels=setting.n_pixels))]


def as_images(spec: ModelSpec, pixels: np.ndarray) -> np.ndarray:
    """Images of a file to look at, uint8 (N, C, H, W)."""
    return (pixels * np.uint8(255 if kept.is_binary(spec) else 1)).reshape(-1, *identity(spec.dataset).shape)


def notebook(setting: Setting, text: Words) -> str:
    """Lines of Python that write the file and draw the stack."""
    spec, values = setting.spec, {"n": setting.n, "seed": setting.seed, "precision": setting.precision}
    return text.lines("notebook", dataset=spec.dataset, latent_dim=spec.latent_dim, is_binary=kept.is_binary(spec), **values)
