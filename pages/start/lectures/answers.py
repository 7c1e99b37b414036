"""The answers to the steps of lectures: each is computed by the function that its page's `findings.py` has for it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from string import Formatter
from typing import Any

from pages.shared.lectures.lectures import Step
from vae_core.units import minus


@dataclass(frozen=True, slots=True)
class Answer:
    """Which option is right, from 0, and the answer in words."""

    right: int
    told: str


def answer_of(step: Step) -> Answer:
    """The answer to a step, computed."""
    findings = import_module(f"pages.{step.page.replace('/', '.')}.findings")
    numbers = getattr(findings, step.answer)(step.state)
    return Answer(sum(numbers["value"] >= cut for cut in step.cuts), _WithMinus().format(step.told, **numbers))


class _WithMinus(Formatter):
    """Numbers with true minus signs; 0 has none."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = minus(format(value, format_spec))
        return text.removeprefix("−") if not any(digit in text for digit in "123456789") else text
