"""What is shown of a photograph after it went through a model of its patches: pictures, numbers, curves, files."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from PIL import Image

from pages.own.photograph import cached as photographs
from pages.own.photograph.controls import USUALLY_KEPT, YOURS, Choices, kept_of, trained_dims
from pages.shared import cached, page
from pages.shared.fetched_files import Fetched
from vae_core.drawing.images import to_png
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import mark
from vae_core.explore.own.photographs import MOST_COMPONENTS, Coded
from vae_core.explore.own.photographs_figure import CODEC_MARKS, Line, Print, Sheet, detail, is_tall
from vae_core.explore.own.picture_files import CODECS, CURVE_QUALITIES, File
from vae_core.identities import identity, is_own
from vae_core.models import default_spec
from vae_core.units import decibels

OPENED = "china", "ppca", "patches_8", False
"""Photograph, family, patches, and whether they are the photograph's own, with which the page opens."""
DIMS_OF_CURVE = (1, 3, 6, 12, 24, 48, 96, 150)


def numbers(chosen: Choices, coded: Coded) -> None:
    """What the photograph costs and keeps."""
    size = identity(chosen.dataset).shape[-1]
    what = {"of": None if chosen.is_own else default_spec(chosen.family, chosen.dataset, chosen.latent_dim)}
    what |= {"detail": f"Model: {chosen.title}, of this photograph's own patches, in closed form." if chosen.is_own else ""}
    n = -(-chosen.photograph.shape[0] // size) * -(-chosen.photograph.shape[1] // size)
    if coded.bits_per_pixel is None:
        method = f"PSNR of the picture as bytes; n = {n:,} patches. The code is d real numbers: it has no rate."
        page.number(f"PSNR, {mark(chosen.family).short}", decibels(coded.likeness.psnr, 2), method, **what)
        return
    sampled = decibels(coded.sampled_psnr, 2)
    method = f"KL(q(z|x) ‖ p(z)) summed over n = {n:,} patches: rate (KL), not a file. With z sampled, PSNR {sampled}."
    page.number(f"Rate, {mark(chosen.family).short}", f"{coded.bits_per_pixel:.3f} bits/pixel", method, **what)


def files(chosen: Choices, coded: Coded) -> list[File]:
    """JPEG and WebP at the same bits, or at the same PSNR where there is no rate."""
    return [photographs.matching(codec, chosen.photograph, coded) for codec in CODECS]


def sheet(chosen: Choices, coded: Coded, files: list[File], *, show: str, where: tuple[float, float]) -> Sheet:
    """The photograph, its reconstruction, and the files; of tall ones, the detail at that place below them; or the detail alone."""
    height, width = chosen.photograph.shape[:2]
    rate = "no rate" if coded.bits_per_pixel is None else f"rate (KL), not a file: {coded.bits_per_pixel:.3f}"
    shown = [
        ("Original", chosen.photograph, (f"{width} × {height} pixels", "24 bits/pixel"), None),
        (chosen.title, coded.picture, (_alike(coded), rate), mark(chosen.family)),
        *((_title(f), f.picture, (_alike(f), _weight(f)), CODEC_MARKS[f.codec]) for f in files),
    ]
    if show == "detail":
        return Sheet(tuple(Print(title, detail(x, *where), said, look) for title, x, said, look in shown), is_detail=True)
    below = is_tall(chosen.photograph)
    return Sheet(tuple(Print(title, x, said, look, detail(x, *where) if below else None) for title, x, said, look in shown))


def sheet_html(chosen: Choices, coded: Coded, files: list[File], *, show: str, where: tuple[float, float]) -> str:
    """`sheet` as HTML; the browser fetches its pictures by their addresses."""

    def make() -> tuple[str, Fetched]:
        fetched, by_title = Fetched(), {_title(file): file for file in files}

        def address(title: str, picture: np.ndarray, is_detail: bool) -> str:
            file = by_title.get(title)
            if file is not None and not is_detail:
                return fetched.add(photographs.picture_of_file(file.codec, file.quality, chosen.photograph))
            return fetched.add(photographs.picture(picture, chosen.photograph))

        return sheet(chosen, coded, files, show=show, where=where).to_html(address), fetched

    beside = photographs.models_beside(chosen.family)
    choices = (beside, chosen.family, chosen.dataset, chosen.latent_dim, chosen.is_own, show, where)
    html, _ = photographs.lasting(choices, make, chosen.photograph)
    return html


def prepare(chosen: Choices, *, show: str, where: tuple[float, float]) -> None:
    """Make what every other number of components shows, beside the visitors: of what the page opens with once one of them is there, of
    other models and photographs once one of them has moved the slider off its start.

    Only of photographs that came with the program and models that did: all visitors see those alike.
    """
    if chosen.name == YOURS or chosen.family not in ("pca", "ppca") or is_own(chosen.dataset):
        return
    if chosen.latent_dim == USUALLY_KEPT and (chosen.name, chosen.family, chosen.dataset, chosen.is_own) != OPENED:
        return

    def work(one: Choices) -> None:
        coded = photographs.coded(one.family, one.dataset, one.latent_dim, one.is_own, one.photograph)
        sheet_html(one, coded, files(one, coded), show=show, where=where)

    def works() -> Iterator[Callable[[], None]]:
        for d in kept_of(photographs.n_components(chosen.dataset, chosen.photograph if chosen.is_own else None)):
            yield partial(work, replace(chosen, latent_dim=d))

    cached.prepare("photograph", (chosen.name, chosen.family, chosen.dataset, chosen.is_own, show), works())


def _title(file: File) -> str:
    return f"{file.codec}, quality {file.quality}"


def _alike(one: Coded | File) -> str:
    return f"{decibels(one.likeness.psnr, 1)}, SSIM {one.likeness.ssim:.3f}"


def _weight(file: File) -> str:
    return f"{len(file.data):,} bytes: {file.bits_per_pixel:.3f} b/px"


def archive(chosen: Choices, coded: Coded, files: list[File]) -> bytes:
    """All of it as one ZIP file: the pictures, the files, the numbers, and the model's spec."""
    rows = [[chosen.family, coded.likeness.psnr, coded.likeness.ssim, coded.bits_per_pixel, None]]
    rows += [[f.codec, f.likeness.psnr, f.likeness.ssim, f.bits_per_pixel, len(f.data)] for f in files]
    numbers = csv(["what", "psnr_db", "ssim", "bits_per_pixel", "bytes"], rows)
    spec = {"family": chosen.family, "dataset": chosen.dataset, "latent_dim": chosen.latent_dim, "fitted_to_this_photograph": chosen.is_own}
    parts = {"original.png": to_png(Image.fromarray(chosen.photograph)), "reconstruction.png": to_png(Image.fromarray(coded.picture))}
    parts |= {f"{chosen.name}.{f.codec.lower()}": f.data for f in files}
    parts |= {"numbers.csv": numbers, "spec.json": json.dumps(spec).encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


def lines(chosen: Choices) -> list[Line]:
    """The curves of the chart: files of both codecs, and the rates of pPCA and of the VAEs that are there."""
    curves = {codec: photographs.curve(codec, chosen.photograph) for codec in CODECS}
    lines = [Line(codec, points, [f"quality {q}" for q in CURVE_QUALITIES], CODEC_MARKS[codec]) for codec, points in curves.items()]
    most = photographs.n_components(chosen.dataset, chosen.photograph if chosen.is_own else None)
    dims = {"ppca": tuple(d for d in DIMS_OF_CURVE if d <= most)}
    dims |= {"vae": tuple(trained_dims("vae", chosen.dataset))}
    for family, of_family in dims.items():
        own = chosen.is_own and family == "ppca"
        points = photographs.rate_points(family, chosen.dataset, of_family, own, chosen.photograph)
        lines.append(Line(f"{mark(family).short}, rate (KL)", points, [f"d = {d}" for d in of_family], mark(family)))
    return lines


def notebook(chosen: Choices) -> dict[str, str]:
    """The lines' values: how the photograph and the model are made."""
    yours = 'photographs.as_photograph(vc.read_image("yours.jpg"))'
    photograph = yours if chosen.name == YOURS else f'photographs.held_out("{chosen.name}")'
    base = f'vc.model("pca", "{chosen.dataset}", latent_dim={MOST_COMPONENTS})'
    if chosen.is_own or is_own(chosen.dataset):
        size = identity(chosen.dataset).shape[-1]
        patches = f"photographs.to_patches({photograph}, {size})" if chosen.is_own else f'vc.load("{chosen.dataset}").train.x'
        base = f'photographs.fitted_to({patches}, "{chosen.dataset}")'
    in_code = {"pca": f"photographs.leading({base}, {chosen.latent_dim})", "ppca": f"photographs.with_density({base}, {chosen.latent_dim})"}
    recipe = f'vc.model("{chosen.family}", "{chosen.dataset}", latent_dim={chosen.latent_dim})'
    return {"photograph": photograph, "model": in_code.get(chosen.family, recipe)}
