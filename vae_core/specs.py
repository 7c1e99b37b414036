"""What determines a model: the identity of its data and every choice made in its training.

A spec is the one identity of a model: cache key, folder name, legend entry and link. It needs neither the data nor torch.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import MISSING, asdict, dataclass, fields
from functools import lru_cache
from typing import Any, ClassVar, Literal, get_args

from vae_core.errors import require
from vae_core.identities import DATASETS, DatasetIdentity, identity

__all__ = ["DATASETS", "DatasetIdentity", "ModelSpec", "TrainedSpec", "identity"]

SCHEMA = 1
"""Part of every fingerprint. Raise it when a default or a recipe comes to mean something else."""

Network = Literal["linear", "mlp", "conv"]
Activation = Literal["relu", "tanh", "silu"]
Protocol = Literal["cosine", "burda"]
Likelihood = Literal["bernoulli", "continuous_bernoulli", "gaussian", "laplace"]
Scale = float | Literal["learned"]

WHOLE = ("n_epochs", "batch_size", "seed")
"""Fields of every trained spec that count something."""
DEFAULT_HIDDEN: dict[str, tuple[int, ...]] = {"linear": (), "mlp": (400, 200), "conv": (32, 64)}
SCALED_LIKELIHOODS = ("gaussian", "laplace")
MOST = 1_000_000
"""Epochs of a training, and images of a batch, at most: beyond every use, and within what counters hold."""


def require_whole(name: str, value: object) -> None:
    """Raise a ValueError unless the value is an int: 2.0 equals 2, but makes another fingerprint."""
    require(type(value) is int, name, "be a whole number", value)


def is_number(value: object) -> bool:
    """Whether the value is an int or a float, and finite."""
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """The identity of a model. Each family adds its fields; every spec validates itself.

    Attributes:
        dataset: name of the data set, one of `DATASETS` or a person's own.
        latent_dim: number of dimensions of the code z.
    """

    kind: ClassVar[str]

    dataset: str
    latent_dim: int

    def __post_init__(self) -> None:
        require_whole("latent_dim", self.latent_dim)
        most = self.largest_latent_dim()
        require(1 <= self.latent_dim <= most, "latent_dim", f"be between 1 and {most} for {self.dataset}", self.latent_dim)

    @property
    def family(self) -> str:
        """Name of the family, as on the command line."""
        return self.kind

    @property
    def identity(self) -> DatasetIdentity:
        """Shape, size and content of the data set."""
        return identity(self.dataset)

    def largest_latent_dim(self) -> int:
        """The largest latent dimension that the data allow: the number of pixels."""
        return self.identity.n_features

    def choices(self) -> dict[str, Any]:
        """The fields that differ from their defaults, and those that have none."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.default is MISSING or getattr(self, f.name) != f.default}

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that stand for this spec and the content of its data set."""
        return _fingerprint(self, self.identity.content)

    def to_json(self) -> dict[str, Any]:
        """Family and every field, as JSON values; `models.spec_from_json` is the inverse."""
        return {"family": self.family, **json.loads(json.dumps(asdict(self)))}


@lru_cache(maxsize=4096)  # a page asks for hundreds of them each time it is drawn
def _fingerprint(spec: ModelSpec, content: str) -> str:
    identity = {"schema": SCHEMA, "kind": spec.kind, "content": content, **spec.choices()}
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedSpec(ModelSpec):
    """What every model fitted by gradient descent shares.

    Attributes:
        network: architecture of encoder and decoder.
        hidden: widths of the encoder's hidden layers (channels of its stride-2 stages for `conv`); the decoder mirrors them.
            `None` stands for the network's default.
        activation: what stands between two layers of encoder and decoder: max(0, h), tanh(h) or h·sigmoid(h).
        protocol: how weights are drawn and moved. `cosine`: uniform within ±1/√fan-in; Adam, whose rate falls to zero by half a cosine.
            `burda`: Glorot's; Adam with ε = 1e-4 at eight falling rates, the next for three times as long (Burda et al. 2016, Sec. 5).
        n_epochs: visits of every training image.
        batch_size: images a step.
        learning_rate: of Adam, at the start.
        seed: of initial weights, order of the images and every noise.
    """

    network: Network = "mlp"
    hidden: tuple[int, ...] | None = None
    activation: Activation = "relu"
    protocol: Protocol = "cosine"
    n_epochs: int = 40
    batch_size: int = 128
    learning_rate: float = 1e-3
    seed: int = 0

    def __post_init__(self) -> None:
        ModelSpec.__post_init__(self)
        require(self.network in get_args(Network), "network", f"be one of {', '.join(get_args(Network))}", self.network)
        default = DEFAULT_HIDDEN[self.network]
        require(isinstance(self.hidden, tuple | list | None), "hidden", "be a list of widths", self.hidden)
        object.__setattr__(self, "hidden", default if self.hidden is None else tuple(self.hidden))
        require(self.network != "linear" or not self.hidden, "hidden", "be empty for a linear network", self.hidden)
        require(self.network == "linear" or len(self.hidden) > 0, "hidden", f"have a width for {self.network}", self.hidden)
        for name, value in [*(("hidden", width) for width in self.hidden), *((name, getattr(self, name)) for name in WHOLE)]:
            require_whole(name, value)
        require(is_number(self.learning_rate), "learning_rate", "be a number", self.learning_rate)
        require(all(1 <= width <= 8192 for width in self.hidden), "hidden", "hold widths between 1 and 8192", self.hidden)
        require(self.network != "conv" or len(self.identity.shape) == 3, "network", f"be linear or mlp for {self.dataset}", "conv")
        require(self.activation in get_args(Activation), "activation", f"be one of {', '.join(get_args(Activation))}", self.activation)
        has_none = self.network == "linear" and self.activation != "relu"
        require(not has_none, "activation", "be left out for a linear network, which has none", self.activation)
        require(self.protocol in get_args(Protocol), "protocol", f"be one of {', '.join(get_args(Protocol))}", self.protocol)
        for name in ("n_epochs", "batch_size"):
            require(1 <= getattr(self, name) <= MOST, name, f"be between 1 and {MOST:,}", getattr(self, name))
        require(0 < self.learning_rate <= 1, "learning_rate", "be above 0 and at most 1", self.learning_rate)
        object.__setattr__(self, "learning_rate", float(self.learning_rate))
        require(0 <= self.seed < 2**32, "seed", "be between 0 and 2**32 - 1", self.seed)

    def choices(self) -> dict[str, Any]:
        chosen = ModelSpec.choices(self)
        if self.hidden == DEFAULT_HIDDEN[self.network]:
            chosen.pop("hidden", None)
        return chosen
