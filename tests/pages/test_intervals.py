"""What ± and brackets stand for is said wherever one of them stands in a sentence that is computed."""

from __future__ import annotations

import pytest

from pages.shared import intervals
from tests.harness import COMPARE, answer_of, opened


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("It is 1.85 ± 0.05 times PCA's.", "± 95 % confidence interval."),
        ("It reads 61 % (58 to 64).", "In brackets: 95 % confidence interval."),
        ("61 % (58 to 64) where 3.0 ± 0.2 nats.", "± and in brackets: 95 % confidence intervals."),
        ("3.0 ± 0.2 nats, ± 95 % confidence interval.", ""),
        ("Digit 6 (one of ten) has 4 dimensions.", ""),
    ],
)
def test_the_sign_of_an_interval_is_explained_unless_the_sentence_does(sentence: str, told: str) -> None:
    assert intervals.told(sentence) == told


@pytest.mark.usefixtures("checkpoints")
def test_a_conclusion_and_an_answer_with_an_interval_say_which_one() -> None:
    app = opened(COMPARE, dataset="digits", latent_dim=2, family="vae")
    (said,) = [element for element in app.main.markdown if "smallest mean test error" in element.value]
    assert said.proto.help == "± 95 % confidence interval."
    assert answer_of(app).endswith("<small>± 95 % confidence interval.</small>")
