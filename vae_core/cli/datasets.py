"""Commands on data sets: what there is, fetched, made of one's own images, and removed."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import tyro
from tqdm import tqdm

from vae_core import data
from vae_core.cli.output import answer, say
from vae_core.data import own
from vae_core.data.classes import INNERMOST
from vae_core.errors import require
from vae_core.jobs.deletion import delete_dataset
from vae_core.store import Store

WAITS = "Another process fetches it; its end is waited for."


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAll:
    """List the data sets: what is here, what can be fetched, what it takes."""

    def run(self, *, as_json: bool) -> None:
        rows = [row(name) for name in data.names()]
        answer(as_json, {"datasets": rows}, "\n".join(map(line, rows)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Fetch a published data set.

    Attributes:
        name: the data set.
    """

    name: tyro.conf.Positional[str]

    def run(self, *, as_json: bool) -> None:
        require(self.name in data.names(), "name", f"be one of {', '.join(data.names())}", self.name)
        with tqdm(unit="B", unit_scale=True, desc=self.name, disable=not sys.stderr.isatty()) as bar:
            data.fetch(self.name, progress=lambda done, total: _set_bar(bar, done, total), waiting=lambda: say(WAITS))
        answer(as_json, {"datasets": [row(self.name)]}, line(row(self.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Make a data set of your own images; files that are refused are named on stderr.

    Attributes:
        path: the folder or ZIP file of images, whose folders are the labels.
        title: of the data set; by default the name of its folder or file.
        size: side of its images, in pixels.
        grey: keep grey levels instead of colours.
        cut: one square around the centre of each image, or all the patches that tile it.
        level: which of an image's folders is its label: -1 for the innermost, 0 for the outermost in which they differ, 1 for the next.
            None for no labels.
    """

    path: tyro.conf.Positional[Path]
    title: str | None = None
    size: int = 32
    grey: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    cut: own.Cut = "squares"
    level: int | None = INNERMOST

    def run(self, *, as_json: bool) -> None:
        title = self.title or self.path.resolve().stem
        name, prepared = own.add(self.path, title=title, size=self.size, colour=not self.grey, cut=self.cut, level=self.level)
        if prepared.classes:
            say(f"Classes: {', '.join(prepared.classes)}.")
        for refusal in prepared.refused:
            say(refusal)
        if prepared.n_duplicates:
            say(f"{prepared.n_duplicates} images were left out because they are there already.")
        answer(as_json, {"datasets": [row(name)]}, line(row(name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Remove a data set of your own, and the models that were trained on it.

    Attributes:
        name: the data set, own-….
    """

    name: tyro.conf.Positional[str]

    def run(self, *, as_json: bool) -> None:
        removed = row(self.name)
        delete_dataset(self.name, Store())
        answer(as_json, {"datasets": [removed]}, f"{self.name} is removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Datasets:
    """List the data sets, fetch a published one, or make and remove one of your own.

    Attributes:
        action: what to do.
        json: print one JSON object.
    """

    action: (
        Annotated[ListAll, tyro.conf.subcommand("list", prefix_name=False)]
        | Annotated[Fetch, tyro.conf.subcommand("fetch", prefix_name=False)]
        | Annotated[Add, tyro.conf.subcommand("add", prefix_name=False)]
        | Annotated[Remove, tyro.conf.subcommand("remove", prefix_name=False)]
    ) = field(default_factory=ListAll)
    json: bool = False

    def run(self) -> None:
        self.action.run(as_json=self.json)


def row(name: str) -> dict[str, Any]:
    """What there is to know of a data set before it is opened."""
    about = data.info(name)
    return {
        "name": name,
        "title": about.title,
        "available": data.available(name),
        "download_bytes": data.download_size(name),
        "source": about.source,
        "licence": about.licence,
        "split": about.split,
    }


def line(of: dict[str, Any]) -> str:
    """A row as a line of a table."""
    return f"{of['name']:15} {'here' if of['available'] else 'to fetch':9} {of['download_bytes'] / 1e6:6.1f} MB  {of['title']}"


def _set_bar(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
