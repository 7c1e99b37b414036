"""What does a photograph cost, patch by patch? A person's own photograph through models of small patches, beside JPEG and WebP."""

from __future__ import annotations

import streamlit as st

from pages.own.photograph import cached as photographs
from pages.own.photograph import controls as photograph_controls
from pages.own.photograph import view as photograph_views
from pages.shared import controls, page, words
from vae_core.explore.own.photographs_figure import rate_distortion, rate_distortion_csv

text = words.beside(__file__)
place = st.container()
picture, side = page.columns()
with side:
    show = controls.segmented("Show", ("pictures", "detail", "curves"), key="photo_show")
    found = photograph_controls.choose()
    where = photograph_controls.place() if photograph_controls.has_place(found, show) else (0.5, 0.5)
with place:
    gist = "Each patch becomes a code of d numbers, and comes back."
    page.header("What does a photograph cost, patch by patch?", f"{found.origin} {gist}" if found else gist)
if found is None:
    picture.info("Choose a photograph and a model that is trained: the picture appears here.")
    st.stop()

coded = photographs.coded(found.family, found.dataset, found.latent_dim, found.photograph, found.is_own)
files = photograph_views.files(found, coded)
lines = photograph_views.lines(found) if show == "curves" else []
with side:
    photograph_views.numbers(found, coded)
with picture:
    if lines:
        page.chart(rate_distortion(lines, chosen=coded.bits_per_pixel))
    else:
        st.html(photograph_views.sheet_html(found, coded, files, show=show, where=where))
    table = [page.Download("CSV", f"{found.name}-curves.csv", "text/csv", rate_distortion_csv(lines))] if lines else []
    kept = [page.Download(f.codec, f"{found.name}.{f.codec.lower()}", f"image/{f.codec.lower()}", f.data) for f in files if not lines]
    packed = page.Download(
        "ZIP", f"{found.name}-{found.family}.zip", "application/zip", lambda: photograph_views.archive(found, coded, files)
    )
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        notebook=text.lines("curves" if lines else "pictures", **photograph_views.notebook(found)),
        downloads=[*kept, *table, packed],
    )
