"""Images that are corrupted on their way into the encoder: how much of them, and what of a training stays what it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from tests.harness import CPU, tiny_spec
from vae_core import data as datasets
from vae_core.models import build, default_spec
from vae_core.models.autoencoder import AutoencoderSpec
from vae_core.models.corruption import CORRUPTIONS, corrupted
from vae_core.terms import squared_error
from vae_core.training.fit import fit
from vae_core.training.loop import _Run, stream

GREY = torch.full((300, 1, 20, 20), 0.5)
"""120,000 pixels, of which none is black or white: a share of 0.3 has a standard error of 0.0013."""
CORRUPTED = [name for name in CORRUPTIONS if name != "none"]


@pytest.mark.parametrize("strength", [0.1, 0.3, 1.0])
def test_gaussian_noise_has_the_standard_deviation_that_is_asked_for_and_is_not_clipped(strength: float) -> None:
    eps = corrupted(GREY, "gaussian", strength, stream(0, "a test")) - GREY
    assert float(eps.std()) == pytest.approx(strength, rel=0.01)
    assert float(eps.mean()) == pytest.approx(0, abs=0.015 * strength)
    assert float((eps**4).mean() / eps.var() ** 2) == pytest.approx(3, abs=0.1)
    assert abs(float(torch.corrcoef(eps.flatten(1)[:, :2].T)[0, 1])) < 0.2  # of two pixels of 300 images


@pytest.mark.parametrize("share", [0.1, 0.3, 1.0])
def test_a_mask_sets_its_share_of_the_pixels_to_0_and_leaves_the_others(share: float) -> None:
    seen = corrupted(GREY, "mask", share, stream(0, "a test"))
    assert set(seen.unique().tolist()) <= {0.0, 0.5}
    assert float((seen == 0).float().mean()) == pytest.approx(share, abs=0.006)


@pytest.mark.parametrize("share", [0.1, 0.3, 1.0])
def test_salt_and_pepper_sets_half_of_its_share_to_0_and_half_to_1(share: float) -> None:
    seen = corrupted(GREY, "salt_and_pepper", share, stream(0, "a test"))
    assert set(seen.unique().tolist()) <= {0.0, 0.5, 1.0}
    for value in (0, 1):
        assert float((seen == value).float().mean()) == pytest.approx(share / 2, abs=0.006)


@pytest.mark.parametrize("corruption", CORRUPTED)
@pytest.mark.parametrize("network", ["mlp", "linear"])
def test_what_is_to_be_rebuilt_is_the_image_as_it_was(corruption: str, network: str) -> None:
    """By hand (mlp) and by autograd (linear), and where test images are scored."""
    spec = replace(default_spec("autoencoder", "digits", 3, network), n_epochs=2, corruption=corruption, corruption_strength=0.6)
    run = _Run(build(spec), torch.tensor(datasets.load("digits").train.x), None)
    before = run.x.clone()
    index = torch.arange(100)
    with torch.no_grad():
        x = run.model.observed(run.x[index], stream(0, "binarisation"))
        seen = corrupted(x, spec.corruption, 0.6, stream(spec.seed, "noise"))
        expected = squared_error(x, run.model.likelihood(run.model.posterior(seen).mean).mean)
        scored = run.model.terms(x, stream(spec.seed, "noise")).sse
    assert float(run.step(index)[0]) == pytest.approx(float(expected.sum()), rel=1e-5)
    torch.testing.assert_close(scored, expected)
    assert torch.equal(run.x, before)


@pytest.mark.parametrize("corruption", CORRUPTED)
def test_a_training_that_corrupts_resumes_at_the_same_bits_and_changes_no_other_stream(corruption: str) -> None:
    spec = replace(tiny_spec("autoencoder"), corruption=corruption)
    images, whole, resumed = datasets.load("digits"), build(spec), build(spec)
    events = fit(whole, images, device=CPU)
    snapshot = next(events).snapshot()
    list(events)
    list(fit(resumed, images, device=CPU, resume_from=snapshot))
    assert all(torch.equal(tensor, resumed.state_dict()[name]) for name, tensor in whole.state_dict().items())
    plain = next(fit(build(tiny_spec("autoencoder")), images, device=CPU)).snapshot()
    assert torch.equal(plain["order"], snapshot["order"])
    assert not torch.equal(plain["noise"], snapshot["noise"])  # which is the corruption's own: nothing else in an autoencoder draws from it
    assert torch.equal(plain["noise"], stream(spec.seed, "noise").get_state())


def test_reconstructions_and_codes_of_a_trained_denoiser_are_of_what_it_is_given() -> None:
    spec = replace(tiny_spec("autoencoder"), corruption="mask", corruption_strength=1.0)
    x = datasets.load("digits").test.x[:5]
    model = build(spec)
    assert torch.equal(model.reconstruct(x), model.reconstruct(x))
    assert not torch.equal(model.encode(x).mean[0], model.encode(x).mean[1])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"corruption": "rain"}, "corruption must be one of none, gaussian, mask, salt_and_pepper, got 'rain'"),
        ({"corruption": "mask", "corruption_strength": 0.0}, "corruption_strength must be above 0 and at most 1, got 0.0"),
        ({"corruption": "mask", "corruption_strength": 1.5}, "corruption_strength must be above 0 and at most 1, got 1.5"),
        ({"corruption_strength": 0.5}, "corruption_strength must be left out where nothing is corrupted, got 0.5"),
        (
            {"dataset": "spiral", "network": "linear", "latent_dim": 1, "corruption": "mask"},
            "corruption must be none or gaussian for points",
        ),
    ],
)
def test_a_corruption_that_makes_no_sense_is_refused_with_a_sentence(fields: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match="must") as refused:
        AutoencoderSpec(**{"dataset": "digits", "latent_dim": 2, **fields})
    assert sentence in str(refused.value)


def test_without_a_corruption_the_fingerprint_is_what_it_was() -> None:
    spec = AutoencoderSpec(dataset="digits", latent_dim=2)
    assert "corruption" not in spec.choices()
    assert spec.fingerprint == AutoencoderSpec(dataset="digits", latent_dim=2, corruption="none").fingerprint
    assert len({replace(spec, corruption=name).fingerprint for name in CORRUPTIONS}) == len(CORRUPTIONS)
