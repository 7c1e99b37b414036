"""The most memory that one training of MNIST holds: the command line in a process of its own, training and evaluation included.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.peak_memory [--n-epochs 1]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile

from benchmarks.machine import report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-epochs", type=int, default=1)
    options = parser.parse_args()
    command = [sys.executable, "-m", "vae_core", "train", "vae", "--dataset", "mnist", "--latent-dim", "20"]
    command += ["--n-epochs", str(options.n_epochs)]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(command, check=True, env={**os.environ, "VAE_EXPLORER_CHECKPOINTS": folder}, stdout=subprocess.DEVNULL)
    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, KiB elsewhere
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    report(peak_megabytes=round(peak / 1e6), n_epochs=options.n_epochs, n_runs=1)


if __name__ == "__main__":
    main()
