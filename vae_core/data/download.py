"""Downloads that appear whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from pooch import HTTPDownloader

from vae_core.data.files import NotAsPublished, RemoteFile

TIMEOUT_SECONDS = (10, 30)
"""To connect, and between two pieces of an answer."""

CHUNK_BYTES = 1 << 16


class DownloadFailed(RuntimeError):
    """No mirror gave the file. The message lists why, mirror by mirror."""


class PoochProgress:
    """Tells a callable the number of bytes so far, through the calls that pooch makes on a progress bar."""

    def __init__(self, report: Callable[[int], None]) -> None:
        self.total = 0  # pooch sets it
        self._report = report
        self._done = 0

    def update(self, n_bytes: int) -> None:
        self._done += n_bytes
        self._report(self._done)

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        """Nothing to close."""


def download(file: RemoteFile, folder: Path, report: Callable[[int], None]) -> bytes:
    """The verified content of a file, which then lies in the folder under its name.

    Mirrors are tried in order, and once more in order, for a connection may be cut. What a mirror sends goes to a file aside,
    which is renamed once it is verified and removed otherwise. A caller cancels by raising its own exception in `report`.

    Raises:
        DownloadFailed: if no mirror gave the published file.
        OSError: if it cannot be written here, with its name.
    """
    failures: dict[str, str] = {}  # by mirror, the latest one
    unreachable: set[str] = set()
    for url in (*file.urls, *file.urls):
        if url in unreachable:
            continue
        host = urlsplit(url).netloc
        try:
            return from_mirror(url, file, folder, report)
        except NotAsPublished:
            failures[url] = f"{host} sent something else than the published {file.name}"
        except OSError as error:  # every exception of requests is one
            if not is_of_the_network(error):
                raise
            failures[url] = failure(error, host)
            unreachable |= {url} if is_no_connection(error) else set()
    raise DownloadFailed(", ".join(dict.fromkeys(failures.values())))


def from_mirror(url: str, file: RemoteFile, folder: Path, report: Callable[[int], None]) -> bytes:
    """The verified content from one mirror, kept in the folder; the caller holds the folder's lock."""
    part = part_of(file, folder)
    try:
        HTTPDownloader(progressbar=PoochProgress(report), chunk_size=CHUNK_BYTES, timeout=TIMEOUT_SECONDS)(url, str(part), None)
        content = file.verified(part.read_bytes())
        part.replace(folder / file.name)
        return content
    except OSError as error:
        if error.filename is None and not is_of_the_network(error):
            error.filename = str(folder / file.name)
        raise
    finally:
        part.unlink(missing_ok=True)


def part_of(file: RemoteFile, folder: Path) -> Path:
    """Where a file grows while it is downloaded."""
    return folder / f"{file.name}.part"


def failure(error: OSError, host: str) -> str:
    """Why a mirror did not give a file, in a few words."""
    from requests import HTTPError

    if isinstance(error, HTTPError) and error.response is not None:
        return f"{host} answered {error.response.status_code}"
    if is_no_connection(error):
        return f"no connection to {host}"
    return f"the connection to {host} was cut"


def is_of_the_network(error: OSError) -> bool:
    """Whether the other side is to blame, not this machine's disk."""
    from requests import RequestException

    return isinstance(error, RequestException)


def is_no_connection(error: OSError) -> bool:
    """Whether there was no getting through at all, so that trying again would only take time."""
    from requests import exceptions

    return isinstance(error, exceptions.ConnectionError | exceptions.Timeout)
