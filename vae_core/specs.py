"""What determines a model: the identity of its data and every choice made in its training.

A spec is the one identity of a model: cache key, folder name, legend entry and link. It needs neither the data nor torch.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, asdict, dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal, get_args

from vae_core.fields import Field, declared, fields_of
from vae_core.identities import DATASETS, DatasetIdentity, identity

__all__ = ["DATASETS", "DatasetIdentity", "ModelSpec", "Spec", "TrainedSpec", "identity"]

SCHEMA = 1
"""Part of every fingerprint. Raise it when a default or a recipe comes to mean something else."""

Network = Literal["linear", "mlp", "conv"]
Activation = Literal["relu", "tanh", "silu"]
Protocol = Literal["cosine", "burda"]
Augmentation = Literal["none", "warp", "warp_then_none"]
Corruption = Literal["none", "gaussian", "mask", "salt_and_pepper"]
Likelihood = Literal["bernoulli", "continuous_bernoulli", "gaussian", "laplace"]
Scale = float | Literal["learned"]

DEFAULT_HIDDEN: dict[str, tuple[int, ...]] = {"linear": (), "mlp": (400, 200), "conv": (32, 64)}
SCALED_LIKELIHOODS = ("gaussian", "laplace")
MOST = 1_000_000
"""Epochs of a training, and images of a batch, at most: beyond every use, and within what counters hold."""
BESIDE_LAYERS = ("network", ("mlp", "conv"))
"""Where hidden layers, and what stands between layers, mean something: a linear network has neither."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Spec:
    """The identity of what is made from a data set: every choice made on the way. It validates itself by its fields."""

    kind: ClassVar[str]

    dataset: str = declared(kind="data set", meaning="name of the data set, one of `DATASETS` or a person's own.")

    def __post_init__(self) -> None:
        for field in self.fields():
            object.__setattr__(self, field.name, field.checked(getattr(self, field.name), self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.choices().items())})"

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """What there is to choose, in its order."""
        return fields_of(cls)  # type: ignore[arg-type]  # mypy takes the hash of a spec for that of its class

    @property
    def identity(self) -> DatasetIdentity:
        """Shape, size and content of the data set."""
        return identity(self.dataset)

    def choices(self) -> dict[str, Any]:
        """The fields that differ from their defaults, and those that have none."""
        values = {field.name: (getattr(self, field.name), field.usual(self)) for field in self.fields()}
        return {name: value for name, (value, usual) in values.items() if usual is MISSING or value != usual}

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that stand for this spec and the content of its data set."""
        return _fingerprint(self, self.identity.content)

    def to_json(self) -> dict[str, Any]:
        """Every field, as JSON values."""
        return json.loads(json.dumps(asdict(self)))


@lru_cache(maxsize=4096)  # a page asks for hundreds of them each time it is drawn
def _fingerprint(spec: Spec, content: str) -> str:
    identity = {"schema": SCHEMA, "kind": spec.kind, "content": content, **spec.choices()}
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ModelSpec(Spec):
    """The identity of a model with a code. Each family declares its fields."""

    is_closed_form: ClassVar[bool] = True

    latent_dim: int = declared(
        kind="integer",
        meaning="number of dimensions of the code z.",
        rule="be between 1 and {spec.largest_latent_dim} for {spec.dataset}",
        most="largest_latent_dim",
    )

    @classmethod
    def has(cls, name: str) -> bool:
        """Whether a field of that name is to be chosen."""
        return any(field.name == name for field in cls.fields())

    @property
    def family(self) -> str:
        """Name of the family, as on the command line."""
        return self.kind

    @property
    def network(self) -> Network:
        """Architecture of encoder and decoder; those of a closed form are linear."""
        return "linear"

    @property
    def likelihood(self) -> Likelihood | None:
        """Law of a pixel given the code; None for a family without a density."""
        return None

    @property
    def scale(self) -> Scale:
        """Of the likelihood, as far as it is to be chosen; 1.0 where it is not."""
        return 1.0

    @property
    def beta(self) -> float:
        """Weight of the rate in the training loss; 1 where there is no choice."""
        return 1.0

    @property
    def corruption(self) -> Corruption:
        """What is done in training to the images that the encoder is given, not to those that are rebuilt."""
        return "none"

    @property
    def n_epochs(self) -> int:
        """Epochs of its training; a closed form is solved in one."""
        return 1

    @property
    def largest_latent_dim(self) -> int:
        """The largest latent dimension that the data allow: the number of pixels."""
        return self.identity.n_features

    def to_json(self) -> dict[str, Any]:
        """Family and every field, as JSON values; `models.spec_from_json` is the inverse."""
        return {"family": self.family, **Spec.to_json(self)}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TrainedSpec(ModelSpec):
    """What every model fitted by gradient descent shares."""

    is_closed_form: ClassVar[bool] = False

    network: Network = declared(
        "mlp",
        kind="word",
        meaning="architecture of encoder and decoder.",
        options=get_args(Network),
        options_of_points=("linear", "mlp"),
    )
    hidden: tuple[int, ...] | None = declared(
        None,
        kind="widths",
        meaning="widths of the encoder's hidden layers (channels of its stride-2 stages for `conv`); the decoder mirrors them. "
        "`None` stands for the network's default.",
        rule="hold at most 8 widths between 1 and 8192",
        most=8192,
        most_widths=8,
        only_beside=BESIDE_LAYERS,
        elsewhere="be empty for a {spec.network} network",
        default_beside=("network", DEFAULT_HIDDEN),
    )
    activation: Activation = declared(
        "relu",
        kind="word",
        meaning="what stands between two layers of encoder and decoder: max(0, h), tanh(h) or h·sigmoid(h).",
        options=get_args(Activation),
        only_beside=BESIDE_LAYERS,
        elsewhere="be left out for a {spec.network} network, which has none",
    )
    protocol: Protocol = declared(
        "cosine",
        kind="word",
        is_of_training=True,
        meaning="how weights are drawn and moved. `cosine`: uniform within ±1/√fan-in; Adam, whose rate falls to zero by half a cosine. "
        "`burda`: Glorot's; Adam with ε = 1e-4 at eight falling rates, the next for three times as long (Burda et al. 2016, Sec. 5).",
        options=get_args(Protocol),
    )
    n_epochs: int = declared(40, kind="integer", is_of_training=True, meaning="visits of every training image.", most=MOST)
    batch_size: int = declared(128, kind="integer", is_of_training=True, meaning="images a step.", most=MOST)
    learning_rate: float = declared(
        1e-3, kind="number", is_of_training=True, meaning="of Adam, at the start.", least=0, is_open=True, most=1
    )
    seed: int = declared(
        0,
        kind="integer",
        is_of_training=True,
        meaning="of initial weights, order of the images and every noise.",
        rule="be between 0 and 2**32 - 1",
        least=0,
        most=2**32 - 1,
    )
    augmentation: Augmentation = declared(
        "none",
        kind="word",
        is_of_training=True,
        meaning="what is done to a training image at each visit. `warp`: turned by up to 10°, stretched by up to 10 % along each side and "
        "slanted by up to 0.2, at random: a model of few images learns them by heart less. `warp_then_none`: half as much, and in the last "
        "three tenths of the epochs nothing: a warped image is smoother than those that the model is for.",
        options=get_args(Augmentation),
        options_of_points=("none",),
    )

    @property
    def widths(self) -> tuple[int, ...]:
        """Widths of the encoder's hidden layers; none for a linear network."""
        return self.hidden or ()
