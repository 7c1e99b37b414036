"""How do PCA and a VAE compress a photograph, compared with JPEG? A photograph through models of small patches, beside JPEG and WebP."""

from __future__ import annotations

import streamlit as st

from pages.own.photograph import cached as photographs
from pages.own.photograph import controls as choices
from pages.own.photograph import findings, view
from pages.shared import controls, page, words
from vae_core.explore.own.photographs_figure import rate_distortion, rate_distortion_csv

text = words.beside(__file__)
place = st.container()
picture, side = page.columns()
with side:
    show = controls.segmented("Show", ("pictures", "detail", "curves"), key="photo_show")
    basic = st.container()
    chosen = choices.choose(basic)
    with basic:
        where = choices.place() if choices.has_place(chosen, show) else (0.5, 0.5)
with place:
    gist = "Each patch becomes a code of d numbers, and comes back."
    page.header("How do PCA and a VAE compress a photograph, compared with JPEG?", f"{chosen.origin} {gist}" if chosen else gist)
if chosen is None:
    picture.info("Choose a photograph and a model that is trained: the picture appears here.")
    st.stop()

coded = photographs.coded(chosen.family, chosen.dataset, chosen.latent_dim, chosen.is_own, chosen.photograph)
files = view.files(chosen, coded)
lines = view.lines(chosen) if show == "curves" else []
with side:
    view.numbers(chosen, coded)
with picture:
    if lines:
        page.chart(rate_distortion(lines, chosen=coded.bits_per_pixel))
    else:
        st.html(view.sheet_html(chosen, coded, files, show=show, where=where))
        view.prepare(chosen, show=show, where=where)
    page.conclude(findings.conclusion(chosen, coded, files, text))
    table = [page.Download("CSV", f"{chosen.name}-curves.csv", "text/csv", lambda: rate_distortion_csv(lines))] if lines else []
    codecs = [page.Download(f.codec, f"{chosen.name}.{f.codec.lower()}", f"image/{f.codec.lower()}", f.data) for f in files if not lines]
    archive = page.Download("ZIP", f"{chosen.name}-{chosen.family}.zip", "application/zip", lambda: view.archive(chosen, coded, files))
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=lambda: findings.answer(chosen, text),
        notebook=text.lines("curves" if lines else "pictures", **view.notebook(chosen)),
        downloads=[*codecs, *table, archive],
    )
