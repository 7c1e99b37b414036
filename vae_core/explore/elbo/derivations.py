r"""The derivations of the ELBO as four decks of slides write them: each line in LaTeX, with the integrals that are its value.

A line names its formulas by what they mean (`$joint`, `$q`); a notation says how a deck writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, slots=True)
class Notation:
    """How a deck writes the same things.

    Attributes:
        title: the course, as a person reads it.
        symbols: meaning → LaTeX.
        slip: what on these slides is to be read with care; sentences.
    """

    title: str
    symbols: Mapping[str, str]
    slip: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a derivation.

    Attributes:
        relation: to the line before, "" for the first: `=`, `≥` or `≤`.
        formula: in LaTeX, with `$name` for what a notation writes.
        parts: names of `bound.quantities` whose sum is the line's value, one for each part of the formula; `−` before a name turns
            its sign.
        why: what leads from the line before to this one.
    """

    relation: str
    formula: str
    parts: tuple[str, ...]
    why: str


WANG = Notation(
    "CS 446 (Wang 2024)",
    {
        "log": r"\log",
        "dz": r"\, dz",
        "evidence": r"p_\theta(x)",
        "joint": r"p_\theta(x, z)",
        "posterior": r"p_\theta(z | x)",
        "likelihood": r"p_\theta(x | z)",
        "prior": "p(z)",
        "q": r"q_\phi(z | x)",
        "E": r"\mathbb{E}_{q_\phi}",
        "gap": r"D_{KL}(q_\phi, p_\theta)",
        "rate": r"D_{KL}(q_\phi, p)",
        "elbo": r"\mathcal{L}(p_\theta, q_\phi)",
    },
    "Both divergences are called D_KL here. With p_θ it is to the posterior p_θ(z|x), with p it is to the prior p(z). "
    "The slides write N(z; μ, σ) and later call σ² the variance.",
)
BIPIN = Notation(
    "Deep Learning 11 (Bipin)",
    {
        "log": r"\log",
        "dz": r"\, dz",
        "evidence": "p(x)",
        "joint": "p(z, x)",
        "posterior": "p(z | x)",
        "likelihood": "p(x | z)",
        "prior": "p(z)",
        "q": "q(z | x)",
        "E": r"\mathbb{E}_{z \sim q(z | x)}",
        "gap": "KL(q(z | x), p(z | x))",
        "rate": "KL(q(z | x), p(z))",
        "elbo": r"\text{ELBO}",
    },
    "The slide labels the rate “Approx. Posterior = Prior”. It is the divergence of the approximate posterior from the prior, "
    "and need not be 0.",
)
MCALLESTER = Notation(
    "TTIC 31230 (McAllester 2020)",
    {
        "log": r"\ln",
        "dz": r"\, dz",
        "evidence": r"P_\Phi(y)",
        "joint": r"P_\Phi(z) P_\Phi(y | z)",
        "posterior": r"P_\Phi(z | y)",
        "likelihood": r"P_\Phi(y | z)",
        "prior": r"P_\Phi(z)",
        "q": r"Q_\Phi(z | y)",
        "E": r"E_{z \sim Q_\Phi(z | y)}",
        "gap": r"KL(Q_\Phi(z | y), P_\Phi(z | y))",
        "rate": r"KL(Q_\Phi(z | y), P_\Phi(z))",
        "elbo": r"\text{ELBO}",
    },
    "One slide writes N(·, σ) with a standard deviation and N(·, σ²I) with a variance. Here the second argument is the variance.",
)
BA = Notation(
    "CSC413 (Ba)",
    {
        "log": r"\log",
        "dz": r"\, dz",
        "evidence": "p(x)",
        "joint": "p(z) p(x | z)",
        "posterior": "p(z | x)",
        "likelihood": "p(x | z)",
        "prior": "p(z)",
        "q": "q(z)",
        "E": r"\mathbb{E}_q",
        "gap": r"D_{KL}(q(z) \Vert p(z | x))",
        "rate": r"D_{KL}(q(z) \Vert p(z))",
        "elbo": r"\mathcal{F}(\theta, q)",
    },
    "The noise is η on one slide and σ² on the next: the same variance. "
    "A point mass minimises the squared error; the reconstruction term is then maximised, not minimised.",
)
NOTATIONS = {notation.title: notation for notation in (WANG, BIPIN, MCALLESTER, BA)}

