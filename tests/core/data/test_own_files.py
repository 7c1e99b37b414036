"""Folders and ZIP files as people's systems make them: names, hidden files, folders of classes, and such as are made to do harm."""

from __future__ import annotations

import io
import struct
import tracemalloc
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.image_corpus import picture, png, saved
from tests.own_folder import FILES, blobs, prepared, zipped
from tests.uploads import overlapping
from vae_core.data import classes, own
from vae_core.data.allowance import Allowance, TooCostly
from vae_core.data.images import MOST_PASSES, ImageRefused, read_image
from vae_core.data.own_files import OwnFile, given, in_folder, in_zip
from vae_core.data.pictures import read_batch

PNG = saved(picture(20, 10), "PNG")
TREES, ROADS = "Meine Bilder/Bäume", "Meine Bilder/Straße"


def archive(names: list[bytes], *, flag: int = 0, extra: Callable[[bytes], bytes] = lambda name: b"", content: bytes = PNG) -> bytes:
    """A ZIP file whose names are these bytes, whatever Python would make of them."""
    out, directory = io.BytesIO(), b""
    for name in names:
        start, more = out.tell(), extra(name)
        sizes = struct.pack("<IIIHH", zlib.crc32(content), len(content), len(content), len(name), len(more))
        out.write(b"PK\x03\x04" + struct.pack("<HHHI", 20, flag, 0, 0x21_0000) + sizes + name + more + content)
        places = struct.pack("<HHHII", 0, 0, 0, 0, start)
        directory += b"PK\x01\x02" + struct.pack("<HHHHI", 20, 20, flag, 0, 0x21_0000) + sizes + places + name + more
    start = out.tell()
    out.write(directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(directory), start, 0))
    return out.getvalue()


def unicode_path(name: bytes) -> bytes:
    """The extra field in which some programs keep a name in UTF-8 beside that of a code page."""
    content = b"\x01" + struct.pack("<I", zlib.crc32(name)) + name.decode("cp850").encode()
    return struct.pack("<HH", 0x7075, len(content)) + content


def folders(data: bytes) -> set[str]:
    return {"/".join(file.folders) for file in in_zip(data, "a.zip")}


def listed(*paths: str) -> list[OwnFile]:
    return list(given((path, PNG) for path in paths))


NAMES = [f"{folder}/{k}.png" for folder in (TREES, ROADS) for k in range(2)]
WRITTEN = {
    "macOS: decomposed, UTF-8 without its flag": archive([unicodedata.normalize("NFD", name).encode() for name in NAMES]),
    "macOS, with its own files": archive(
        [name.encode() for name in (*NAMES, *(f"__MACOSX/{name}".replace("/0", "/._0") for name in NAMES), "Meine Bilder/.DS_Store")]
    ),
    "Linux: UTF-8 with its flag": archive([name.encode() for name in NAMES], flag=0x800),
    "Windows: backslashes and code page 437": archive([name.replace("/", "\\").encode("cp437") for name in NAMES]),
    "Windows: code page 850": archive([name.encode("cp850") for name in NAMES]),
    "Windows: code page 1252": archive([name.encode("cp1252") for name in NAMES]),
    "WinZip: the name in UTF-8 besides": archive([name.encode("cp850") for name in NAMES], extra=unicode_path),
    "from a root, with a drive": archive([f"C:\\{name}".replace("/", "\\").encode("cp437") for name in NAMES]),
    "with steps that lead nowhere": archive([f"./x/../{name}".replace("x/../", "../").encode() for name in NAMES]),
    "with folders as entries": archive([b"Meine Bilder\\", "Meine Bilder/Bäume/".encode(), *(name.encode() for name in NAMES)]),
    "with files of systems": archive(
        [*(name.encode() for name in NAMES), b"Thumbs.db", b"x/DESKTOP.INI", b"$RECYCLE.BIN/a.png", b"@eaDir/b.png", b".git/c.png"]
    ),
}


@pytest.mark.parametrize("system", WRITTEN)
def test_folders_have_the_names_that_their_person_gave_them(system: str) -> None:
    assert folders(WRITTEN[system]) == {TREES, ROADS}
    assert len(list(in_zip(WRITTEN[system], "a.zip"))) == len(NAMES)
    assert all(read_image(file.read(), name=file.path).shape == (10, 20, 3) for file in in_zip(WRITTEN[system], "a.zip"))


def test_capitals_of_code_page_850_are_no_frames() -> None:
    assert folders(archive(["Árvores/1.png".encode("cp850"), "Maçãs/1.png".encode("cp850")])) == {"Árvores", "Maçãs"}


def test_a_name_in_another_script_stays_apart_from_others() -> None:
    assert len(folders(archive(["猫/1.png".encode("gbk"), "犬/1.png".encode("gbk")]))) == 2
    assert folders(archive(["猫/1.png".encode()])) == {"猫"}


def test_a_folder_on_this_machine_is_read_like_a_zip_file(tmp_path: Path) -> None:
    for name in NAMES:
        path = tmp_path / unicodedata.normalize("NFD", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PNG)
    (tmp_path / "Meine Bilder" / "._x.png").write_bytes(b"of a Mac")
    assert {file.folders for file in in_folder(tmp_path)} == {tuple(name.split("/")) for name in (TREES, ROADS)}


def test_names_of_folders_are_never_markup() -> None:
    files = {f"{name}/{k}.png": blobs(3 * at + k) for at, name in enumerate(("<b>rot", "$x$", "*blau*")) for k in range(3)}
    assert sorted(prepared(files).classes) == sorted(("∗blau∗", "＄x＄", "‹b›rot"))


