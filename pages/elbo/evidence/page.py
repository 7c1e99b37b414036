"""Why is p(x) hard to compute? By guessing codes, along a curve with noise, on a grid of spins, and what an average surprise is made of."""

from __future__ import annotations

from pages.elbo.evidence.curve import curve
from pages.elbo.evidence.guess import guess
from pages.elbo.evidence.ising import ising
from pages.elbo.evidence.surprise import surprise
from pages.shared.part import one_of

PARTS = {"Guess": guess, "Curve": curve, "Ising": ising, "Surprise": surprise}
one_of(PARTS, question="Why is p(x) hard to compute?", label="Part", key="evidence_part")
