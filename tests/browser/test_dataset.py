"""A ZIP file of one's own in a browser becomes a data set of every page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.windows import Visit, upload
from tests.own_folder import FILES, zipped

pytestmark = pytest.mark.browser


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
    assert one.choices()[0] == "My images"
    assert main.locator("img").count() == 3 * 6
    one.go_to("compare")
    assert one.choices()[0] == "My images"
    assert "5 missing" in one.page.locator('[data-testid="stSidebar"]').inner_text()
    assert one.faults() == []
    assert one.complaints == []
