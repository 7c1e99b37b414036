"""What is shown of a photograph after it went through a model of its patches: pictures, numbers, curves, files."""

from __future__ import annotations

import io
import json
import math
import zipfile

import numpy as np
from PIL import Image

from pages.own.photograph import cached as photographs
from pages.own.photograph.controls import YOURS, Choices, trained_dims
from pages.shared import page
from pages.shared.fetched_pictures import Fetched
from vae_core.drawing.images import to_png
from vae_core.drawing.theme import mark
from vae_core.explore.own.photographs import MOST_COMPONENTS, Coded
from vae_core.explore.own.photographs_figure import JPEG_MARK, WEBP_MARK, Line, Print, Sheet, detail, is_tall
from vae_core.explore.own.picture_files import CODECS, CURVE_QUALITIES, File
from vae_core.identities import identity, is_own

MARKS = dict(zip(CODECS, (JPEG_MARK, WEBP_MARK), strict=True))
DIMS_OF_CURVE = (1, 3, 6, 12, 24, 48, 96, 150)


def numbers(found: Choices, coded: Coded) -> None:
    """What the photograph costs and keeps."""
    size = identity(found.dataset).shape[-1]
    n = -(-found.photograph.shape[0] // size) * -(-found.photograph.shape[1] // size)
    if coded.bits_per_pixel is None:
        method = f"PSNR of the picture as bytes, by scikit-image; n = {n:,} patches. The code is d real numbers: it has no rate."
        page.number(f"PSNR, {mark(found.family).short}", _decibels(coded.likeness.psnr, 2), method)
        return
    method = f"KL(q(z|x) ‖ p(z)) summed over n = {n:,} patches: rate (KL), not a file. With z sampled, PSNR {coded.sampled_psnr:.2f} dB."
    page.number(f"Rate, {mark(found.family).short}", f"{coded.bits_per_pixel:.3f} bits/pixel", method)


def files(found: Choices, coded: Coded) -> list[File]:
    """JPEG and WebP at the same bits, or at the same PSNR where there is no rate."""
    return [photographs.matching(codec, found.photograph, coded) for codec in CODECS]


def sheet(found: Choices, coded: Coded, files: list[File], *, show: str, where: tuple[float, float]) -> Sheet:
    """The photograph, its reconstruction, and the files; of tall ones, the detail at that place below them; or the detail alone."""
    height, width = found.photograph.shape[:2]
    rate = "no rate" if coded.bits_per_pixel is None else f"rate (KL), not a file: {coded.bits_per_pixel:.3f}"
    shown = [
        ("Original", found.photograph, (f"{width} × {height} pixels", "24 bits/pixel"), None),
        (found.title, coded.picture, (_alike(coded), rate), mark(found.family)),
        *((f"{f.codec}, quality {f.quality}", f.picture, (_alike(f), _weight(f)), MARKS[f.codec]) for f in files),
    ]
    if show == "detail":
        return Sheet(tuple(Print(title, detail(x, *where), said, look) for title, x, said, look in shown), is_detail=True)
    below = is_tall(found.photograph)
    return Sheet(tuple(Print(title, x, said, look, detail(x, *where) if below else None) for title, x, said, look in shown))


def sheet_html(found: Choices, coded: Coded, files: list[File], *, show: str, where: tuple[float, float]) -> str:
    """`sheet` as HTML; the browser fetches its pictures by their addresses."""

    def make() -> tuple[str, Fetched]:
        fetched = Fetched()

        def address(title: str, picture: np.ndarray, is_detail: bool) -> str:
            what = (title, found.dataset, found.is_own, where if is_detail else None)
            return fetched.add(photographs.picture(what, picture, found.photograph))

        return sheet(found, coded, files, show=show, where=where).to_html(address), fetched

    html, _ = photographs.made((found.family, found.dataset, found.latent_dim, found.is_own, show, where), make, found.photograph)
    return html


def _alike(one: Coded | File) -> str:
    return f"{_decibels(one.likeness.psnr, 1)}, SSIM {one.likeness.ssim:.3f}"


def _decibels(psnr: float, digits: int) -> str:
    return "∞ dB" if math.isinf(psnr) else f"{psnr:.{digits}f} dB"


def _weight(file: File) -> str:
    return f"{len(file.data):,} bytes: {file.bits_per_pixel:.3f} b/px"


def archive(found: Choices, coded: Coded, files: list[File]) -> bytes:
    """All of it as one ZIP file: the pictures, the files, the numbers, and the model's spec."""
    rows = ["what,psnr_db,ssim,bits_per_pixel,bytes"]
    rows += [f"{found.family},{coded.likeness.psnr},{coded.likeness.ssim},{coded.bits_per_pixel or ''},"]
    rows += [f"{f.codec},{f.likeness.psnr},{f.likeness.ssim},{f.bits_per_pixel},{len(f.data)}" for f in files]
    spec = {"family": found.family, "dataset": found.dataset, "latent_dim": found.latent_dim, "fitted_to_this_photograph": found.is_own}
    parts = {"original.png": to_png(Image.fromarray(found.photograph)), "reconstruction.png": to_png(Image.fromarray(coded.picture))}
    parts |= {f"{found.name}.{f.codec.lower()}": f.data for f in files}
    parts |= {"numbers.csv": "\n".join([*rows, ""]).encode(), "spec.json": json.dumps(spec).encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


def lines(found: Choices) -> list[Line]:
    """The curves of the chart: files of both codecs, and the rates of pPCA and of the VAEs that are there."""
    drawn = [
        Line(codec, photographs.curve(codec, found.photograph), [f"quality {q}" for q in CURVE_QUALITIES], MARKS[codec]) for codec in CODECS
    ]
    most = photographs.base(found.dataset, found.photograph if found.is_own else None).spec.latent_dim - 1
    dims = {"ppca": tuple(d for d in DIMS_OF_CURVE if d <= most)}
    dims |= {"vae": tuple(trained_dims("vae", found.dataset))}
    for family, chosen in dims.items():
        own = found.is_own and family == "ppca"
        points = photographs.rate_points(family, found.dataset, chosen, found.photograph, own)
        drawn.append(Line(f"{mark(family).short}, rate (KL)", points, [f"d = {d}" for d in chosen], mark(family)))
    return drawn


def notebook(found: Choices) -> dict[str, str]:
    """The lines' values: how the photograph and the model are made."""
    photograph = f'halves("{found.name}")[1]' if found.name != YOURS else 'as_photograph(read_image_file(Path("yours.jpg")))'
    base = f'store.load(default_spec("pca", "{found.dataset}", {MOST_COMPONENTS}))'
    if found.is_own or is_own(found.dataset):
        size = identity(found.dataset).shape[-1]
        patches = f"to_patches(photograph, {size})" if found.is_own else f'datasets.load("{found.dataset}").train.x'
        base = f'fitted_to({patches}, "{found.dataset}")'
    made = {"pca": f"leading({base}, {found.latent_dim})", "ppca": f"with_density({base}, {found.latent_dim})"}
    recipe = f'store.load(default_spec("{found.family}", "{found.dataset}", {found.latent_dim}))'
    return {"photograph": photograph, "model": made.get(found.family, recipe)}
