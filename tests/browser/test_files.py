"""A real file in a browser: it is downloaded, handed over and read again, and a damaged one is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.windows import Visit, upload

pytestmark = pytest.mark.browser


def test_a_file_is_downloaded_and_read_again_and_a_damaged_one_is_refused(server: str, visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit().open(f"{server}/files?dataset=digits&latent_dim=2&family=vae&files_n=10")
    pictures = "[...document.querySelectorAll('.tile img')].map((image) => image.src)"
    written = one.page.evaluate(pictures)
    assert len(written) == 20 and written[:10] == written[10:]
    with one.page.expect_download() as coming:
        one.page.get_by_role("button", name="File", exact=True).click()
    file, damaged = tmp_path / "whole.vae", tmp_path / "damaged.vae"
    coming.value.save_as(file)
    damaged.write_bytes(file.read_bytes()[:-3])
    one.page.get_by_text("read", exact=True).and_(one.page.locator("button, button *")).first.click()
    one.page.get_by_text("Choose a file").wait_for()
    upload(one.settle(), file)
    assert one.page.evaluate(pictures) == written[:10]
    upload(one, damaged)
    one.page.get_by_text("cut short or damaged").wait_for()
    assert one.page.evaluate(pictures) == []
    assert one.complaints == []
