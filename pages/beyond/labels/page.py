"""What is left in the code of a VAE that is told the label? The label changed at one code, and what the code says without it."""

from __future__ import annotations

from pages.beyond.labels.analogies import analogies
from pages.beyond.labels.bayes import bayes
from pages.beyond.labels.manifolds import manifolds
from pages.beyond.labels.style import style
from pages.shared.part import one_of

PARTS = {"analogies": analogies, "manifolds": manifolds, "style": style, "which y?": bayes}
one_of(PARTS, question="What is left in the code of a VAE that is told the label?", label="Show", key="label_part")
