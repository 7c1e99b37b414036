"""What the figures of a stored evaluation may be, one line a figure, and how they hang together: no more of a file is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from vae_core.errors import require
from vae_core.fields import is_number
from vae_core.log_px import LogPxMethod
from vae_core.specs import ModelSpec

ROUNDING = 1e-3
"""So far, of its size and 1, may two ways to the same figure differ; so far below 0 may rounding take a KL divergence."""
METHODS = get_args(LogPxMethod)
BOUNDS = METHODS[2:]
ERRORS = "standard_errors"
"""What an epoch says since it was first kept; a history that is older lacks it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of an evaluation.

    Attributes:
        is_whole: whether it counts something.
        least: the smallest that it can be; None where it has no end.
        per_dim: whether it is a list of numbers, one for each latent dimension.
        is_needed: whether every evaluation has it; of figures of a density, every one of a model with a density.
        of_density: whether only models with a density have it.
        beside: the figure without which it is not there.
        methods: of log p(x), without one of which it is not there.
    """

    is_whole: bool = False
    least: float | None = None
    per_dim: bool = False
    is_needed: bool = False
    of_density: bool = False
    beside: str | None = None
    methods: tuple[str, ...] = METHODS

    @property
    def rule(self) -> str:
        """What a value must be, in words."""
        kind = "a whole number" if self.is_whole else "a number"
        words = f"{kind} for each latent dimension" if self.per_dim else kind
        return words if self.least is None else f"{words} of at least {max(self.least, 0):g}"

    def admits(self, value: Any, latent_dim: int) -> bool:
        """Whether a value that is there is one of its kind."""
        if self.per_dim:
            return isinstance(value, list) and len(value) == latent_dim and all(map(self._admits_number, value))
        return self._admits_number(value)

    def _admits_number(self, value: Any) -> bool:
        is_of_kind = type(value) is int if self.is_whole else is_number(value)
        return is_of_kind and is_number(value) and (self.least is None or value >= self.least)


def _error(of: str, *, per_dim: bool = False) -> Figure:
    return Figure(least=0, beside=of, per_dim=per_dim)


FIGURES = {
    "n_images": Figure(is_whole=True, least=1, is_needed=True),
    "sse": Figure(least=0, is_needed=True),
    "sse_standard_error": Figure(least=0, is_needed=True),
    "expected_sse": Figure(least=0),
    "expected_sse_standard_error": _error("expected_sse"),
    "distortion": Figure(is_needed=True, of_density=True),
    "distortion_standard_error": _error("distortion"),
    "rate": Figure(least=-ROUNDING, is_needed=True, of_density=True),
    "rate_standard_error": _error("rate"),
    "elbo": Figure(is_needed=True, of_density=True),
    "elbo_standard_error": Figure(least=0, is_needed=True, of_density=True),
    "kl_per_dim": Figure(least=-ROUNDING, per_dim=True, is_needed=True, of_density=True),
    "kl_per_dim_standard_error": _error("kl_per_dim", per_dim=True),
    "active_units": Figure(is_whole=True, least=0, is_needed=True, of_density=True),
    "iwae_bound": Figure(of_density=True, beside="n_samples"),
    "iwae_bound_standard_error": _error("iwae_bound"),
    "n_samples": Figure(is_whole=True, least=1, beside="iwae_bound"),
    "log_px": Figure(is_needed=True, of_density=True, beside="log_px_method"),
    "log_px_standard_error": _error("log_px"),
    "log_px_error": Figure(least=0, beside="log_px", methods=("quadrature",)),
    "log_px_n_samples": Figure(is_whole=True, least=1, beside="log_px", methods=BOUNDS),
    "log_px_n_images": Figure(is_whole=True, least=1, beside="log_px", methods=BOUNDS),
    "log_px_rise": Figure(beside="log_px", methods=BOUNDS),
    "binarisation_seed": Figure(is_whole=True, least=0, of_density=True),
    "scale": Figure(least=0, of_density=True, beside="scale_closed_form"),
    "scale_closed_form": Figure(least=0, beside="scale"),
}
"""Every figure of `evaluation.Evaluation` that is a number."""


def require_possible(spec: ModelSpec, metrics: Mapping[str, Any], *, has_density: bool, file: str) -> None:
    """Refuse an evaluation that no model can have.

    Args:
        spec: of the model.
        metrics: the evaluation as JSON, with None for what is not there.
        has_density: whether the model has one.
        file: what errors call it.

    Raises:
        ValueError: if a figure is missing, or is none, or does not fit the others.
    """
    require(metrics["split"] == "test", file, "hold figures of the test images", metrics["split"])
    method = metrics["log_px_method"]
    require(method in (None, *METHODS), file, f"name the method of log_px, one of {', '.join(METHODS)}", method)
    for name, figure in FIGURES.items():
        value = metrics[name]
        if value is None:
            is_missing = figure.is_needed and (has_density or not figure.of_density)
            require(not is_missing, file, f"hold {name}, {figure.rule}", None)
            continue
        require(has_density or not figure.of_density, file, f"hold no {name} of a model without a density", value)
        require(figure.admits(value, spec.latent_dim), file, f"hold {name} as {figure.rule}", value)
        require(figure.beside is None or metrics[figure.beside] is not None, file, f"hold {figure.beside} beside {name}", None)
        fits = not figure.beside or figure.methods == METHODS or method in figure.methods
        require(fits, file, f"hold {name} only where log_px is by {' or '.join(figure.methods)}", method)
    if has_density:
        _require_sums(spec, metrics, file)


def _require_sums(spec: ModelSpec, metrics: Mapping[str, Any], file: str) -> None:
    """Figures that are made of others, and bounds that cannot be above what they bound."""
    made = {"elbo": -(metrics["distortion"] + metrics["rate"]), "rate": sum(metrics["kl_per_dim"])}
    for name, value in made.items():
        is_sum = abs(metrics[name] - value) <= ROUNDING * (1 + abs(value))
        require(is_sum, file, f"hold {name} = {value:.6g}, by its other figures", metrics[name])
    require(metrics["active_units"] <= spec.latent_dim, file, f"hold at most {spec.latent_dim} active_units", metrics["active_units"])
    least = metrics["elbo"] - 10 * ROUNDING * (1 + abs(metrics["elbo"]))
    for name in ("log_px", "iwae_bound"):
        value = metrics[name]
        require(value is None or value >= least, file, f"hold {name} above its elbo", value)


def require_epochs(history: Any, n_epochs: int, terms: tuple[str, ...], file: str) -> None:
    """Refuse a history that no training of so many epochs writes.

    Args:
        history: one event an epoch, as JSON.
        n_epochs: of the training.
        terms: that a loss is made of.
        file: what errors call it.

    Raises:
        ValueError: if it is another.
    """
    is_list = isinstance(history, list) and len(history) == n_epochs
    is_right = is_list and all(_is_epoch(event, k, n_epochs, terms) for k, event in enumerate(history, start=1))
    require(is_right, file, f"hold one event an epoch, from 1 to {n_epochs:,}, with numbers that a training has", "something else")


def _is_epoch(event: Any, number: int, n_epochs: int, terms: tuple[str, ...]) -> bool:
    if not isinstance(event, dict) or set(event) - {ERRORS} != {"epoch", "n_epochs", "seconds", "train", "test"}:
        return False
    parts, errors = (event["train"], event["test"]), event.get(ERRORS, {})
    if not all(isinstance(part, dict) and set(part) == {"loss", *terms} for part in parts):
        return False
    if not isinstance(errors, dict) or not set(errors) <= {"loss", "elbo", *terms}:
        return False
    if not all(is_number(error) and error >= 0 for error in errors.values()):
        return False
    numbers = [event["seconds"], *parts[0].values(), *parts[1].values()]
    if not all(map(is_number, numbers)) or (type(event["epoch"]), type(event["n_epochs"])) != (int, int):
        return False
    is_in_order = (event["epoch"], event["n_epochs"]) == (number, n_epochs) and event["seconds"] >= 0
    return is_in_order and all(part[term] >= -ROUNDING for part in parts for term in terms if term in ("rate", "sse"))
