"""What a data set declares of itself, and the way to its arrays: find its files or download them, verify them, put them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from vae_core.data.base import Images, Points, Provenance, Split
from vae_core.data.download import DownloadFailed, download, part_of
from vae_core.data.files import FileRefused, NotDownloaded, RemoteFile, cache_folder, data_folder, folders
from vae_core.errors import FULL
from vae_core.specs import Likelihood

Progress = Callable[[int, int], None]
"""(bytes that are there, bytes in all), called while a download runs; it cancels by raising an exception of its own."""
Waiting = Callable[[], None]
"""Called once where another process, or another visitor, downloads the same files: its progress is reported from there on."""
POLL_SECONDS = 0.3


LAST = 1_000
Sizes = Mapping[str, Mapping[str, Any]]
"""Network → fields of a spec that differ from its defaults."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How a data set places what its images show.

    Attributes:
        box: side of the square that the ink is fitted into, in pixels; None where the whole picture is fitted instead.
        by_mass: place the centre of mass, rather than the middle of the box, in the middle of the image.
        strokes: widths of written strokes in that box, in pixels (`strokes.stroke_width`): the least and the most that a picture keeps, and
            between them the median of the training images, enlarged eight times; none where the ink is no writing.
        brightness: the 0.5 % and 99.5 % quantiles of the mean grey of the training images.
    """

    box: int | None = None
    by_mass: bool = False
    strokes: tuple[float, float, float] | None = None
    brightness: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a named data set is made, from published files or from nothing, and what suits it.

    Attributes:
        name: of the data set.
        provenance: what is told of it.
        assemble: the verified content of each file, in order → (train, test).
        files: that it is made from; none for one that is bundled or made up.
        kind: `Images` or `Points`.
        place: where it stands among those of its kind that a person chooses from; one without a place comes last.
        n_classes: how many labels there are, from 0 on; 0 where images have none.
        classes: what its labels stand for, in their order; none where they are numbers, or there are none.
        usual_dims: latent dimensions that are offered.
        frame: how its makers placed what an image shows: a box for bright ink on black, none for whole pictures.
        likelihood: law of a pixel that suits it.
        sizes: of networks and trainings, for every family.
        sizes_of: the same for a family of its own, by its `kind`.
        sizes_at: the same for one latent dimension of it: (kind, network, d). Its usual network there is the one that is named.
        part_of: the larger data set whose images these are some of; nothing for a data set of its own.
    """

    name: str
    provenance: Provenance
    assemble: Callable[..., tuple[Split, Split]]
    files: tuple[RemoteFile, ...] = ()
    kind: type[Images] | type[Points] = Images
    place: int = LAST
    n_classes: int = 0
    classes: tuple[str, ...] = ()
    usual_dims: tuple[int, ...] = (2, 20)
    frame: Frame = Frame()
    likelihood: Likelihood = "gaussian"
    sizes: Sizes = field(default_factory=dict)
    sizes_of: Mapping[str, Sizes] = field(default_factory=dict)
    sizes_at: Mapping[tuple[str, str, int], Mapping[str, Any]] = field(default_factory=dict)
    part_of: str = ""

    def network_at(self, kind: str, latent_dim: int) -> str | None:
        """The network that `sizes_at` names for a family of that kind at a latent dimension, if it names one."""
        return next((network for of, network, d in self.sizes_at if (of, d) == (kind, latent_dim)), None)

    def sizes_for(self, kind: str, network: str, latent_dim: int) -> Mapping[str, Any]:
        """What a spec of that kind, network and latent dimension sets beside its defaults."""
        usual = self.sizes_of.get(kind, {}).get(network, self.sizes.get(network, {}))
        return self.sizes_at.get((kind, network, latent_dim), usual)

    @property
    def download_size(self) -> int:
        """Bytes that all its files take to download."""
        return sum(file.size for file in self.files)

    def available(self) -> bool:
        """Whether every file is somewhere on this machine. Quick: their content is verified on loading."""
        places = tuple(folders(self.name)) if self.files else ()
        return all(any(file.found_in(folder) for folder in places) for file in self.files)

    def load(self, progress: Progress | None = None, waiting: Waiting | None = None) -> Images | Points:
        """The data set, from the first place that has its files.

        Raises:
            DatasetUnavailable: if it is not on this machine and cannot be downloaded, or a file of it is refused.
        """
        train, test = self.assemble(*self.contents(progress, waiting))
        return self.kind(self.name, train, test, self.provenance)

    def contents(self, progress: Progress | None = None, waiting: Waiting | None = None) -> Iterator[bytes]:
        """The verified content of each file, downloaded where no folder has it."""
        before = 0
        for file in self.files:
            yield self._given(file) or self._cached(file) or self._downloaded(file, before, progress, waiting)
            before += file.size

    def _given(self, file: RemoteFile) -> bytes | None:
        """The content of a person's own copy; one that is damaged is theirs to mend."""
        folder = data_folder()
        path = file.found_in(folder / self.name) if folder is not None else None
        return file.read(path) if path is not None else None

    def _cached(self, file: RemoteFile) -> bytes | None:
        path = file.found_in(cache_folder() / self.name)
        try:
            return file.read(path) if path is not None else None
        except FileRefused:
            return None  # to be downloaded again

    def _downloaded(self, file: RemoteFile, before: int, progress: Progress | None, waiting: Waiting | None) -> bytes:
        def report(n_bytes: int) -> None:
            if progress is not None:
                progress(before + min(n_bytes, file.size), self.download_size)

        folder, removed = cache_folder() / self.name, ""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with turn(folder, lambda: report(size_of(part_of(file, folder))), waiting):
                content = self._cached(file)  # another process may have brought it meanwhile
                if content is None:
                    removed = remove_damaged(file, folder)
                    content = download(file, folder, report)
        except DownloadFailed as error:
            remedy = "connect to the network and try again"
            raise NotDownloaded(self.name, f"{removed}{error}", remedy, self._by_hand(next(folders(self.name)))) from error
        except OSError as error:
            raise self._not_kept(error, folder) from error
        report(file.size)
        return content

    def _not_kept(self, error: OSError, folder: Path) -> NotDownloaded:
        """What is said where the disk does not take the files."""
        happened = f"{error.filename or folder} cannot be written: {(error.strerror or type(error).__name__).lower()}"
        first = "free some room there" if error.errno in FULL else "allow writing there"
        given = data_folder()
        return NotDownloaded(
            self.name,
            happened,
            f"{first} or name another folder by VAE_EXPLORER_CACHE",
            self._by_hand(given / self.name if given is not None else f"a folder {self.name} of one that VAE_EXPLORER_DATA names"),
        )

    def _by_hand(self, place: Path | str) -> str:
        names = ", ".join(file.name for file in self.files)
        size = f"{self.download_size / 1e6:.1f} MB" + (" in all" if len(self.files) > 1 else "")
        return f"put {names} ({size}) in {place}"


@contextmanager
def turn(folder: Path, report: Callable[[], None], waiting: Waiting | None) -> Iterator[None]:
    """Hold a folder's lock; while another process or visitor downloads into it, say so once, and report how far that is.

    Args:
        folder: of the files.
        report: called again and again while this one waits; it cancels by raising an exception of its own.
        waiting: called once, when it begins to wait.
    """
    lock, waits = FileLock(folder / ".lock"), False
    while True:
        try:
            lock.acquire(timeout=POLL_SECONDS)
            break
        except Timeout:
            if not waits and waiting is not None:
                waiting()
            waits = True
            report()
    try:
        yield
    finally:
        lock.release()


def size_of(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def remove_damaged(file: RemoteFile, folder: Path) -> str:
    """Removes from the cache what was refused under any of the file's names; the words that say so, if there was any."""
    removed = []
    while (path := file.found_in(folder)) is not None:
        path.unlink()
        removed.append(f"the cached {path.name} was damaged and is removed, ")
    return "".join(removed)
