"""Images of one's own in a browser: a ZIP file becomes a data set of every page, and downloaded files weigh what is said."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.browser.windows import Visit, served
from tests.own_folder import FILES, blobs, zipped
from vae_core.explore.own.likeness import likeness
from vae_core.explore.own.photographs import as_photograph

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a cache and a folder of models of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_EXPLORER_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path_factory.mktemp("models")))
        with served() as address:
            yield address


def upload(one: Visit, *files: Path) -> None:
    """Hand files over, and wait until the page has taken them."""
    one.page.locator('[data-testid="stMain"] input[type="file"]').set_input_files([str(path) for path in files])
    one.page.locator('[data-testid="stFileUploaderFile"], [data-testid="stFileChip"]').first.wait_for()
    one.settle()


def test_a_zip_file_of_folders_becomes_a_data_set_of_the_sidebar(
    own_server: str,
    visit: Callable[..., Visit],
    tmp_path: Path,
) -> None:
    path = tmp_path / "class.zip"
    path.write_bytes(zipped({**FILES, "class/notes.txt": b"no picture"}))
    one = visit().open(f"{own_server}/own-data-set?dataset=digits&latent_dim=2")
    upload(one, path)
    main = one.page.locator('[data-testid="stMain"]')
    assert main.locator("img").count() == len(FILES)
    assert "Ada: 12, Ben: 12" in main.inner_text()
    assert "Left out: 1" in main.inner_text()
    one.page.get_by_role("button", name="Make the data set").click()
    one.page.wait_for_function("() => new URLSearchParams(location.search).get('dataset')?.startsWith('own-')")
    one.settle()
    assert one.choices()[0].startswith("own-")
    assert main.locator("img").count() == 3 * 6
    one.go_to("compare")
    assert one.choices()[0].startswith("own-")
    assert "5 missing" in one.page.locator('[data-testid="stSidebar"]').inner_text()
    assert one.faults() == []
    assert one.complaints == []


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
