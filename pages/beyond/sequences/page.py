"""What lies between two sentences, or two tunes? Sequence VAEs, and the exact entropy of what they were trained on beside their bounds."""

from __future__ import annotations

from pages.beyond.sequences.sentences import sentences
from pages.beyond.sequences.tunes import tunes
from pages.shared.part import one_of

PARTS = {"sentences": sentences, "tunes": tunes}
one_of(PARTS, question="What lies between two sentences, or two tunes?", label="Sequences", key="seq_part")
