"""The pages of the explorer, in the order of a lecture; `pages/frame` draws what stands around them.

The server imports this file once, and finds `app`; every visit then runs it as a script.
"""

from __future__ import annotations

import streamlit as st

from pages.frame import navigation, server, streamlit_patches
from pages.frame.navigation import Page

PAGES = (
    Page("start/overview", "Overview", "grid_view", ""),
    Page("linear/pca_by_hand", "PCA by hand", "rotate_right", "pca-by-hand", uses_data=False),
    Page("autoencoders/compare", "Compare", "compare", "compare"),
    Page("autoencoders/toys", "Toys, live", "model_training", "manifold-toys", uses_data=False),
    Page("latent/pad", "Drag a point", "touch_app", "manifold-pad"),
    Page("latent/grid", "Grid", "grid_on", "manifold-grid"),
    Page("latent/samples", "Samples", "casino", "manifold-samples"),
    Page("latent/paths", "Paths", "timeline", "manifold-paths"),
    Page("latent/codes", "Codes", "scatter_plot", "manifold-codes"),
    Page("latent/smoothness", "Smoothness", "blur_on", "manifold-smoothness"),
    Page("latent/ring", "The ring", "trip_origin", "expressiveness", uses_data=False),
    Page("latent/learn", "Learning it", "school", "expressiveness-learned", uses_data=False),
    Page("latent/line", "Line to curve", "gesture", "expressiveness-curve", uses_data=False),
    Page("elbo/bound", "The bound", "vertical_align_top", "bound", uses_data=False),
    Page("rates/frontier", "The frontier", "balance", "frontier", uses_data=False),
    Page("rates/frontier_training", "The frontier, live", "play_circle", "frontier-training", uses_data=False),
    Page("rates/latent_dim", "Choosing d", "straighten", "latent-dim"),
    Page("rates/water_filling", "Exact curve", "water", "exact-curve"),
    Page("rates/collapse", "Losses and collapse", "power_off", "collapse"),
    Page("rates/doctor", "Doctor", "stethoscope", "doctor"),
    Page("rates/discrete_world", "Discrete world", "apps", "discrete-world", uses_data=False),
    Page("rates/rda", "RDA and β", "link", "rda"),
    Page("own/bring", "Bring a picture", "add_photo_alternate", "own-images"),
    Page("own/place", "Where it lies", "my_location", "own-place"),
    Page("own/photograph", "Photograph", "photo_camera", "photograph", uses_data=False),
    Page("own/dataset", "A data set of yours", "create_new_folder", "own-data-set"),
    Page("training/train", "Train a model", "model_training", "train"),
    Page("training/film", "Training film", "movie", "training-film"),
    Page("training/library", "Model library", "inventory_2", "library"),
)

streamlit_patches.apply()
if streamlit_patches.is_visit():
    navigation.show(PAGES)
else:
    app = st.App(__file__, routes=server.routes(), middleware=server.middleware())
    server.prepare()
