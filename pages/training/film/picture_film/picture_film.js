// Snapshots of a training, one picture of each kind an epoch, on one slider.

const SECONDS_A_FRAME = 0.18, BESIDE = 400, GAP = 24;

// The last four bytes are the epoch to show first.
function unpacked(bytes) {
  const film = unpack(bytes), start = new DataView(bytes.buffer, bytes.byteOffset + bytes.byteLength - 4).getUint32(0, true);
  return { ...film, start, files: film.arrays.map(({ name }) => film[name].values) };
}

const picture = (file) => createImageBitmap(new Blob([file], { type: "image/png" }));

class Film {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.at = 0;
    this.part("play").addEventListener("click", () => this.play(!this.timer));
    this.part("epoch").addEventListener("input", (event) => this.go(+event.target.value));
    const stage = this.part("stage");
    let grip = null;
    stage.addEventListener("pointerdown", (event) => {
      stage.setPointerCapture(event.pointerId);
      grip = { x: event.clientX, at: this.at };
    });
    stage.addEventListener("pointermove", (event) => {
      if (grip) this.go(grip.at + Math.round(((event.clientX - grip.x) / stage.clientWidth) * this.film.epochs.length));
    });
    for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, () => (grip = null));
    stage.addEventListener("keydown", (event) => {
      const does = { " ": () => this.play(!this.timer), ArrowRight: () => this.go(this.at + 1), ArrowLeft: () => this.go(this.at - 1) }[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    });
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
  }

  async update(bytes, send) {
    this.send = send;
    const film = unpacked(bytes);
    if (film.name === this.name) return;
    this.name = film.name;
    const pictures = await Promise.all(film.files.map(picture));
    if (film.name !== this.name) return;
    const n = film.epochs.length;
    Object.assign(this, { film, originals: pictures[0], frames: pictures.slice(1, 1 + n), manifolds: pictures.slice(1 + n) });
    this.part("plane").hidden = film.manifolds === 0;
    const wanted = film.epochs.indexOf(film.start);
    this.at = wanted < 0 ? n - 1 : wanted;
    Object.assign(this.part("epoch"), { max: n - 1, disabled: n === 1 });
    this.part("play").disabled = n === 1;
    this.draw();
  }

  draw() {
    if (!this.film) return;
    const { epochs, lines, n_epochs: all } = this.film, manifold = this.manifolds[this.at];
    this.part("epoch").value = this.at;
    this.part("epoch-value").textContent = `epoch ${epochs[this.at]} of ${all}`;
    this.part("line").textContent = lines[this.at];
    this.root.dataset.epoch = epochs[this.at];
    const width = this.root.clientWidth, tall = Math.max(150, innerHeight - BESIDE);
    const forRows = manifold ? Math.max(width - Math.min(tall, width / 2.5) - GAP, width / 2) : width;
    const times = this.fit(this.originals, Math.min(forRows, 900), tall / 2);
    this.paint("originals", this.originals, times);
    this.paint("reconstructions", this.frames[this.at], times);
    if (manifold) this.paint("manifold", manifold, this.fit(manifold, width - this.originals.width * times - GAP, tall));
  }

  fit(image, width, height) {
    const times = Math.min(width / image.width, height / image.height);
    return times >= 1 ? Math.floor(times) : times;
  }

  paint(name, image, times) {
    const canvas = this.part(name);
    if (canvas.width !== image.width || canvas.height !== image.height) Object.assign(canvas, { width: image.width, height: image.height });
    canvas.style.width = `${image.width * times}px`;
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, image.width, image.height);
    pen.drawImage(image, 0, 0);
  }

  go(at) {
    this.play(false);
    this.show(at);
    this.emit();
  }

  show(at) {
    this.at = Math.min(this.film.epochs.length - 1, Math.max(0, at));
    this.draw();
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = null;
    const button = this.part("play"), last = this.film.epochs.length - 1;
    button.textContent = on ? "❚❚ Pause" : "▶ Play";
    button.setAttribute("aria-pressed", String(on));
    if (!on) return;
    if (this.at >= last) this.show(0);
    this.timer = setInterval(() => {
      if (this.at < last) return this.show(this.at + 1);
      this.play(false);
      this.emit();
    }, 1000 * SECONDS_A_FRAME);
  }

  emit() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send?.("view", { epoch: this.film.epochs[this.at] }), 250);
  }

  end() {
    clearInterval(this.timer);
    clearTimeout(this.later);
    this.observer.disconnect();
  }
}

const films = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".film");
  if (!films.has(root)) films.set(root, new Film(root));
  films.get(root).update(data instanceof Uint8Array ? data : new Uint8Array(data), setStateValue);
  return () => {
    films.get(root)?.end();
    films.delete(root);
  };
}
