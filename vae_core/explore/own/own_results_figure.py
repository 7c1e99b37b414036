"""What the models make of a person's own pictures, as one ZIP file."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np

from vae_core.drawing.images import error_map, image_png
from vae_core.drawing.tables import csv_of_rows
from vae_core.explore.own.own_images_figure import Through


def results_zip(pictures: list[tuple[str, np.ndarray, list[Through]]], rows: list[dict[str, Any]], about: dict[str, Any]) -> bytes:
    """Everything as one ZIP file: inputs, reconstructions and error maps as PNG, the numbers as CSV, the specs as JSON.

    Args:
        pictures: name, input as bytes, (C, H, W), and the picture through each model; names are shown in the CSV only.
        rows: of the CSV file.
        about: the JSON file: specs and preparation.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("numbers.csv", csv_of_rows(rows))
        archive.writestr("models.json", json.dumps(about, indent=1))
        for number, (_, x, found) in enumerate(pictures, start=1):
            folder = f"{number:02d}"
            archive.writestr(f"{folder}/input.png", image_png(x))
            for one in found:
                name = f"{folder}/{one.family}-d{one.latent_dim}"
                archive.writestr(f"{name}.png", image_png(one.x_hat))
                archive.writestr(f"{name}-error.png", image_png(error_map(one.x_hat - x / 255)))
    return file.getvalue()
