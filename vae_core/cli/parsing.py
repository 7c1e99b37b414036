"""From arguments to a command, by tyro; and what it refuses as one sentence instead of a box."""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import operator
import re
from collections.abc import Iterable, Sequence
from dataclasses import make_dataclass
from typing import Annotated, Any

import tyro

from vae_core.cli.classifier import Classify
from vae_core.cli.datasets import Datasets
from vae_core.cli.draw import Drawing
from vae_core.cli.many_models import Reevaluate, Ship, Sweep
from vae_core.cli.one_model import Evaluate, Film, Models, OfModel, Reconstruct, Train
from vae_core.cli.vqvae import Symbols
from vae_core.models import FAMILIES, default_spec

OF_ONE_MODEL = {"train": Train, "film": Film, "evaluate": Evaluate, "reconstruct": Reconstruct}
OTHERS = {
    "classifier": Classify,
    "datasets": Datasets,
    "draw": Drawing,
    "models": Models,
    "ship": Ship,
    "reevaluate": Reevaluate,
    "sweep": Sweep,
    "vq-vae": Symbols,
}
OPTIONS = (tyro.conf.CascadeSubcommandArgs, tyro.conf.OmitArgPrefixes, tyro.conf.OmitSubcommandPrefixes)
IN_OUR_WORDS = (
    (r" \(required\)", ""),
    (r"Error parsing spec: ", ""),
    (r"Error parsing (\S+): invalid literal for int\(\) with base 10: ", r"\1 must be a whole number, got "),
    (r"Error parsing (\S+): could not convert string to float: ", r"\1 must be a number, got "),
    (r"Error parsing (\S+): ", r"\1: "),
)


class Refused(ValueError):
    """The arguments are no command; in one sentence why."""


def command_of(arguments: Sequence[str]) -> Any:
    """The command that the arguments ask for.

    Raises:
        Refused: if they ask for none.
        ValueError: if a spec cannot be what is asked for.
        SystemExit: after --help was printed.
    """
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            return tyro.cli(_commands(arguments), prog="python -m vae_core", args=arguments, config=OPTIONS)
    except SystemExit as end:
        if not end.code:
            raise
        raise Refused(sentence_of_box(said.getvalue())) from end


def sentence_of_box(box: str) -> str:
    """What stands in the first part of tyro's box, in one line, and the option that it thinks was meant."""
    lines = [line.strip("│ ") for line in box.splitlines() if line.startswith("│")]
    parts = "\n".join(lines).split("\n" + next((line for line in lines if set(line) == {"─"}), "─") + "\n")
    sentence = " ".join(parts[0].split())
    for pattern, words in IN_OUR_WORDS:
        sentence = re.sub(pattern, words, sentence)
    meant = re.search(r"Perhaps you meant:\s+(--\S+)", "\n".join(lines))
    there = re.search(r"Available subcommands: (.*)", " ".join(lines))
    if meant:
        sentence += f": perhaps {meant[1]} was meant"
    elif there:
        sentence += f": there are {there[1].split(' ─')[0]}"
    return sentence.rstrip(".") or box.strip()


def _commands(args: Sequence[str]) -> Any:
    """The type of all commands; the specs' defaults are the recipes of the data set, latent dimension and network that are named."""
    recipe = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    recipe.add_argument("--dataset", default="mnist")
    recipe.add_argument("--latent-dim", "--latent_dim", type=int, default=2)
    recipe.add_argument("--network")
    try:
        named = recipe.parse_known_args(args)[0]
    except argparse.ArgumentError:
        named = recipe.parse_known_args([])[0]  # tyro will say what is wrong
    families = {name: tyro.conf.subcommand(name, prefix_name=False) for name in FAMILIES}
    for name in set(FAMILIES) & set(args):
        recipe_spec = default_spec(name, named.dataset, named.latent_dim, named.network)
        families[name] = tyro.conf.subcommand(name, default=recipe_spec, prefix_name=False)
    spec_type = _union(Annotated[FAMILIES[name].spec, chosen] for name, chosen in families.items())
    commands = {name: _with_spec(command, spec_type) for name, command in OF_ONE_MODEL.items()} | OTHERS
    return _union(Annotated[command, tyro.conf.subcommand(name, prefix_name=False)] for name, command in commands.items())


def _with_spec(command: type[OfModel], spec_type: Any) -> type:
    """The command with its spec narrowed to families that the parser can tell apart."""
    return make_dataclass(
        command.__name__, [("spec", spec_type)], bases=(command,), namespace={"__doc__": command.__doc__}, frozen=True, kw_only=True
    )


def _union(types: Iterable[Any]) -> Any:
    return functools.reduce(operator.or_, types)
