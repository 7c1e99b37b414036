"""What this machine has: its device, its models, its data sets."""

from __future__ import annotations

import streamlit as st

from pages.shared import cached
from pages.shared.controls import image_sets
from pages.start.overview.cached import device_name
from vae_core import data


def contents() -> None:
    """Device, models and data sets."""
    models = cached.checkpoints()
    shipped = sum(checkpoint.is_shipped for checkpoint in models)
    size = sum(checkpoint.size for checkpoint in models) / 1e6
    lines = [f"**This machine** · {device_name()} · {len(models)} models ({shipped} shipped), {size:.1f} MB"]
    for name in image_sets():
        is_here = data.available(name)
        lines.append(f"{'●' if is_here else '○'} {name}" + ("" if is_here else f", {data.download_size(name) / 1e6:.0f} MB to fetch"))
    st.caption("  \n".join(lines))
