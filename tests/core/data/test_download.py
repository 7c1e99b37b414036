"""Downloads, against real HTTP on the loopback address: a small Fashion-MNIST of the tests' own."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from tests.harness import wait_for
from vae_core.data.base import Provenance
from vae_core.data.files import DatasetUnavailable, FileRefused, RemoteFile
from vae_core.data.idx import idx_splits
from vae_core.data.recipe import Recipe

PROVENANCE = Provenance("A small set", "these tests", "MIT", "As published.")
NAMES = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.astype(np.uint8).tobytes()


RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (30, 28, 28))
LABELS = RNG.integers(0, 10, 30)
ARRAYS = (IMAGES[:20], LABELS[:20], IMAGES[20:], LABELS[20:])
ARCHIVES = {name: gzip.compress(idx(array), mtime=0) for name, array in zip(NAMES, ARRAYS, strict=True)}
FIRST = NAMES[0]


@dataclass
class Mirror:
    """An HTTP server on the loopback address, and what it was asked for."""

    sends: dict[str, bytes] = field(default_factory=lambda: dict(ARCHIVES))
    cut_after: dict[str, int] = field(default_factory=dict)  # how many more times a file breaks off half-way
    pause_seconds: float = 0
    asked: list[str] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        name = handler.path.removeprefix("/")
        self.asked.append(name)
        time.sleep(self.pause_seconds)
        if name not in self.sends:
            handler.send_error(404)
            return
        body = self.sends[name]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        left = self.cut_after.get(name, 0)
        self.cut_after[name] = max(0, left - 1)
        handler.wfile.write(body[: len(body) // 2] if left else body)


@pytest.fixture
def mirrors() -> Iterator[list[Mirror]]:
    """Two mirrors that send the published files, until a test makes them do something else."""
    both = [Mirror(), Mirror()]
    for mirror in both:
        quiet = {"do_GET": lambda handler, mirror=mirror: mirror.answer(handler), "log_message": lambda *_: None}
        mirror.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (BaseHTTPRequestHandler,), quiet))
        threading.Thread(target=mirror.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield both
    for mirror in both:
        mirror.server.shutdown()
        mirror.server.server_close()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the small set is cached in; VAE_EXPLORER_DATA is not set."""
    monkeypatch.delenv("VAE_EXPLORER_DATA", raising=False)
    monkeypatch.setenv("VAE_EXPLORER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "small"


def small(*urls: str) -> Recipe:
    files = tuple(
        RemoteFile(name, tuple(url + name for url in urls), len(data), "md5:" + hashlib.md5(data).hexdigest())
        for name, data in ARCHIVES.items()
    )
    return Recipe("small", PROVENANCE, idx_splits, files)


def is_whole(recipe: Recipe) -> bool:
    images = recipe.load()
    x = np.concatenate([images.train.x, images.test.x])
    return np.array_equal(x[:, 0], IMAGES) and np.array_equal(images.test.labels, LABELS[20:])


def kept(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir() if path.name != ".lock"}


def one_sentence(error: pytest.ExceptionInfo) -> bool:
    return "\n" not in str(error.value) and ". " not in str(error.value)


def test_a_set_is_downloaded_once_and_then_read_from_the_cache(mirrors: list[Mirror], cache: Path) -> None:
    recipe = small(mirrors[0].url)
    assert not recipe.available()
    assert is_whole(recipe)
    assert recipe.available()
    assert kept(cache) == set(NAMES)
    assert is_whole(recipe)
    assert mirrors[0].asked == list(NAMES)


def test_progress_goes_up_to_the_size_of_all_files(mirrors: list[Mirror]) -> None:
    recipe, seen = small(mirrors[0].url), []
    recipe.load(lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (recipe.download_size, recipe.download_size)
    assert {total for _, total in seen} == {sum(map(len, ARCHIVES.values()))}


def test_a_dead_port_ends_in_one_sentence_with_the_folder_the_files_and_the_size(mirrors: list[Mirror], cache: Path) -> None:
    url = mirrors[0].url
    mirrors[0].server.server_close()
    with pytest.raises(DatasetUnavailable) as error:
        small(url).load()
    assert one_sentence(error)
    assert str(error.value).startswith("small is not on this machine and could not be downloaded (no connection to 127.0.0.1:")
    assert all(part in str(error.value) for part in (*NAMES, str(cache), "MB in all"))
    assert kept(cache) == set()


def test_the_sentence_names_the_folder_of_data_where_there_is_one(mirrors, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_EXPLORER_DATA", str(tmp_path / "data"))
    mirrors[0].sends.clear()
    with pytest.raises(DatasetUnavailable, match="answered 404") as error:
        small(mirrors[0].url).load()
    assert str(tmp_path / "data" / "small") in str(error.value)


@pytest.mark.parametrize("wrong", [ARCHIVES[NAMES[2]], ARCHIVES[FIRST][:-7], b"<html>log in to the network</html>", b""])
def test_a_file_with_a_wrong_hash_is_refused_by_name_and_never_cached(wrong: bytes, mirrors: list[Mirror], cache: Path) -> None:
    mirrors[0].sends[FIRST] = wrong
    with pytest.raises(DatasetUnavailable, match=f"sent something else than the published {FIRST}") as error:
        small(mirrors[0].url).load()
    assert one_sentence(error)
    assert kept(cache) == set()


def test_a_connection_that_is_always_cut_leaves_nothing(mirrors: list[Mirror], cache: Path) -> None:
    mirrors[0].cut_after[FIRST] = 99
    with pytest.raises(DatasetUnavailable, match=r"the connection to 127\.0\.0\.1:\d+ was cut"):
        small(mirrors[0].url).load()
    assert kept(cache) == set()


def test_a_connection_that_is_cut_once_is_tried_again_from_the_start(mirrors: list[Mirror], cache: Path) -> None:
    mirrors[0].cut_after[NAMES[2]] = 1
    assert is_whole(small(mirrors[0].url))
    assert mirrors[0].asked.count(NAMES[2]) == 2
    assert kept(cache) == set(NAMES)


@pytest.mark.parametrize("fault", ["missing", "wrong", "cut"])
def test_the_second_mirror_is_asked_where_the_first_fails(fault: str, mirrors: list[Mirror]) -> None:
    first, second = mirrors
    if fault == "missing":
        first.sends.clear()
    elif fault == "wrong":
        first.sends[FIRST] = b"something else"
    else:
        first.cut_after = dict.fromkeys(NAMES, 99)
    assert is_whole(small(first.url, second.url))
    assert FIRST in second.asked


def test_the_second_mirror_is_not_asked_where_the_first_answers(mirrors: list[Mirror]) -> None:
    assert is_whole(small(mirrors[0].url, mirrors[1].url))
    assert mirrors[1].asked == []


@pytest.mark.parametrize("damaged", [ARCHIVES[FIRST][:-9], ARCHIVES[NAMES[1]], b"no gzip"])
def test_a_damaged_file_in_the_cache_is_downloaded_again(damaged: bytes, mirrors: list[Mirror], cache: Path) -> None:
    recipe = small(mirrors[0].url)
    recipe.load()
    (cache / FIRST).write_bytes(damaged)
    assert is_whole(recipe)
    assert (cache / FIRST).read_bytes() == ARCHIVES[FIRST]
    assert mirrors[0].asked == [*NAMES, FIRST]


def test_a_damaged_file_in_the_cache_is_removed_and_said_where_there_is_no_network(mirrors: list[Mirror], cache: Path) -> None:
    recipe = small(mirrors[0].url)
    recipe.load()
    (cache / FIRST).write_bytes(b"damaged")
    mirrors[0].sends.clear()
    with pytest.raises(DatasetUnavailable, match=f"the cached {FIRST} was damaged and is removed, "):
        recipe.load()
    assert not recipe.available()


def test_a_persons_own_files_come_first_and_a_damaged_one_is_not_replaced(
    mirrors: list[Mirror], cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_EXPLORER_DATA", str(tmp_path / "data"))
    own = tmp_path / "data" / "small"
    own.mkdir(parents=True)
    for name, data in ARCHIVES.items():
        (own / name).write_bytes(data)
    recipe = small(mirrors[0].url)
    assert is_whole(recipe)
    (own / FIRST).write_bytes(ARCHIVES[FIRST][:-9])
    with pytest.raises(FileRefused, match=f"{FIRST} must hold the published {FIRST}, got other content") as error:
        recipe.load()
    assert one_sentence(error)
    assert mirrors[0].asked == []
    assert not cache.exists()


def test_a_download_is_cancelled_by_raising_in_its_progress(mirrors: list[Mirror], cache: Path) -> None:
    class CancelledError(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        small(mirrors[0].url).load(cancel)
    assert kept(cache) == set()
    assert is_whole(small(mirrors[0].url))


def test_what_a_killed_download_left_is_replaced(mirrors: list[Mirror], cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / f"{FIRST}.part").write_bytes(b"x" * 100_000)
    recipe = small(mirrors[0].url)
    assert not recipe.available()
    assert is_whole(recipe)
    assert kept(cache) == set(NAMES)


def wait_for_both(barrier: Barrier) -> None:
    barrier.wait(60)


@pytest.mark.slow
def test_two_processes_that_want_one_set_download_it_once(mirrors: list[Mirror]) -> None:
    recipe = small(mirrors[0].url)
    mirrors[0].pause_seconds = 0.2  # so that the second one is there before the first has anything
    spawn = get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn, initializer=wait_for_both, initargs=(spawn.Barrier(2),)) as pool:
        assert all(pool.map(is_whole, [recipe, recipe]))
    assert sorted(mirrors[0].asked) == sorted(NAMES)


def test_a_cache_that_cannot_be_written_to_is_said_and_how_another_is_chosen(mirrors: list[Mirror], cache: Path) -> None:
    cache.parent.parent.mkdir(exist_ok=True)
    cache.parent.write_text("a file where a folder should be")
    with pytest.raises(DatasetUnavailable, match="could not be downloaded") as error:
        small(mirrors[0].url).load()
    assert one_sentence(error)
    assert f"({cache}" in str(error.value) or f"({cache.parent}" in str(error.value)
    assert "allow writing there or name another folder by VAE_EXPLORER_CACHE" in str(error.value)
    assert str(error.value).endswith("in a folder small of one that VAE_EXPLORER_DATA names")  # not in the one that cannot be written
    assert mirrors[0].asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, as Linux has it")
def test_a_disk_that_is_full_is_said_with_the_file_and_no_mirror_is_asked_again(mirrors: list[Mirror], cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / f"{FIRST}.part").symlink_to("/dev/full")
    with pytest.raises(DatasetUnavailable) as error:
        small(mirrors[0].url, mirrors[1].url).load()
    assert one_sentence(error)
    assert f"({cache / FIRST} cannot be written: no space left on device)" in str(error.value)
    assert "free some room there or name another folder by VAE_EXPLORER_CACHE" in str(error.value)
    assert mirrors[0].asked == [FIRST]
    assert mirrors[1].asked == []
    assert kept(cache) == set()


def test_who_waits_for_another_download_is_told_and_sees_how_far_that_is(mirrors: list[Mirror], cache: Path) -> None:
    recipe, said, seen = small(mirrors[0].url), threading.Event(), []
    cache.mkdir(parents=True)
    (cache / f"{FIRST}.part").write_bytes(b"x" * 123)
    fetching = threading.Thread(target=recipe.load, args=(lambda done, total: seen.append(done), said.set))
    with FileLock(cache / ".lock"):
        fetching.start()
        assert said.wait(20)
        wait_for(lambda: 123 in seen, seconds=20)
        assert mirrors[0].asked == []
    fetching.join(60)
    assert mirrors[0].asked == list(NAMES)
    assert seen[-1] == recipe.download_size


def test_who_waits_for_another_download_can_stop(cache: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    cache.mkdir(parents=True)
    with ThreadPoolExecutor(1) as pool, FileLock(cache / ".lock"), pytest.raises(KeyboardInterrupt):
        pool.submit(small("http://127.0.0.1:9/").load, stop).result(20)


def test_recompressed_and_uncompressed_files_are_taken_where_the_content_is_pinned(
    mirrors: list[Mirror], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vae_core.data.files import gunzipped

    monkeypatch.setenv("VAE_EXPLORER_DATA", str(tmp_path / "data"))
    published = small(mirrors[0].url)
    pinned = tuple(
        replace(
            file,
            hash="sha256:" + hashlib.sha256(gunzipped(ARCHIVES[file.name])).hexdigest(),
            other_names=(file.name.removesuffix(".gz"),),
            unpack=gunzipped,
        )
        for file in published.files
    )
    own = tmp_path / "data" / "small"
    own.mkdir(parents=True)
    for name in NAMES[:2]:
        (own / name).write_bytes(gzip.compress(gunzipped(ARCHIVES[name]), compresslevel=1))
    for name in NAMES[2:]:
        (own / name.removesuffix(".gz")).write_bytes(gunzipped(ARCHIVES[name]))
    assert is_whole(replace(published, files=pinned))
    assert mirrors[0].asked == []
