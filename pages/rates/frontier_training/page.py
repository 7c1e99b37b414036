"""How does the frontier form? A whole grid of β and d sweeps across the plane while it trains; live on digits, kept for the others."""

from __future__ import annotations

import streamlit as st

from pages.rates.frontier_training import findings
from pages.rates.frontier_training import view as sweeps
from pages.shared import page, words
from vae_core.explore.rates import frontier
from vae_core.explore.rates.frontier_training import sweep_of_frames
from vae_core.training.grids import specs_of_grid

text = words.beside(__file__)
gist = "Models of every β and latent dimension, each a dot on the plane of rate and distortion, after each epoch of their training."
page.header("How does the frontier form?", gist)
picture, side = page.columns()
run, seen, n_epochs, seed = None, None, 60, 0
with side:
    title = sweeps.choose()
    if title == sweeps.LIVE:
        grid = sweeps.choose_grid()
        specs, (n_epochs, seed) = specs_of_grid(grid), (grid["fixed"]["n_epochs"], grid["fixed"]["seed"])
        run, seen = sweeps.run(grid)
        sweep = sweep_of_frames(specs, run.frames) if run is not None else None
    else:
        specs, sweep = frontier.planes()[title], sweeps.sweep_of_plane(title)
    page.conclude(findings.conclusion(sweep, text))
    sweeps.numbers(specs if sweep is None else sweep.specs, sweep, run)
with picture:
    if title == sweeps.LIVE:
        sweeps.draw(specs, run, seen)
    elif sweep is not None:
        sweeps.draw_kept((title,), sweep)
    else:
        st.info(f"No model of {title} is trained yet: `python -m vae_core ship checkpoints/shipped/frontier.json` trains them all.")
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(sweep, text),
        notebook=text.lines("live" if title == sweeps.LIVE else "kept", title=title, n_epochs=n_epochs, seed=seed),
        downloads=sweeps.downloads(sweep),
    )
