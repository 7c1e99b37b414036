"""How long a good model takes: seconds on one core from nothing to a published or agreed number, with three seeds.

The recipes are a grid file, `benchmarks/records.json`. Each is trained whole, and what its last epoch reaches is what is reported: nothing
is chosen by test images. Seconds are of the wall clock from the loaded data set to the trained model, without the evaluation; beside them
stands the processor's own time, which a busy machine does not lengthen. On a CPU one thread computes.

a: −ELBO ≤ 98 nats on MNIST's binarised test images, 784-400-20. b: −log p(x) ≤ 86.76 nats (Burda, Grosse & Salakhutdinov 2016, Table 1;
k = 5000) with a 50-dimensional code. c: test SSE ≤ 3.00 with a 30-dimensional code of an autoencoder (Hinton & Salakhutdinov 2006).
d: −ELBO ≤ 115 nats on mnist_5k, d = 10.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.records [--only a c] [--seeds 3] [--device cuda] [--precision bf16] [--n-samples 5000]
"""

from __future__ import annotations

import argparse
import datetime
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.stats import t as student

from benchmarks.machine import report, say
from vae_core import data as datasets
from vae_core.evaluation import Evaluation, evaluate
from vae_core.fields import text_of
from vae_core.models import build, own_choices
from vae_core.specs import ModelSpec
from vae_core.training.devices import choose_device, configure_numerics
from vae_core.training.fit import fit
from vae_core.training.grids import read_grids

GRID = Path(__file__).with_suffix(".json")


@dataclass(frozen=True, slots=True)
class Target:
    """What a record is about: a figure of an evaluation, smaller is better, and the number that it is held against."""

    name: str
    figure: Callable[[Evaluation], float]
    at_most: float
    needs_bound: bool = False


TARGETS = {
    "a": Target("−ELBO, nats", lambda e: -e.elbo, 98.0),
    "b": Target("−log p(x) at most, nats", lambda e: -e.iwae_bound, 86.76, needs_bound=True),
    "c": Target("SSE", lambda e: e.sse, 3.00),
    "d": Target("−ELBO, nats", lambda e: -e.elbo, 115.0),
}
"""Letter → target, in the order of the grid file."""


def recipes() -> dict[str, list[ModelSpec]]:
    """Letter → its spec at every seed."""

    def without_seed(spec: ModelSpec) -> tuple[Any, ...]:
        return tuple(value for name, value in sorted(asdict(spec).items()) if name != "seed")

    groups = [list(specs) for _, specs in groupby(read_grids(GRID), key=without_seed)]
    return dict(zip(TARGETS, groups, strict=True))


def run(spec: ModelSpec, target: Target, device: torch.device, precision: str, n_samples: int) -> tuple[float, float, float]:
    """Train one model; the figure that it reaches, seconds by the clock, and seconds of the processor."""
    images, model = datasets.load(spec.dataset), build(spec)
    clock, processor = time.perf_counter(), time.process_time()
    for event in fit(model, images, device=device, precision=precision):
        if event.epoch % max(1, spec.n_epochs // 10) == 0:
            say(f"{text_of(own_choices(spec))}: epoch {event.epoch}, loss {event.train['loss']:.2f} | {event.test['loss']:.2f}")
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    found = evaluate(model.eval().requires_grad_(False), images, n_samples=n_samples if target.needs_bound else 1)
    figure = target.figure(found)
    say(f"seed {spec.seed}: {target.name} {figure:.3f} after {processor:.0f} s of the processor, {clock:.0f} s by the clock")
    return figure, clock, processor


def summary(values: Iterable[float]) -> dict[str, Any]:
    """Mean over seeds, half-width of its 95 % interval (Student's t), and the values."""
    x = np.array(list(values))
    half_width = float(student.ppf(0.975, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x))) if len(x) > 1 else None
    return {"mean": round(float(x.mean()), 3), "half_width": half_width and round(half_width, 3), "values": x.round(3).tolist()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=tuple(TARGETS), default=list(TARGETS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--precision", choices=("float32", "bf16"), default="float32")
    parser.add_argument("--n-samples", type=int, default=5000, help="k of the bound of record b")
    options = parser.parse_args()
    device = choose_device(options.device)
    configure_numerics(device=device)
    found: dict[str, dict[str, Any]] = {}
    for letter in options.only:
        target, specs = TARGETS[letter], recipes()[letter][: options.seeds]
        figures, clocks, processors = zip(*(run(spec, target, device, options.precision, options.n_samples) for spec in specs), strict=True)
        found[letter] = {
            "recipe": text_of(own_choices(specs[0])),
            "what": target.name,
            "at_most": target.at_most,
            "reached": max(figures) <= target.at_most,
            "figure": summary(figures),
            "seconds": summary(clocks),
            "processor_seconds": summary(processors),
        }
        say(f"{letter}: {found[letter]}")
    report(records=found, precision=options.precision, device=str(device), date=datetime.date.today().isoformat())


if __name__ == "__main__":
    main()
