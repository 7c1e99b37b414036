"""Print a table of shipped models, from the metrics that lie beside their weights.

Usage: python -m benchmarks.shipped_table [GRID.json …]
Without grids, the table of docs/models.md: reconstructions.json and manifolds.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vae_core.models import FAMILIES
from vae_core.statistics import Z_95
from vae_core.store import SHIPPED, Store
from vae_core.store.checkpoints import Checkpoint
from vae_core.training.grids import read_grids
from vae_core.units import minus

SHOWN_GRIDS = tuple(SHIPPED / name for name in ("reconstructions.json", "manifolds.json"))

HEAD = """\
| data set | model | d | SSE (test) | −ELBO | rate | log p(x) | obtained by | of | active units | size |
|---|---|---|---|---|---|---|---|---|---|---|"""


def table(grids: Sequence[Path] = SHOWN_GRIDS) -> str:
    """One row a shipped model of the grids; nats an image, every test image, in Markdown."""
    order, named = list(FAMILIES), {spec.fingerprint for grid in grids for spec in read_grids(grid)}
    shipped = [checkpoint for checkpoint in Store().checkpoints() if checkpoint.is_shipped and checkpoint.spec.fingerprint in named]
    shipped.sort(key=lambda c: (c.spec.dataset, order.index(c.spec.family), c.spec.latent_dim, c.spec.fingerprint))
    return "\n".join([HEAD, *(row(checkpoint) for checkpoint in shipped)])


def row(checkpoint: Checkpoint) -> str:
    """One model's figures."""
    m, spec = checkpoint.metrics, checkpoint.spec

    def figure(name: str, sign: int = 1, digits: int = 2) -> str:
        return "" if m[name] is None else minus(f"{sign * m[name]:.{digits}f}")

    method = m["log_px_method"] or ""
    if method == "importance-weighted bound":
        method = f"bound, k = {m['n_samples']}"
    active = "" if m["active_units"] is None else m["active_units"]
    cells = (
        spec.dataset,
        spec.family,
        spec.latent_dim,
        f"{m['sse']:.3f} ± {Z_95 * m['sse_standard_error']:.3f}",
        figure("elbo", -1),
        figure("rate"),
        figure("log_px"),
        method,
        kind(checkpoint),
        active,
        f"{checkpoint.size / 1e6:.2f} MB",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def kind(checkpoint: Checkpoint) -> str:
    """What log p is of: probabilities of binary images and densities of grey ones are not compared."""
    if checkpoint.metrics["elbo"] is None:
        return ""
    return "binarised images" if checkpoint.metrics["binarisation_seed"] is not None else "grey images (density)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("grids", type=Path, nargs="*", metavar="GRID.json", help="files of grids")
    print(table(parser.parse_args().grids or SHOWN_GRIDS))


if __name__ == "__main__":
    main()
