"""The VQ-VAE: its symbols are k-means, its gradient goes straight through, its bound is one, and its distributions over codes sum to 1."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans

from tests.harness import CPU
from vae_core import data as datasets
from vae_core.cli.main import main
from vae_core.evaluation import binarised
from vae_core.models.symbol_priors import CausalNetwork, SymbolPrior, chain_of, independent_of, positions_before
from vae_core.models.vqvae import PRIORS, VQVAE, Codebook, VQVAESpec, nearest, quantised_terms, straight_through
from vae_core.store import Store, companions, vqvaes
from vae_core.store.checkpoints import WEIGHTS
from vae_core.training.vqvae import count, fit_priors, fit_vqvae

TINY = VQVAESpec(dataset="digits", n_symbols=3, symbol_dim=4, channels=(8, 8), n_epochs=3, prior_epochs=2, prior_hidden=16, batch_size=256)
ALL_CODES = torch.tensor(list(itertools.product(range(3), repeat=4)))
"""Every code of 2 × 2 positions in three symbols."""


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def tiny() -> VQVAE:
    """Trained for a moment."""
    model = VQVAE(TINY)
    digits = datasets.load("digits")
    list(fit_vqvae(model, digits, device=CPU))
    list(fit_priors(model, digits, device=CPU))
    return model.requires_grad_(False)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(local=tmp_path / "local", shipped=tmp_path / "shipped")


def seen(n: int | None = None) -> torch.Tensor:
    return torch.tensor(binarised(datasets.load("digits").test.x[:n])) / 255


def test_the_nearest_symbol_is_the_one_that_a_search_of_all_finds() -> None:
    features, codebook = torch.randn(5, 7, 4, generator=generator()), torch.randn(9, 4, generator=generator(1))
    codes = nearest(features, codebook)
    for b, i in itertools.product(range(5), range(7)):
        distances = [float((features[b, i] - vector).square().sum()) for vector in codebook]
        assert int(codes[b, i]) == int(np.argmin(distances))


def test_the_gradient_goes_straight_through_the_symbols(tiny: VQVAE) -> None:
    """It is that of the vectors of the symbols, on the features; the vectors themselves have none."""
    vectors = torch.randn(3, 4, 4, generator=generator())
    features = torch.randn(3, 4, 4, generator=generator(1), requires_grad=True)
    assert torch.allclose(straight_through(features, vectors), vectors, atol=1e-6)
    x, handed_on = seen(3), vectors.clone().requires_grad_()
    at_vectors = torch.autograd.grad(tiny.likelihood(handed_on).log_prob(x).sum(), handed_on)[0]
    through = torch.autograd.grad(tiny.likelihood(straight_through(features, vectors)).log_prob(x).sum(), features)[0]
    assert at_vectors.abs().max() > 0
    torch.testing.assert_close(through, at_vectors)


def test_the_encoder_learns_from_both_terms_and_the_codebook_from_neither(tiny: VQVAE) -> None:
    model = VQVAE(TINY)
    model.load_state_dict(tiny.state_dict())
    terms, _, _ = quantised_terms(model, seen(5))
    for term in (terms.distortion, terms.distance):
        gradients = torch.autograd.grad(term.sum(), list(model.encoder.parameters()), retain_graph=True)
        assert all(gradient.abs().max() > 0 for gradient in gradients)
    assert not model.codebook.requires_grad


def test_with_nothing_to_encode_its_symbols_are_those_of_k_means() -> None:
    """Features are the points themselves, and all of them a batch: a decay of 0 is Lloyd's algorithm."""
    points = torch.tensor(datasets.load("moons").train.x[:300], dtype=torch.float64)
    start = points[:: len(points) // 6][:6]
    codebook, losses = Codebook(start, decay=0.0), []
    for _ in range(60):
        codes = nearest(points, codebook.vectors)
        losses.append(float((points - codebook.vectors[codes]).square().sum()))
        codebook.step(points, codes)
    assert losses == sorted(losses, reverse=True)
    reference = KMeans(6, init=start.numpy(), n_init=1, max_iter=60, tol=0, algorithm="lloyd").fit(points.numpy())
    np.testing.assert_allclose(codebook.vectors, reference.cluster_centers_, atol=1e-6)
    assert losses[-1] == pytest.approx(reference.inertia_, rel=1e-6)


def test_a_symbol_without_features_stays_and_an_idle_one_is_put_on_features() -> None:
    codebook = Codebook(torch.tensor([[0.0, 0.0], [9.0, 9.0]]), decay=0.0)
    features = torch.tensor([[1.0, 2.0], [3.0, 2.0]])
    codebook.step(features, torch.zeros(2, dtype=torch.int64))
    assert codebook.vectors.tolist() == [[2.0, 2.0], [9.0, 9.0]]
    assert codebook.restart(features, 0.5, generator()) == 1
    assert codebook.vectors[0].tolist() == [2.0, 2.0]
    assert codebook.vectors[1].tolist() in features.tolist()


@pytest.mark.parametrize("name", PRIORS)
def test_a_distribution_over_codes_sums_to_one_and_draws_what_it_says(tiny: VQVAE, name: str) -> None:
    prior = tiny.prior(name)
    probabilities = prior.log_prob(ALL_CODES).exp()
    assert float(probabilities.sum()) == pytest.approx(1, abs=1e-5)
    n = 20_000
    drawn = prior.sample(n, generator())
    numbers = (drawn * 3 ** torch.arange(3, -1, -1)).sum(1)
    shares = torch.bincount(numbers, minlength=81) / n
    assert float((shares - probabilities).abs().max()) < 4.5 * math.sqrt(0.25 / n)
    assert float((shares - probabilities).square().sum()) < 2 / n  # Σ p(1 − p)/n on average


def test_no_position_knows_of_those_after_it(tiny: VQVAE) -> None:
    for prior in map(tiny.prior, PRIORS):
        codes, changed = ALL_CODES, ALL_CODES.clone()
        changed[:, 2:] = (changed[:, 2:] + 1) % 3
        before = prior.conditionals(codes, torch.arange(3))
        assert torch.equal(before, prior.conditionals(changed, torch.arange(3)))
        alone = torch.cat([prior.conditionals(codes, torch.tensor([i])) for i in range(3)], 1)
        torch.testing.assert_close(alone, before)


def test_the_window_of_the_network_holds_what_comes_before_within_its_reach() -> None:
    table = positions_before((3, 4), 1).tolist()
    assert table[5] == [0, 1, 2, 4]  # above left, above, above right, left
    assert table[0] == [12] * 4
    assert table[7] == [2, 3, 12, 6]  # at the right border
    whole = positions_before((3, 4), 6)
    for i, row in enumerate(whole):
        assert sorted(row[row < 12].tolist()) == list(range(i))


def test_shares_are_what_was_counted_and_one_imagined_image(tiny: VQVAE) -> None:
    counts = torch.tensor([[3.0, 1.0], [0.0, 4.0]])
    independent = independent_of(counts, 1.0)
    np.testing.assert_allclose(independent.log_shares.exp(), [[3.5 / 5, 1.5 / 5], [0.5 / 5, 4.5 / 5]], rtol=1e-6)
    following = torch.zeros(2, 2, 2)
    following[1] = torch.tensor([[0.0, 3.0], [0.0, 1.0]])
    chain = chain_of(following, independent, 4.0)
    shares = chain.log_shares.exp().numpy()
    np.testing.assert_allclose(shares[0], [[0.7, 0.3], [0.7, 0.3]], rtol=1e-6)
    np.testing.assert_allclose(shares[1], [[0.4 / 7, 6.6 / 7], [0.4 / 5, 4.6 / 5]], rtol=1e-5)


def test_counts_are_of_the_training_images(tiny: VQVAE) -> None:
    """Of images without grey every binarisation is the same."""
    x = torch.tensor(binarised(datasets.load("digits").train.x[:50]))
    model = VQVAE(TINY)
    model.load_state_dict(tiny.state_dict())
    count(model, x, generator())
    codes = model.encode(x / 255).numpy()
    for i, k in itertools.product(range(4), range(3)):
        assert float(model.counts[i, k]) == pytest.approx((codes[:, i] == k).sum())
        for before in range(3):
            expected = ((codes[:, i - 1] == before) & (codes[:, i] == k)).sum() if i else 0
            assert float(model.following[i, before, k]) == pytest.approx(expected)


def entropy_of(prior: SymbolPrior) -> float:
    log_prob = prior.log_prob(ALL_CODES)
    return -float((log_prob.exp() * log_prob).sum())


def test_the_entropy_of_the_chain_is_that_of_all_codes(tiny: VQVAE) -> None:
    chain = tiny.prior("chain")
    assert chain.entropy() == pytest.approx(entropy_of(chain), rel=1e-5)
    assert entropy_of(tiny.prior("uniform")) == pytest.approx(4 * math.log(3), rel=1e-6)


def test_distortion_and_rate_bound_minus_log_px(tiny: VQVAE) -> None:
    """p(x) is the sum over all 81 codes; the nearest code is one of them."""
    x = seen(20)
    log_px_z = torch.stack([tiny.decode(code[None].expand(len(x), -1)).log_prob(x) for code in ALL_CODES], 1)
    codes = tiny.encode(x)
    for prior in map(tiny.prior, PRIORS):
        log_px = (log_px_z + prior.log_prob(ALL_CODES)).logsumexp(1)
        bound = tiny.decode(codes).log_prob(x) + prior.log_prob(codes)
        assert (bound <= log_px + 1e-4).all()


def test_more_knowledge_of_the_codes_costs_fewer_nats(tiny: VQVAE) -> None:
    codes = tiny.encode(seen())
    nats = [-float(tiny.prior(name).log_prob(codes).mean()) for name in PRIORS[:3]]
    assert nats == sorted(nats, reverse=True)
    assert nats[0] == pytest.approx(4 * math.log(3), rel=1e-6)


def test_the_network_over_codes_learns_what_depends_on_more_than_the_position_before() -> None:
    """Rows repeat the first of them: a chain cannot know, the network sees the position above."""
    codes = torch.randint(2, (512, 1, 3), generator=generator()).expand(-1, 3, -1).flatten(1)
    network = CausalNetwork(2, (3, 3), radius=2, width=2, hidden=16)
    with torch.no_grad():
        network.symbols.copy_(torch.eye(3, 2))
    optimiser = torch.optim.Adam(network.parameters(), lr=0.02)
    for _ in range(150):
        optimiser.zero_grad()
        loss = -network.log_prob_per_position(codes).sum(1).mean()
        loss.backward()
        optimiser.step()
    assert float(loss.detach()) == pytest.approx(3 * math.log(2), abs=0.1)


def test_a_training_is_the_same_each_time_and_is_found_again(store: Store) -> None:
    events = list(vqvaes.training(TINY, store, device=CPU))
    assert [event.epoch for event in events] == [1, 2, 3, 4, 5]
    assert set(events[0].test) == {"distortion"}
    assert set(events[-1].test) == {"rate"}
    folder = companions.folder_of(TINY, store.local)
    again = Store(local=store.local.with_name("again"), shipped=store.shipped)
    list(vqvaes.training(TINY, again, device=CPU))
    assert (folder / WEIGHTS).read_bytes() == (companions.folder_of(TINY, again.local) / WEIGHTS).read_bytes()
    model = vqvaes.read(folder, TINY)
    rate = -model.prior("network").log_prob(model.encode(seen())).mean()
    assert float(rate) == pytest.approx(events[-1].test["rate"], rel=2e-3)  # the network is rounded after it is trained
    assert store.checkpoints() == []  # it is no model with a code of numbers
    (folder / WEIGHTS).write_bytes(b"")
    with pytest.raises(companions.DamagedCompanion, match="python -m vae_core vq-vae"):
        vqvaes.read(folder, TINY)
    assert len(list(companions.set_damaged_aside(VQVAE(TINY), TINY, store))) == 1
    assert not folder.exists()


def test_data_without_images_and_unknown_distributions_are_refused(tiny: VQVAE) -> None:
    with pytest.raises(ValueError, match="dataset must be one of images"):
        VQVAESpec(dataset="ring")
    with pytest.raises(ValueError, match="prior must be one of uniform, independent, chain, network"):
        tiny.prior("best")
    assert main(["vq-vae", "--dataset", "ring"]) == 2
