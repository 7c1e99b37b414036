"""At which d the bound is best, in words, and how far test images are from each model's draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.latent.samples.cached import missed
from pages.latent.samples.view import metrics_of
from pages.shared import cached
from pages.shared.words import Words
from vae_core.explore.latent.samples import CodeLaw
from vae_core.specs import ModelSpec
from vae_core.units import signed

COLUMNS: dict[CodeLaw, str] = {"prior": "AE, N(0, I)", "gaussian": "AE, Gaussian of its codes", "mixture": "AE, mixture of its codes"}


def conclusion(vae: dict[int, ModelSpec], text: Words) -> str:
    """What more dimensions bought the VAE, by its ELBO; or that only an autoencoder is here, which has none."""
    elbos = {d: metrics["elbo"] for d, metrics in metrics_of(vae).items()}
    if not elbos:
        return text.said("conclusion-no-vae")
    best, least = max(elbos, key=lambda d: elbos[d]), min(elbos)
    section = "conclusion" if best != least else "conclusion-least"
    return text.said(section, best=best, elbo=signed(elbos[best], 1), least=least, above=f"{elbos[best] - elbos[least]:.1f}")


def answer(vae: dict[int, ModelSpec], autoencoder: dict[int, ModelSpec], law: CodeLaw, text: Words, *, has_data: bool) -> str:
    """A table of how far test images are from the nearest draw: of the VAE, of the autoencoder from the prior and by `law`."""
    dims, laws = [d for d in vae if d in autoencoder], dict.fromkeys(("prior", law))
    if not has_data or not dims:
        return text.said("answer-no-images")
    own = {d: missed(vae[d], "prior") for d in dims}
    others = {d: {law: missed(autoencoder[d], law) for law in laws} for d in dims}
    d = min(dims, key=lambda d: abs(others[d][law] / own[d] - 1))
    rows = [[d, f"{own[d]:.1f}", *(f"{far:.1f}" for far in others[d].values())] for d in dims]
    table = [["d", "VAE", *(COLUMNS[law] for law in laws)], ["---"] * (2 + len(laws)), *rows]
    lines = [f"| {' | '.join(map(str, row))} |" for row in table]
    return "\n".join([text.said("answer", d=d, codes=COLUMNS[law], times=f"{others[d][law] / own[d]:.2f}"), "", *lines])


def best_dimension(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: the d of the VAE's largest ELBO, and the ELBOs there and at d = 2."""
    elbos = {c.spec.latent_dim: c.metrics["elbo"] for c in cached.recipes(str(state["dataset"])) if c.spec.family == "vae"}
    best = max(elbos, key=lambda d: elbos[d])
    return {"value": best, "best": elbos[best], "two": elbos[2]}


def missed_by_an_autoencoder(state: Mapping[str, Any]) -> dict[str, float]:
    """For a lecture: how far test images are from draws of the autoencoder at N(0, I), as a multiple of how far from the VAE's."""
    specs = cached.specs(str(state["dataset"]), int(state["latent_dim"]))
    vae, autoencoder = (missed(specs[family], "prior") for family in ("vae", "autoencoder"))
    return {"value": autoencoder / vae, "vae": vae, "autoencoder": autoencoder}
