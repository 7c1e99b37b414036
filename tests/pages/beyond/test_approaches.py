"""Four approaches on their page: ticks are what the models answered, numbers are the film's, and each control changes what it names."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from pages.beyond.approaches import cached, findings
from tests.harness import answer_of, assert_answers, assert_sound, charts, conclusion_of, opened, value_of, values, words
from vae_core.explore.beyond import approaches
from vae_core.explore.beyond.approaches import STEPS
from vae_core.units import with_interval

PAGE = "beyond/approaches"


def interval(metrics: dict, name: str) -> str:
    return with_interval(metrics[name], 1.959964 * metrics[f"{name}_se"])


def test_the_page_opens_on_trained_models_with_their_ticks() -> None:
    app = opened(PAGE)
    assert_sound(app)
    film = approaches.load()["ring"]
    said, last = words(app), {name: frames[-1].metrics for name, frames in film.frames.items()}
    assert "None of the four has all four ticks: the flow has the most, 3." in conclusion_of(app)
    assert value_of(app, "Closest: Autoregressive") == f"{interval(last['autoregressive'], 'gap')} nats"
    assert f"its log p(x) is {interval(last['autoregressive'], 'gap')} nats below on average" in conclusion_of(app)
    assert f"For the VAE it is {interval(last['vae'], 'gap')} nats." in conclusion_of(app)
    for name in ("autoregressive", "flow", "vae"):
        assert interval(last[name], "log_px") in said
    assert "| ○ Data | −0.594 |" in said
    assert f"| its ELBO | {interval(last['vae'], 'elbo')} |" in said
    rows = [row for row in said.splitlines() if row.count("|") == 6 and "layers" in row]
    ticks = {row.split("|")[1].strip()[2:]: "".join(re.findall("([✓–]) ", row)) for row in rows}
    assert ticks == {
        "Autoregressive": "✓–––",
        "Flow": "✓✓–✓",
        "VAE": "–✓✓–",
        "GAN": "–✓––",
    }
    assert "asking raises" in said and "– 2 passes, 6 layers" in said


def test_another_step_shows_the_models_as_they_were_then() -> None:
    app = opened(PAGE, approach_step=50, approach_points="Two moons", approach_discriminator="D*(x)")
    assert_sound(app)
    film, at = approaches.load()["moons"], STEPS.index(50)
    shown = charts(app)
    assert len(shown) == 5
    vae, gan = film.frames["vae"][at], film.frames["gan"][at]
    assert values(shown[3]["data"][0]["x"]) == pytest.approx(vae.draws[:, 0])
    assert values(shown[3]["data"][1]["z"]) == pytest.approx(vae.picture.ravel(), abs=1e-3)
    assert shown[4]["data"][1]["name"] == "D*(x)"
    assert values(shown[4]["data"][1]["z"]) == pytest.approx(gan.best.ravel(), abs=1e-6, nan_ok=True)
    gaps = {name: film.frames[name][at].metrics["gap"] for name in ("autoregressive", "flow", "vae")}
    best = min(gaps, key=gaps.get)
    assert best == "autoregressive"
    assert "After 50 steps, the autoregressive model is closest" in conclusion_of(app)
    told, best_told = (f"{100 * gan.metrics[name]:.0f} %" for name in ("told", "best_told"))
    assert f"D tells {told} of data and draws right, the best one, D*, {best_told}." in words(app)


def test_who_cannot_be_told_from_the_closest_is_named() -> None:
    film = approaches.load()["moons"]
    gaps = {name: film.frames[name][-1].mean("gap") for name in ("autoregressive", "flow")}
    best = min(gaps, key=lambda name: gaps[name].value)
    is_tied = abs(gaps["flow"].value - gaps["autoregressive"].value) < math.hypot(*(gap.half_width for gap in gaps.values()))
    said = conclusion_of(opened(PAGE, approach_points="Two moons"))
    assert ("does not tell" in said) == is_tied
    assert f"{gaps[best]} nats below on average" in said


def test_the_answer_has_the_closest_after_every_number_of_steps() -> None:
    said = answer_of(opened(PAGE))
    best_told = approaches.load()["ring"].frames["gan"][-1].metrics["best_told"]
    assert "Autoregressive 1, Flow 3, VAE 2 and GAN 1" in said
    assert f"still tells {100 * best_told:.0f} % right" in said
    for at, step in enumerate(STEPS):
        gaps = {name: frames[at].mean("gap") for name, frames in approaches.load()["ring"].frames.items() if frames[at].mean("gap")}
        assert f"| {step:,} | " in said and f"| {min(gaps.values(), key=lambda gap: gap.value)} |" in said
    assert_answers(opened(PAGE))


def test_a_lecture_is_told_that_none_has_all_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"approach_points": "Ring"}
    told = findings.with_all_ticks(state)
    assert told == {"value": 0, "of_autoregressive": 1, "of_flow": 3, "of_vae": 2, "of_gan": 1}
    everything = approaches.Answers(1.0, 1, 3, 1, 0.0, None)
    monkeypatch.setattr(findings, "asked", lambda dataset: {"flow": everything})
    assert findings.with_all_ticks(state) == {"value": 1, "of_flow": 4}


def test_without_its_file_the_page_says_how_to_make_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(approaches, "SHIPPED", tmp_path / "none.film")
    monkeypatch.setattr(approaches, "load", dict)
    cached.films.clear()
    try:
        app = opened(PAGE)
        assert not app.exception
        assert "vae_core.explore.beyond.approaches" in app.info[0].value
    finally:
        cached.films.clear()
