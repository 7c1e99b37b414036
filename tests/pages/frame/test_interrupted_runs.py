"""What a run sets that the next one interrupts nobody has seen: the next one sets it again, and has the browser told."""

from __future__ import annotations

import pytest

from pages.shared import controls
from tests.harness import link_of, opened


def test_a_slider_whose_range_has_changed_in_an_interrupted_run_shows_what_the_link_says() -> None:
    app = opened("rates/water_filling", dataset="digits", latent_dim=10)
    options = app.select_slider(key="tau").options
    app.select_slider(key="tau").set_value(options[3]).run()
    seen = app._tree
    app.sidebar.selectbox(key="dataset").set_value("patches_8").run()
    app._tree = seen  # nothing of that run has arrived: the browser goes on showing, and sending, what it did
    app.select_slider(key="tau").set_value(options[3])
    app.sidebar.selectbox(key="dataset").set_value("patches_8").run()
    slider = app.select_slider(key="tau")
    assert slider.proto.set_value
    assert link_of(app)["tau"] == slider.value
    assert slider.value in slider.options
    slider.set_value(slider.options[2]).run()
    assert not app.select_slider(key="tau").proto.set_value  # it is where the visitor has put it


def test_a_control_that_follows_the_sidebar_follows_it_after_an_interrupted_run(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("rates/doctor", dataset="digits", latent_dim=2, family="vae")
    seen, before = app._tree, app.selectbox(key="patient").value
    with monkeypatch.context() as patch:
        patch.setattr(controls, "end", lambda: None)  # the page is not drawn to its end
        app.sidebar.select_slider(key="latent_dim").set_value(10).run()
    app._tree = seen
    app.sidebar.select_slider(key="latent_dim").set_value(10).run()
    assert "d = 2" in before
    assert "d = 10" in app.selectbox(key="patient").value
    assert link_of(app)["patient"] == app.selectbox(key="patient").value


def test_a_slider_stays_where_it_was_put_though_another_control_changes_its_ends() -> None:
    app = opened("linear/pca_images", dataset="digits")
    before = app.slider(key="pca_k").max
    app.slider(key="pca_k").set_value(12).run()
    app.sidebar.selectbox(key="dataset").set_value("faces_25").run()
    slider = app.slider(key="pca_k")
    assert slider.max != before  # to the browser it is another one
    assert (slider.value, slider.proto.set_value, link_of(app)["pca_k"]) == (12, True, "12")
    for value in (11, 13):
        app.slider(key="pca_k").set_value(value).run()
    assert (app.slider(key="pca_k").value, app.slider(key="pca_k").proto.set_value) == (13, False)
