"""At which d the bound is best, in words, and how far test images are from each model's draws."""

from __future__ import annotations

from pages.latent.samples.cached import missed
from pages.latent.samples.view import metrics_of
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
