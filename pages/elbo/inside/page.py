"""How does a VAE compute, and learn, through a random node? Its parts, gradients that stop or flow, two estimates of them, its plate."""

from __future__ import annotations

from pages.elbo.inside.network import network
from pages.elbo.inside.node import node
from pages.elbo.inside.noise import noise
from pages.elbo.inside.plate import plate
from pages.elbo.inside.race import race
from pages.shared.part import one_of

PARTS = {"Parts": network, "Trick": node, "Race": race, "Noise": noise, "Plate": plate}
one_of(PARTS, question="How does a VAE learn through a random node?", label="View", key="inside_part")
