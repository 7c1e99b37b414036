"""Formulas as MathML: all that the derivations use, and no broken ones."""

from __future__ import annotations

import pytest

from vae_core.drawing.mathml import mathml
from vae_core.explore.elbo.derivations import GENERAL, NOTATIONS, lines


def test_formulas_of_every_line_are_set_and_broken_ones_are_refused() -> None:
    for notation in NOTATIONS:
        for derivation in GENERAL:
            for line in lines(derivation, notation):
                set_in = mathml(line.formula)
                assert set_in.count("<mrow>") == set_in.count("</mrow>") and "\\" not in set_in and "$" not in line.formula
    assert mathml(r"p \frac{p(z)}{q}") == (
        '<math display="block"><mrow><mi>p</mi><mfrac><mrow><mi>p</mi><mrow><mo>(</mo><mrow><mi>z</mi></mrow><mo>)</mo></mrow></mrow>'
        "<mrow><mi>q</mi></mrow></mfrac></mrow></math>"
    )
    for broken in (r"\frac{p}", "p(z", "p)", r"\cosh x", "x_"):
        with pytest.raises(ValueError, match="latex must"):
            mathml(broken)
