"""A training in real browsers: it outlives a change of page, a reload and the first visitor's window; stop and resume; the film scrubs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.conftest import CPU
from tests.test_browser import SECONDS, Visit, browser, served, visit  # noqa: F401
from vae_core.explore import training_film
from vae_core.models import default_spec
from vae_core.store import Store
from vae_core.training import jobs

pytestmark = pytest.mark.browser

SHORT = replace(default_spec("vae", "digits", 2), n_epochs=4, seed=7)
LONG = replace(SHORT, n_epochs=50_000)
FIELDS = "dataset=digits&latent_dim=2&family=vae&train_seed=7"
STAGE = '[data-testid="stBidiComponentRegular"], [data-testid="stBidiComponent"]'
Visits = Callable[[], Visit]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the tests' own, with one short training that was filmed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_EXPLORER_CHECKPOINTS", str(tmp_path_factory.mktemp("local")))
        store = Store()
        job = jobs.start(SHORT, store)
        until(lambda: not job.status().is_alive)
        for _ in store.train(default_spec("pca", "digits", 3), device=CPU):
            pass
        yield store


@pytest.fixture(scope="module")
def address(local: Store) -> Iterator[str]:
    with served() as url:
        yield url


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS * 2
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def epoch_shown(one: Visit) -> int:
    """The epoch that the progress bar speaks of."""
    bar = one.page.locator('[data-testid="stMain"] [data-testid="stProgress"]')
    one.page.wait_for_function(
        "() => /Epoch [0-9]+ of/.test(document.querySelector('[data-testid=\"stMain\"] [data-testid=\"stProgress\"]')?.innerText || '')",
        timeout=SECONDS * 1000,
    )
    return int(bar.first.inner_text().split()[1])


def press(one: Visit, name: str) -> None:
    one.page.locator('[data-testid="stMain"]').get_by_role("button", name=name).first.click()


def test_a_training_outlives_page_reload_and_window_and_is_stopped_and_resumed_from_any(address: str, local: Store, visit: Visits) -> None:  # noqa: F811
    first = visit().open(f"{address}/train?{FIELDS}&train_n_epochs=50000")
    press(first, "Start")
    before = epoch_shown(first)
    first.page.wait_for_timeout(2500)
    assert epoch_shown(first) > before  # it follows by itself

    first.go_to("library").go_to("train")
    assert first.page.get_by_label("n_epochs", exact=True).input_value() == "50000"
    after_pages = epoch_shown(first)
    assert after_pages > before

    first.page.reload()
    first.settle()
    assert epoch_shown(first) > after_pages

    second = visit().open(f"{address}/train?dataset=digits&latent_dim=10&family=pca")
    press(second, "Join: vae digits d=2")
    joined = epoch_shown(second)
    first.page.close()
    second.page.wait_for_timeout(2500)
    assert epoch_shown(second) > joined

    press(second, "Stop")
    second.page.get_by_role("button", name="Resume after epoch").wait_for(timeout=SECONDS * 1000)
    reached = len(jobs.find(LONG, local).status().history)
    press(second, "Resume after epoch")
    second.page.get_by_role("button", name="Stop").wait_for(timeout=SECONDS * 1000)
    assert epoch_shown(second) >= reached
    assert len(jobs.alive(local)) == 1

    press(second, "Stop")
    second.page.get_by_role("button", name="Discard").wait_for(timeout=SECONDS * 1000)
    second.settle()
    press(second, "Discard")
    second.page.get_by_role("button", name="Start").wait_for(timeout=SECONDS * 1000)
    assert not local.partial_folder(LONG).exists()
    assert second.faults() == []
    assert [said for one in (first, second) for said in one.complaints if "closed" not in said] == []


def test_who_has_the_page_open_sees_a_training_that_somebody_else_starts(address: str, local: Store, visit: Visits) -> None:  # noqa: F811
    watching = visit().open(f"{address}/train?{FIELDS}&train_n_epochs=50000&train_beta=2")
    job = jobs.start(replace(LONG, beta=2.0), local)
    try:
        assert epoch_shown(watching) >= 1
    finally:
        job.cancel()
        until(lambda: not job.status().is_alive)
        jobs.discard(job.spec, local)


def film(one: Visit) -> dict[str, str]:
    """What the film shows: its epoch, and the colours of its canvases."""
    return one.page.locator(".film").evaluate(
        """e => ({epoch: e.dataset.epoch, line: e.querySelector('[data-part="line"]').textContent,
                  picture: e.querySelector('[data-part="reconstructions"]').toDataURL(),
                  manifold: e.querySelector('[data-part="manifold"]').toDataURL()})"""
    )


def test_the_film_is_scrubbed_in_the_browser_and_its_link_opens_at_the_epoch(address: str, local: Store, visit: Visits) -> None:  # noqa: F811
    assert [shot.epoch for shot in training_film.load(SHORT, local)] == [1, 2, 3, 4]
    url = f"{address}/training-film?dataset=digits&latent_dim=2&family=vae&film_run={SHORT.fingerprint}"
    one = visit().open(url)
    one.page.locator('.film[data-epoch="4"]').wait_for(timeout=SECONDS * 1000)
    last = film(one)
    one.page.locator('.film [data-part="stage"]').focus()
    for _ in range(3):
        one.page.keyboard.press("ArrowLeft")
    first = film(one)
    assert (last["epoch"], first["epoch"]) == ("4", "1")
    assert first["picture"] != last["picture"] and first["manifold"] != last["manifold"] and first["line"] != last["line"]
    one.page.wait_for_function("() => new URLSearchParams(location.search).get('film_epoch') === '1'", timeout=SECONDS * 1000)
    other = visit().open(one.settle().page.url)
    other.page.locator('.film[data-epoch="1"]').wait_for(timeout=SECONDS * 1000)
    assert film(other)["picture"] == first["picture"]
    one.page.locator(".film").get_by_role("button", name="Play").click()
    one.page.locator('.film[data-epoch="4"]').wait_for(timeout=SECONDS * 1000)
    assert one.faults() == [] and one.complaints == []


def test_a_model_opens_from_the_library_and_a_reload_keeps_it(address: str, visit: Visits) -> None:  # noqa: F811
    spec = default_spec("pca", "digits", 3)
    one = visit().open(f"{address}/library?dataset=digits&latent_dim=2&family=vae&library_models={spec.fingerprint}")
    press(one, "Open")
    one.page.wait_for_function("() => location.pathname === '/compare'", timeout=SECONDS * 1000)
    one.settle()
    assert one.choices() == ["digits", "pca", "3"]
    one.page.reload()
    one.settle()
    assert one.choices() == ["digits", "pca", "3"]
    assert one.faults() == [] and one.complaints == []


@pytest.mark.parametrize("path", ["train", "training-film", "library"])
def test_picture_and_controls_of_the_training_pages_fit_one_window(path: str, address: str, visit: Visits) -> None:  # noqa: F811
    one = visit().open(f"{address}/{path}?dataset=digits&latent_dim=2&family=vae")
    main = one.page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 0
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert one.faults() == [] and one.complaints == []
