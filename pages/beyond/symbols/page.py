"""How does one write an image in symbols? A VQ-VAE's code and codebook, distributions over such codes and their draws, and k-means."""

from __future__ import annotations

from pages.beyond.symbols.code import code
from pages.beyond.symbols.points import points
from pages.beyond.symbols.priors import priors
from pages.shared.part import one_of

PARTS = {"Code": code, "Priors": priors, "k-means": points}
one_of(PARTS, question="How does one write an image in symbols?", label="Part", key="symbols_part")
