"""What the server does before its first visitor."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pages.shared.fetched_files import held
from tests.harness import ROOT, get

BEFORE_THE_FIRST_VISITOR = """
import gc, sys, threading
import explorer_app
print(gc.get_freeze_count(), "torch" in sys.modules, "plotly" in sys.modules)
import torch
from threadpoolctl import threadpool_info

def page():
    print(torch.get_num_threads(), *(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"))

threading.Thread(target=page).start()
"""


@pytest.mark.slow
def test_the_server_freezes_what_it_has_imported_and_a_page_computes_on_one_thread() -> None:
    """The server imports the entry point once; what is there by then is no longer the collector's business.

    With a model training beside a page, two threads on two cores wait for each other, and a product of 2 ms takes 200.
    """
    several = {**os.environ, "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    command = [sys.executable, "-c", BEFORE_THE_FIRST_VISITOR]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=several)
    (n_frozen, *imported), threads = (line.split() for line in done.stdout.splitlines())
    assert int(n_frozen) > 100_000
    assert imported == ["True", "True"]
    assert len(threads) >= 2
    assert set(threads) == {"1"}


@pytest.mark.slow
def test_a_server_that_starts_says_only_what_its_person_needs() -> None:
    done = subprocess.run([sys.executable, "-c", "import explorer_app"], cwd=ROOT, capture_output=True, text=True, check=True)
    said = [line.partition(":")[0].strip() for line in done.stderr.splitlines() if line.strip()]
    assert said == ["Open files", "PIN of this server"]


@pytest.mark.parametrize("path", ["/", "/file/none.png", "/plotly-0.min.js"])
def test_no_other_site_shows_the_explorer_in_a_frame_and_no_browser_guesses_what_a_file_is(path: str) -> None:
    headers = get(path)[2]
    assert headers["content-security-policy"] == "frame-ancestors 'self'"
    assert headers["x-content-type-options"] == "nosniff"


def test_no_browser_keeps_what_may_show_an_upload() -> None:
    upload, shipped = held(b"a person's", is_upload=True), held(b"the program's")
    assert get(upload.address)[2]["cache-control"] == "no-store"
    assert "immutable" in get(shipped.address)[2]["cache-control"]
    assert get("/media/a-download.png")[2]["cache-control"] == "no-store"
