"""The training loop: Adam on minibatches of images that stay on the device, one event an epoch, resumable to the bit."""

from __future__ import annotations

import hashlib
import math
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate

import torch
from torch import Tensor

from vae_core.adam import Adam
from vae_core.data.base import Dataset, Split
from vae_core.evaluation import means_and_errors
from vae_core.models.base import LatentModel
from vae_core.models.classifier import ClassifierSpec
from vae_core.models.draw import DrawSpec
from vae_core.models.inputs import model_input
from vae_core.models.vqvae import VQVAESpec
from vae_core.networks import initialise
from vae_core.specs import Protocol, TrainedSpec
from vae_core.training.augmentation import AMOUNTS, warped
from vae_core.training.by_hand import ByHand, is_by_hand
from vae_core.training.devices import Precision, reduced
from vae_core.training.events import EpochDone, TrainingDiverged
from vae_core.training.steps import Steps

EVALUATION_SEED = 0
STREAMS = ("order", "binarisation", "noise")
STREAMS_VERSION, VERSION = 2, "streams"
"""How random numbers are drawn from the streams, as a snapshot notes it: 2 binarises by sixteen bits a pixel, 1 did by floats."""
MOMENTS = ("exp_avg", "exp_avg_sq")
CHANNELS_LAST_FROM = 64 * 64
"""Pixels of an image from which convolutions are faster with the channels of a pixel side by side (`benchmarks/conv_layout.py`)."""
SCALAR_FACTOR = 10.0
"""A likelihood's one learned scale moves this much faster than the weights: it has as far to go, in far fewer directions."""


def gradient_descent(
    model: LatentModel,
    images: Dataset,
    *,
    device: torch.device,
    resume_from: dict[str, Tensor] | None,
    precision: Precision = "float32",
) -> Iterator[EpochDone]:
    """Minimise the mean of `model.loss_terms(x).loss(beta)` over the training images by Adam.

    Args:
        model: any model whose spec is a `TrainedSpec`; its weights are drawn anew from the spec's seed.
        images: the spec's data set.
        device: where to train.
        resume_from: an earlier event's snapshot.
        precision: of the matrix products.

    Raises:
        TrainingDiverged: if an epoch's mean loss is not finite.
    """
    (x, labels), (test_x, test_labels) = (_on_device(split, device) for split in (images.train, images.test))
    run = _Run(model, x, labels, precision)
    if resume_from is not None:
        run.restore(resume_from)
    while run.epoch < run.spec.n_epochs:
        start = time.perf_counter()
        train = run.one_epoch()
        if not math.isfinite(train["loss"]):
            raise divergence(run.spec, run.epoch, train["loss"])
        test, errors = means_and_errors(model, test_x, test_labels, seed=EVALUATION_SEED)
        yield EpochDone(run.epoch, run.spec.n_epochs, time.perf_counter() - start, train, test, errors, snapshot=run.snapshot)


def trained_spec(model: LatentModel) -> TrainedSpec:
    """The spec of a model that is fitted by descent.

    Raises:
        ValueError: if the model's family is solved in closed form.
    """
    if not isinstance(model.spec, TrainedSpec):
        raise ValueError(f"model must be of a family that is trained, got {model.spec.family}: use fit")
    return model.spec


def _on_device(split: Split, device: torch.device) -> tuple[Tensor, Tensor | None]:
    """Images and labels of a split; those of a training stay there."""
    return torch.tensor(split.x, device=device), None if split.labels is None else torch.tensor(split.labels, device=device)


