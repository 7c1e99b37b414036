"""Make the README's pictures, by hand: `python -m docs.make_pictures` from the repository's root, with Playwright and Chromium.

It starts the explorer, looks at pages as a visitor does, and writes `docs/pictures/`: one that moves, of a hand on the plane of codes, and
stills. All are WebP, which browsers and GitHub show, and take 2.5 MB at most.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from docs.window import explorer, picture

FOLDER = Path(__file__).with_name("pictures")
MOST_BYTES = 2_500_000
STILLS = {
    "home": ("", "light"),
    "ring": ("expressiveness?ring_t=0.6&ring_follow=17", "dark"),
    "bound": ("bound", "light"),
}
"""Name → the view that is shown, and the theme."""
PAD = "manifold-pad?dataset=mnist_5k&latent_dim=2&family=vae"
N_FRAMES, FRAME_MS, WIDTH = 48, 90, 760


def main() -> None:
    """Write every picture, and say what each takes."""
    FOLDER.mkdir(exist_ok=True)
    with explorer() as opened:
        for name, (view, theme) in STILLS.items():
            picture(opened(view, theme).screenshot()).save(FOLDER / f"{name}.webp", quality=82, method=6)
        first, *others = _frames(opened(PAD, "light"))
        moving = {"save_all": True, "append_images": others, "duration": FRAME_MS, "loop": 0, "quality": 60, "method": 6}
        first.save(FOLDER / "pad.webp", **moving)
    sizes = {path.name: path.stat().st_size for path in sorted(FOLDER.glob("*.webp"))}
    print(*(f"{name}: {size / 1000:.0f} kB" for name, size in sizes.items()), sep="\n")
    if sum(sizes.values()) > MOST_BYTES:
        raise SystemExit(f"pictures must take at most {MOST_BYTES / 1e6:g} MB in all, got {sum(sizes.values()) / 1e6:.2f}")


def _frames(page: Page) -> Iterator[Image.Image]:
    """The plane with the decoded image beside it, while z goes once round in a rosette."""
    plane = page.locator('.pad [data-part="plane"]')
    box, whole = plane.bounding_box(), page.locator(".pad").bounding_box()
    for k in range(N_FRAMES):
        angle = 2 * math.pi * k / N_FRAMES
        radius = (0.2 + 0.12 * math.cos(3 * angle)) * box["width"]
        place = box["x"] + box["width"] / 2 + radius * math.cos(angle), box["y"] + box["height"] / 2 + radius * math.sin(angle)
        page.mouse.move(*place)
        if k == 0:
            page.mouse.down()
            page.mouse.move(place[0] + 6, place[1])
            page.mouse.move(*place)
        page.wait_for_timeout(120)
        yield picture(page.screenshot(clip=whole), WIDTH)
    page.mouse.up()


if __name__ == "__main__":
    main()
