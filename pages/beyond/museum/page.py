"""Which systems of the lectures work here? A timeline of published numbers beside ours, and small working models with exact answers."""

from __future__ import annotations

from pages.beyond.museum.fork import fork
from pages.beyond.museum.function import function
from pages.beyond.museum.timeline import timeline
from pages.shared.part import one_of

PARTS = {"Timeline": timeline, "At a fork": fork, "Function space": function}
one_of(PARTS, question="Which systems of the lectures work here?", label="Exhibit", key="museum_part")
