"""What a command says: its answer on stdout, as one JSON object if that is asked for; everything else, a sentence each, on stderr."""

from __future__ import annotations

import json
import sys
from typing import Any

from tqdm import tqdm


def say(sentence: str) -> None:
    """One sentence on stderr."""
    tqdm.write(sentence, file=sys.stderr)


def answer(as_json: bool, value: dict[str, Any], text: str) -> None:
    """The result on stdout: one JSON object, or the text."""
    print(json.dumps(value) if as_json else text, flush=True)
