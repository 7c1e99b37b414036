"""What a data set declares of itself, and the way to its arrays: find its files or download them, verify them, put them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock

from vae_core.data.base import Images, Points, Provenance, Split
from vae_core.data.download import DownloadFailed, download
from vae_core.data.files import DatasetUnavailable, FileRefused, RemoteFile, cache_folder, data_folder, folders
from vae_core.specs import Likelihood

Progress = Callable[[int, int], None]
"""(bytes that are there, bytes in all), called while a download runs; it cancels by raising an exception of its own."""


LAST = 1_000
Sizes = Mapping[str, Mapping[str, Any]]
"""Network → fields of a spec that differ from its defaults."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How a data set places what its images show.

    Attributes:
        box: side of the square that the ink is fitted into, in pixels; None where the whole picture is fitted instead.
        by_mass: place the centre of mass, rather than the middle of the box, in the middle of the image.
    """

    box: int | None = None
    by_mass: bool = False


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
    part_of: str = ""

    def sizes_for(self, kind: str, network: str) -> Mapping[str, Any]:
        """What a spec of that kind and network sets beside its defaults."""
        return self.sizes_of.get(kind, {}).get(network, self.sizes.get(network, {}))

    @property
    def download_size(self) -> int:
        """Bytes that all its files take to download."""
        return sum(file.size for file in self.files)

    def available(self) -> bool:
        """Whether every file is somewhere on this machine. Quick: their content is verified on loading."""
        places = tuple(folders(self.name)) if self.files else ()
        return all(any(file.found_in(folder) for folder in places) for file in self.files)

    def load(self, progress: Progress | None = None) -> Images | Points:
        """The data set, from the first place that has its files.

        Raises:
            DatasetUnavailable: if it is not on this machine and cannot be downloaded, or a file of it is refused.
        """
        train, test = self.assemble(*self.contents(progress))
        return self.kind(self.name, train, test, self.provenance)

    def contents(self, progress: Progress | None = None) -> Iterator[bytes]:
        """The verified content of each file, downloaded where no folder has it."""
        before = 0
        for file in self.files:
            yield self._given(file) or self._cached(file) or self._downloaded(file, before, progress)
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

    def _downloaded(self, file: RemoteFile, before: int, progress: Progress | None) -> bytes:
        def report(n_bytes: int) -> None:
            if progress is not None:
                progress(before + min(n_bytes, file.size), self.download_size)

        folder, removed = cache_folder() / self.name, ""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / ".lock"):
                content = self._cached(file)  # another process may have brought it meanwhile
                if content is None:
                    removed = remove_damaged(file, folder)
                    content = download(file, folder, report)
        except (DownloadFailed, OSError) as error:
            raise DatasetUnavailable(self._unavailable(f"{removed}{error}")) from error
        report(file.size)
        return content

    def _unavailable(self, reason: str) -> str:
        names = ", ".join(file.name for file in self.files)
        size = f"{self.download_size / 1e6:.1f} MB" + (" in all" if len(self.files) > 1 else "")
        return (
            f"{self.name} is not on this machine and could not be downloaded ({reason}): "
            f"connect to the network and try again, or put {names} ({size}) in {next(folders(self.name))}"
        )


def remove_damaged(file: RemoteFile, folder: Path) -> str:
    """Removes from the cache what was refused under any of the file's names; the words that say so, if there was any."""
    removed = []
    while (path := file.found_in(folder)) is not None:
        path.unlink()
        removed.append(f"the cached {path.name} was damaged and is removed, ")
    return "".join(removed)
