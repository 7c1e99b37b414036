"""Squares of 16 × 16 pixels of two colour photographs."""

from __future__ import annotations

from vae_core.data.patches import patch_recipe

RECIPE = patch_recipe(16, place=9, usual_dims=(12, 48), sizes={"mlp": {"hidden": (192,), "n_epochs": 50, "learning_rate": 3e-3}})
