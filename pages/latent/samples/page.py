"""What does a model draw? Samples at every latent dimension from one noise, beside each model's test bound."""

from __future__ import annotations

import streamlit as st

from pages.latent.samples import findings
from pages.latent.samples.cached import samples
from pages.latent.samples.view import at_every_dim, best_bound, elbo_line, metrics_of
from pages.shared import cached, controls, page, words
from pages.shared.links import bound
from vae_core.explore.codes_figure import bounds_csv
from vae_core.explore.latent.samples_figure import Drawn, samples_by_latent_dim

choice = controls.choice()
text = words.beside(__file__)
gist = "Every model receives the same random numbers. Below each: a lower bound (ELBO) on the log probability of test images."
page.header("What does a model draw from its prior?", gist)
picture, side = page.columns()

with side:
    law = controls.segmented(
        "Codes of the autoencoder",
        ("prior", "gaussian", "mixture") if choice.has_data else ("prior",),
        key="law",
        help=text.sections["law"],
    )
    pixels = controls.segmented("Pixels of the VAE", ("mean", "drawn"), key="pixels", help="E[x | z], or x ~ p(x | z).")
    across = st.slider("Images per side", 3, 8, 5, **bound("n_side"))
    seed = controls.draw("Resample", icon=None)

vae, autoencoder = (at_every_dim(choice, family) for family in ("vae", "autoencoder"))
n, draws_pixels = across * across, pixels == "drawn"
rows = {
    "VAE, z ~ N(0, I)": {d: Drawn(samples(spec, "prior", n, seed, draws_pixels), elbo_line(spec)) for d, spec in vae.items()},
    text.sections[f"row-{law}"]: {d: Drawn(samples(spec, law, n, seed, False), "no p(x)") for d, spec in autoencoder.items()},
}
rows = {label: row for label, row in rows.items() if row}
with side:
    best_bound(vae)

with picture:
    if not rows:
        st.info(f"No vae or autoencoder is trained for {choice.title}: train them in the sidebar.")
        st.stop()
    table = samples_by_latent_dim(rows, across=across)
    cached.lasting("samples", (choice.dataset, law, across, seed, pixels, choice.has_data), lambda: st.html(table.to_html(most=420)))
    page.conclude(findings.conclusion(vae, text))
    values = {"law": law, "n": n, "across": across, "seed": seed, "draw_pixels": draws_pixels, "dims": sorted(vae or autoencoder)}
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        answer=findings.answer(vae, autoencoder, law, text, has_data=choice.has_data),
        notebook=text.lines("notebook", **values, **choice.values()),
        downloads=page.downloads(f"{choice.dataset}-samples", table, lambda: bounds_csv(metrics_of(vae))),
    )
