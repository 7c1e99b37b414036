"""What is kept of a page, as it went to the browser, is what the page would draw now, whichever control was changed."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.own.photograph import cached as photographs
from pages.shared import cached
from tests.harness import ROOT, charts, controls, opened, other_value

KEEPERS = {
    "pages/latent/codes/view.py": "latent/codes",
    "pages/latent/samples/view.py": "latent/samples",
    "pages/latent/samples/judged.py": "latent/samples",
    "pages/autoencoders/compare/page.py": "autoencoders/compare",
    "pages/autoencoders/compare/view.py": "autoencoders/compare",
    "pages/start/families/page.py": "start/families",
    "pages/rates/frontier/cached.py": "rates/frontier",
    "pages/rates/rda/view.py": "rates/rda",
    "pages/rates/strong_decoder/view.py": "rates/strong_decoder",
    "pages/rates/discrete_world/view.py": "rates/discrete_world",
    "pages/rates/doctor/view.py": "rates/doctor",
    "pages/rates/doctor/residuals/residuals.py": "rates/doctor",
    "pages/rates/doctor/widths/widths.py": "rates/doctor",
    "pages/training/film/controls.py": "training/film",
    "pages/rates/frontier_training/view.py": "rates/frontier_training",
    "pages/latent/grid/view.py": "latent/grid",
    "pages/latent/paths/view.py": "latent/paths",
    "pages/rates/latent_dim/view.py": "rates/latent_dim",
    "pages/rates/collapse/view.py": "rates/collapse",
    "pages/latent/ring/view.py": "latent/ring",
    "pages/own/photograph/findings.py": "own/photograph",
    "pages/own/photograph/view.py": "own/photograph",
    "pages/latent/learn/view.py": "latent/learn",
    "pages/autoencoders/toys/view.py": "autoencoders/toys",
    "pages/training/train/view.py": "training/train",
    "pages/rates/water_filling/view.py": "rates/water_filling",
    "pages/elbo/em/view.py": "elbo/em",
    "pages/autoencoders/denoising/view.py": "autoencoders/denoising",
    "pages/autoencoders/few_labels/view.py": "autoencoders/few_labels",
    "pages/linear/fitting/points/points.py": "linear/fitting",
    "pages/linear/fitting/pixels/pixels.py": "linear/fitting",
    "pages/linear/fitting/dimensions/dimensions.py": "linear/fitting",
    "pages/linear/fitting/labels/labels.py": "linear/fitting",
    "pages/beyond/labels/analogies/analogies.py": "beyond/labels",
    "pages/beyond/labels/manifolds/manifolds.py": "beyond/labels",
    "pages/beyond/labels/bayes/bayes.py": "beyond/labels",
    "pages/beyond/labels/style/style.py": "beyond/labels",
    "pages/elbo/posterior/view.py": "elbo/posterior",
    "pages/elbo/evidence/guess/view.py": "elbo/evidence",
    "pages/elbo/evidence/curve/curve.py": "elbo/evidence",
    "pages/elbo/inside/network/network.py": "elbo/inside",
    "pages/elbo/inside/node/node.py": "elbo/inside",
    "pages/elbo/inside/race/race.py": "elbo/inside",
    "pages/elbo/inside/plate/plate.py": "elbo/inside",
    "pages/beyond/draw/view.py": "beyond/draw",
    "pages/beyond/symbols/code/view.py": "beyond/symbols",
    "pages/beyond/symbols/priors/view.py": "beyond/symbols",
    "pages/beyond/symbols/points/points.py": "beyond/symbols",
    "pages/beyond/files/view.py": "beyond/files",
    "pages/beyond/museum/timeline/timeline.py": "beyond/museum",
    "pages/beyond/sequences/sentences/sentences.py": "beyond/sequences",
    "pages/beyond/sequences/tunes/tunes.py": "beyond/sequences",
    "pages/beyond/museum/fork/fork.py": "beyond/museum",
    "pages/beyond/approaches/view.py": "beyond/approaches",
    "pages/beyond/museum/function/function.py": "beyond/museum",
}
"""File that keeps drawings → page that shows them."""
pytestmark = pytest.mark.usefixtures("checkpoints")


def test_every_file_that_keeps_drawings_is_tried_here() -> None:
    files = {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "pages").rglob("*.py")}
    keeping = {name for name, text in files.items() if re.search(r"(cached?|photographs)\.(lasting|lasting_chart|fleeting|made)\(", text)}
    assert keeping == set(KEEPERS)


def shown(app: AppTest) -> list[str]:
    """Charts, pictures and links of a page, in their order."""
    drawn = [json.dumps(chart) for chart in charts(app)]
    tables = [element.proto.body for element in app.get("html")]
    return drawn + tables + [str(element.proto) for element in app.get("page_link")]


@pytest.mark.slow
@pytest.mark.parametrize("page", dict.fromkeys(KEEPERS.values()))
def test_a_kept_drawing_is_that_of_every_control(page: str) -> None:
    of_photographs = (photographs.lasting, photographs.picture_of_file)
    app, tried = opened(page, dataset="digits", latent_dim=2, family="vae"), []
    while fresh := [control for control in controls(app) if control not in tried]:
        kind, key = fresh[0]
        tried.append(fresh[0])
        widget = next(widget for widget in app.get(kind) if widget.key == key)
        value = other_value(widget)
        if value is None:
            continue
        widget.set_value(value).run()
        assert [exception.message for exception in app.exception] == [], key
        kept = shown(app)
        for kept_of_pages in (cached.lasting, cached.fleeting, *of_photographs):
            kept_of_pages.clear()
        assert shown(app.run()) == kept, key
    assert len(tried) >= 2