def test_the_label_is_the_folder_that_an_image_lies_in_unless_another_level_is_asked_for() -> None:
    files = listed("a/train/cat/1.png", "a/train/dog/2.png", "a/test/cat/3.png", "a/test/dog/4.png", "a/notes.txt")
    assert classes.levels(files) == (classes.INNERMOST, 0, None)
    assert classes.counts(files, classes.INNERMOST) == {"cat": 2, "dog": 2}
    assert classes.counts(files, 0) == {"test": 2, "train": 2}
    assert classes.counts(files, None) == {classes.NO_FOLDER: 4}
    assert [label for _, label in classes.labelled(files, 0)] == ["train", "train", "test", "test", ""]


def test_folders_that_all_images_lie_in_are_not_counted_and_levels_that_tell_the_same_are_one() -> None:
    flat = listed("x/y/cat/1.png", "x/y/dog/2.png")
    assert classes.levels(flat) == (classes.INNERMOST, None)
    assert classes.counts(flat, 0) == classes.counts(flat, classes.INNERMOST) == {"cat": 1, "dog": 1}
    assert classes.levels(listed("x/1.png", "x/2.png")) == classes.levels(listed("1.png")) == classes.levels([]) == (None,)


def test_an_image_without_a_folder_among_others_is_of_a_class_that_says_so() -> None:
    files = listed("cat/2020/1.png", "cat/2021/2.png", "dog/3.png", "4.png")
    assert classes.counts(files, 0) == {classes.NO_FOLDER: 1, "cat": 2, "dog": 1}
    assert classes.counts(files, 1) == {classes.NO_FOLDER: 2, "2020": 1, "2021": 1}


def test_a_data_set_has_the_labels_of_the_level_that_was_chosen() -> None:
    files = {f"{'train' if k % 3 else 'test'}/{'Ada' if k % 2 else 'Ben'}/{k}.png": data for k, data in enumerate(FILES.values())}
    assert prepared(files).classes == ("Ada", "Ben")
    assert prepared(files, level=0).classes == ("test", "train")
    assert (prepared(files, level=None).classes, prepared(files, level=None).labels) == ((), None)


def test_entries_that_overlap_are_refused_before_any_is_unpacked() -> None:
    bomb = overlapping(20_000, bytes(29_000_000))
    assert len(bomb) < 2_000_000
    assert "bomb.zip must hold each file in a place of its own" in read_batch([("bomb.zip", bomb)]).refused[0]
    with pytest.raises(ValueError, match="got some that overlap"):
        own.prepare(given([("bomb.zip", overlapping(20_000, png(8_000, 8_000)))]), size=8, colour=True)


def test_what_is_unpacked_counts_even_where_its_check_sum_is_wrong() -> None:
    data, allowance = bytearray(zipped({f"{k}.png": bytes(3_000_000) for k in range(9)})), Allowance(n_bytes=10_000_000)
    for place in (at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"):
        data[place + 16] ^= 1  # of the check sum in the list of contents
    said = []
    for file in in_zip(bytes(data), "a.zip", allowance):
        with pytest.raises(ImageRefused) as error:
            file.read()
        said.append("damaged" if "damaged" in str(error.value) else "room" if "must fit the" in str(error.value) else str(error.value))
    assert said == ["damaged"] * 3 + ["room"] * 6


def test_what_comes_after_the_room_is_spent_is_not_unpacked_at_all() -> None:
    files = list(in_zip(zipped({"1.png": bytes(2_000_000), "2.png": bytes(200_000_000)}), "a.zip", Allowance(n_bytes=1_000_000)))
    tracemalloc.start()
    for file in files:
        with pytest.raises(ImageRefused, match="must fit the"):
            file.read()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000


def test_pixels_are_counted_over_all_files_of_an_upload() -> None:
    sheet, allowance = saved(Image.new("L", (1000, 1000)), "PNG"), Allowance(n_pixels=2_500_000)
    for _ in range(2):
        read_image(sheet, name="sheet.png", allowance=allowance)
    with pytest.raises(TooCostly, match=r"sheet.png must fit the 1,000 megapixels of one upload"):
        read_image(sheet, name="sheet.png", allowance=allowance)


def test_an_upload_that_costs_too_much_ends_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = {f"{k}.png": saved(Image.new("L", (1000, 1000), k), "PNG") for k in range(9)}
    monkeypatch.setattr("vae_core.data.allowance.UPLOAD_PIXELS", 3_500_000)
    batch = read_batch([("all.zip", zipped(sheets))])
    assert len(batch.pictures) == 3
    assert len(batch.refused) == 1
    assert batch.refused[0].startswith("3.png must fit the 4 megapixels of one upload")
    with pytest.raises(TooCostly, match="bring fewer or smaller files"):
        own.prepare(given(sheets.items()), size=8, colour=False, allowance=Allowance.of_an_upload())
    assert len(own.prepare(given(sheets.items()), size=8, colour=False).x) == 9  # on the command line


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP"])
def test_no_more_is_read_of_a_file_once_there_is_no_time_left(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (400, 400, 3), dtype=np.uint8))
    spent = Allowance(until=0.0)
    with pytest.raises(TooCostly, match=r"x must be read within 10 seconds"):
        read_image(saved(noise, kind), name="x", allowance=spent)
    with pytest.raises(TooCostly):
        next(in_zip(zipped(FILES), "a.zip", spent))


def test_a_jpeg_of_very_many_passes_is_refused_unread() -> None:
    data = saved(picture(640, 480), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    bomb = data[:last] + data[last:-2] * (MOST_PASSES + 1) + data[-2:]
    with pytest.raises(ImageRefused, match="must be made of at most 100 passes, got 1"):
        read_image(bomb, name="x")
    assert read_image(data, name="x").shape == (480, 640, 3)
