"""The frame: page settings, the table of pages, the sidebar's global choices.

The server imports this file once, and finds `app`; every visit then runs it as a script.
"""

from __future__ import annotations

import gc
import sys

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

# A folder `pages/` beside this file would switch on the older way of finding pages until a first visitor has run st.navigation:
# a deep link, as the first request to a server, would show its page without the frame.
PagesManager.uses_pages_directory = False

# Uploads stay in memory: the server's library would write those above 1 MB to a temporary file while they arrive.
MultiPartParser.spool_max_size = sys.maxsize

# Section → file → title, icon and path; the page without a path opens first.
PAGES = {
    "Start": {"pages/start/overview.py": ("Overview", ":material/grid_view:", "")},
    "Reconstructions": {"pages/reconstructions/compare.py": ("Compare", ":material/compare:", "compare")},
    "Training": {
        "pages/training/train.py": ("Train a model", ":material/model_training:", "train"),
        "pages/training/film.py": ("Training film", ":material/movie:", "training-film"),
        "pages/training/library.py": ("Model library", ":material/inventory_2:", "library"),
    },
    "Learned manifolds": {
        "pages/manifolds/pad.py": ("Drag a point", ":material/touch_app:", "manifold-pad"),
        "pages/manifolds/grid.py": ("Grid", ":material/grid_on:", "manifold-grid"),
        "pages/manifolds/samples.py": ("Samples", ":material/casino:", "manifold-samples"),
        "pages/manifolds/paths.py": ("Paths", ":material/timeline:", "manifold-paths"),
        "pages/manifolds/codes.py": ("Codes", ":material/scatter_plot:", "manifold-codes"),
        "pages/manifolds/smoothness.py": ("Smoothness", ":material/blur_on:", "manifold-smoothness"),
        "pages/manifolds/toys.py": ("Toys, live", ":material/model_training:", "manifold-toys"),
    },
    "Rate and distortion": {
        "pages/rates/frontier.py": ("The frontier", ":material/balance:", "frontier"),
        "pages/rates/frontier_training.py": ("The frontier, live", ":material/play_circle:", "frontier-training"),
        "pages/rates/latent_dim.py": ("Choosing d", ":material/straighten:", "latent-dim"),
        "pages/rates/water_filling.py": ("Exact curve", ":material/water:", "exact-curve"),
        "pages/rates/collapse.py": ("Losses and collapse", ":material/power_off:", "collapse"),
        "pages/rates/doctor.py": ("Doctor", ":material/stethoscope:", "doctor"),
        "pages/rates/discrete_world.py": ("Discrete world", ":material/apps:", "discrete-world"),
        "pages/rates/rda.py": ("RDA and β", ":material/link:", "rda"),
    },
    "Expressiveness": {
        "pages/expressiveness/ring.py": ("The ring", ":material/trip_origin:", "expressiveness"),
        "pages/expressiveness/learn.py": ("Learning it", ":material/school:", "expressiveness-learned"),
        "pages/expressiveness/line.py": ("Line to curve", ":material/gesture:", "expressiveness-curve"),
    },
    "Your own images": {
        "pages/own/bring.py": ("Bring a picture", ":material/add_photo_alternate:", "own-images"),
        "pages/own/place.py": ("Where it lies", ":material/my_location:", "own-place"),
        "pages/own/photograph.py": ("Photograph", ":material/photo_camera:", "photograph"),
        "pages/own/dataset.py": ("A data set of yours", ":material/create_new_folder:", "own-data-set"),
    },
}

# Paths of the pages on which data set, latent dimension and model play no part.
WITHOUT_DATA = (
    "photograph",
    "expressiveness",
    "expressiveness-learned",
    "expressiveness-curve",
    "manifold-toys",
    "frontier",
    "frontier-training",
    "discrete-world",
)


def prepare_server() -> None:
    """Import once what every page needs, and take it out of the garbage collector's sight, where a full collection takes 0.1 s.

    A page computes on one thread: with as many as cores, each waits for the others whenever a model trains or two visitors ask.
    """
    import plotly.graph_objects  # noqa: F401

    from pages.shared import chrome, page  # noqa: F401
    from vae_core.training.devices import settle_arithmetic

    settle_arithmetic()
    gc.collect()
    gc.freeze()


def frame() -> None:
    """Draw what stands around the page, then the page."""
    from pages.shared import chrome

    st.set_page_config("VAE Explorer", "🧭", layout="wide", initial_sidebar_state=240)
    page = st.navigation(chrome.entries(PAGES), expanded=True)
    chrome.run(page, uses_data=page.url_path not in WITHOUT_DATA)


if get_script_run_ctx(suppress_warning=True) is None:
    from pages.shared import fetched_pictures
    from pages.shared.components.chart import chart

    app = st.App(__file__, routes=[fetched_pictures.route(), chart.route()])
    prepare_server()
else:
    frame()
