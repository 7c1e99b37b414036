"""A photograph of one's own in a browser: the files that are downloaded weigh what is said of them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.browser.windows import Visit, upload
from tests.own_folder import blobs
from vae_core.explore.own.likeness import likeness
from vae_core.explore.own.photographs import as_photograph

pytestmark = pytest.mark.browser


def test_the_file_that_is_downloaded_weighs_what_is_said_of_it(
    own_server: str,
    visit: Callable[..., Visit],
    tmp_path: Path,
) -> None:
    path = tmp_path / "mine.png"
    path.write_bytes(blobs(3, (240, 160)))
    one = visit().open(f"{own_server}/photograph?photo=yours&photo_model=VAE")
    upload(one, path)
    main = one.page.locator('[data-testid="stMain"]')
    widths = main.locator(".sheet img").evaluate_all("found => found.map(image => image.naturalWidth)")
    assert widths == [240] * 4
    x = as_photograph(np.asarray(Image.open(path)))
    for codec in ("JPEG", "WebP"):
        with one.page.expect_download() as got:
            main.get_by_role("button", name=codec, exact=False).click()
        data = Path(got.value.path()).read_bytes()
        figure = main.locator(".sheet figure").filter(has_text=codec).inner_text()
        assert f"{len(data):,} bytes" in figure
        decoded = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        assert float(re.search(r"([\d.]+) dB", figure).group(1)) == pytest.approx(likeness(x, decoded).psnr, abs=0.051)
    assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 0
    assert one.faults() == []
    assert one.complaints == []
