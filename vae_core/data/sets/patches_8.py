"""Squares of 8 × 8 pixels of two colour photographs."""

from __future__ import annotations

from vae_core.data.patches import patch_recipe

RECIPE = patch_recipe(8, place=8, usual_dims=(3, 12, 48), sizes={"mlp": {"hidden": (256,), "n_epochs": 50, "learning_rate": 3e-3}})
