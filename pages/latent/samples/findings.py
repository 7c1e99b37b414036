"""What draws say of their models, in words: the best bound, what is read with confidence, and whether any draw is a copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.latent.samples import judged
from pages.latent.samples.cached import N_READ, missed, nearest_of_draws, nearest_of_test_images, read
from pages.latent.samples.judged import TEST
from pages.latent.samples.view import IMAGES, NEAREST, READ, Setting, laws_of, metrics_of
from pages.shared import cached
from pages.shared.words import Words
from vae_core.explore.latent.samples import CodeLaw
from vae_core.explore.means import Mean, Share, mean_of, mean_of_metrics, ratio_of

COLUMNS: dict[CodeLaw, str] = {"prior": "AE, N(0, I)", "gaussian": "AE, Gaussian of its codes", "mixture": "AE, mixture of its codes"}


def suffix(setting: Setting) -> str:
    """Of the sections of words on what is shown."""
    return "" if setting.show == IMAGES else f"-{setting.show}"


def conclusion(setting: Setting, text: Words) -> str:
    """What more dimensions bought the VAE; of draws before a judge, what is read of them, or how near they are to training images."""
    return {IMAGES: _of_bounds, READ: _of_shares, NEAREST: _of_distances}[setting.show](setting, text)


def answer(setting: Setting, text: Words) -> str:
    """What comes of the thing to try."""
    return {IMAGES: _answer_of_images, READ: _answer_of_shares, NEAREST: _answer_of_distances}[setting.show](setting, text)


def notebook(setting: Setting, text: Words) -> str:
    """Lines that make the picture."""
    both = sorted(set(setting.vae) & set(setting.autoencoder))
    values = {"law": setting.law, "n": setting.across**2, "across": setting.across, "draw_pixels": setting.pixels == "drawn"}
    values |= {"dims": sorted(setting.vae or setting.autoencoder), "both": both, "d": judged.at_chosen(setting), "seed": setting.seed}
    return text.lines(f"notebook{suffix(setting)}", **values, dataset=setting.choice.dataset)


def _of_bounds(setting: Setting, text: Words) -> str:
    elbos = {d: mean_of_metrics(metrics, "elbo") for d, metrics in metrics_of(setting.vae).items()}
    if not elbos:
        return text.said("conclusion-no-vae")
    best, least = max(elbos, key=lambda d: elbos[d].value), min(elbos)
    beside = _how_far(setting, text) or text.sections["conclusion-autoencoder"]
    if best == least:
        section = "conclusion-least" if len(elbos) > 1 else "conclusion-single"
        return f"{text.said(section, best=best, elbo=elbos[best])} {beside}"
    above = cached.difference("elbo", setting.vae[best], setting.vae[least]) or elbos[best].less(elbos[least])
    return f"{text.said('conclusion', best=best, elbo=elbos[best], least=least, above=above)} {beside}"


def _how_far(setting: Setting, text: Words) -> str:
    """Whether what a VAE draws is farther from the training images than test images are, where no classifier could say what is drawn."""
    if cached.classifier(setting.choice.dataset) is not None or not setting.choice.has_data:
        return ""
    of_draws = {d: nearest_of_draws(spec, "prior", setting.seed).mean for d, spec in setting.vae.items()}
    d, test = max(of_draws, key=lambda d: of_draws[d].value), nearest_of_test_images(setting.choice.dataset).mean
    apart = of_draws[d].less(test)
    section = "conclusion-far" if apart.value > 0 and apart.tells_apart else "conclusion-not-far"
    return text.said(section, d=d, far=of_draws[d], test=test)


def _of_shares(setting: Setting, text: Words) -> str:
    """Of the autoencoder under the prior beside the VAE, and of the distribution under which most of its draws are read."""
    d = judged.at_chosen(setting)
    if d is None:
        return text.said("conclusion-read-alone")
    vae, *others = (by_dim[d] for by_dim in judged.shares(setting, text).values())
    under_prior, best = others[0], max(range(len(others)), key=lambda k: others[k].share)
    section = "below" if under_prior.is_below(vae) else "above" if vae.is_below(under_prior) else "alike"
    said = text.said(f"conclusion-read-{section}", d=d, vae=vae, prior=under_prior)
    if best:
        said += " " + text.said("conclusion-read-best", best=COLUMNS[laws_of(setting.choice)[best]], share=others[best])
    return f"{said} {text.sections['conclusion-read-density']}"


def _of_distances(setting: Setting, text: Words) -> str:
    """How many draws are nearer to a training image than each test image is."""
    of = {name: found for name, (_, found) in judged.distances(setting, text).items()}
    test = of.pop(TEST)
    said = [
        text.said(
            "conclusion-nearest",
            name=name,
            n=found.mean.n,
            nearer=found.n_nearer_than(test),
            least=f"{found.sse.min():.2f}",
            test=f"{test.sse.min():.2f}",
        )
        for name, found in of.items()
    ]
    return " ".join(said)


def _answer_of_images(setting: Setting, text: Words) -> str:
    """A table of how far test images are from the nearest draw: of the VAE, of the autoencoder from the prior and by its other codes."""
    vae, autoencoder, law = setting.vae, setting.autoencoder, setting.law
    dims, laws = [d for d in vae if d in autoencoder], dict.fromkeys(("prior", law))
    if not setting.choice.has_data or not dims:
        return text.said("answer-no-images")
    own = {d: missed(vae[d], "prior") for d in dims}
    others = {d: {law: missed(autoencoder[d], law) for law in laws} for d in dims}
    d = min(dims, key=lambda d: abs(others[d][law].mean() / own[d].mean() - 1))
    rows = [[d, mean_of(own[d]), *map(mean_of, others[d].values())] for d in dims]
    said = text.said("answer", d=d, codes=COLUMNS[law], times=ratio_of(others[d][law], own[d]), n=len(own[d]))
    return _with_table(said, ["d", "VAE", *(COLUMNS[law] for law in laws)], rows)


def _answer_of_shares(setting: Setting, text: Words) -> str:
    """A table of all shares with their intervals, and where N(0, I) serves the autoencoder worst."""
    by_way = judged.shares(setting, text)
    under_prior = by_way.get(text.sections["row-prior"], {})
    if not under_prior:
        return text.said("answer-read-alone")
    worst = min(under_prior, key=lambda d: under_prior[d].share)
    rows = [[d, *(str(by_dim[d]) if d in by_dim else "" for by_dim in by_way.values())] for d in under_prior]
    said = text.said("answer-read", d=worst, share=under_prior[worst], n=under_prior[worst].n)
    return _with_table(said, ["d", *by_way], rows)


def _answer_of_distances(setting: Setting, text: Words) -> str:
    """Mean distances of draws and of test images to the training images."""
    of = judged.distances(setting, text)
    rows = [[name, found.mean, f"{found.sse.min():.2f}", found.mean.n] for name, (_, found) in of.items()]
    means = {name: found.mean.value for name, (_, found) in of.items()}
    nearest = min(means, key=lambda name: means[name])
    return _with_table(text.said("answer-nearest", nearest=nearest), ["", "Mean SSE", "Least", "n"], rows)


def _with_table(said: str, head: list[str], rows: list[list]) -> str:
    lines = [f"| {' | '.join(map(str, row))} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join([said, "", *lines])


def best_dimension(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: the d of the VAE's largest ELBO, and the ELBOs there and at d = 2."""
    vaes = [c for c in cached.recipes(str(state["dataset"])) if c.spec.family == "vae"]
    elbos = {c.spec.latent_dim: mean_of_metrics(c.metrics, "elbo") for c in vaes}
    best = max(elbos, key=lambda d: elbos[d].value)
    return {"value": best, "best": elbos[best], "two": elbos[2]}


def missed_by_an_autoencoder(state: Mapping[str, Any]) -> dict[str, float | Mean]:
    """For a lecture: how far test images are from draws of the autoencoder at N(0, I), as a multiple of how far from the VAE's."""
    specs = cached.specs(str(state["dataset"]), int(state["latent_dim"]))
    vae, autoencoder = (missed(specs[family], "prior") for family in ("vae", "autoencoder"))
    times = ratio_of(autoencoder, vae)
    return {"value": times.value, "times": times, "vae": mean_of(vae), "autoencoder": mean_of(autoencoder)}


def read_of_an_autoencoder(state: Mapping[str, Any]) -> dict[str, float | Share]:
    """For a lecture: how many draws of the autoencoder at N(0, I) are read with confidence, and how many of the VAE's, in per cent."""
    specs = cached.specs(str(state["dataset"]), int(state["latent_dim"]))
    shares = {family: read(specs[family], "prior", 0) for family in ("vae", "autoencoder")}
    vae, autoencoder = (share for share in shares.values() if share is not None)
    return {"value": autoencoder.in_percent[0], "autoencoder": autoencoder, "vae": vae, "n": N_READ}
