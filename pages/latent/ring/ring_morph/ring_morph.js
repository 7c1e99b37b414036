// The picture, its controls, and what moves them. `export default` is called again at every change of data or theme.

const SECONDS = 4; // from t = 0 to t = 1 at speed 1
const WIDEST_T0 = 3.4;
const JUMP = 0.4; // from one vertex of a line to the next, of a map to what was drawn: two of its cells
const LARGEST_PICTURE = 1100; // device pixels

class Morph {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.stage = this.part("stage");
    this.dots = new DotLayer(this.part("dots"));
    this.lines = this.part("lines").getContext("2d");
    this.camera = new Camera();
    this.stills = ["before", "after"].map((name) => ({ name, dots: new DotLayer(this.part(name)), camera: new Camera() }));
    this.t = 0;
    this.speed = 1;
    this.playing = false;
    this.followed = -1;
    this.values = {};
    this.frames = 0;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.listen();
  }

  // ---- what Python says

  update(data, setStateValue) {
    this.send = setStateValue;
    this.colours = themeColours(this.root);
    const isFirst = !this.settings;
    const before = this.settings || {};
    this.settings = data;
    if (isFirst) this.restore(data.start);
    if (data.map !== before.map) {
      Object.assign(this.values, data.start.values);
      this.showParameters();
    }
    this.tables = Object.fromEntries(Object.entries(data.palettes).map(([name, stops]) => [name, colourTable(stops)]));
    this.takeCloud();
    if (isFirst && data.start.t === null && !this.calm.matches) this.play(true);
  }

  restore(start) {
    this.t = start.t ?? 0;
    this.speed = start.speed ?? 1;
    this.followed = start.follow ?? -1;
    this.camera.yaw = start.yaw ?? this.camera.yaw;
    this.camera.pitch = start.pitch ?? this.camera.pitch;
    this.values = { ...start.values };
    this.part("speed").value = String(this.speed);
  }

  takeCloud() {
    const bytes = globalThis.vaeExplorerClouds?.get(this.settings.cloud);
    if (!bytes) return;
    if (this.cloudName !== this.settings.cloud) {
      this.cloudName = this.settings.cloud;
      const cloud = unpack(bytes);
      this.root.dataset.bytes = bytes.byteLength;
      this.root.dataset.points = cloud.z.shape[0];
      this.dim = cloud.z.shape[1];
      this.stage.classList.toggle("space", this.dim === 3);
      this.n = cloud.z.shape[0];
      this.z = cloud.z.values;
      this.cloud = cloud;
      this.sets = ["lines", "circles"].map((name) => ({
        name,
        z: cloud[name].values,
        perLine: cloud[name].shape[1],
        cut: cutsAtOrigin(cloud[name].values, this.dim),
      }));
      this.whole = new Uint8Array(Math.max(...this.sets.map((set) => set.cut.length)));
      if (this.followed >= this.n) this.followed = -1;
    }
    this.mapAll();
  }

  // ---- the map

  get map() {
    return MAPS[this.settings.map];
  }

  get isLearned() {
    return !this.map;
  }

  mapAll() {
    if (!this.z) return;
    const { dim } = this;
    const image = (z, learned) => {
      if (this.isLearned) return learned;
      const out = new Float32Array(z.length);
      this.map.forward(z, dim, this.values, out);
      return out;
    };
    this.y = image(this.z, this.cloud.y?.values);
    for (const set of this.sets) {
      set.y = image(set.z, this.cloud[`${set.name}_y`]?.values);
      if (this.settings.map === "drawn") set.cut = cutsAtJumps(set.y, dim, JUMP);
      set.out = new Float32Array((set.z.length / dim) * 3);
    }
    this.logDet = this.isLearned ? this.cloud.log_det.values : new Float32Array(this.n);
    if (!this.isLearned) this.map.logDet(this.z, dim, this.values, this.logDet);
    this.projected = new Float32Array(3 * this.n);
    this.moved = new Float32Array(this.z.length);
    this.widest = this.reach(this.y);
    this.colourPoints();
    this.renew();
  }

  // Half the picture's width that holds 99.5 % of the points, seldom below 1.9 so that rings of different size look it.
  reach(y) {
    const sizes = [];
    for (let i = 0; i < y.length && sizes.length < 4000; i += this.dim) sizes.push(Math.max(Math.abs(y[i]), Math.abs(y[i + 1])));
    sizes.sort((a, b) => a - b);
    const most = sizes[Math.floor(0.995 * (sizes.length - 1))];
    return Math.max(this.isLearned ? 0.5 : 1.7, 1.12 * most);
  }

  colourPoints() {
    const { n, dim, z } = this, by = this.settings.colour, table = this.tables[by];
    const value = new Float32Array(n);
    for (let i = 0, k = 0; i < n; i++, k += dim) {
      if (by === "angle") value[i] = (Math.atan2(z[k + 1], z[k]) / Math.PI + 1) / 2;
      else value[i] = by === "radius" ? radiusAt(z, k, dim) : -this.logDet[i];
    }
    let low = 0, high = 1;
    if (by !== "angle") {
      const sorted = Float32Array.from(value).sort();
      [low, high] = by === "radius" ? [0, sorted[Math.floor(0.995 * (n - 1))]] : [sorted[Math.floor(0.02 * (n - 1))], sorted[Math.floor(0.98 * (n - 1))]];
    }
    this.pointColours = new Uint32Array(n);
    const span = high - low;
    for (let i = 0; i < n; i++) {
      const share = span > 1e-6 ? Math.min(1, Math.max(0, (value[i] - low) / span)) : 0.5;
      this.pointColours[i] = table[Math.round(255 * share)];
    }
    this.showLegend(by, low, high);
  }

  // How it is written that a map stretches: a decoder's Jacobian is no square.
  get density() {
    return this.settings.map === "learned" ? "1/√det(JᵀJ)" : "1/|det J|";
  }

  showLegend(by, low, high) {
    this.part("bar").style.background = `linear-gradient(to right, ${this.settings.palettes[by].join(",")})`;
    const show = (value) => (value >= 10 ? value.toFixed(0) : value.toPrecision(2));
    const ends = { angle: ["−π", "angle of z", "π"], radius: ["0", "r = ‖z‖", show(high)] };
    const same = high - low <= 1e-6;
    const [first, middle, last] = ends[by] ?? [same ? "" : show(Math.exp(low)), same ? `${this.density} = ${Math.exp(low).toPrecision(3)} everywhere` : `${this.density}, log scale`, same ? "" : show(Math.exp(high))];
    this.part("low").textContent = first;
    this.part("what").textContent = middle;
    this.part("high").textContent = last;
  }

  // ---- one picture

  // What stands still beside the moving points is drawn anew, too: the map, the colours, the camera or the point that is followed changed.
  renew() {
    this.stillsAreOld = true;
    this.request();
  }

  request() {
    this.pending ??= requestAnimationFrame((now) => {
      this.pending = null;
      this.step(now);
    });
  }

  step(now) {
    if (this.playing) {
      const passed = this.last === undefined ? 0 : Math.min(0.25, (now - this.last) / 1000);
      this.last = now;
      if (this.calm.matches) {
        this.waited = (this.waited ?? 0) + passed;
        if (this.waited > 0.8) [this.t, this.waited] = [Math.min(1, Math.floor(this.t * 4 + 1.001) / 4), 0];
      } else this.t = Math.min(1, this.t + (passed * this.speed) / SECONDS);
      if (this.t >= 1) this.play(false);
    }
    this.draw();
    if (this.playing) this.request();
  }

  between(z, y, out) {
    const t = this.t, u = 1 - t;
    for (let i = 0; i < z.length; i++) out[i] = u * z[i] + t * y[i];
  }

  fit(isKept) {
    const ratio = isKept ? KEPT_RATIO : Math.min(2, devicePixelRatio || 1), wide = this.stage.clientWidth;
    const size = Math.max(64, Math.min(isKept ? Infinity : LARGEST_PICTURE, Math.round(wide * ratio)));
    this.ratio = size / Math.max(1, wide);
    this.dots.resize(size);
    if (this.lines.canvas.width !== size) this.lines.canvas.width = this.lines.canvas.height = size;
    this.camera.size = size;
  }

  draw(isKept = false) {
    if (!this.y) return;
    const start = performance.now();
    this.fit(isKept);
    const { camera, lines, dim, settings, colours, ratio } = this;
    camera.halfWidth = (1 - this.t) * WIDEST_T0 + this.t * this.widest;
    this.between(this.z, this.y, this.moved);
    camera.project(this.moved, dim, this.projected);
    if (settings.layers.includes("points")) this.dots.draw(this.projected, this.pointColours, this.n, dim, camera.halfWidth);
    else this.dots.clear();
    lines.clearRect(0, 0, camera.size, camera.size);
    drawAxes(lines, camera, dim, colours, ratio);
    const torn = (settings.map === "drawn" || this.map?.isTorn(this.values)) && this.t > 0;
    for (const set of this.sets) {
      if (!settings.layers.includes(set.name === "lines" ? "grid" : "circles")) continue;
      set.moved ??= new Float32Array(set.z.length);
      this.between(set.z, set.y, set.moved);
      camera.project(set.moved, dim, set.out);
      lines.globalAlpha = (set.name === "lines" ? 0.5 : 0.9) * (dim === 3 ? 0.7 : 1);
      lines.strokeStyle = set.name === "lines" ? colours.text : colours.primary;
      lines.lineWidth = (set.name === "lines" || dim === 3 ? 1 : 1.6) * ratio;
      drawLines(lines, set.out, set.perLine, torn ? set.cut : this.whole);
    }
    lines.globalAlpha = 1;
    this.drawFollowed();
    if (this.stillsAreOld) this.drawStills();
    this.showNumbers();
    this.frames += 1;
    this.root.dataset.frames = this.frames;
    this.root.dataset.drawMs = (performance.now() - start).toFixed(2);
    this.root.dataset.t = this.t.toFixed(4);
  }

  // z and g(z) side by side, and what each of them shows in words.
  drawStills() {
    this.stillsAreOld = false;
    const { dim, n, ratio, colours } = this, widths = { before: WIDEST_T0, after: this.widest }, out = new Float32Array(3 * n);
    for (const { name, dots, camera } of this.stills) {
      const points = name === "before" ? this.z : this.y;
      dots.resize(Math.max(64, Math.round(dots.canvas.clientWidth * ratio)));
      Object.assign(camera, { size: dots.canvas.width, halfWidth: widths[name], yaw: this.camera.yaw, pitch: this.camera.pitch });
      camera.project(points, dim, out);
      dots.draw(out, this.pointColours, n, dim, camera.halfWidth);
      if (this.followed >= 0) drawMark(dots.context, out[3 * this.followed], out[3 * this.followed + 1], 5 * ratio, colours, ratio);
      dots.canvas.setAttribute("aria-label", this.inWords(name, points));
    }
  }

  inWords(name, points) {
    const sizes = Float32Array.from({ length: this.n }, (_, i) => radiusAt(points, i * this.dim, this.dim)).sort();
    const mean = sizes.reduce((sum, size) => sum + size, 0) / this.n, at = (share) => sizes[Math.floor(share * (this.n - 1))].toFixed(2);
    const what = name === "before" ? "z from the standard normal prior" : "g(z), where the map takes them";
    return `${this.n.toLocaleString("en")} points ${what}: mean distance from the origin ${mean.toFixed(2)}, 90 % between ${at(0.05)} and ${at(0.95)}.`;
  }

  drawFollowed() {
    if (this.followed < 0) return;
    const { lines, ratio, dim, colours } = this, at = this.followed * dim;
    const path = [this.z.subarray(at, at + dim), this.moved.subarray(at, at + dim), this.y.subarray(at, at + dim)];
    const out = new Float32Array(9);
    this.camera.project(Float32Array.from(path.flatMap((p) => [...p])), dim, out);
    lines.strokeStyle = colours.text;
    lines.lineWidth = 1.5 * ratio;
    lines.setLineDash([5 * ratio, 4 * ratio]);
    lines.beginPath();
    lines.moveTo(out[0], out[1]);
    lines.lineTo(out[6], out[7]);
    lines.stroke();
    lines.setLineDash([]);
    for (const [k, radius, isFull] of [[0, 4, false], [2, 4, false], [1, 7, true]]) {
      drawMark(lines, out[3 * k], out[3 * k + 1], radius * ratio, isFull ? colours : { ...colours, primary: colours.paper }, ratio);
    }
  }

  showNumbers() {
    this.part("t").value = this.t;
    this.part("t-value").textContent = `t = ${this.t.toFixed(2)}`;
    const at = this.followed * this.dim, n = (v) => v.toFixed(2).replace("-", "−");
    const say = (name, values) => `${name} = (${[...values].map(n).join(", ")})`;
    const said =
      this.followed < 0
        ? "Click a point to follow it."
        : `${say("z", this.z.subarray(at, at + this.dim))}, r = ${n(radiusAt(this.z, at, this.dim))}  →  ${say("g(z)", this.y.subarray(at, at + this.dim))}, ` +
          `ρ = ${radiusAt(this.y, at, this.dim).toFixed(3)},  ${this.density} = ${Math.exp(-this.logDet[this.followed]).toPrecision(3)}`;
    if (this.part("said").textContent !== said) this.part("said").textContent = said;
  }

  // ---- what a person does

  play(on) {
    if (on && this.t >= 1) this.t = 0;
    this.playing = on;
    this.last = this.waited = undefined;
    const button = this.part("play");
    button.textContent = on ? "❚❚ Pause" : "▶ Play";
    button.setAttribute("aria-pressed", String(on));
    this.root.dataset.playing = on;
    if (on) this.request();
    else this.emit();
  }

  setT(t) {
    this.t = Math.min(1, Math.max(0, t));
    if (this.playing) this.play(false);
    this.request();
    this.emit();
  }

  follow(index) {
    this.followed = index;
    this.renew();
    this.emit();
  }

  emit() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { t, speed, followed, values, camera } = this;
      const round = (v, digits) => +v.toFixed(digits);
      this.send?.("view", { t: round(t, 3), speed, follow: followed, values: { ...values }, yaw: round(camera.yaw, 2), pitch: round(camera.pitch, 2) });
    }, 200);
  }

  showParameters() {
    const box = this.part("parameters");
    box.replaceChildren();
    for (const { name, low, high, step, default: usual } of this.settings.parameters) {
      this.values[name] ??= usual;
      const label = document.createElement("label"), slider = document.createElement("input"), shown = document.createElement("output");
      Object.assign(slider, { type: "range", min: low, max: high, step, value: this.values[name] });
      slider.dataset.parameter = name;
      slider.setAttribute("aria-label", `Parameter ${name} of the map`); // the label's first part that can be labelled is the output
      const show = () => (shown.textContent = `${name} = ${+(+slider.value).toFixed(3)}`.replace("-", "−"));
      slider.addEventListener("input", () => {
        this.values[name] = +slider.value;
        show();
        this.mapAll();
        this.emit();
      });
      show();
      label.append(shown, slider);
      box.append(label);
    }
    const button = this.part("preset");
    button.hidden = !this.settings.parameters.length;
    button.textContent = this.settings.preset;
  }

  usePreset() {
    for (const { name, default: usual } of this.settings.parameters) this.values[name] = usual;
    this.showParameters();
    this.mapAll();
    this.emit();
  }

  nearest(x, y) {
    let best = -1, least = (24 * this.ratio) ** 2;
    for (let i = 0; i < this.n; i++) {
      const away = (this.projected[3 * i] - x) ** 2 + (this.projected[3 * i + 1] - y) ** 2;
      if (away < least) [best, least] = [i, away];
    }
    return best;
  }

  listen() {
    const { stage } = this;
    this.part("play").addEventListener("click", () => this.play(!this.playing));
    this.part("preset").addEventListener("click", () => this.usePreset());
    this.part("save").addEventListener("click", () => this.save());
    this.part("t").addEventListener("input", (event) => this.setT(+event.target.value));
    this.part("speed").addEventListener("change", (event) => {
      this.speed = +event.target.value;
      this.emit();
    });
    stage.addEventListener("pointerdown", (event) => {
      if (!this.y) return;
      stage.setPointerCapture(event.pointerId);
      this.grip = { x: event.clientX, y: event.clientY, t: this.t, yaw: this.camera.yaw, pitch: this.camera.pitch, moved: false };
    });
    stage.addEventListener("pointermove", (event) => this.drag(event));
    const release = (event) => {
      const grip = this.grip;
      this.grip = null;
      if (!grip || event.type === "pointercancel") return;
      if (grip.moved) return this.emit();
      const box = stage.getBoundingClientRect();
      const found = this.nearest((event.clientX - box.left) * this.ratio, (event.clientY - box.top) * this.ratio);
      this.follow(found === this.followed ? -1 : found);
    };
    stage.addEventListener("pointerup", release);
    stage.addEventListener("pointercancel", release);
    stage.addEventListener("keydown", (event) => this.key(event));
    this.observer = new ResizeObserver(() => this.renew());
    this.observer.observe(stage);
    this.arrived = () => this.settings && this.takeCloud();
    addEventListener("vae-explorer-cloud", this.arrived);
  }

  drag(event) {
    const grip = this.grip;
    if (!grip) return;
    const dx = event.clientX - grip.x, dy = event.clientY - grip.y;
    if (!grip.moved && Math.hypot(dx, dy) < 5) return;
    grip.moved = true;
    if (this.dim === 3) {
      this.camera.yaw = grip.yaw - dx / 120;
      this.camera.pitch = Math.min(1.55, Math.max(-1.55, grip.pitch + dy / 120));
      this.renew();
    } else this.setT(grip.t + dx / (0.7 * this.stage.clientWidth));
  }

  key(event) {
    const turn = event.shiftKey && this.dim === 3;
    const does = {
      " ": () => this.play(!this.playing),
      ArrowRight: () => (turn ? (this.camera.yaw -= 0.1) : this.setT(this.t + 0.02)),
      ArrowLeft: () => (turn ? (this.camera.yaw += 0.1) : this.setT(this.t - 0.02)),
      ArrowUp: () => (turn ? (this.camera.pitch += 0.1) : this.follow((this.followed + 1) % this.n)),
      ArrowDown: () => (turn ? (this.camera.pitch -= 0.1) : this.follow((this.followed - 1 + this.n) % this.n)),
      Home: () => this.setT(0),
      End: () => this.setT(1),
      Escape: () => this.follow(-1),
    }[event.key];
    if (!does || !this.y) return;
    event.preventDefault();
    does();
    if (turn) this.emit();
    this.renew();
  }

  save() {
    this.draw(true);
    savePicture([this.dots.canvas, this.lines.canvas], this.colours.paper, `${this.settings.map}-t-${this.t.toFixed(2)}`);
    this.draw();
  }

  end() {
    cancelAnimationFrame(this.pending);
    clearTimeout(this.timer);
    this.observer.disconnect();
    removeEventListener("vae-explorer-cloud", this.arrived);
  }
}

// A disc with a rim.
function drawMark(context, x, y, radius, { primary, text }, ratio) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = primary;
  context.fill();
  context.strokeStyle = text;
  context.lineWidth = 2 * ratio;
  context.stroke();
}

export default mounted(Morph, ".morph");
