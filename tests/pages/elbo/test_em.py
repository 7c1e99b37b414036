"""*EM and the VAE*: its buttons take the steps, its numbers are those of the paths, a link restores the step."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.harness import answer_of, assert_sound, charts, conclusion_of, link_of, opened, press, value_of, values
from vae_core.data import drawn
from vae_core.explore import em
from vae_core.units import nats, signed

EM = "elbo/em"


def x_of(name: str) -> np.ndarray:
    return drawn.points(drawn.presets()[name]).train.x[:160].astype(float)


def enabled(app: AppTest) -> set[str]:
    return {button.label for button in app.main.button if not button.disabled} & {"E step", "M step"}


def test_steps_take_turns_and_the_numbers_are_those_of_the_path() -> None:
    app = opened(EM, em_points="two moons", em_k=2)
    states = em.mixture_path(x_of("two moons"), 2, 0, 3)
    for n, label in enumerate(("E step", "M step", "E step"), 1):
        assert enabled(app) == {label}
        app = press(app, label)
        assert_sound(app)
        assert value_of(app, "log p(x)") == f"{signed(states[n].log_px, 3)} nats per point"
        assert value_of(app, "Gap") == f"{states[n].log_px - states[n].bound:.4f} nats per point"
    assert link_of(app)["em_step"] == "3"
    assert enabled(opened(EM, em_points="two moons", em_k=2, em_step=3)) == {"M step"}
    assert "did not move" in conclusion_of(app)
    raised = states[2].log_px - states[1].log_px
    assert f"raised log p(x) by **{raised:.4f} nats**" in conclusion_of(opened(EM, em_points="two moons", em_k=2, em_step=2))


@pytest.mark.parametrize(("model", "said"), [("k-means", "squared error"), ("pPCA", "did not move"), ("VAE", "stays")])
def test_every_model_is_drawn_and_concludes(model: str, said: str) -> None:
    app = opened(EM, em_model=model, em_step=3)
    assert_sound(app)
    assert said in conclusion_of(app)
    assert len(charts(app)) == 2


def test_probabilistic_pca_is_drawn_beside_its_closed_form_and_the_gradient() -> None:
    app, x = opened(EM, em_model="pPCA", em_points="cross", em_step=40), x_of("cross")
    ascent = next(trace for trace in charts(app)[1]["data"] if trace["name"] == "log p(x), gradient")
    np.testing.assert_allclose(values(ascent["y"]), em.gradient_path(x, 0, 20))
    exact = float(em.closed_form(x).log_px(x).mean())
    assert any(f"{exact:.3f}".replace("-", "−") in note["text"] for note in charts(app)[1]["layout"]["annotations"])


def test_the_answer_is_of_the_points_that_are_shown() -> None:
    start, e, m = em.mixture_path(x_of("spiral"), 4, 2, 2)
    answer = answer_of(opened(EM, em_points="spiral", em_k=4, em_seed=2))
    assert f"lifts the bound by {nats(e.bound - start.bound)} nats" in answer
    assert f"lifts log p(x) by {nats(m.log_px - e.log_px)} nats" in answer
    assert "opens the gap again, to 0.00," not in answer_of(opened(EM, em_k=8))


@pytest.mark.parametrize(("n", "said"), [(0, "no gap"), (1, "less than 0.0001"), (2, "No gap opened"), (40, "less than 0.0001")])
def test_one_gaussian_hides_nothing_and_steps_that_move_nothing_say_so(n: int, said: str) -> None:
    concluded = conclusion_of(opened(EM, em_k=1, em_step=n))
    assert said in concluded
    assert "**0.0000 nats**" not in concluded


def test_ten_steps_end_at_the_last_and_start_again_begins() -> None:
    app = press(opened(EM, em_step=35), "Ten steps")
    assert link_of(app)["em_step"] == "40"
    assert enabled(app) == set()
    assert link_of(press(app, "Start again"))["em_step"] == "0"


def test_points_of_ones_own_are_fitted() -> None:
    app = opened(EM, em_points="your own", drawn=drawn.presets()["circle"], em_step=4)
    assert_sound(app)
    assert value_of(app, "log p(x)") == f"{signed(em.mixture_path(x_of('circle'), 3, 0, 4)[4].log_px, 3)} nats per point"
