"""What ± and brackets mean in a sentence that is computed, said wherever one of them stands in it."""

from __future__ import annotations

import re

IN_BRACKETS = re.compile(r"\(−?[\d.,]+ to −?[\d.,]+\)")


def told(sentence: str) -> str:
    """That they are 95 % confidence intervals; nothing where the sentence has neither, or says so itself."""
    if "confidence interval" in sentence:
        return ""
    if "±" in sentence:
        return "± 95 % confidence interval." if not IN_BRACKETS.search(sentence) else "± and in brackets: 95 % confidence intervals."
    return "In brackets: 95 % confidence interval." if IN_BRACKETS.search(sentence) else ""
