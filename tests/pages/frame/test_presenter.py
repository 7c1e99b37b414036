"""The QR code of the view for a projector."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
import segno

from tests.harness import code, opened

pytestmark = pytest.mark.usefixtures("checkpoints")
BORDER = 2


def modules(svg: str, side: int) -> list[list[int]]:
    """The dark modules of a QR code that is drawn in rows of strokes, (side, side)."""
    drawn = [[0] * side for _ in range(side)]
    (path,) = re.findall(r"class='qrline'[^>]* d='([^']+)'", svg)
    x = y = 0.0
    for step, a, b in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        if step == "h":
            for k in range(int(a)):
                drawn[int(y) - BORDER][int(x) + k - BORDER] = 1
            x += float(a)
        else:
            x, y = (float(a), float(b)) if step == "M" else (x + float(a), y + float(b))
    return drawn


def test_the_qr_code_holds_the_whole_link_of_the_view() -> None:
    app = opened("elbo/bound", present=1, bound_world="two modes", bound_below="Jensen", dataset="digits", latent_dim=2)
    (svg,) = [
        found for element in app.get("html") for found in re.findall(r'<img src="data:image/svg\+xml[^,]*,([^"]+)"', element.proto.body)
    ]
    link = next(value for value in code(app, "plaintext") if "?" in value)
    assert "bound_below=Jensen" in link
    expected = [[int(dark) for dark in row] for row in segno.make(link, error="l", micro=False).matrix]
    assert modules(unquote(svg), len(expected)) == expected
