"""Files of a visitor: those that a server before this one held are asked for again, not listed as if they were here."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.uploads import GONE
from tests.harness import assert_sound, opened

FIELDS = {
    "own/bring": ("own_files", {"own_way": "upload"}),
    "own/photograph": ("photo_file", {"photo": "yours"}),
    "own/dataset": ("own_data_files", {}),
    "training/library": ("library_file", {}),
}
"""Page → its field for files, and what opens it."""


@pytest.mark.parametrize("page", FIELDS)
def test_files_that_a_server_before_this_one_held_are_asked_for_again(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key, query = FIELDS[page]
    app = opened(page, dataset="digits", **query)
    app.file_uploader(key=key).upload("a.zip", b"PK", "application/zip")
    with monkeypatch.context() as patch:
        patch.setattr(AppTest, "_register_uploaded_files", lambda app, runner: None)  # what the browser lists is not there
        app.run()
    assert_sound(app)
    assert [warning.value for warning in app.warning] == [GONE]
    (field,) = app.file_uploader
    assert field.key == f"{key}_1"  # another field to the browser, which lists nothing
    app.run()
    assert [warning.value for warning in app.warning] == [GONE]
