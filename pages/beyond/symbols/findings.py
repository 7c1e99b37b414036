"""What the priors conclude, and what they answer, to a step of a lecture, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.beyond.symbols import cached as symbols_cached
from pages.beyond.symbols.priors import view
from pages.shared.words import Words
from vae_core.explore.means import Mean, Share, mean_of
from vae_core.models.vqvae import PRIORS
from vae_core.units import bits


def conclusion(seed: int, text: Words) -> str:
    """What the network saves, whether more of its draws are read, and which bound is tighter."""
    encoded, read = symbols_cached.test_images(), view.shares(seed)
    saved, (own, other, apart) = encoded.saved("network", "uniform"), view.beside_a_vae()
    values = {"saved": saved, "network": read["network"], "independent": read["independent"], "uniform": read["uniform"]}
    more = "conclusion-more" if read["independent"].is_below(read["network"]) else "conclusion-alike"
    bound = "bound-alike" if not apart.tells_apart else "bound-looser" if apart.value > 0 else "bound-tighter"
    apart = apart if apart.value > 0 else -apart
    return f"{text.said(more, **values)} {text.said(bound, own=own, other=other, apart=apart, d=view.LATENT_DIM)}"


def answer(seed: int, text: Words) -> str:
    """Every prior's cost in nats and bits, what it saves beside the one before, and how many draws are read."""
    encoded, rates, read = symbols_cached.test_images(), view.rates(), view.shares(seed)
    lines = ["| Prior | Nats per code | Bits | Saved, nats | Draws read |", "|---|---|---|---|---|"]
    for k, name in enumerate(PRIORS):
        saved = "" if k == 0 else str(encoded.saved(name, PRIORS[k - 1]))
        mean = rates[name]
        nats = f"{mean.value:.2f}" if name == "uniform" else str(mean)
        lines.append(f"| {name} | {nats} | {bits(mean.value):.1f} | {saved} | {read[name]} |")
    chain = symbols_cached.vqvae().prior("chain").entropy()
    return text.said("answer", table="\n".join(lines), entropy=f"{chain:.1f}", cost=rates["chain"])


def bits_of_a_code(state: Mapping[str, Any]) -> dict[str, float | Mean | Share]:
    """For a lecture: which share of the uniform prior's bits a code costs with the network, in per cent."""
    encoded, spec = symbols_cached.test_images(), symbols_cached.vqvae().spec
    network, uniform = (mean_of(bits(encoded.rate(prior))) for prior in ("network", "uniform"))
    read = {prior: symbols_cached.read(prior, int(state["symbols_draw"])) for prior in ("network", "uniform")}
    shown = {"bits": network, "uniform": uniform.value, "p": spec.n_positions, "k": spec.n_symbols}
    return {"value": 100 * network.value / uniform.value, **shown, "read": read["network"], "of_uniform": read["uniform"]}
