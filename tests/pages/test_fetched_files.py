"""What the server hands out by address: files while somebody holds them, and the library that draws charts."""

from __future__ import annotations

import gc
import gzip
import json
from pathlib import Path

import plotly
import pytest
import streamlit as st

from pages.shared.chart import chart
from pages.shared.fetched_files import held
from tests.harness import get
from vae_core.drawing.chart import Chart


def test_a_file_is_handed_out_while_it_is_held_and_no_longer() -> None:
    one = held(b"one file")
    address = one.address
    status, body, headers = get(address)
    assert (status, body, headers["content-type"]) == (200, b"one file", "image/png")
    assert "immutable" in headers["cache-control"]
    del one
    gc.collect()
    assert get(address)[0] == 404


def test_a_file_is_one_whoever_asks() -> None:
    one, again, other = held(b"one file"), held(b"one file"), held(b"another")
    assert one is again
    assert one.address != other.address


def test_nothing_but_files_that_are_held_is_handed_out() -> None:
    assert get("/file/../README.md")[0] == 404
    assert get("/file/")[0] == 404


def test_the_address_begins_with_the_server_s_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", lambda name: "class" if name == "server.baseUrlPath" else None)
    one = held(b"one file")
    assert one.address.startswith("/class/file/")
    assert get(one.address)[1] == b"one file"


@pytest.mark.parametrize("base", [None, "class"])
def test_the_library_of_charts_is_that_of_the_python_package_compressed_where_it_may_be(
    base: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "get_option", lambda name: base if name == "server.baseUrlPath" else None)
    address = json.loads(chart.packed(Chart([], {"height": 200})).splitlines()[0])["script"]
    assert address.startswith("/class/" if base else "/plotly")
    whole = (Path(plotly.__file__).parent / "package_data/plotly.min.js").read_bytes()
    status, body, headers = get(address)
    assert (status, body == whole, headers.get("content-encoding")) == (200, True, None)
    status, body, headers = get(address, accept_encoding="gzip, deflate, br")
    assert (status, headers["content-encoding"], headers["content-type"].split(";")[0]) == (200, "gzip", "text/javascript")
    assert len(body) < len(whole) / 3
    assert gzip.decompress(body) == whole
    assert "immutable" in headers["cache-control"] and plotly.__version__ in address
