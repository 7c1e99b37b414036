"""A formula that a student has written, as arithmetic and nothing else, and what it is beside the KL divergence to N(0, 1).

Text is parsed, never run: each node of the tree is one of a short list, and numbers are float64 from the start, so that nothing grows.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vae_core.errors import require
from vae_core.explore.elbo.kl import kl_to_prior

LONGEST, MOST_NODES = 200, 120
"""Letters of a formula, and nodes of its tree."""
OPERATORS: Mapping[type[ast.operator], Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
FUNCTIONS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "log": np.log,
    "ln": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
}
NAMES = {"mu": "mu", "μ": "mu", "m": "mu", "sigma": "sigma", "σ": "sigma", "s": "sigma"}
WRITTEN = {"²": "**2", "^": "**", "−": "-", "·": "*", "×": "*", "÷": "/", "½": "(1/2)", "µ": "μ"}
"""What is written on paper → what the parser knows."""
N_POINTS, TOLERANCE = 40, 1e-6
LARGEST_OFFSET = 100.0
"""Beside a larger number the divergence is lost in rounding."""
ALLOWED = "use numbers, mu, sigma, + − * / ^ and the functions log, exp, sqrt and abs only"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a formula is.

    Attributes:
        kind: `right`, or minus the divergence, a multiple of it, apart from it by a constant, without a value somewhere, or wrong.
        mu: where it differs most.
        sigma: where it differs most.
        theirs: its value there.
        exact: the divergence there, nats.
        by: the multiple, or the constant; 0 where there is neither.
    """

    kind: Literal["right", "negative", "multiple", "offset", "undefined", "wrong"]
    mu: float
    sigma: float
    theirs: float
    exact: float
    by: float = 0.0


def values(text: str, mu: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """A formula's values at points, (N,).

    Raises:
        ValueError: if it is longer than allowed, or anything but arithmetic of mu and sigma.
    """
    require(len(text.strip()) > 0 and len(text) <= LONGEST, "formula", f"have 1 to {LONGEST} letters", len(text))
    tree = _tree(text)
    n_nodes = sum(1 for _ in ast.walk(tree))
    require(n_nodes <= MOST_NODES, "formula", f"have at most {MOST_NODES} parts", n_nodes)
    with np.errstate(all="ignore"):
        return np.broadcast_to(_value(tree.body, {"mu": mu, "sigma": sigma}), mu.shape)


def _tree(text: str) -> ast.Expression:
    for written, known in WRITTEN.items():
        text = text.replace(written, known)
    try:
        return ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError("formula must be arithmetic with every parenthesis closed, such as mu^2 + log(sigma)") from error


def _value(node: ast.expr, at: Mapping[str, np.ndarray]) -> np.ndarray:
    """The value of one node, by the list of what there may be."""
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left, at), _value(node.right, at))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd | ast.USub):
        inner = _value(node.operand, at)
        return inner if isinstance(node.op, ast.UAdd) else -inner
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        require(len(node.args) == 1 and not node.keywords, "formula", "give each function one number", node.func.id)
        return FUNCTIONS[node.func.id](_value(node.args[0], at))
    if isinstance(node, ast.Name):
        require(node.id in NAMES or node.id == "pi", "formula", ALLOWED, node.id)
        return np.asarray(math.pi) if node.id == "pi" else at[NAMES[node.id]]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return np.asarray(_finite(node.value))
    raise ValueError(f"formula must {ALLOWED}")


def _finite(number: int | float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def points(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Random mu in [−3, 3] and sigma in [0.1, 3], (40,) each."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-3, 3, N_POINTS), rng.uniform(0.1, 3, N_POINTS)


def check(text: str, seed: int = 0) -> Verdict:
    """What a formula is beside ½(μ² + σ² − 1 − ln σ²), at random points.

    Raises:
        ValueError: if it is not arithmetic of mu and sigma.
    """
    mu, sigma = points(seed)
    theirs, exact = values(text, mu, sigma), kl_to_prior(mu, sigma)
    apart = np.where(np.isfinite(theirs), np.abs(theirs - exact), np.inf)
    at = int(apart.argmax())
    where = (float(mu[at]), float(sigma[at]), float(theirs[at]), float(exact[at]))
    if not np.isfinite(theirs).all():
        return Verdict("undefined", *where)
    if _same(theirs, exact):
        return Verdict("right", *where)
    if _same(theirs, -exact):
        return Verdict("negative", *where)
    factor, offset = float(theirs @ exact / (exact @ exact)), float(np.mean(theirs - exact))
    if factor and _same(theirs, factor * exact):
        return Verdict("multiple", *where, factor)
    if abs(offset) < LARGEST_OFFSET and _same(theirs, exact + offset):
        return Verdict("offset", *where, offset)
    return Verdict("wrong", *where)


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE))
