"""Batches of pictures: files and ZIP files, where a bad one is named and the others go on."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from functools import cache

import numpy as np
import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from tests.image_corpus import picture, png, saved
from tests.own_folder import zipped
from vae_core.data.images import ImageRefused, is_transparent, read_image
from vae_core.data.own_files import ENTRY, MOST_ENTRIES
from vae_core.data.pictures import LARGEST_SIDE, MOST_PICTURES, read_batch, read_picture, shrunk

PNG = saved(picture(20, 10), "PNG")


def test_one_bad_file_is_named_and_the_others_go_on() -> None:
    batch = read_batch([("a.png", PNG), ("notes.png", b"no picture at all"), ("b.png", PNG)])
    assert [found.name for found in batch.pictures] == ["a.png", "b.png"]
    assert len(batch.refused) == 1
    assert batch.refused[0].startswith("notes.png must be an image")
    assert "got text" in batch.refused[0]


def test_a_zip_file_stands_for_what_it_holds_and_names_what_is_bad() -> None:
    inner = zipped({"deep.png": PNG})
    files = {"x/1.png": PNG, "x/2.txt": b"a letter", "x/3.zip": inner, "__MACOSX/._1.png": b"", "x/4.png": PNG}
    batch = read_batch([("all.zip", zipped(files))])
    assert [found.name for found in batch.pictures] == ["1.png", "4.png"]
    assert [sentence.split(" must ")[0] for sentence in batch.refused] == ["2.txt", "3.zip"]
    assert "an archive" in batch.refused[1]


def test_a_damaged_zip_file_stops_none_of_the_others() -> None:
    batch = read_batch([("cut.zip", zipped({"1.png": PNG})[:-20]), ("a.png", PNG)])
    assert [found.name for found in batch.pictures] == ["a.png"]
    assert "cut.zip must be an intact ZIP file" in batch.refused[0]


def test_what_lies_or_is_locked_in_a_zip_file_is_a_sentence() -> None:
    data = bytearray(zipped({"1.png": PNG, "2.png": PNG}, zipfile.ZIP_STORED))
    data[data.index(PNG) + 40] ^= 255  # a check sum that no longer holds
    batch = read_batch([("bad.zip", bytes(data))])
    assert [found.name for found in batch.pictures] == ["2.png"]
    assert "1.png must be readable in its ZIP file" in batch.refused[0]
    locked = bytearray(zipped({"1.png": PNG}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = locked.index(signature) + at
        locked[start : start + 2] = struct.pack("<H", 1)  # says that it is encrypted
    assert "locked" in read_batch([("locked.zip", bytes(locked))]).refused[0]


@pytest.mark.parametrize("name", ["", ".", "./", "..", "a/..", "/"])
def test_an_entry_without_a_name_stops_none_of_the_others(name: str) -> None:
    """One called "" or "." has no last part. The header that stands before its bytes says another name, as it does of such files."""
    batch = read_batch([("all.zip", nameless(name)), ("b.png", PNG)])
    assert [found.name for found in batch.pictures] == ["a.png", "b.png"]
    assert all(sentence.startswith(("a file without a name must ", "a must ")) for sentence in batch.refused)


def nameless(name: str) -> bytes:
    """A ZIP file whose list of contents names its first entry so."""
    data, old, new = bytearray(zipped({"x.png": PNG, "a.png": PNG})), len("x.png"), name.encode()
    at = data.index(ENTRY)
    data[at + 28 : at + 32] = struct.pack("<HH", len(new), old - len(new))  # what is missing of its length is an extra field
    data[at + 46 : at + 46 + old] = new + bytes(old - len(new))
    return bytes(data)


TOUCHES = {
    "its palette": ((48, 32), Image.Image, "has_transparency_data", property),
    "a smaller JPEG": ((9000, 8000), JpegImageFile, "draft", lambda fault: fault),
    "a turned image": ((48, 32), Image.Image, "getexif", lambda fault: fault),
    "its pixels": ((48, 32), Image.Image, "crop", lambda fault: fault),
}
"""Size of a JPEG, and what of Pillow is asked once it is open."""
ERRORS = (AssertionError("out of the\ndecoder"), IndexError(), struct.error(), SystemError(), RecursionError(), OSError(5, "input"))


@cache
def jpeg(size: tuple[int, int]) -> bytes:
    return saved(Image.new("L", size, 90), "JPEG", quality=1)


@pytest.mark.parametrize("touch", TOUCHES)
def test_whatever_a_decoder_raises_whenever_it_is_touched_stops_its_own_file_only(touch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    size, owner, name, kind = TOUCHES[touch]
    usual = getattr(owner, name)
    for error in ERRORS:

        def fault(image: Image.Image, *args: object, error: Exception = error, **options: object) -> object:
            if image.size == size:
                raise error
            return (usual.fget if kind is property else usual)(image, *args, **options)

        monkeypatch.setattr(owner, name, kind(fault))
        batch = read_batch([("bad.jpg", jpeg(size)), ("a.png", PNG)])
        assert [found.name for found in batch.pictures] == ["a.png"]
        assert batch.refused == ("bad.jpg must be a whole image, got a truncated or damaged one: save it again from its source.",)


def test_a_palette_image_without_its_palette_is_a_sentence() -> None:
    batch = read_batch([("drawing.png", png(8, 8, colour=3)), ("a.png", PNG)])
    assert [found.name for found in batch.pictures] == ["a.png"]
    assert batch.refused == ("drawing.png must hold the palette of its colours, got none: save it again from its source.",)


def test_a_bomb_in_a_zip_file_is_a_sentence() -> None:
    batch = read_batch([("bomb.zip", zipped({"1.png": bytes(100_000_000), "2.png": PNG}))])
    assert [found.name for found in batch.pictures] == ["2.png"]
    assert "1.png must be at most 30 MB" in batch.refused[0]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_packed_so_that_kilobytes_become_gigabytes_at_once_is_not_unpacked(method: int) -> None:
    bomb = zipped({"1.png": bytes(100_000_000)}, method)
    assert len(bomb) < 100_000
    tracemalloc.start()
    batch = read_batch([("bomb.zip", bomb), ("2.png", PNG)])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [found.name for found in batch.pictures] == ["2.png"]
    assert "1.png must be packed by Deflate or stored" in batch.refused[0]
    assert most < 10_000_000


def test_a_zip_file_of_very_many_entries_is_refused_before_they_are_listed() -> None:
    cut_short = b"PK\x03\x04" + ENTRY * (MOST_ENTRIES + 1)  # no end: to list it would say that it is damaged
    assert f"many.zip must hold at most 20,000 files, got {MOST_ENTRIES + 1}" in read_batch([("many.zip", cut_short)]).refused[0]


def test_paths_in_names_lead_nowhere() -> None:
    names = ["../../etc/passwd.png", "/root/a.png", "C:\\temp\\b.png", "a\nb\x1b[31m.png", "x" * 300 + ".png"]
    shown = [found.name for found in read_batch([("all.zip", zipped(dict.fromkeys(names, PNG)))]).pictures]
    assert sorted(shown)[:4] == ["a b?(31m.png", "a.png", "b.png", "passwd.png"]
    assert all("/" not in name and "\\" not in name and name.isprintable() and len(name) <= 60 for name in shown)


def test_only_so_many_pictures_are_taken_and_that_is_said() -> None:
    batch = read_batch([("all.zip", zipped({f"{k:03d}.png": PNG for k in range(MOST_PICTURES + 5)}))])
    assert len(batch.pictures) == MOST_PICTURES
    assert len(batch.refused) == 1
    assert batch.refused[0].startswith(f"The batch must hold at most {MOST_PICTURES} pictures, got more: ")


def test_what_is_transparent_shows_white_or_black() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 128))
    found = read_picture(saved(clear, "PNG"), "logo.png")
    assert np.all(np.abs(found.over("white").astype(int) - 127) <= 1)
    assert np.all(found.over("black") == 0)
    opaque = read_picture(PNG, "photo.png")
    assert opaque.on_black is None
    assert opaque.over("black") is opaque.on_white
    assert is_transparent(saved(clear, "PNG"), name="logo")
    assert not is_transparent(PNG, name="photo")


def test_a_large_picture_is_kept_smaller_by_the_mean_of_whole_pixels() -> None:
    levels = np.repeat(np.repeat(np.arange(0, 250, 1, np.uint8)[None].repeat(300, 0), 8, 0), 8, 1)  # 2400 × 2000
    small = shrunk(levels)
    assert max(small.shape) <= LARGEST_SIDE
    found = read_picture(saved(Image.fromarray(np.tile(np.array([0, 255], np.uint8), (4000, 20))), "PNG"), "tall.png")
    assert found.size == (40, 4000)
    assert found.on_white.shape == (1000, 10)
    assert np.all(np.abs(found.on_white.astype(int) - 127) <= 1)
    assert read_picture(saved(picture(5000, 1), "PNG"), "line.png").on_white.shape == (1, 1000, 3)


hypothesis = pytest.importorskip("hypothesis", reason="install hypothesis to run it")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 90),
    st.integers(1, 90),
    st.sampled_from(["1", "L", "LA", "RGB", "RGBA", "P"]),
    st.sampled_from(["PNG", "TIFF"]),
    st.integers(0, 2**32 - 1),
)
def test_what_is_saved_without_loss_comes_back_as_it_was(width: int, height: int, mode: str, kind: str, seed: int) -> None:
    image = picture(width, height, seed).convert("RGBA" if mode == "LA" else "RGB").convert(mode)
    if kind == "TIFF" and mode == "P":
        image = image.convert("RGB")
    found = read_image(saved(image, kind), name="picture")
    assert np.array_equal(found, np.asarray(image.convert("L" if image.mode in ("1", "L", "LA") else "RGB")))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_a_zip_file_of_any_bytes_gives_pictures_or_sentences(tail: bytes) -> None:
    for data in (b"PK\x03\x04" + tail, zipped({"1.png": tail}), zipped({"1.png": PNG})[: -len(tail) or None] + tail):
        batch = read_batch([("all.zip", data)])
        assert all(" must " in sentence and "\n" not in sentence for sentence in batch.refused)


def test_a_refusal_names_the_file_that_it_is_about() -> None:
    with pytest.raises(ImageRefused, match=r"^me\.png must be an image"):
        read_picture(b"nothing", "me.png")
