"""Caches of the page on four approaches: the films that came with the program, and what each trained model answered."""

from __future__ import annotations

from pages.shared import cached
from vae_core.explore.beyond import approaches
from vae_core.explore.beyond.approaches import Answers, Film

N_ASKED = 1000
"""Test points whose codes are asked for."""


@cached.keep(most=1, of=lambda: cached.written_at(approaches.SHIPPED))
def films() -> dict[str, Film]:
    """`explore.beyond.approaches.load`: by data set; nothing if the file is not there."""
    return approaches.load()


@cached.keep(most=16, of=lambda dataset, approach: cached.written_at(approaches.SHIPPED), spinner="Asking the models …")
def answers(dataset: str, approach: str) -> Answers:
    """`explore.beyond.approaches.answers` of a trained model."""
    return approaches.answers(films()[dataset].model(approach), approaches.unseen(dataset)[:N_ASKED])
