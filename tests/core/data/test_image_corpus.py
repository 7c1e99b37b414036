"""Whatever is handed over ends in a picture or in one sentence: over 300 files, with the time and the memory that they cost."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.harness import ROOT
from tests.image_corpus import corpus, large, outcome
from vae_core.cli.main import main
from vae_core.data.preparation import Preparation, made_like

hypothesis = pytest.importorskip("hypothesis", reason="install hypothesis to run it")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

SIGNATURES = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBP", b"BM", b"II*\x00"]
SECONDS, MEGABYTES = 10, 1000
"""What one file may cost: seconds of a processor, which others' work does not change, and memory of the whole process."""


@cache
def files() -> dict[str, bytes]:
    """The corpus by name."""
    return dict(corpus())


IN_PROCESSES_OF_THEIR_OWN = """
import json, os, sys, time
sys.path.insert(0, ".")
from pathlib import Path
from tests.image_corpus import outcome

def megabytes(which):
    return int(Path("/proc/self/status").read_text().partition(which)[2].split()[0]) / 1000

imported = megabytes("VmHWM:")
for path in map(Path, sys.argv[1:]):
    if os.fork() == 0:  # what was imported is there, and counts, though a fork does not count it
        start, before = time.process_time(), megabytes("VmRSS:")
        said = outcome(path.read_bytes(), path.name)
        print(json.dumps([said, time.process_time() - start, imported + megabytes("VmHWM:") - before]), flush=True)
        os._exit(0)
    if os.wait()[1] != 0:
        sys.exit(path.name)
"""


def is_sentence(said: str, name: str) -> bool:
    return said.startswith(f"{name} must ") and ", got " in said and "\n" not in said and len(said) < 200 + len(name)


def test_every_file_of_the_corpus_ends_in_a_picture_or_one_sentence() -> None:
    ends = {name: outcome(data, name) for name, data in files().items()}
    assert len(ends) >= 300
    assert [f"{name}: {said}" for name, said in ends.items() if said != "picture" and not is_sentence(said, name)] == []
    sound = ("sound-", "exif-", "moving", "icc", "alpha")
    assert {name: said for name, said in ends.items() if name.startswith(sound) and said != "picture"} == {}
    refused = [said != "picture" for name, said in ends.items() if name.startswith(("noise", "truncated-0.1", "signature"))]
    assert all(refused)
    assert sum(said == "picture" for said in ends.values()) > 120


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the largest memory of a process where Linux keeps it")
def test_the_largest_files_cost_less_than_ten_seconds_and_a_gigabyte_each(tmp_path: Path) -> None:
    paths = []
    for name, data in large():
        (tmp_path / name).write_bytes(data)
        paths.append(tmp_path / name)
    command = [sys.executable, "-W", "ignore", "-c", IN_PROCESSES_OF_THEIR_OWN, *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=True)
    cost = {}
    for path, line in zip(paths, done.stdout.splitlines(), strict=True):
        said, *cost[path.name] = json.loads(line)
        assert said == "picture" or is_sentence(said, path.name)
        assert (said == "picture") == path.name.startswith(("48-", "64-", "108-"))
    assert {name: seconds for name, (seconds, _) in cost.items() if seconds > SECONDS} == {}
    assert {name: used for name, (_, used) in cost.items() if used > MEGABYTES} == {}


THROUGH_THE_COMMAND = {
    "sound-640x480.jpg": 0,
    "sound-1x1.png": 0,
    "interlaced-20000x1.png": 0,
    "exif-6.jpg": 0,
    "alpha-LA.png": 0,
    "moving.gif": 0,
    "truncated-0.5.png": 2,
    "bomb.png": 2,
    "drawing.svg": 2,
    "empty.png": 2,
}


@pytest.mark.parametrize(("name", "status"), THROUGH_THE_COMMAND.items())
def test_the_command_line_ends_in_a_picture_or_one_sentence(name: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / name
    path.write_bytes(files()[name])
    arguments = ["--dataset", "digits", "--latent-dim", "2", "--images", str(path), "--out", str(tmp_path / "out")]
    assert main(["reconstruct", "pca", *arguments]) == status
    out, err = capsys.readouterr()
    assert len(list(tmp_path.glob("out/*.png"))) == (2 if status == 0 else 0)
    assert is_sentence(err.strip(), str(path)) if status else name in out


def test_the_command_line_makes_a_picture_like_the_data_as_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "paper.png"
    path.write_bytes(files()["sound-97x31.png"])
    pixels = np.asarray(Image.open(path))
    for flags, how in (
        ([], Preparation()),
        (["--invert", "yes", "--turn", "90", "--fit", "pad"], Preparation(invert="yes", turn=90, fit="pad")),
    ):
        arguments = ["--dataset", "digits", "--latent-dim", "2", "--images", str(path), "--out", str(tmp_path / "out"), "--json", *flags]
        assert main(["reconstruct", "pca", *arguments]) == 0
        row = json.loads(capsys.readouterr().out)["images"][0]
        assert np.array_equal(np.asarray(Image.open(row["input"])), made_like("digits", pixels, how)[0])


@pytest.mark.slow
def test_the_program_itself_says_one_sentence_and_nothing_of_its_libraries(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(files()["claims-10000x10000.png"])
    command = [sys.executable, "-m", "vae_core", "reconstruct", "pca", "--dataset", "digits", "--latent-dim", "2", "--images", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert is_sentence(done.stderr.strip(), str(path))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(SIGNATURES))
def test_any_bytes_end_in_a_picture_or_one_sentence(tail: bytes, signature: bytes) -> None:
    said = outcome(signature + tail, "photo.png")
    assert said == "picture" or is_sentence(said, "photo.png")
