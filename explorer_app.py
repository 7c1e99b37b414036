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
    "Start": {"pages/start/overview/page.py": ("Overview", ":material/grid_view:", "")},
    "Autoencoders": {
        "pages/autoencoders/compare/page.py": ("Compare", ":material/compare:", "compare"),
        "pages/autoencoders/toys/page.py": ("Toys, live", ":material/model_training:", "manifold-toys"),
    },
    "Latent space": {
        "pages/latent/pad/page.py": ("Drag a point", ":material/touch_app:", "manifold-pad"),
        "pages/latent/grid/page.py": ("Grid", ":material/grid_on:", "manifold-grid"),
        "pages/latent/samples/page.py": ("Samples", ":material/casino:", "manifold-samples"),
        "pages/latent/paths/page.py": ("Paths", ":material/timeline:", "manifold-paths"),
        "pages/latent/codes/page.py": ("Codes", ":material/scatter_plot:", "manifold-codes"),
        "pages/latent/smoothness/page.py": ("Smoothness", ":material/blur_on:", "manifold-smoothness"),
        "pages/latent/ring/page.py": ("The ring", ":material/trip_origin:", "expressiveness"),
        "pages/latent/learn/page.py": ("Learning it", ":material/school:", "expressiveness-learned"),
        "pages/latent/line/page.py": ("Line to curve", ":material/gesture:", "expressiveness-curve"),
    },
    "Rate and β": {
        "pages/rates/frontier/page.py": ("The frontier", ":material/balance:", "frontier"),
        "pages/rates/frontier_training/page.py": ("The frontier, live", ":material/play_circle:", "frontier-training"),
        "pages/rates/latent_dim/page.py": ("Choosing d", ":material/straighten:", "latent-dim"),
        "pages/rates/water_filling/page.py": ("Exact curve", ":material/water:", "exact-curve"),
        "pages/rates/collapse/page.py": ("Losses and collapse", ":material/power_off:", "collapse"),
        "pages/rates/doctor/page.py": ("Doctor", ":material/stethoscope:", "doctor"),
        "pages/rates/discrete_world/page.py": ("Discrete world", ":material/apps:", "discrete-world"),
        "pages/rates/rda/page.py": ("RDA and β", ":material/link:", "rda"),
    },
    "Your images": {
        "pages/own/bring/page.py": ("Bring a picture", ":material/add_photo_alternate:", "own-images"),
        "pages/own/place/page.py": ("Where it lies", ":material/my_location:", "own-place"),
        "pages/own/photograph/page.py": ("Photograph", ":material/photo_camera:", "photograph"),
        "pages/own/dataset/page.py": ("A data set of yours", ":material/create_new_folder:", "own-data-set"),
    },
    "Models": {
        "pages/training/train/page.py": ("Train a model", ":material/model_training:", "train"),
        "pages/training/film/page.py": ("Training film", ":material/movie:", "training-film"),
        "pages/training/library/page.py": ("Model library", ":material/inventory_2:", "library"),
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

    from pages.shared import page  # noqa: F401
    from vae_core.training.devices import settle_arithmetic

    settle_arithmetic()
    gc.collect()
    gc.freeze()


def frame() -> None:
    """Draw what stands around the page, then the page."""
    from pages.frame import frame as chrome

    st.set_page_config("VAE Explorer", "🧭", layout="wide", initial_sidebar_state=240)
    page = st.navigation(chrome.entries(PAGES), expanded=True)
    chrome.run(page, uses_data=page.url_path not in WITHOUT_DATA)


if get_script_run_ctx(suppress_warning=True) is None:
    from pages.shared import fetched_pictures
    from pages.shared.chart import chart

    app = st.App(__file__, routes=[fetched_pictures.route(), chart.route()])
    prepare_server()
else:
    frame()