EVIDENCE = r"$log $evidence"
WEIGHT = r"\frac{$joint}{$q}"
GAP = r"\frac{$q}{$posterior}"

_BY_JENSEN = (
    Line("", EVIDENCE, ("evidence",), "what a model is to make large"),
    Line("=", r"$log \int $joint $dz", ("evidence",), "marginalise z"),
    Line("=", rf"$log \int $q {WEIGHT} $dz", ("mean weight",), "multiply and divide by q"),
    Line("≥", rf"\int $q $log {WEIGHT} $dz", ("expected weight",), "Jensen: the logarithm is concave"),
    Line("=", r"$elbo", ("elbo",), "its name: evidence lower bound"),
)
_BY_KL = (
    Line("", EVIDENCE, ("evidence",), "what a model is to make large"),
    Line("=", r"\int $q $log $evidence $dz", ("expected evidence",), "constant in z, and q sums to 1"),
    Line("=", r"\int $q $log \frac{$joint}{$posterior} $dz", ("by Bayes",), "Bayes"),
    Line("=", rf"\int $q $log ({WEIGHT} \cdot {GAP}) $dz", ("product",), "multiply and divide by q"),
    Line("=", rf"\int $q $log {WEIGHT} $dz + \int $q $log {GAP} $dz", ("expected weight", "gap"), "the log of a product is a sum"),
    Line("=", r"$elbo + $gap", ("elbo", "gap"), "their names"),
    Line("≥", r"$elbo", ("elbo",), "a KL divergence is never negative"),
)
_EXPECTED_KL = (
    Line("", EVIDENCE, ("evidence",), "what a model is to make large"),
    Line("=", r"$E $log \frac{$evidence $posterior}{$posterior}", ("evidence times posterior",), "multiply and divide by the posterior"),
    Line("=", rf"$E ($log {WEIGHT} + $log {GAP})", ("product",), "Bayes; multiply and divide by q"),
    Line("=", rf"$E $log {WEIGHT} + $gap", ("expected weight", "gap"), "the second part is a KL divergence"),
    Line("≥", rf"$E $log {WEIGHT}", ("expected weight",), "a KL divergence is never negative"),
)
_MCALLESTER_KL = (
    _EXPECTED_KL[0],
    Line("=", r"$E $log \frac{$joint}{$posterior}", ("by Bayes",), "Bayes, for each z"),
    Line("=", _EXPECTED_KL[2].formula, ("product",), "multiply and divide by q"),
    *_EXPECTED_KL[3:],
)
_TWO_TERMS = (
    Line("", r"$elbo", ("elbo",), "the bound"),
    Line("=", rf"\int $q $log {WEIGHT} $dz", ("expected weight",), "written out"),
    Line("=", r"\int $q $log \frac{$likelihood $prior}{$q} $dz", ("expected weight, factored",), "the joint is likelihood times prior"),
    Line("=", r"\int $q $log \frac{$prior}{$q} $dz + \int $q $log $likelihood $dz", ("prior ratio", "likelihood"), "log of a product"),
    Line("=", r"- $rate + $E $log $likelihood", ("−rate", "likelihood"), "minus rate, minus distortion"),
)
_UPPER = (
    Line("", r"- $log $evidence", ("−evidence",), "what a model is to make small"),
    Line("≤", r"$E $log \frac{$q}{$joint}", ("−expected weight",), "minus the ELBO"),
    Line("=", r"$E $log \frac{$q}{$prior $likelihood}", ("−expected weight, factored",), "the joint is prior times likelihood"),
    Line("=", r"$E ($log \frac{$q}{$prior} - $log $likelihood)", ("−prior ratio", "−likelihood"), "the log of a quotient"),
    Line("=", r"$rate + $E (- $log $likelihood)", ("rate", "−likelihood"), "rate plus distortion"),
)
_BA_JENSEN = (
    Line("", EVIDENCE, ("evidence",), "what a model is to make large"),
    Line("=", r"$log \int $joint $dz", ("evidence",), "marginalise z"),
    Line("=", r"$log \int $q \frac{$prior}{$q} $likelihood $dz", ("mean weight",), "multiply and divide by q"),
    Line("≥", r"\int $q $log (\frac{$prior}{$q} $likelihood) $dz", ("expected weight, factored",), "Jensen: the logarithm is concave"),
    Line("=", r"$E $log \frac{$prior}{$q} + $E $log $likelihood", ("prior ratio", "likelihood"), "the log of a product is a sum"),
)
_BA_GAP = (
    Line("", EVIDENCE, ("evidence",), "what a model is to make large"),
    Line("≥", r"$elbo", ("elbo",), "Jensen, as on the slide before"),
    Line("=", r"$E $log $likelihood - $rate", ("likelihood", "−rate"), "its two terms"),
    Line("=", r"$log $evidence - $gap", ("evidence", "−gap"), "the gap is a KL divergence to the posterior"),
)
_MCALLESTER_TERMS = (
    Line("", rf"$E (- $log {WEIGHT})", ("−expected weight",), "what a VAE makes small"),
    Line("=", r"$E (- $log \frac{$prior}{$q}) + $E (- $log $likelihood)", ("−prior ratio", "−likelihood"), "the last term: distortion"),
)
_BA_TERMS = (
    Line("", r"$elbo", ("elbo",), "the bound, also called variational free energy"),
    Line("=", r"$E $log \frac{$prior}{$q} + $E $log $likelihood", ("prior ratio", "likelihood"), "by Jensen, as before"),
    Line("=", r"$E $log $likelihood - $rate", ("likelihood", "−rate"), "the first part is minus a KL divergence"),
)
GENERAL = {"by Jensen": _BY_JENSEN, "by KL": _BY_KL, "in two terms": _TWO_TERMS}
"""Derivation → its lines; where a deck has lines of its own, those of `OWN` take their place."""
OWN = {
    (BIPIN.title, "by KL"): _EXPECTED_KL,
    (BIPIN.title, "in two terms"): _UPPER,
    (MCALLESTER.title, "by KL"): _MCALLESTER_KL,
    (MCALLESTER.title, "in two terms"): _MCALLESTER_TERMS,
    (BA.title, "by Jensen"): _BA_JENSEN,
    (BA.title, "by KL"): _BA_GAP,
    (BA.title, "in two terms"): _BA_TERMS,
}
NOT_ON_SLIDES = {(BIPIN.title, "by Jensen"), (MCALLESTER.title, "by Jensen")}
"""Deck and derivation where the deck has none: the lines of another in its notation."""


def lines(derivation: str, notation: str) -> list[Line]:
    """The lines of a derivation as a deck writes them, with its symbols put in.

    Raises:
        KeyError: if there is no such derivation or notation.
    """
    symbols = NOTATIONS[notation].symbols
    chosen = OWN.get((notation, derivation), GENERAL[derivation])
    return [Line(one.relation, Template(one.formula).substitute(symbols), one.parts, one.why) for one in chosen]


def value(line: Line, quantities: Mapping[str, float]) -> float:
    """What a line is worth, in nats: the sum of its parts."""
    return sum(part_value(part, quantities) for part in line.parts)


def part_value(part: str, quantities: Mapping[str, float]) -> float:
    """One part of a line, in nats."""
    return -quantities[part[1:]] if part.startswith("−") else quantities[part]
