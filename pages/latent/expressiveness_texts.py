"""The words of the pages on expressiveness: explanations with their sources, and the lines for a notebook."""

from __future__ import annotations

from pages.latent.ring.controls import Chosen
from pages.latent.ring.ring_morph.ring_morph import View
from pages.shared import page
from vae_core.explore.latent.ring import Ring, single_gaussian_kl
from vae_core.explore.latent.ring_learning import RingLearningSpec

RING_GIST = "Samples of z ~ N(0, I) move along (1 − t)·z + t·g(z). Drag the picture, or play it; at t = 1 they are samples of p(y)."

RING_TRY_THIS = (
    "Colour by *magnification*, follow a point near the middle (click it), and play. Which points are crowded, and why is it "
    "not those near the origin? Then set *b* to 0: what is left of the ring? Then choose *Spiral twist*: another formula, another p(y)."
)


def ring_seeing(chosen: Chosen) -> page.Seeing:
    """The explanation of the morph."""
    if chosen.formula is None:
        return page.Seeing(
            (
                "The map is the decoder of a trained VAE: each code z goes to E[x|z].",
                "Where x has more than two coordinates, the picture shows those on the two first principal axes of decoded samples.",
                "Magnification is 1/√det(JᵀJ) of the whole decoder, by automatic differentiation.",
            ),
            r"z \mapsto \mathbb{E}[x \mid z]",
            "Kingma & Welling 2014, Sec. 3.",
        )
    return page.Seeing(
        (
            "The prior is always N(0, I); all that differs between two distributions p(y) is the deterministic map g.",
            "Where g squeezes volume, |det J| < 1, samples crowd and the density rises; where it stretches, they thin out.",
            "A VAE's decoder is such a map with learned parameters: that is why a simple prior does not limit what it can model.",
        ),
        rf"{chosen.formula.formula} \qquad p(y) = \frac{{\mathcal{{N}}(g^{{-1}}(y);\, 0, I)}}{{|\det J|}}",
        "The ring: Doersch 2016, Fig. 2. The density: change of variables; in d dimensions r = ‖z‖ is chi distributed.",
    )


def ring_notebook(chosen: Chosen, view: View) -> str:
    """Lines of Python that make the picture's points and numbers."""
    if chosen.formula is None:
        return DECODER_LINES.format(fingerprint=chosen.fingerprint, n_points=chosen.n_points)
    return MAP_LINES.format(name=chosen.name, values=view.values, dim=chosen.law_dim, n_points=chosen.n_points)


LEARN_GIST = "The same task for two networks: with pairs (z, g(z)) to copy, and, as a VAE, with nothing but the samples y."

LEARN_TRY_THIS = (
    "Play the training and watch which part of the grid comes to cover the hole. Then let σ be *learned*: the VAE gives z up, "
    "and its KL stops at the dotted line. Then give both networks width 16: does the VAE still close the ring?"
)

LEARN_SEEING = page.Seeing(
    (
        "Dots are samples, of the network's output left, of the VAE with its noise σ right; lines are the image of grid and circles.",
        "The dashed circle ρ = 1 is the edge of the hole, where the ring has no sample at all.",
        "The VAE's log p(y) is an integral over z, done on a grid; it stays below the exact −entropy by KL(p ‖ model) ≥ 0.",
    ),
    r"\mathrm{KL}(p \,\Vert\, p_\theta) = \mathbb{E}_{p(y)}\left[\log p(y) - \log p_\theta(y)\right] \ge 0, \quad "
    r"p_\theta(y) = \int p_\theta(y \mid z)\, \mathcal{N}(z; 0, I)\, dz",
    "Kingma & Welling 2014; the ring: Doersch 2016, Fig. 2. Integral by the trapezoid rule; KL on the same test points, paired.",
)


def learn_notebook(spec: RingLearningSpec, *, is_shipped: bool) -> str:
    """Lines of Python that draw the chart: from the film that came with the program, or by training both networks."""
    lines = SHIPPED_LINES if is_shipped else LEARN_LINES
    return lines.format(spec=spec, collapsed=single_gaussian_kl(Ring()))


CURVE_GIST = "z ∈ [0, 1] is one number; g(z) is a point in the plane. Drag the point, or bend the line back with t."

CURVE_TRY_THIS = (
    "On the spiral with a *uniform* prior, drag z from 0 to 1 and watch the arrow: where g moves fast, samples are sparse. "
    "On the circle |g′| is the same everywhere: which prior makes the samples crowd on one side?"
)

CURVE_SEEING = page.Seeing(
    (
        "A map from a line makes a curve: a manifold of one dimension in a space of two, the smallest picture of a latent variable.",
        "The arrow is the tangent g′(z); its length says how fast the point moves as z does, and a stretch of curve takes |g′(z)| dz.",
        "So samples spread with density p(z)/|g′(z)| per unit of length along the curve, and off the curve there is none.",
    ),
    r"p(\text{curve at } g(z)) = \frac{p(z)}{\lVert g'(z) \rVert}, \qquad \text{length} = \int_0^1 \lVert g'(z) \rVert\, dz",
    "Change of variables in one dimension; where the curve crosses itself the densities of both branches add.",
)


def curve_notebook(curve: str, prior: str, z: float) -> str:
    """Lines of Python that make the curve's table and length."""
    return CURVE_LINES.format(curve=curve, prior=prior, at=z)


MAP_LINES = """
from dataclasses import asdict

from vae_core.explore.latent import morph
from vae_core.explore.latent.ring import prior_samples
from vae_core.explore.latent.ring_figure import radius_chart

g = morph.named_map("{name}", {values}, {dim})
z = prior_samples({n_points}, {dim})
y = morph.image_of_points(g, z)
for estimate in morph.estimates(g, y):
    print(estimate)
radius_chart(**asdict(morph.radius_histogram(y, g)))
"""

DECODER_LINES = """
from dataclasses import asdict

from vae_core.explore.latent import morph
from vae_core.explore.latent.ring_figure import radius_chart
from vae_core.store import Store

store = Store()
spec = next(c.spec for c in store.checkpoints() if c.spec.fingerprint == "{fingerprint}")
cloud = morph.cloud({n_points}, 2, store.load(spec))
radius_chart(**asdict(morph.radius_histogram(cloud.image["y"], None)))
"""

SHIPPED_LINES = """
from vae_core.explore.latent import films
from vae_core.explore.latent.ring_learning import SHIPPED
from vae_core.explore.latent.ring_figure import kl_chart

frames = films.load(SHIPPED)  # made by: python -m vae_core.explore.latent.ring_learning
vae = [(f.epoch, f.metrics["kl"], f.metrics["kl_se"]) for f in frames if f.kind == "vae"]
kl_chart(*zip(*vae), collapsed={collapsed:.6f})
"""

LEARN_LINES = """
from vae_core.explore.latent.ring_learning import RingLearningSpec, frames
from vae_core.explore.latent.ring_figure import kl_chart

spec = {spec}
vae = [(f.epoch, f.metrics["kl"], f.metrics["kl_se"]) for f in frames(spec) if f.kind == "vae"]
kl_chart(*zip(*vae), collapsed={collapsed:.6f})
"""

CURVE_LINES = """
from vae_core.explore.latent.line_to_curve import CURVES, curve_table
from vae_core.explore.latent.ring_figure import curve_chart

table = curve_table("{curve}", "{prior}")
print(table.arc[-1], CURVES["{curve}"].length)
curve_chart(table.z, table.prior, table.speed, table.density, at={at})
"""
