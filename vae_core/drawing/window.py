"""Heights on a page that grow and shrink with the window: what is said in pixels is meant of a window of 800."""

from __future__ import annotations

WINDOW, REST = 800, 240
"""Height of that window, and of what keeps its size in it: title, line below, and the row at the foot."""
ROOM = "var(--window, 100vh)"
"""Height of the window as CSS: what the page says that its pictures may count on (`pages/frame/fit.js`), else the window's own."""
LEAST, MOST = 0.7, 2.0
"""A height becomes no smaller and no larger than so many times what was said."""


def height(pixels: int) -> str:
    """A height as CSS."""
    share = pixels / (WINDOW - REST)
    return f"clamp({LEAST * pixels:.0f}px, ({ROOM} - {REST}px) * {share:.4f}, {MOST * pixels:.0f}px)"
