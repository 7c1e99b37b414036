"""Settings of the platform that cost dearly if they are lost."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())


def test_no_full_collection_follows_a_run() -> None:
    """It would hold the interpreter for a tenth of a second after every change of every visitor."""
    assert CONFIG["runner"]["postScriptGC"] is False
    read = "from streamlit import config; config._main_script_path = 'explorer_app.py'; print(config.get_option('runner.postScriptGC'))"
    assert subprocess.run([sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_the_server_freezes_what_it_has_imported() -> None:
    """The server imports the entry point once; what is there by then is no longer the collector's business."""
    read = "import gc, sys; import explorer_app; print(gc.get_freeze_count(), 'torch' in sys.modules, 'plotly' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert int(out[0]) > 100_000
    assert out[1:] == ["True", "True"]


def test_the_server_is_private_and_quiet() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["server"]["maxUploadSize"] <= 30
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert "enableXsrfProtection" not in CONFIG["server"]  # on by default


def test_no_font_comes_over_the_network() -> None:
    assert "fontFaces" not in CONFIG["theme"]
    assert not any("http" in str(value) for value in CONFIG["theme"].values())


def test_the_older_way_of_finding_pages_is_off_before_the_first_visit() -> None:
    read = "import explorer_app; from streamlit.runtime.pages_manager import PagesManager; print(PagesManager.uses_pages_directory)"
    out = subprocess.run([sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "False"
