"""Two networks learn the ring: what to train, start and stop with progress, the film, and what was reached beside the exact answer."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from pages.latent.learn.cached import ring_film, ring_runs
from pages.latent.learn.training_film import training_film as component
from pages.shared import cached, controls, live, page, rights
from pages.shared.chart.chart import packed
from pages.shared.words import Words
from vae_core.drawing.chart import Chart
from vae_core.drawing.tables import csv
from vae_core.drawing.theme import FAMILY_MARKS
from vae_core.explore.latent import films, ring_figure, ring_learning_figure
from vae_core.explore.latent.ring import Ring, share_in_the_hole, single_gaussian_kl
from vae_core.explore.latent.ring_learning import RingLearningSpec
from vae_core.explore.latent.ring_learning_figure import Panel, learning_gif
from vae_core.jobs.live_runs import LiveRun
from vae_core.jobs.process import Status

TITLES = {"regression": "Regression on pairs (z, g(z))", "vae": "VAE on samples y alone"}
COLOURS = {"regression": ring_figure.REGRESSION, "vae": FAMILY_MARKS["vae"].colour}


def choose() -> RingLearningSpec:
    """Draw the controls: what determines both trainings."""
    scale = controls.segmented("σ of the VAE's likelihood", ("0.1", "0.05", "0.2", "learned"), "ring_scale")
    widths, epochs = ("64", "16", "128"), ("40", "10", "80")
    with controls.advanced({"ring_hidden": widths[0], "ring_epochs": epochs[0]}):
        hidden = controls.segmented("Width of the two hidden layers", widths, "ring_hidden")
        n_epochs = controls.segmented("Epochs", epochs, "ring_epochs")
    return RingLearningSpec(hidden=int(hidden), n_epochs=int(n_epochs), scale=scale if scale == "learned" else float(scale))


def run(spec: RingLearningSpec) -> tuple[LiveRun | None, Status | None]:
    """Draw the button that trains, or stops; the spec's training on this server, and how it stands."""
    runs, spec_json = ring_runs(), spec.to_json()
    run = runs.find(spec_json)
    seen = live.status(run)
    live.buttons(run, seen, "Train both now", lambda: live.start(runs, spec_json), stays=True)
    if run is not None or rights.may_change():
        st.caption(about(seen))
    return run, seen


def about(status: Status | None) -> str:
    """What state the training is in, in a line."""
    states = {
        "queued": "It waits for its turn: another training goes on on this computer.",
        "running": "Trains on one core of this computer; everyone who opens this view sees the same run.",
        "done": "Trained on this computer since it was started.",
        "cancelled": "Stopped.",
        "failed": f"The training failed. {status.sentence}" if status is not None else "",
    }
    return "10,000 points, on one core: some seconds." if status is None else states[status.state]


def is_shipped(spec: RingLearningSpec, run: LiveRun | None) -> bool:
    """Whether the film shown is the one that came with the program."""
    return run is None and spec == RingLearningSpec() and bool(ring_film())


def frames_of(spec: RingLearningSpec, run: LiveRun | None) -> list[films.Frame]:
    """The frames to show: of the training here, else those that came with the program, else none."""
    if run is not None:
        return run.frames
    return ring_film() if spec == RingLearningSpec() else []


def draw(spec: RingLearningSpec, run: LiveRun | None, seen: Status | None, text: Words) -> None:
    """The film with the chart and the numbers below; polls while the training runs."""
    live.follow(seen, lambda: live.status(run), lambda status: _draw(spec, run, status, text))


def _draw(spec: RingLearningSpec, run: LiveRun | None, status: Status | None, text: Words) -> None:
    frames = whole_epochs(frames_of(spec, run))
    is_alive = status is not None and status.is_alive
    if is_alive:
        live.bar(status, run.progress, f"Epoch {frames[-1].epoch} of {spec.n_epochs}" if frames else "Starting …")
    if not frames:
        st.info("These two networks are not trained yet: **Train both now** takes some seconds." if status is None else about(status))
        page.conclude(text.said("conclusion-untrained"))
        return
    component.training_film(film_payload(frames[-2:] if is_alive else frames, None if is_alive else component.start()))
    last = frames[-1]
    epoch = (spec.to_json(), last.epoch, repr(frames[-2].metrics), repr(last.metrics))
    chart, numbers = st.columns((4, 5), gap="small")
    with chart:
        page.chart(cached.fleeting("ring", epoch, lambda: packed(kl_chart(frames), tools=False)))
    with numbers:
        cached.fleeting("beside the ring", epoch, lambda: _reached(frames))
    page.conclude(verdict(frames[-2], frames[-1]))


