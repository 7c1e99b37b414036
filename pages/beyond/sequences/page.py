"""What lies between two sentences? Sequence VAEs, and the exact entropy of what they were trained on beside their bounds."""

from __future__ import annotations

from pages.beyond.sequences.sentences import sentences
from pages.shared import controls, page

page.header("What lies between two sentences?", sentences.GIST)
picture, side = page.columns()
shown = sentences.draw(picture, side, controls.choice())
with picture:
    page.conclude(shown.conclusion)
    page.footer(
        seeing=shown.text.seeing,
        try_this=shown.text.try_this,
        answer=shown.answer,
        notebook=shown.notebook,
        downloads=shown.downloads,
    )
