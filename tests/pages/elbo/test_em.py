"""*EM and the VAE*: its film and its numbers are those of the paths, a link restores the step."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from streamlit.testing.v1 import AppTest

from tests.harness import answer_of, assert_sound, conclusion_of, link_of, method_of, opened, value_of
from vae_core.data import drawn
from vae_core.drawing.packing import unpacked
from vae_core.explore import em
from vae_core.units import nats, signed

EM = "elbo/em"


def x_of(name: str) -> np.ndarray:
    return drawn.points(drawn.presets()[name]).train.x[:160].astype(float)


def film(app: AppTest) -> tuple[dict, dict[str, np.ndarray]]:
    """What the picture was given."""
    return unpacked(next(one.proto.bytes for one in app.get("bidi_component") if one.proto.component_name == "em_picture"))


def test_the_film_is_the_path_and_a_link_opens_it_at_its_step() -> None:
    states = em.mixture_path(x_of("two moons"), 2, 0, 40)
    for n in (1, 2, 3):
        app = opened(EM, em_points="two moons", em_k=2, em_step=n)
        assert_sound(app)
        assert value_of(app, "log p(x)") == f"{signed(states[n].log_px, 3)} nats per point"
        assert value_of(app, "Gap") == f"{states[n].log_px - states[n].bound:.4f} nats per point"
        assert link_of(app)["em_step"] == str(n)
    header, frames = film(app)
    assert (header["start"], header["steps"][:4]) == (3, ["start", "E", "M", "E"])
    np.testing.assert_allclose(frames["log_px"], [state.log_px for state in states], rtol=1e-6)
    np.testing.assert_allclose(frames["means"], [state.model.means for state in states], rtol=1e-6)
    np.testing.assert_allclose(frames["q"], [state.q for state in states], atol=1e-3)
    assert "did not move" in conclusion_of(app)
    raised = states[2].log_px - states[1].log_px
    assert f"raised log p(x) by **{raised:.4f} nats**" in conclusion_of(opened(EM, em_points="two moons", em_k=2, em_step=2))


def test_a_likelihood_of_the_points_that_are_fitted_is_exact_and_says_so() -> None:
    """The second way: the densities of scipy."""
    x, state = x_of("two moons"), em.mixture_path(x_of("two moons"), 2, 0, 4)[4]
    g = state.model
    density = sum(w * multivariate_normal(mean, cov).pdf(x) for w, mean, cov in zip(g.weights, g.means, g.covariances, strict=True))
    app = opened(EM, em_points="two moons", em_k=2, em_step=4)
    assert value_of(app, "log p(x)") == f"{signed(np.log(density).mean(), 3)} nats per point"
    assert method_of(app, "log p(x)") == "Mean over the n = 160 points that are fitted, no sample of others: exact, closed form."


@pytest.mark.parametrize(("model", "said"), [("k-means", "squared error"), ("pPCA", "did not move"), ("VAE", "stays")])
def test_every_model_is_drawn_and_concludes(model: str, said: str) -> None:
    app = opened(EM, em_model=model, em_step=3)
    assert_sound(app)
    assert said in conclusion_of(app)
    header, frames = film(app)
    assert len(header["steps"]) == len(frames["bounds"]) == len(frames["q" if model == "k-means" else "curves"]) == 41


def test_probabilistic_pca_is_drawn_beside_its_closed_form_and_the_gradient() -> None:
    app, x = opened(EM, em_model="pPCA", em_points="cross", em_step=40), x_of("cross")
    header, frames = film(app)
    np.testing.assert_allclose(frames["gradient"], em.gradient_path(x, 0, 20), rtol=1e-6)
    assert header["exact"] == pytest.approx(float(em.closed_form(x).log_px(x).mean()))
    last = em.ppca_path(x, 0, 40)[-1]
    np.testing.assert_allclose(frames["places"][-1], last.model.mean + last.q[:, :1] * last.model.direction, atol=5e-3)


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


def test_points_of_ones_own_are_fitted() -> None:
    app = opened(EM, em_points="your own", drawn=drawn.presets()["circle"], em_step=4)
    assert_sound(app)
    assert value_of(app, "log p(x)") == f"{signed(em.mixture_path(x_of('circle'), 3, 0, 4)[4].log_px, 3)} nats per point"
