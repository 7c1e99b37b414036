"""The command that trains a DRAW model."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated, Literal

import tyro
from tqdm import tqdm

from vae_core.cli.output import answer, say
from vae_core.models.draw import Draw, draw_spec
from vae_core.store import Store
from vae_core.store.companions import folder_in, folder_of, set_damaged_aside
from vae_core.store.draw_models import read, training
from vae_core.training.devices import choose_device


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Train DRAW, a VAE that writes an image in steps, on a data set, or find it trained.

    Attributes:
        dataset: the data set, one of images.
        n_steps: steps, among which a code of 40 numbers is divided.
        device: where to train.
        ship: put it among what comes with the program.
        json: print one JSON object.
    """

    dataset: str
    n_steps: int = 8
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    ship: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    json: bool = False

    def run(self) -> None:
        spec, store = draw_spec(self.dataset, self.n_steps), Store()
        for remark in set_damaged_aside(Draw(spec), spec, store):
            say(remark.sentence)
        if folder_in(store, spec) is None:
            epochs = training(spec, store, device=choose_device(self.device), ship=self.ship)
            for _ in tqdm(epochs, total=spec.n_epochs, unit="epoch", disable=not sys.stderr.isatty()):
                pass
        folder = folder_in(store, spec) or folder_of(spec, store.local)
        model, metrics = read(folder, spec)
        found = {"spec": spec.to_json(), "fingerprint": spec.fingerprint, "n_weights": model.n_weights, "metrics": metrics}
        answer(self.json, found, f"draw of {self.dataset}, {self.n_steps} steps: test ELBO {metrics['elbo']:.2f} nats per image")
