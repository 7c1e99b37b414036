"""Which p(x) fits these data? Gaussians and k-means on points that one draws, the same on pixels, and how many dimensions data fill."""

from __future__ import annotations

from pages.linear.fitting.dimensions import dimensions
from pages.linear.fitting.pixels import pixels
from pages.linear.fitting.points import points
from pages.shared.part import one_of

PARTS = {"points": points, "images": pixels, "dimensions": dimensions}
one_of(PARTS, question="Which p(x) fits these data?", label="Data", key="fit_part")
