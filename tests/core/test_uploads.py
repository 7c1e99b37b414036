"""Three hundred uploads that nobody should make: each is taken or refused in a sentence, in ten seconds and a gigabyte."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.uploads import LARGE, LARGE_EVERY, WAYS, treated, upload
from vae_core.models import default_spec
from vae_core.store import Store, archive

N, SECONDS = 300, 10


@pytest.mark.slow
def test_three_hundred_uploads_are_taken_or_refused_in_sentences(tmp_path: Path) -> None:
    model = archive.exported(Store().find(default_spec("vae", "digits", 2)))
    ends = [treated(upload(seed, model), Store(tmp_path / str(seed), shipped=tmp_path / "none")) for seed in range(N) if seed % LARGE_EVERY]
    assert ends.count("taken") > N // 20
    assert ends.count("refused") > N // 4


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(LARGE)))
def test_an_upload_that_is_made_to_cost_costs_ten_seconds_at_most(number: int, tmp_path: Path) -> None:
    one = upload(2 * LARGE_EVERY * number, b"")
    for way in WAYS[:2]:
        start = time.process_time()  # of this process: others' work does not count
        treated(replace(one, way=way), Store(tmp_path))
        assert time.process_time() - start < SECONDS, way
