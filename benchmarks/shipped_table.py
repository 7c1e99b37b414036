"""Print a table of shipped models, from the metrics that lie beside their weights.

Usage: python -m benchmarks.shipped_table [GRID.json …]
Without grids, the table of docs/models.md: first_minute.json, reconstructions.json, manifolds.json and labels.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from vae_core.explore import paired
from vae_core.explore.autoencoders import seeds
from vae_core.explore.autoencoders.seeds import BySeed
from vae_core.explore.means import Mean, log_px_method, log_px_of_metrics, mean_of_metrics
from vae_core.models import FAMILIES
from vae_core.store import SHIPPED, Store
from vae_core.store.checkpoints import Checkpoint
from vae_core.training.grids import read_grids

SHOWN_GRIDS = tuple(SHIPPED / name for name in ("first_minute.json", "reconstructions.json", "manifolds.json", "labels.json"))

COLUMNS = (
    *("data set", "model", "d", "SSE (test)", "less PCA's, same images", "over seeds", "−ELBO", "over seeds"),
    *("rate", "log p(x)", "obtained by", "of", "active units", "size"),
)
HEAD = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|"


def table(grids: Sequence[Path] = SHOWN_GRIDS) -> str:
    """One row a shipped model of the grids; nats an image, every test image, in Markdown."""
    order, named = list(FAMILIES), {spec.fingerprint for grid in grids for spec in read_grids(grid)}
    shipped = [checkpoint for checkpoint in Store().checkpoints() if checkpoint.is_shipped and checkpoint.spec.fingerprint in named]
    shipped.sort(key=lambda c: (c.spec.dataset, order.index(c.spec.family), c.spec.latent_dim, c.spec.fingerprint))
    pca = {(c.spec.dataset, c.spec.latent_dim): c for c in shipped if c.spec.family == "pca"}
    differences, kept = paired.read(), seeds.read()
    rows = [
        row(c, less_pca(c, pca.get((c.spec.dataset, c.spec.latent_dim)), differences), seeds.of_every_seed(kept, c.spec, c.metrics))
        for c in shipped
    ]
    return "\n".join([HEAD, *rows])


def less_pca(checkpoint: Checkpoint, pca: Checkpoint | None, differences: Mapping[str, Mean]) -> str:
    """The mean difference of SSE from PCA's at the same latent dimension, image by image; empty where it is not kept."""
    difference = None if pca is None else paired.known(differences, "sse", checkpoint, pca)
    return "" if difference is None else str(difference)


def over_seeds(by_seed: BySeed, figure: str, sign: int = 1) -> str:
    """The mean over trainings that differ in their seed, with its interval; empty where there is one."""
    mean = seeds.mean_over_seeds(by_seed, figure)
    return "" if mean is None else str(mean if sign > 0 else -mean)


def row(checkpoint: Checkpoint, less: str, by_seed: BySeed) -> str:
    """One model's figures, each mean with its 95 % interval over the test images, or over seeds."""
    m, spec = checkpoint.metrics, checkpoint.spec
    has_density = m["elbo"] is not None
    cells = (
        spec.dataset,
        spec.family,
        spec.latent_dim,
        mean_of_metrics(m),
        less,
        over_seeds(by_seed, "sse"),
        -mean_of_metrics(m, "elbo") if has_density else "",
        over_seeds(by_seed, "elbo", -1),
        mean_of_metrics(m, "rate") if has_density else "",
        log_px_of_metrics(m) if has_density else "",
        log_px_method(m) if has_density else "",
        kind(checkpoint),
        m["active_units"] if has_density else "",
        f"{checkpoint.size / 1e6:.2f} MB",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def kind(checkpoint: Checkpoint) -> str:
    """What log p is of: probabilities of binary images and densities of grey ones are not compared, nor either with those given y."""
    if checkpoint.metrics["elbo"] is None:
        return ""
    given = ", given y" if FAMILIES[checkpoint.spec.family].needs_labels else ""
    return f"binarised images{given}" if checkpoint.metrics["binarisation_seed"] is not None else f"grey images (density){given}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("grids", type=Path, nargs="*", metavar="GRID.json", help="files of grids")
    print(table(parser.parse_args().grids or SHOWN_GRIDS))


if __name__ == "__main__":
    main()
