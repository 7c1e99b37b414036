"""The command that trains the VQ-VAE of a data set."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated, Literal

import tyro
from tqdm import tqdm

from vae_core.cli.output import answer, say
from vae_core.models.vqvae import VQVAE, VQVAESpec
from vae_core.store import Store
from vae_core.store.companions import folder_in, set_damaged_aside
from vae_core.store.vqvaes import training
from vae_core.training.devices import choose_device


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbols:
    """Train the VQ-VAE of a data set, whose code is of symbols, or find it trained.

    Attributes:
        dataset: the data set, one of images.
        device: where to train.
        ship: put it among what comes with the program.
        json: print one JSON object.
    """

    dataset: str
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    ship: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    json: bool = False

    def run(self) -> None:
        spec, store = VQVAESpec(dataset=self.dataset), Store()
        for remark in set_damaged_aside(VQVAE(spec), spec, store):
            say(remark.sentence)
        if folder_in(store, spec) is None:
            epochs = training(spec, store, device=choose_device(self.device), ship=self.ship)
            for _ in tqdm(epochs, total=spec.n_epochs + spec.prior_epochs, unit="epoch", disable=not sys.stderr.isatty()):
                pass
        size = f"{spec.n_positions} positions of one of {spec.n_symbols} symbols"
        found = {"spec": spec.to_json(), "fingerprint": spec.fingerprint, "n_positions": spec.n_positions}
        answer(self.json, found, f"vq-vae of {self.dataset}: {size}, {spec.fingerprint}")
