"""Files that a browser fetches by address, each once, instead of finding them in every answer: pictures, and the numbers of others."""

from __future__ import annotations

import hashlib
from typing import Literal
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.shared.addresses import below_base

Kind = Literal["png", "jpeg", "webp", "bin"]
"""Of a file, as its ending names it: a picture, or packed arrays (`vae_core.drawing.packing`)."""
MEDIA = {"bin": "application/octet-stream"}
"""Kind → media type, where it is not the image of that name."""


class FetchedFile:
    """A file that the server hands out for as long as somebody holds this object: a cache, or a session's part of one.

    Args:
        data: its bytes.
        kind: of it.
        is_upload: whether it shows, or has learned from, what a visitor brought, which no browser keeps on its disk.
    """

    __slots__ = ("__weakref__", "data", "is_upload", "kind", "name")

    def __init__(self, data: bytes, *, kind: Kind = "png", is_upload: bool = False) -> None:
        self.data, self.kind, self.is_upload = data, kind, is_upload
        self.name = f"{hashlib.sha256(data).hexdigest()}.{kind}"

    @property
    def address(self) -> str:
        """Where the browser finds it; it is named after its content."""
        return below_base(f"/file/{self.name}")


_held: WeakValueDictionary[str, FetchedFile] = WeakValueDictionary()


def held(data: bytes, *, kind: Kind = "png", is_upload: bool = False) -> FetchedFile:
    """The file of these bytes, the same for all who ask."""
    new = FetchedFile(data, kind=kind, is_upload=is_upload)
    return _held.setdefault(new.name, new)


class Fetched(list[FetchedFile]):
    """The files of one drawing, to be kept with it."""

    def add(self, file: FetchedFile) -> str:
        """Keep one more; its address."""
        self.append(file)
        return file.address


def route() -> Route:
    """What the server adds to its own addresses."""
    return Route(below_base("/file/{name}"), _serve)


async def _serve(request: Request) -> Response:
    file = _held.get(request.path_params["name"])
    if file is None:
        return Response(status_code=404)
    keeping = "no-store" if file.is_upload else "private, max-age=31536000, immutable"
    headers = {"Cache-Control": keeping, "Content-Encoding": "identity"}  # to compress it again would cost more than it saves
    return Response(file.data, media_type=MEDIA.get(file.kind, f"image/{file.kind}"), headers=headers)