def kl_chart(frames: list[films.Frame]) -> Chart:
    """KL(p‖VAE) after each epoch."""
    vae = [frame for frame in frames if frame.kind == "vae"]
    kl = [frame.mean("kl") for frame in vae]
    columns = ([frame.epoch for frame in vae], [mean.value for mean in kl], [mean.half_width or 0.0 for mean in kl])
    return ring_figure.kl_chart(*columns, collapsed=single_gaussian_kl(Ring()), height=175)


def _reached(frames: list[films.Frame]) -> None:
    """What both networks have reached after an epoch."""
    regression, vae = frames[-2:]
    means = {name: vae.mean(name) for name in ("log_px", "kl", "elbo")}
    numbers = {name: (mean.value, mean.half_width) for name, mean in means.items()}
    holes = {frame.kind: frame.hole.in_brief for frame in (regression, vae)}
    st.html(ring_figure.learning_table(numbers, holes, entropy=Ring().entropy()[0]))
    st.caption(
        f"Epoch {vae.epoch}: log p(y) in nats by quadrature over z, ELBO with one draw of z per point, n = {vae.metrics['n_points']:,} "
        "test points ± 95 % confidence interval."
    )


def whole_epochs(frames: list[films.Frame]) -> list[films.Frame]:
    """Frames in pairs, the regression's and the VAE's of the same epoch."""
    return frames[: len(frames) - len(frames) % 2]


def verdict(regression: films.Frame, vae: films.Frame) -> str:
    """Where it fails, and why."""
    if vae.metrics["loop_radius"] < 0.3:
        return (
            "The VAE's decoder ignores z: **posterior collapse**. With σ learned from 1 on, no direction of the ring "
            "(variance 0.635 each way) is worth its rate at the start, and one wide Gaussian is where it stays."
        )
    rounds = [abs(frame.metrics["winding"]) for frame in (regression, vae)]  # its sign only says which way
    if all(rounds):
        times = "once" if set(rounds) == {1} else f"{rounds[0]} and {rounds[1]} times"
        return (
            "**Why points fall in the hole:** the true map jumps at z = 0, a network cannot. "
            f"It maps the circle ‖z‖ = 2 {times} around the origin, so some z inside go into the hole. {noise_in_words(vae)}"
        )
    return "A decoder's image of the circle ‖z‖ = 2 does not go round the origin: the ring stays open, or is folded."


def noise_in_words(vae: films.Frame) -> str:
    """What the noise of the VAE's likelihood alone would bring into the hole."""
    scale = vae.metrics["scale"]
    share = 100 * share_in_the_hole(Ring(), scale)
    return f"The VAE's noise alone (σ = {scale:.2f}) would bring {share:.1f} % of the exact ring there."


def panels(frames: list[films.Frame]) -> list[Panel]:
    """Both networks, with a line for each epoch."""
    lines = {kind: [line(frame) for frame in frames if frame.kind == kind] for kind in TITLES}
    return [Panel(kind, title, COLOURS[kind], lines[kind]) for kind, title in TITLES.items()]


def epochs(frames: list[films.Frame]) -> list[int]:
    """The epochs that are there."""
    return [frame.epoch for frame in frames if frame.kind == "vae"]


def film_payload(frames: list[films.Frame], start: int | None) -> bytes:
    """The frames for the browser."""
    rows = [asdict(panel) for panel in panels(frames)]
    return ring_learning_figure.film_payload(epochs(frames), frames[-1].n_epochs, rows, films.stacked(frames), start=start).data


def line(frame: films.Frame) -> str:
    """One epoch of one network in a line."""
    m = frame.metrics
    hole = f"{frame.hole.in_brief} % in the hole"
    if frame.kind == "regression":
        return f"RMSE {frame.mean('rmse')} · {hole}"
    return f"KL {frame.mean('kl')} nats · σ {m['scale']:.2f} · {hole}"


def downloads(spec: RingLearningSpec, run: LiveRun | None) -> list[page.Download]:
    """Every epoch's numbers as CSV, and the film for slides once there are two epochs."""
    frames = whole_epochs(frames_of(spec, run))
    names = sorted({name for frame in frames for name in frame.metrics})
    table = csv(["network", "epoch", *names], ([frame.kind, frame.epoch, *(frame.metrics.get(name) for name in names)] for frame in frames))
    numbers = page.Download("CSV", "ring-learning.csv", "text/csv", table)
    if len(frames) < 4:
        return [numbers]
    theme = page.theme()
    film = lambda: learning_gif(epochs(frames), panels(frames), films.stacked(frames), theme=theme)  # noqa: E731
    return [numbers, page.Download("Film (GIF)", "ring-learning.gif", "image/gif", film)]


def notebook(text: Words, spec: RingLearningSpec, run: LiveRun | None) -> str:
    """Lines of Python that draw the chart: from the film that came with the program, or by training both networks."""
    return text.lines("shipped" if is_shipped(spec, run) else "trained", spec=spec, collapsed=f"{single_gaussian_kl(Ring()):.6f}")
