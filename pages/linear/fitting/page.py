"""Which p(x) fits these data? Gaussians and k-means on points, on pixels and for each label, and how many dimensions data fill."""

from __future__ import annotations

from pages.linear.fitting.dimensions import dimensions
from pages.linear.fitting.labels import labels
from pages.linear.fitting.pixels import pixels
from pages.linear.fitting.points import points
from pages.shared.part import one_of

PARTS = {"points": points, "images": pixels, "dimensions": dimensions, "labels": labels}
one_of(PARTS, question="Which p(x) fits these data?", label="Data", key="fit_part")
