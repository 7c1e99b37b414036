"""The picture of a person's own that this session looked at last: it comes in on *Bring a picture*, and other pages show it, too.

It stands in the session's state only: in no cache that sessions share, in no file, in no address, in no log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from vae_core.data.pictures import Picture
from vae_core.data.preparation import Preparation, Prepared, prepared

LAST = "own_last"
"""In the session: the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class OwnPicture:
    """A picture, and how it is made like the data.

    Attributes:
        picture: as it came.
        how: what is done to it.
        number: of those that this session has kept: another one has another.
    """

    picture: Picture
    how: Preparation
    number: int = 0

    def keep(self) -> None:
        """Let other pages show it."""
        last = OwnPicture.last()
        if last is None or last.picture is not self.picture or last.how != self.how:
            st.session_state[LAST] = replace(self, number=1 if last is None else last.number + 1)

    @staticmethod
    def last() -> OwnPicture | None:
        """The one that was kept last."""
        return st.session_state.get(LAST)

    def like(self, dataset: str) -> Prepared:
        """It, made like the images of a data set step by step; the last step is what a model is given."""
        return prepared(self.picture.over(self.how.behind), dataset, self.how)
