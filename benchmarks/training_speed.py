"""How much faster the training loop is than the way people usually write it; same network, same images, same number of threads.

The peer is the variational autoencoder of PyTorch's own examples, as people run it: a DataLoader that turns one PIL image after another
into a tensor, cross-entropy on probabilities summed over the batch, Adam at 1e-3, `loss.item()` in every step. Both train 784-400-20 in
batches of 128. The peer and ours, in float32 and in bf16, take turns, epoch by epoch, so that a machine whose speed drifts slows all.
Where pythae is installed (`pythae_peer`), its trainer takes its turn, too, with the same network, and ours is measured against it as well.
The median leaves out the first epoch on a GPU, where libraries load and steps are captured.

Usage: VAE_EXPLORER_DATA=... python -m benchmarks.training_speed [--n-epochs 3] [--n-threads 1] [--device cpu]
Prints one JSON object: images a second, the ratios to the peers of each round, and each model's −ELBO on the binarised test images, which
must agree. The peers' learning rate is constant; ours are the first epochs of a training so long that its rate has hardly fallen.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, get_args

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from benchmarks.machine import report, seconds_of, spread
from vae_core import data as datasets
from vae_core.evaluation import binarised, mean_terms
from vae_core.models import build
from vae_core.models.inputs import model_input
from vae_core.models.vae import VAE, VAESpec
from vae_core.training.devices import Precision, choose_device, configure_numerics
from vae_core.training.events import EpochDone
from vae_core.training.fit import fit

if TYPE_CHECKING:
    from benchmarks.pythae_peer import PythaePeer


class PilDigits(Dataset):
    """MNIST as torchvision's data set serves it: a PIL image, turned into a tensor at every visit."""

    def __init__(self, x: np.ndarray) -> None:
        self.x = x

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self.x[index, 0])
        pixels = torch.from_numpy(np.array(image, np.uint8, copy=True)).view(28, 28, 1).permute(2, 0, 1).contiguous()
        return pixels.to(torch.float32).div(255), 0


class PeerVae(nn.Module):
    """784-400-20-400-784 with two heads for mu and logvar, and probabilities as output."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.fc21, self.fc22 = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20)
        self.fc3, self.fc4 = nn.Linear(20, 400), nn.Linear(400, 784)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden = functional.relu(self.fc1(x))
        mu, logvar = self.fc21(hidden), self.fc22(hidden)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return torch.sigmoid(self.fc4(functional.relu(self.fc3(z)))), mu, logvar


def peer_loss(x: Tensor, x_hat: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    """Cross-entropy plus KL, both summed over the batch."""
    cross_entropy = functional.binary_cross_entropy(x_hat, x, reduction="sum")
    return cross_entropy - 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


def peer_epoch(model: PeerVae, loader: DataLoader, adam: torch.optim.Adam, device: torch.device) -> float:
    """One epoch of the peer; its mean training loss."""
    model.train()
    total = 0.0
    for x, _ in loader:
        flat = x.to(device).view(-1, 784)
        adam.zero_grad()
        loss = peer_loss(flat, *model(flat))
        loss.backward()
        total += loss.item()
        adam.step()
    return total / len(loader.dataset)


def peer_negative_elbo(model: PeerVae, x: Tensor) -> float:
    """Mean −ELBO of binary images."""
    with torch.no_grad():
        flat = x.view(-1, 784)
        return float(peer_loss(flat, *model(flat))) / len(x)


def our_epoch(model: VAE, events: Iterator[EpochDone], test: Tensor) -> float:
    """Seconds of one epoch; the event's own hold an evaluation of all test images too, which the peer's epoch does not."""
    seconds = next(events).seconds
    evaluating = seconds_of(lambda: mean_terms(model, test))
    return seconds - evaluating


def pythae_peer(x: np.ndarray, device: torch.device) -> PythaePeer | None:
    """The trainer of pythae, if it is installed."""
    if find_spec("pythae") is None:
        return None
    from benchmarks.pythae_peer import PythaePeer

    return PythaePeer(x, device)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-epochs", type=int, default=3)
    parser.add_argument("--n-threads", type=int, default=1)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    options = parser.parse_args()
    images, device = datasets.load("mnist"), choose_device(options.device)
    matmul = configure_numerics(options.n_threads, device)
    torch.manual_seed(0)
    peer, test_x = PeerVae().to(device), torch.tensor(images.test.x, device=device)
    adam = torch.optim.Adam(peer.parameters(), lr=1e-3)
    loader = DataLoader(PilDigits(images.train.x), batch_size=128, shuffle=True)
    spec = VAESpec(dataset="mnist", latent_dim=20, hidden=(400,), n_epochs=100 * options.n_epochs)
    models = {precision: build(spec) for precision in get_args(Precision)}
    events = {precision: fit(model, images, device=device, precision=precision) for precision, model in models.items()}
    pythae = pythae_peer(images.train.x, device)
    seconds: dict[str, list[float]] = {name: [] for name in ("peer", *(["pythae"] if pythae else []), *models)}
    for _ in range(options.n_epochs):
        torch.set_float32_matmul_precision("highest")  # the peer runs as people run it
        torch.set_flush_denormal(False)
        seconds["peer"].append(seconds_of(lambda: peer_epoch(peer, loader, adam, device)))
        if pythae is not None:
            seconds["pythae"].append(seconds_of(pythae.epoch))
        torch.set_float32_matmul_precision(matmul)
        torch.set_flush_denormal(True)
        for precision, model in models.items():
            seconds[precision].append(our_epoch(model, events[precision], test_x))
    if device.type == "cuda":
        seconds = {name: values[1:] for name, values in seconds.items()}
    b = binarised(images.test.x)
    seen = model_input(b, device)

    def ratios(of: str) -> dict[str, dict[str, float]]:
        pairs = {name: zip(seconds[of], seconds[name], strict=True) for name in models}
        return {name: spread([theirs / ours for theirs, ours in found], 2) for name, found in pairs.items()}

    report(
        ratio=ratios("peer"),
        **({} if pythae is None else {"ratio_to_pythae": ratios("pythae")}),
        images_per_second={name: round(len(images.train) / statistics.median(values)) for name, values in seconds.items()},
        test_negative_elbo={
            "peer": round(peer_negative_elbo(peer, seen), 2),
            **({} if pythae is None else {"pythae": round(pythae.negative_elbo(seen), 2)}),
            **{name: round(mean_terms(model, b)["loss"], 2) for name, model in models.items()},
        },
        n_images=len(images.train),
        n_epochs=options.n_epochs,
        matmul=matmul,
    )


if __name__ == "__main__":
    main()
