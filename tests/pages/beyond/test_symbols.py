"""*Codes in symbols*: its numbers are those of the model, a click takes a position or a symbol, the bound stands beside a VAE's."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from tests.harness import answer_of, assert_answers, assert_sound, conclusion_of, link_of, mean_by_scipy, method_of, opened, value_of
from vae_core import data as datasets
from vae_core.data import drawn
from vae_core.explore.beyond import symbols
from vae_core.explore.beyond.symbols import Encoded
from vae_core.models import default_spec
from vae_core.models.vqvae import VQVAE
from vae_core.store import Store
from vae_core.store.vqvaes import vqvae_of

SYMBOLS = "beyond/symbols"


@pytest.fixture(scope="module")
def model() -> VQVAE:
    return vqvae_of("mnist_5k")


@pytest.fixture(scope="module")
def encoded(model: VQVAE) -> Encoded:
    return symbols.encoded(model, datasets.load("mnist_5k").test.x)


def test_a_swap_is_priced_and_its_change_is_counted(model: VQVAE, encoded: Encoded) -> None:
    code = encoded.codes[7]
    put = (code[6] + 1) % 64
    app = opened(SYMBOLS, symbols_image=7, symbols_row=2, symbols_column=3, symbols_put=str(put), symbols_prior="chain")
    swapped = symbols.swapped(code, 6, put)
    before, after = (symbols.costs(model, one)["chain"].sum() / math.log(2) for one in (code, swapped))
    change = np.abs(symbols.decoded(model, swapped[None]) - symbols.decoded(model, code[None]))
    said = conclusion_of(app)
    assert (
        f"This image is 16 symbols, each one of 64: 96 bits if all are equally probable, and **{before:.1f} bits** with the chain" in said
    )
    assert f"Symbol {put} in place of {code[6]} at row 2, column 3 changes {(change > 0.1).sum()} of 784 pixels" in said
    assert f"**{abs(after - before):.1f} bits {'more' if after > before else 'less'}**" in said
    bits = encoded.rate("chain") / math.log(2)
    assert value_of(app, "Bits per code, chain prior") == mean_by_scipy(bits)
    shares = np.bincount(encoded.codes.ravel(), minlength=64) / encoded.codes.size
    assert value_of(app, "Perplexity of the symbols") == f"{math.exp(-(shares[shares > 0] * np.log(shares[shares > 0])).sum()):.1f}"
    assert f"Of K = 64, {(shares > 0).sum()} are used" in method_of(app, "Perplexity of the symbols")
    link = link_of(app)
    assert (link["symbols_image"], link["symbols_column"], link["symbols_put"]) == ("7", "3", str(put))


def test_the_code_as_it_is_encoded_has_no_swap_and_costs_every_image_as_much_with_the_uniform_prior() -> None:
    app = opened(SYMBOLS, symbols_put="as encoded", symbols_prior="uniform")
    assert_sound(app)
    assert (
        conclusion_of(app)
        == "This image is 16 symbols, each one of 64. With the uniform prior it costs **96.0 bits**, as every image does."
    )
    assert value_of(app, "Bits per code, uniform prior") == "96"


def test_a_click_takes_a_position_and_then_a_symbol() -> None:
    app = opened(SYMBOLS)
    app.session_state["symbols_picked"] = 1007
    app.run()
    assert_sound(app)
    assert [app.number_input(key=f"symbols_{axis}").value for axis in ("row", "column")] == [2, 4]
    assert app.selectbox(key="symbols_put").value == "as encoded"
    app.session_state["symbols_picked"] = 41
    app.run()
    assert app.selectbox(key="symbols_put").value == "41"
    assert app.number_input(key="symbols_column").value == 4


def test_priors_are_compared_on_the_same_images_and_the_bound_with_the_vae_s(encoded: Encoded) -> None:
    app = opened(SYMBOLS, symbols_part="Priors")
    assert value_of(app, "Nats per code, network") == mean_by_scipy(encoded.rate("network"))
    saved = mean_by_scipy(encoded.rate("independent") - encoded.rate("network"))
    assert f"Saved beside *independent*: {saved} nats" in method_of(app, "Nats per code, network")
    own = encoded.distortion + encoded.rate("network")
    assert value_of(app, "−log p(x), at most") == f"{mean_by_scipy(own)} nats"
    elbo = Store().checkpoint(default_spec("vae", "mnist_5k", 20)).metrics["elbo"]
    apart = re.search(r"Difference on the same 1,000 binarised images: (\S+) ", method_of(app, "−log p(x), at most"))[1]
    assert float(apart.replace("−", "-")) == pytest.approx(own.mean() + elbo, abs=0.06)
    rows = [line for line in answer_of(app).splitlines() if line.startswith("| ")][1:]
    assert [row.split(" | ")[0] for row in rows] == ["| uniform", "| independent", "| chain", "| network"]
    assert rows[2].split(" | ")[1] == mean_by_scipy(encoded.rate("chain"))


def test_points_show_k_means_at_the_step_of_the_link() -> None:
    x = drawn.points(drawn.presets()["clusters"]).train.x[:160].astype(np.float64)
    path = symbols.points_path(x, 4, 2, 20)
    app = opened(SYMBOLS, symbols_part="k-means", symbols_points="clusters", symbols_k=4, symbols_start=2, symbols_steps=3)
    assert value_of(app, "Squared distance per point") == f"{path[3].loss:.4f}"
    assert "Steps so far that raised it: 0." in conclusion_of(app) or "has settled" in conclusion_of(app)
    assert_sound(app)


@pytest.mark.parametrize("part", ["Priors", "k-means"])
def test_every_part_answers(part: str) -> None:
    assert_answers(opened(SYMBOLS, symbols_part=part))
