"""*Which posterior?* in a browser: q glides to the best diagonal Gaussian, Python hears where it ended, and a link leads back there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.morph import wait_for_query
from tests.browser.windows import Visit

pytestmark = pytest.mark.browser

FIND = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.ascent')).find(Boolean)"


def test_q_glides_to_the_best_diagonal_gaussian(server: str, visit: Callable[..., Visit]) -> None:
    one = visit().open(f"{server}/which-posterior?dataset=digits&latent_dim=2")
    one.page.wait_for_function(f"() => {FIND}?.dataset.step === '0'")
    before = float(one.page.evaluate(f"() => {FIND}.dataset.gap"))
    one.page.evaluate(f"""() => {{
      const root = {FIND}, look = () => {{ window.seen.add(root.dataset.t); requestAnimationFrame(look); }};
      window.seen = new Set();
      look();
    }}""")
    one.page.locator('[data-part="ascend"]').click()
    one.page.get_by_text("q is the best diagonal Gaussian").wait_for()
    step, gap = one.page.evaluate(f"() => [{FIND}.dataset.step, +{FIND}.dataset.gap]")
    assert one.page.evaluate("() => window.seen.size") > 3  # it was seen on its way
    assert gap < before
    wait_for_query(one.page, "posterior_step", step)
    other = visit().open(one.link())
    other.page.wait_for_function(f"step => {FIND}?.dataset.step === step", arg=step)
    assert one.complaints == []
