"""A training in real browsers: it outlives a change of page, a reload and its first window; whoever joins it may stop and resume it.

Every wait is for something that must appear, never for a time to pass: the pages poll, and the machine may be busy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.browser.windows import A_LINK, SECONDS, Visit, assert_is_inside_the_frame, served
from tests.harness import wait_for
from vae_core.jobs import jobs
from vae_core.models import default_spec
from vae_core.store import Store

pytestmark = pytest.mark.browser

LONG = replace(default_spec("vae", "digits", 2), n_epochs=50_000, seed=7)
FIELDS = "dataset=digits&latent_dim=2&family=vae&train_seed=7&train_n_epochs=50000"
EPOCH = """() => {
  const bar = document.querySelector('[data-testid="stMain"] [data-testid="stProgress"]');
  const said = /Epoch ([0-9]+) of/.exec(bar ? bar.innerText : '');
  return said ? Number(said[1]) : 0;
}"""
Visits = Callable[..., Visit]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path_factory.mktemp("local")))
        yield Store()


@pytest.fixture(scope="module")
def address(local: Store) -> Iterator[str]:
    with served() as url:
        yield url


def epoch_after(one: Visit, epoch: int) -> int:
    """Wait until the progress bar speaks of a later epoch, and say which."""
    one.page.wait_for_function(f"least => ({EPOCH})() > least", arg=epoch)
    return one.page.evaluate(EPOCH)


def press(one: Visit, name: str) -> None:
    """Press a button as soon as it is there; the page redraws itself, so it may be another one by the time it is pressed."""
    one.page.locator('[data-testid="stMain"]').get_by_role("button", name=name).first.click()


def stop(one: Visit, store: Store) -> None:
    """Press Stop until nothing runs: a click may fall between two drawings of the page, and the button goes with the training."""
    from playwright.sync_api import TimeoutError

    button = one.page.locator('[data-testid="stMain"]').get_by_role("button", name="Stop", exact=True).first
    deadline = time.monotonic() + SECONDS
    while jobs.alive(store):
        assert time.monotonic() < deadline, "it did not stop"
        with suppress(TimeoutError):
            button.click(timeout=5000)
        patience = time.monotonic() + 10
        while jobs.alive(store) and time.monotonic() < patience:
            time.sleep(0.1)


def switch_to(one: Visit, path: str) -> None:
    """Change the page, while the present one goes on redrawing itself."""
    one.choose(path)


def test_a_training_outlives_page_reload_and_window_and_is_stopped_and_resumed_by_any(address: str, local: Store, visit: Visits) -> None:
    first = visit().open(f"{address}/train?{A_LINK}")  # a deep link as the first request of a fresh server
    assert_is_inside_the_frame(first, address, "train")
    first.page.goto(f"{address}/train?{FIELDS}")
    press(first, "Start")
    epoch = epoch_after(first, 0)
    (job,) = jobs.alive(local)
    assert job.spec == LONG
    epoch = epoch_after(first, epoch)  # it follows by itself

    switch_to(first, "library")
    first.page.get_by_text("Which models are on this machine?").first.wait_for()
    switch_to(first, "train")
    epoch = epoch_after(first, epoch)
    first.page.reload()
    epoch = epoch_after(first, epoch)

    second = visit()
    second.page.goto(f"{address}/train?dataset=digits&latent_dim=10&family=pca")
    press(second, "Join: VAE of Digits 8 × 8, d = 2")
    epoch = epoch_after(second, epoch)
    first.page.close()
    epoch = epoch_after(second, epoch)
    assert [other.spec for other in jobs.alive(local)] == [LONG]

    stop(second, local)
    reached = job.status().event["epoch"]
    assert reached >= epoch
    press(second, "Resume")
    assert epoch_after(second, reached) > reached
    wait_for(lambda: jobs.find(LONG, local).status().history)
    assert jobs.find(LONG, local).status().history[0]["epoch"] - reached in (1, 2)  # the last epoch may be kept, and not told any more

    second.page.locator('[data-testid="stMain"]').get_by_role("button", name="Stop").first.wait_for()
    stop(second, local)
    press(second, "Discard")
    second.page.locator('[data-testid="stMain"]').get_by_role("button", name="Start", exact=True).wait_for()
    assert not local.partial_folder(LONG).exists()
    assert second.faults() == []
    assert [said for one in (first, second) for said in one.complaints if "closed" not in said] == []
