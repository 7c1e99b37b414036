// The interval [0, 1], bent into a curve: density by colour, samples as dots, one z with its tangent.

const HALF_WIDTH = 1.35, SECONDS = 3, JITTER = 0.03;

class Bend {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.stage = this.part("stage");
    this.dots = new DotLayer(this.part("dots"));
    this.lines = this.part("lines").getContext("2d");
    this.camera = new Camera();
    this.camera.halfWidth = HALF_WIDTH;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.stage);
    this.part("play").addEventListener("click", () => this.play(!this.playing));
    this.part("t").addEventListener("input", (event) => this.set({ t: +event.target.value }));
    this.part("z").addEventListener("input", (event) => this.set({ z: +event.target.value }));
    this.part("save").addEventListener("click", () => this.save());
    const move = (event) => {
      const box = this.stage.getBoundingClientRect(), scale = this.camera.size / box.width;
      this.set({ z: this.nearest((event.clientX - box.left) * scale, (event.clientY - box.top) * scale) });
    };
    this.stage.addEventListener("pointerdown", (event) => {
      this.stage.setPointerCapture(event.pointerId);
      this.held = true;
      move(event);
    });
    this.stage.addEventListener("pointermove", (event) => this.held && move(event));
    for (const name of ["pointerup", "pointercancel"]) this.stage.addEventListener(name, () => (this.held = false));
    this.stage.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 0.01, ArrowLeft: -0.01 }[event.key];
      if (step) this.set({ z: this.z + step });
      else if (event.key === " ") this.play(!this.playing);
      else return;
      event.preventDefault();
    });
  }

  update(bytes, send) {
    this.send = send;
    this.colours = themeColours(this.root);
    const data = unpack(bytes);
    if (this.t === undefined) Object.assign(this, { t: data.start.t, z: data.start.z });
    this.data = data;
    this.table = colourTable(data.palette);
    this.part("bar").style.background = `linear-gradient(to right, ${data.palette.join(",")})`;
    this.root.dataset.name = data.name;
    this.draw();
  }

  at(z) {
    return onCurve(this.data, this.t, z);
  }

  nearest(x, y) {
    const { scale, middle } = this.camera.frame();
    let best = 0, least = Infinity;
    for (let k = 0; k <= 800; k++) {
      const { p } = this.at(k / 800), away = (middle + scale * p[0] - x) ** 2 + (middle - scale * p[1] - y) ** 2;
      if (away < least) [best, least] = [k / 800, away];
    }
    return best;
  }

  draw(ratio = Math.min(2, devicePixelRatio || 1)) {
    if (!this.data) return;
    const size = Math.max(64, Math.round(this.stage.clientWidth * ratio));
    const { lines, camera, colours, data } = this, n = 400;
    camera.size = size;
    this.dots.resize(size);
    if (lines.canvas.width !== size) lines.canvas.width = lines.canvas.height = size;
    lines.clearRect(0, 0, size, size);
    drawAxes(lines, camera, 2, colours, ratio);
    const { scale, middle } = camera.frame(), pixel = (p) => [middle + scale * p[0], middle - scale * p[1]];
    const rows = Array.from({ length: n + 1 }, (_, k) => this.at(k / n));
    const sorted = rows.map((row) => row.density).sort((a, b) => a - b), high = sorted[Math.floor(0.97 * n)], low = sorted[0];
    lines.lineCap = "round";
    lines.lineWidth = 7 * ratio;
    for (let k = 0; k < n; k++) {
      const share = high - low > 1e-6 * high ? Math.min(1, Math.max(0, (rows[k].density - low) / (high - low))) : 0.5;
      lines.strokeStyle = data.palette[Math.round(share * (data.palette.length - 1))];
      lines.beginPath();
      lines.moveTo(...pixel(rows[k].p));
      lines.lineTo(...pixel(rows[k + 1].p));
      lines.stroke();
    }
    this.part("low").textContent = low.toPrecision(2);
    this.part("high").textContent = (high - low > 1e-6 * high ? "≥ " : "") + high.toPrecision(2);
    this.drawSamples(pixel, ratio);
    this.drawTangent(pixel, ratio);
    const here = this.at(this.z), f = (v) => v.toFixed(2).replace("-", "−");
    this.part("said").textContent =
      `z = ${this.z.toFixed(3)}  →  (${here.p.map(f).join(", ")}),  |g′| = ${here.speed.toFixed(3)},  p(z)/|g′| = ${here.density.toFixed(4)}` + (this.t < 1 ? ", at this t" : "");
    this.stage.setAttribute(
      "aria-label",
      `The line z in [0, 1], bent into a curve: ${this.part("said").textContent}. Arrow left and right move z, space bends the line.`,
    );
    for (const name of ["t", "z"]) {
      this.part(name).value = this[name];
      this.part(`${name}-value`).textContent = `${name} = ${this[name].toFixed(2)}`;
    }
    Object.assign(this.root.dataset, { t: this.t.toFixed(3), z: this.z.toFixed(3) });
  }

  // Samples beside the curve, a little off it, so that crowding shows.
  drawSamples(pixel, ratio) {
    const { samples } = this.data, n = samples.shape[0], out = new Float32Array(3 * n);
    for (let i = 0; i < n; i++) {
      const { p, d, speed } = this.at(samples.values[i]), off = JITTER * (2 + (i % 7) / 4) * (i % 2 ? 1 : -1);
      [out[3 * i], out[3 * i + 1]] = pixel([p[0] - (off * d[1]) / speed, p[1] + (off * d[0]) / speed]);
    }
    const word = colourTable([hex(this.colours.text), hex(this.colours.text)])[0];
    this.dots.draw(out, new Uint32Array(n).fill((word & 0xffffff) | (150 << 24)), n, 2, HALF_WIDTH);
  }

  drawTangent(pixel, ratio) {
    const { lines, colours } = this, { p, d } = this.at(this.z), [x, y] = pixel(p), [tx, ty] = pixel([p[0] + 0.08 * d[0], p[1] + 0.08 * d[1]]);
    const angle = Math.atan2(ty - y, tx - x), tip = 10 * ratio;
    lines.strokeStyle = lines.fillStyle = colours.primary;
    lines.lineWidth = 3.5 * ratio;
    lines.beginPath();
    lines.moveTo(x, y);
    lines.lineTo(tx, ty);
    lines.stroke();
    lines.beginPath();
    lines.moveTo(tx + tip * Math.cos(angle), ty + tip * Math.sin(angle));
    for (const turn of [2.4, -2.4]) lines.lineTo(tx + tip * Math.cos(angle + turn), ty + tip * Math.sin(angle + turn));
    lines.fill();
    lines.beginPath();
    lines.arc(x, y, 8 * ratio, 0, 2 * Math.PI);
    lines.fill();
    lines.strokeStyle = colours.paper;
    lines.lineWidth = 2 * ratio;
    lines.stroke();
  }

  save() {
    this.draw(KEPT_RATIO);
    savePicture([this.dots.canvas, this.lines.canvas], this.colours.paper, `curve-t-${this.t.toFixed(2)}`);
    this.draw();
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) this[name] = Math.min(1, Math.max(0, value));
    if ("t" in values && this.playing) this.play(false);
    this.draw();
    this.emit();
  }

  play(on) {
    cancelAnimationFrame(this.pending);
    this.playing = on;
    const button = this.part("play");
    button.textContent = on ? "❚❚ Pause" : "▶ Play";
    button.setAttribute("aria-pressed", String(on));
    if (!on) return this.emit();
    if (this.t >= 1) this.t = 0;
    let last;
    const step = (now) => {
      const passed = last === undefined ? 0 : Math.min(0.2, (now - last) / 1000);
      last = now;
      this.t = Math.min(1, this.calm.matches ? 1 : this.t + passed / SECONDS);
      this.draw();
      if (this.t >= 1) this.play(false);
      else this.pending = requestAnimationFrame(step);
    };
    this.pending = requestAnimationFrame(step);
  }

  emit() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send?.("view", { t: +this.t.toFixed(3), z: +this.z.toFixed(3) }), 200);
  }

  end() {
    cancelAnimationFrame(this.pending);
    clearTimeout(this.later);
    this.observer.disconnect();
  }
}

export default mounted(Bend, ".curve");