class _Run:
    """What changes while a model trains: its weights, Adam's moments, the noise, the epoch."""

    def __init__(self, model: LatentModel, x: Tensor, labels: Tensor | None, precision: Precision = "float32") -> None:
        spec, device = trained_spec(model), x.device
        self.model, self.spec, self.x, self.labels, self.precision, self.epoch = model, spec, x, labels, precision, 0
        initialise(model, mean_image(x), stream(spec.seed, "weights"), spec.protocol)
        self.originals = x.cpu().clone() if spec.augmentation != "none" else None
        self.layout = layout(spec)
        model.to(device, memory_format=self.layout).train()  # type: ignore[call-overload]  # torch declares the layout for tensors only
        self.order = stream(spec.seed, "order")
        self.binarisation = stream(spec.seed, "binarisation", device)
        self.noise = stream(spec.seed, "noise", device)
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.by_hand = ByHand(model, precision) if is_by_hand(model, device) else None
        moved = self.parameters if self.by_hand is None else [self.by_hand.flat.values]
        self.adam = adam([p for p in moved if p.ndim > 0], [p for p in moved if p.ndim == 0], spec, device)
        self.steps = Steps(self.step, device, lambda: (self.binarisation, self.noise))

    def one_epoch(self) -> dict[str, float]:
        """Visit every image once, in a new order; means over the images as they were visited."""
        spec, x = self.spec, self.x
        n_steps = math.ceil(len(x) / spec.batch_size)
        order = torch.randperm(len(x), generator=self.order).to(x.device)
        if self.originals is not None:
            amount = AMOUNTS[spec.augmentation](self.epoch / spec.n_epochs)
            x.copy_(warped(self.originals, stream(spec.seed, f"augmentation of epoch {self.epoch}"), amount))
        sums = torch.zeros((), device=x.device)
        for step, index in enumerate(order.split(spec.batch_size)):
            set_learning_rate(self.adam, spec, (self.epoch + step / n_steps) / spec.n_epochs)
            sums = sums + self.steps(index)
        self.epoch += 1
        return dict(zip(self.names, (sums / len(x)).tolist(), strict=True))

    def step(self, index: Tensor) -> Tensor:
        """Move the weights once, by a batch; the loss and what it is made of, summed over the batch."""
        images = self.x.index_select(0, index)
        sums = self._by_autograd(images, index) if self.by_hand is None else self.by_hand(images, self.binarisation, self.noise)
        self.adam.step()
        self.names = list(sums)
        return torch.stack(list(sums.values()))

    def _by_autograd(self, images: Tensor, index: Tensor) -> dict[str, Tensor]:
        """The loss and what it is made of, summed over a batch; the gradient of its mean in each weight's `grad`."""
        model, seen = self._given(index), self.model.observed(images, self.binarisation)
        self.adam.zero_grad(set_to_none=True)
        with reduced(self.precision, seen.device):
            terms = model.loss_terms(seen.contiguous(memory_format=self.layout), self.noise)
        columns = {"loss": terms.loss(model.beta), **terms.columns()}
        columns["loss"].mean().backward()
        return {name: column.detach().sum() for name, column in columns.items()}

    def _given(self, index: Tensor) -> LatentModel:
        """The model of a batch's labels; the model itself for a family that needs none."""
        if not self.model.needs_labels:
            return self.model
        return self.model.given(None if self.labels is None else self.labels.index_select(0, index))

    def snapshot(self) -> dict[str, Tensor]:
        """Everything that resuming needs, as tensors on the CPU."""
        tensors = {f"model.{name}": value for name, value in self.model.state_dict().items()}
        for i, state in enumerate(self._states()):
            tensors |= {f"adam.{i}.{name}": value for name, value in state.items()}
        tensors |= {name: getattr(self, name).get_state() for name in STREAMS}
        tensors |= {"epoch": torch.tensor(self.epoch), VERSION: torch.tensor(STREAMS_VERSION)}
        return {name: value.detach().cpu().clone(memory_format=torch.contiguous_format) for name, value in tensors.items()}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """The inverse of `snapshot`."""
        self.model.load_state_dict({name.removeprefix("model."): t for name, t in tensors.items() if name.startswith("model.")})
        states = [{name: tensors[f"adam.{i}.{name}"] for name in ("step", *MOMENTS)} for i in range(len(self.parameters))]
        if self.by_hand is None:
            for parameter, state in zip(self.parameters, states, strict=True):
                moments = {name: torch.empty_like(parameter).copy_(state[name]) for name in MOMENTS}
                self.adam.state[parameter] = {"step": state["step"].clone().to(parameter.device), **moments}
        else:
            flat = self.by_hand.flat
            moments = {name: flat.joined([state[name] for state in states]) for name in MOMENTS}
            self.adam.state[flat.values] = {"step": states[0]["step"].clone(), **moments}
        for name in STREAMS:
            setattr(self, name, restored_stream(self.spec.seed, name, tensors, getattr(self, name).device))
        self.epoch = int(tensors["epoch"])

    def _states(self) -> list[dict[str, Tensor]]:
        """Adam's step and moments of each parameter."""
        if self.by_hand is None:
            return [self.adam.state[parameter] for parameter in self.parameters]
        flat, state = self.by_hand.flat, self.adam.state[self.by_hand.flat.values]
        moments = zip(*(flat.parts(state[name]) for name in MOMENTS), strict=True)
        return [{"step": state["step"], **dict(zip(MOMENTS, own, strict=True))} for own in moments]


