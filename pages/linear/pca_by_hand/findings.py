"""What PCA by hand concludes from its numbers, and the answer to what it asks one to try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.linear.pca_by_hand.cloud_plot.cloud_plot import Hand
from pages.shared.words import Words
from vae_core.explore.linear import pca_by_hand as explore


def conclusion(hand: Hand, text: Words) -> str:
    """How much v keeps, beside the most that a direction can keep."""
    exact, error = explore.principal(hand.points), explore.sse(hand.points, hand.angle) / len(hand.points)
    first, second = exact.eigenvalues
    if first - second <= 1e-9 * exact.total:
        return text.said("conclusion-round")
    most, kept, away = 100 * first / exact.total, 100 * (1 - error / exact.total), explore.from_best(hand.points, hand.angle)
    if away < 0.05:
        return text.said("conclusion-best", most=f"{most:.1f}")
    return text.said("conclusion", most=f"{most:.1f}", away=f"{away:.1f}", kept=f"{kept:.1f}")


def answer(hand: Hand, text: Words) -> str:
    """What one outlier does to the best direction of the points that are there without it."""
    inside = hand.points[~(hand.points == explore.OUTLIER).all(1)]
    points = inside if len(inside) >= explore.FEWEST else hand.points
    best = explore.principal(points).angle
    moved = explore.from_best(np.vstack([points, explore.OUTLIER]), best)
    norms = np.square(points - points.mean(0)).sum(1)
    worth = np.square(explore.OUTLIER - points.mean(0)).sum() / (norms.mean() or 1.0)
    return text.said("answer", best=f"{best:.1f}", moved=f"{moved:.1f}", n=len(points) + 1, worth=f"{worth:.0f}")


def kept_by_the_best(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: the share of the variance that the best direction keeps, and that of the direction in the link, in percent."""
    points = explore.cloud(int(state["hand_seed"]))
    exact = explore.principal(points)
    kept = 1 - explore.sse(points, float(state["hand_angle"])) / len(points) / exact.total
    return {"value": 100 * float(exact.eigenvalues[0]) / exact.total, "best": exact.angle, "kept": 100 * kept}


def error_and_variance(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how much the sum of error and projected variance changes from v as it is to the best v."""
    points = explore.cloud(int(state["hand_seed"]))
    angles = float(state["hand_angle"]), explore.principal(points).angle
    errors, variances = zip(*((explore.sse(points, a) / len(points), explore.variance(points, a)) for a in angles), strict=True)
    return {
        "value": sum(variances[1:]) + errors[1] - errors[0] - variances[0],
        "error": errors[0],
        "least": errors[1],
        "most": variances[1],
    }
