// Epochs, or what else a film counts in its `unit`, on one slider, played, dragged and stepped: what every film of a training has. The
// root holds the parts "play", "epoch" and "epoch-value"; a film says what an epoch looks like.

const STILL = 5; // pixels that a finger may tremble

class Player {
  // `draw(k)` shows the film's k-th epoch.
  constructor(root, secondsAFrame, draw) {
    Object.assign(this, { root, secondsAFrame, draw, at: 0, epochs: null });
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.observer = new ResizeObserver(() => this.show(this.at));
    this.part("play").addEventListener("click", () => this.play(!this.timer));
    this.part("epoch").addEventListener("input", (event) => this.go(+event.target.value));
  }

  // Another film: which epochs it has, of how many, and which one is shown first (the last, if it has not that one).
  take({ epochs, n_epochs: ofAll, start, unit = "epoch" }) {
    const last = epochs.length - 1, wanted = epochs.indexOf(start);
    Object.assign(this, { epochs, ofAll, unit, last, at: wanted < 0 ? last : wanted });
    Object.assign(this.part("epoch"), { max: last, disabled: last === 0 });
    this.part("play").disabled = last === 0;
  }

  show(at) {
    if (!this.epochs) return;
    this.at = Math.min(this.last, Math.max(0, at));
    const epoch = this.epochs[this.at];
    this.part("epoch").value = this.at;
    this.part("epoch-value").textContent = `${this.unit} ${epoch} of ${this.ofAll}`;
    this.root.dataset.epoch = epoch;
    this.draw(this.at);
  }

  // What a person does: it ends the playing, and is reported.
  go(at) {
    this.play(false);
    this.show(at);
    this.report();
  }

  play(isOn) {
    clearInterval(this.timer);
    this.timer = null;
    const button = this.part("play");
    button.textContent = isOn ? "❚❚ Pause" : "▶ Play";
    button.setAttribute("aria-pressed", String(isOn));
    if (!isOn) return;
    if (this.at >= this.last) this.show(0);
    this.timer = setInterval(() => this.step(), 1000 * (this.calm.matches ? Math.max(1, this.secondsAFrame) : this.secondsAFrame));
  }

  step() {
    if (this.at < this.last) return this.show(this.at + 1);
    this.play(false);
    this.report();
  }

  report() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send?.("view", { epoch: this.epochs[this.at] }), 250);
  }

  // A stage that is dragged sideways through the epochs, follows the arrow keys, and is drawn anew when its size changes.
  watch(stage) {
    this.observer.observe(stage);
    let grip = null;
    stage.addEventListener("pointerdown", (event) => {
      stage.setPointerCapture(event.pointerId);
      grip = { x: event.clientX, at: this.at };
    });
    stage.addEventListener("pointermove", (event) => {
      if (!grip || !this.epochs || Math.abs(event.clientX - grip.x) < STILL) return;
      this.go(grip.at + Math.round(((event.clientX - grip.x) / stage.clientWidth) * this.epochs.length));
    });
    for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, () => (grip = null));
    stage.addEventListener("keydown", (event) => {
      const does = { " ": () => this.play(!this.timer), ArrowRight: () => this.go(this.at + 1), ArrowLeft: () => this.go(this.at - 1) }[event.key];
      if (!does || !this.epochs) return;
      event.preventDefault();
      does();
    });
  }

  end() {
    clearInterval(this.timer);
    clearTimeout(this.later);
    this.observer.disconnect();
  }
}

// What a component exports: the film of each root is made once, told of new data, and ended with its root.
function films(Film) {
  const all = new WeakMap();
  return ({ data, parentElement, setStateValue }) => {
    const root = parentElement.querySelector(".film");
    if (!all.has(root)) all.set(root, new Film(root));
    const film = all.get(root);
    film.player.send = setStateValue;
    film.update(data);
    return () => {
      all.get(root)?.player.end();
      all.delete(root);
    };
  };
}
