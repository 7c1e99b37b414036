"""The same network in the trainer of pythae, a published library of VAEs (https://github.com/clementchadebec/benchmark_VAE).

It is no dependency of the program: `pip install pythae==0.1.2` beside it, and `training_speed` measures it, too.
"""

from __future__ import annotations

from tempfile import TemporaryDirectory

import numpy as np
import torch
from pythae.data.datasets import BaseDataset
from pythae.models import VAE, VAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from torch import Tensor, nn
from torch.nn import functional


class Encoder(BaseEncoder):
    """784-400, and two heads of 20."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.fc21, self.fc22 = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20)

    def forward(self, x: Tensor) -> ModelOutput:
        hidden = functional.relu(self.fc1(x.flatten(1)))
        return ModelOutput(embedding=self.fc21(hidden), log_covariance=self.fc22(hidden))


class Decoder(BaseDecoder):
    """20-400-784, and probabilities."""

    def __init__(self) -> None:
        super().__init__()
        self.fc3, self.fc4 = nn.Linear(20, 400), nn.Linear(400, 784)

    def forward(self, z: Tensor) -> ModelOutput:
        return ModelOutput(reconstruction=torch.sigmoid(self.fc4(functional.relu(self.fc3(z)))).view(-1, 1, 28, 28))


class PythaePeer:
    """A trainer with its images as one float32 tensor, as its own examples have them; Adam at 1e-3, batches of 128.

    Args:
        x: uint8 (N, 1, 28, 28).
        device: where to train.
    """

    def __init__(self, x: np.ndarray, device: torch.device) -> None:
        config = VAEConfig(input_dim=(1, 28, 28), latent_dim=20, reconstruction_loss="bce")
        self.folder = TemporaryDirectory()  # the trainer makes a folder of its own in it
        options = BaseTrainerConfig(
            output_dir=self.folder.name, per_device_train_batch_size=128, learning_rate=1e-3, no_cuda=device.type != "cuda"
        )
        images = torch.tensor(x, dtype=torch.float32) / 255
        self.trainer = BaseTrainer(VAE(config, Encoder(), Decoder()), BaseDataset(images, torch.zeros(len(x))), training_config=options)
        self.trainer.prepare_training()
        self.n_done = 0

    def epoch(self) -> float:
        """One epoch; its mean training loss."""
        self.n_done += 1
        return self.trainer.train_step(self.n_done)

    def negative_elbo(self, x: Tensor) -> float:
        """Mean −ELBO of binary images, (N, 1, 28, 28)."""
        with torch.no_grad():
            return float(self.trainer.model({"data": x}).loss)
