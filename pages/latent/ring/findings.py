"""What the map makes of the radii, in words, and where it crowds points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.latent.ring.cached import morph_cloud
from pages.latent.ring.controls import Chosen
from pages.latent.ring.ring_morph.ring_morph import View
from pages.latent.ring.view import samples
from pages.shared import cached
from pages.shared.words import Words
from vae_core.explore.latent.comparison_maps import MAPS
from vae_core.explore.latent.drawn_map import DrawnMap
from vae_core.explore.latent.ring import Ring

NEAR, USUAL_RADIUS = 0.05, 1.5
"""A radius near the origin, and one where many draws of N(0, I) lie."""
INNER = (0.05, 0.95)
FLAT = 99.0
"""Percent of the variance on two axes from which on a decoded plane is called flat."""


def conclusion(chosen: Chosen, view: View, text: Words) -> str:
    """Between which radii 90 % of the points lie before the map and after it; the ring has a hole besides. How evenly a drawing fills."""
    before, after = morph_cloud(*chosen.points)[0].z, samples(chosen, view)
    if chosen.drawing:
        counts = DrawnMap(chosen.drawing).counts_in_cells(after)
        values = {"cells": f"{len(counts):,}", "low": f"{counts.min():,}", "high": f"{counts.max():,}"}
        return text.said("conclusion-drawing", **values, inside=f"{counts.sum():,}", n=f"{chosen.n_points:,}", mean=f"{counts.mean():.3g}")
    if not chosen.formula:
        spread = text.said("conclusion-decoder", **_spread("x", np.linalg.norm(after - after.mean(0), axis=1)))
        return f"{spread} {_of_a_plane(chosen, text)}".strip()
    values = {**_spread("z", np.linalg.norm(before, axis=1)), **_spread("y", np.linalg.norm(after, axis=1))}
    exact = chosen.map(view)
    section = "conclusion-ring" if isinstance(exact, Ring) and exact.b > 0 else "conclusion"
    return text.said(section, **values, hole=f"{getattr(exact, 'b', 0):g}", shape="a ring" if before.shape[1] == 2 else "a hollow sphere")


def _of_a_plane(chosen: Chosen, text: Words) -> str:
    """Whether a decoder of images has bent the plane of codes; of points in the plane the picture cannot tell."""
    if not cached.by_fingerprint()[chosen.fingerprint].spec.identity.is_images:
        return ""
    held = 100 * morph_cloud(*chosen.points)[0].explained
    return text.said("conclusion-decoder-bent" if held < FLAT else "conclusion-decoder-flat", held=f"{held:.1f}")


def _spread(name: str, radii: np.ndarray) -> dict[str, str]:
    low, high = np.quantile(radii, INNER)
    return {f"{name}_low": f"{low:.2f}", f"{name}_high": f"{high:.2f}"}


def answer(chosen: Chosen, view: View, text: Words) -> str:
    """det J of the ring near the origin and further out, where it is 1, and what b = 0 leaves; with the parameters that are set."""
    exact = chosen.map(view)
    ring = exact if isinstance(exact, Ring) else Ring(*(p.default for p in MAPS["ring"].parameters), dim=2)
    at = {name: float(np.exp(ring.log_abs_det(np.eye(ring.dim)[0] * r))) for name, r in (("near", NEAR), ("far", USUAL_RADIUS))}
    values = {"a": f"{ring.a:g}", "b": f"{ring.b:g}", "near_r": NEAR, "far_r": USUAL_RADIUS, "shrunk": f"{1 / ring.a:.3g}"}
    values |= {name: f"{value:.3g}" for name, value in at.items()}
    section = "answer" if at["far"] < 1 < at["near"] else "answer-other"
    return text.said(section, **values, crowded=f"{1 / at['far']:.3g}")


def share_in_the_hole(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: the share of the ring's points within radius b, and within a fifth outside of it, in percent, exactly."""
    ring = Ring(*(float(state.get(f"ring_{p.name}", p.default)) for p in MAPS["ring"].parameters), dim=2)
    shares = {name: 100 * ring.radius.share(low, high) for name, low, high in (("value", 0, ring.b), ("near", ring.b, ring.b + 0.2))}
    return {**shares, "mean": ring.radius.mean, "sd": ring.radius.sd}
