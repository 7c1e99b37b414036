"""The discrete world: a sum that does not move, and β that tips it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.harness import assert_answers, charts, numbers_of, opened, values
from vae_core.explore.rates.discrete_world import POPULATIONS, morph

WORLD = "rates/discrete_world"
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_the_sum_of_information_and_entropy_is_shown_not_to_move() -> None:
    pop = np.array(POPULATIONS["skewed"])
    for share in (0.0, 0.5, 1.0):
        app = opened(WORLD, share=share)
        assert_answers(app)
        world = morph(pop, share)
        assert numbers_of(app)["I(y; z) + H(y|z)"] == f"{world.information:.3f} + {abs(world.conditional_entropy):.3f} nats"
        assert numbers_of(app)["Objective at β = 1"] == f"{world.entropy:.4f} nats"


@pytest.mark.parametrize(("beta", "best"), [("0.5", 1.0), ("2", 0.0)])
def test_beta_tips_the_optimum_to_an_end(beta: str, best: float) -> None:
    app = opened(WORLD, world_beta=beta)
    star = next(trace for trace in charts(app)[1]["data"] if trace.get("name") == "optimum")
    assert values(star["x"]) == [best]


def test_another_draw_is_another_encoder_of_the_same_bound() -> None:
    app = opened(WORLD, encoder="random")
    before = numbers_of(app)
    next(button for button in app.main.button if button.label == "Draw Q").click().run()
    assert_answers(app)
    after = numbers_of(app)
    assert before["I(y; z) + H(y|z)"] != after["I(y; z) + H(y|z)"]
    assert before["Objective at β = 1"] == after["Objective at β = 1"]


@pytest.mark.parametrize(("share", "says"), [(0.0, "equals the bound here"), (1.0, "looser than at β = 1")])
def test_how_loose_a_bound_above_one_is_depends_on_the_information(share: float, says: str) -> None:
    app = opened(WORLD, world_beta=1.5, share=share)
    assert says in " ".join(caption.value for caption in app.main.caption)
