// A training, epoch by epoch: samples and the warped grid of each network, on one slider.

const HALF_WIDTH = 1.75, SECONDS_A_FRAME = 0.16;

class Panel {
  constructor(kind, title, box, film) {
    this.kind = kind;
    const panel = document.createElement("div"), heading = document.createElement("h3");
    [this.stage, this.said] = [document.createElement("div"), document.createElement("p")];
    panel.className = "panel";
    this.stage.className = "stage";
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "img");
    this.stage.setAttribute("aria-label", `${title}. Arrow left and right change the epoch, space plays.`);
    const [below, above] = [document.createElement("canvas"), document.createElement("canvas")];
    this.stage.append(below, above);
    heading.textContent = title;
    panel.append(heading, this.stage, this.said);
    box.append(panel);
    this.dots = new DotLayer(below);
    this.lines = above.getContext("2d");
    this.camera = new Camera();
    this.camera.halfWidth = HALF_WIDTH;
    film.watch(this.stage);
  }

  draw(frames, at, colours, colour) {
    const ratio = Math.min(2, devicePixelRatio || 1), size = Math.max(64, Math.round(this.stage.clientWidth * ratio));
    const { lines, camera } = this;
    camera.size = size;
    this.dots.resize(size);
    if (lines.canvas.width !== size) lines.canvas.width = lines.canvas.height = size;
    lines.clearRect(0, 0, size, size);
    drawAxes(lines, camera, 2, colours, ratio);
    const part = (name) => {
      const { values, shape } = frames[`${this.kind}_${name}`], each = shape.slice(1).reduce((a, b) => a * b, 1);
      const points = values.subarray(at * each, (at + 1) * each), out = new Float32Array((each / 2) * 3);
      camera.project(points, 2, out);
      return { out, n: each / 2, perLine: shape[2] };
    };
    const samples = part("samples");
    this.dots.draw(samples.out, new Uint32Array(samples.n).fill(colourTable([colour, colour])[0]), samples.n, 2, HALF_WIDTH);
    for (const [name, style, alpha, wide] of [["lines", colours.text, 0.45, 1], ["circles", colours.primary, 0.9, 1.5]]) {
      const { out, n, perLine } = part(name);
      lines.strokeStyle = style;
      lines.globalAlpha = alpha;
      lines.lineWidth = wide * ratio;
      drawLines(lines, out, perLine, new Uint8Array(n));
    }
    lines.globalAlpha = 1;
    lines.strokeStyle = colours.text;
    lines.lineWidth = 2 * ratio;
    lines.setLineDash([6 * ratio, 5 * ratio]);
    lines.beginPath();
    lines.arc(size / 2, size / 2, size / (2 * HALF_WIDTH), 0, 2 * Math.PI);
    lines.stroke();
    lines.setLineDash([]);
  }
}

class Film {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.observer = new ResizeObserver(() => this.draw());
    this.at = 0;
    this.part("play").addEventListener("click", () => this.play(!this.timer));
    this.part("epoch").addEventListener("input", (event) => this.go(+event.target.value));
  }

  update(bytes, send) {
    this.send = send;
    this.colours = themeColours(this.root);
    const frames = unpack(bytes);
    if (this.frames?.name !== frames.name) {
      this.frames = frames;
      this.root.dataset.bytes = bytes.byteLength;
      this.panels ??= frames.panels.map(({ kind, title }) => new Panel(kind, title, this.part("panels"), this));
      const last = frames.epochs.length - 1, wanted = frames.epochs.indexOf(frames.start);
      this.at = wanted < 0 ? last : wanted;
      Object.assign(this.part("epoch"), { max: last, disabled: last === 0 });
      this.part("play").disabled = last === 0;
    }
    this.draw();
  }

  draw() {
    if (!this.frames || !this.panels) return;
    const { epochs, panels, n_epochs: all } = this.frames;
    this.part("epoch").value = this.at;
    this.part("epoch-value").textContent = `epoch ${epochs[this.at]} of ${all}`;
    this.root.dataset.epoch = epochs[this.at];
    this.panels.forEach((panel, k) => {
      panel.draw(this.frames, this.at, this.colours, panels[k].colour);
      panel.said.textContent = panels[k].said[this.at];
    });
  }

  go(at) {
    this.play(false);
    this.show(at);
    this.emit();
  }

  show(at) {
    this.at = Math.min(this.frames.epochs.length - 1, Math.max(0, at));
    this.draw();
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = null;
    const button = this.part("play"), last = this.frames.epochs.length - 1;
    button.textContent = on ? "❚❚ Pause" : "▶ Play";
    button.setAttribute("aria-pressed", String(on));
    if (!on) return;
    if (this.at >= last) this.show(0);
    this.timer = setInterval(() => {
      if (this.at >= last) {
        this.play(false);
        this.emit();
      } else this.show(this.at + 1);
    }, 1000 * SECONDS_A_FRAME);
  }

  emit() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send?.("view", { epoch: this.frames.epochs[this.at] }), 250);
  }

  watch(stage) {
    this.observer.observe(stage);
    let grip = null;
    stage.addEventListener("pointerdown", (event) => {
      stage.setPointerCapture(event.pointerId);
      grip = { x: event.clientX, at: this.at };
    });
    stage.addEventListener("pointermove", (event) => {
      if (!grip || Math.abs(event.clientX - grip.x) < 5) return;
      this.go(grip.at + Math.round(((event.clientX - grip.x) / stage.clientWidth) * this.frames.epochs.length));
    });
    for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, () => (grip = null));
    stage.addEventListener("keydown", (event) => {
      const does = { " ": () => this.play(!this.timer), ArrowRight: () => this.go(this.at + 1), ArrowLeft: () => this.go(this.at - 1) }[event.key];
      if (!does) return;
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