def is_of_other_streams(snapshot: dict[str, Tensor]) -> bool:
    """Whether a training drew its random numbers in another way than this version does, which cannot go on with it."""
    return VERSION not in snapshot or int(snapshot[VERSION]) != STREAMS_VERSION


def layout(spec: TrainedSpec) -> torch.memory_format:
    """How the images and weights of a training lie in memory."""
    is_faster_last = spec.network == "conv" and math.prod(spec.identity.shape[1:]) >= CHANNELS_LAST_FROM
    return torch.channels_last if is_faster_last else torch.contiguous_format


def adam(weights: list[Tensor], scalars: list[Tensor], spec: TrainedSpec, device: torch.device) -> Adam:
    """Adam in one call for all weights, and one for the scalars, which move faster. A CUDA graph asks for a rate that is a tensor."""
    is_cuda = device.type == "cuda"
    groups = [
        {"params": parameters, "factor": factor, "lr": torch.tensor(spec.learning_rate, device=device) if is_cuda else spec.learning_rate}
        for parameters, factor in ((weights, 1.0), (scalars, SCALAR_FACTOR))
        if parameters
    ]
    return Adam(groups, eps=ADAM_EPS[spec.protocol], fused=device.type != "mps", capturable=is_cuda)


def set_learning_rate(optimiser: Adam, spec: TrainedSpec, done: float) -> None:
    """The rate of the spec's protocol; `done` is the share of training done."""
    rate = spec.learning_rate * RATES[spec.protocol](done)
    for group in optimiser.param_groups:
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(group["factor"] * rate)
        else:
            group["lr"] = group["factor"] * rate


def half_a_cosine(done: float) -> float:
    """From 1 to 0 (Loshchilov & Hutter 2017, Eq. (5))."""
    return 0.5 * (1 + math.cos(math.pi * done))


def eight_stages(done: float) -> float:
    """10^(−i/7) for a share 3^i / 3,280 of training, i = 0, …, 7 (Burda, Grosse & Salakhutdinov 2016, Sec. 5)."""
    return 10 ** (-bisect_right(STAGE_ENDS, done) / 7)


STAGE_ENDS = [total / 3280 for total in accumulate(3**i for i in range(7))]
"""Shares of training that are done when all stages but the last end."""
RATES: dict[Protocol, Callable[[float], float]] = {"cosine": half_a_cosine, "burda": eight_stages}
ADAM_EPS: dict[Protocol, float] = {"cosine": 1e-8, "burda": 1e-4}


def divergence(spec: TrainedSpec | ClassifierSpec | DrawSpec | VQVAESpec, epoch: int, loss: float) -> TrainingDiverged:
    """What to say when a mean loss is not finite."""
    failure = f"training must keep a finite loss, got {loss} in epoch {epoch} of {spec.n_epochs}: "
    return TrainingDiverged(f"{failure}try a learning_rate below {spec.learning_rate:g}")


def stream(seed: int, purpose: str, device: torch.device | str = "cpu") -> torch.Generator:
    """Random numbers for one purpose. Models of one seed share the order of images and their binarisation, whatever else differs."""
    digest = hashlib.sha256(f"{purpose}:{seed}".encode()).digest()
    return torch.Generator(device).manual_seed(int.from_bytes(digest[:6]))


def restored_stream(seed: int, purpose: str, tensors: dict[str, Tensor], device: torch.device | str = "cpu") -> torch.Generator:
    """A stream as a snapshot left it; begun anew, at that epoch, where the snapshot is of another kind of device."""
    generator = stream(seed, purpose, device)
    if tensors[purpose].numel() != generator.get_state().numel():
        return stream(seed, f"{purpose} from epoch {int(tensors['epoch'])}", device)
    generator.set_state(tensors[purpose])
    return generator


def mean_image(x: Tensor, at_once: int = 10_000) -> Tensor:
    """Mean of the images as model input, (*shape), on the CPU."""
    total = torch.zeros(x.shape[1:], dtype=torch.float64)
    for part in x.cpu().split(at_once):
        total += model_input(part, torch.device("cpu")).sum(0, dtype=torch.float64)
    return (total / len(x)).float()
