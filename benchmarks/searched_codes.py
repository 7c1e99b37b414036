"""Search the codes by which shipped decoders alone rebuild the first test image, which *Five families* opens with.

Usage: python -m benchmarks.searched_codes [--datasets mnist digits …] [--out FILE.json]
What is in the file is not computed again. Data sets that are not on this machine are left out.
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path

from vae_core import data as datasets
from vae_core.explore.start import decoder_only
from vae_core.explore.start.decoder_only import DecoderOnly, searched_code
from vae_core.models import default_spec
from vae_core.store import Store, checkpoints
from vae_core.training.devices import configure_numerics

FAMILIES = ("autoencoder", "vae")
images_of = cache(datasets.load)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", nargs="*", default=[name for name in datasets.offered() if datasets.available(name)])
    parser.add_argument("--out", type=Path, default=decoder_only.SHIPPED)
    asked = parser.parse_args()
    configure_numerics(n_threads=1)
    kept, new = decoder_only.read(asked.out), {}
    for checkpoint in Store().checkpoints():
        spec, name = checkpoint.spec, checkpoint.weights_sha256[:16]
        if not checkpoint.is_shipped or spec.dataset not in asked.datasets or spec.family not in FAMILIES or name in kept:
            continue
        if spec == default_spec(spec.family, spec.dataset, spec.latent_dim):
            new[name] = searched_code(DecoderOnly(checkpoints.read_model(checkpoint)), images_of(spec.dataset).test.x[0])
    decoder_only.add(asked.out, new)
    print(f"{len(new)} codes are new, {len(kept)} were kept")


if __name__ == "__main__":
    main()
