// p(x) as a heat map with the curve g(z) and its noise, p(z) below, and samples on their way from z to g(z) to x; beside it log p(x) over
// the amount of noise, which is dragged.

const HALF = 2.2, CELLS = 90, MOST = 1500, SECONDS = 1.6, LANDED = "#e69f00", CURVE = "#d55e00", HEAT = [0, 114, 178];
const LOOKS = [["#0072b2", []], ["#d55e00", [7, 5]], ["#cc79a7", [2, 4]]], HEIGHTS = [-12, 5]; // of the curves over the noise; nats that are shown
const PLACES = Array.from({ length: CELLS }, (_, k) => -HALF + ((k + 0.5) * 2 * HALF) / CELLS);
const IMAGE = new ImageData(new Uint8ClampedArray(4 * CELLS * CELLS).map((_, k) => HEAT[k % 4] ?? 0), CELLS, CELLS);

class NoisyCurve {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.stage = this.part("stage");
    this.pen = new Pen(this.part("canvas"));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    Object.assign(this, { frames: 0, landed: [], flying: [] });
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.stage);
    this.part("run").addEventListener("click", () => this.run(!this.running));
    this.part("clear").addEventListener("click", () => this.clear());
    this.part("noise").addEventListener("input", (event) => this.set(+event.target.value));
    this.part("noise").addEventListener("pointerdown", () => (this.slides = true));
    for (const name of ["pointerup", "pointercancel"]) this.part("noise").addEventListener(name, () => (this.slides = false));
    this.stage.addEventListener("pointerdown", (event) => this.grip(event));
    this.stage.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) this.stage.addEventListener(name, () => (this.held = false));
    this.part("save").addEventListener("click", () => this.save());
  }

  update(data, send) {
    const key = JSON.stringify([data.curve, data.noise]), isOther = key !== this.key;
    Object.assign(this, { data, key, send, colours: themeColours(this.root) });
    this.stage.style.height = data.height;
    if (isOther) {
      Object.assign(this.part("noise"), { min: data.ends[0], max: data.ends[1], step: 0.02 });
      this.take(data.exponent);
    } else this.draw();
  }

  // Another amount of noise, by its logarithm: samples of the one before are gone.
  take(exponent) {
    const { data } = this, amount = 10 ** exponent, began = performance.now();
    Object.assign(this, { exponent, scale: data.noise === "Gaussian" ? Math.sqrt(amount) : amount, landed: [], flying: [] });
    this.nodes = curveNodes(data.curve, data.noise, this.scale);
    this.paint();
    this.draw();
    this.root.dataset.drawMs = (performance.now() - began).toFixed(2);
  }

  set(exponent) {
    this.wanted = between(this.data.ends, exponent);
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      this.take(this.wanted);
    });
    this.report();
  }

  report() {
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      if (this.held || this.slides) return this.report();
      this.send?.("view", { noise: this.data.noise, exponent: +this.wanted.toFixed(2) });
    }, 250);
  }

  // The heat map: opacity by the root of p(x), relative to its largest value.
  paint() {
    const p = densityMap(this.nodes, this.data.noise, this.scale, PLACES, PLACES), { data } = IMAGE;
    let most = 0;
    for (const one of p) if (one > most) most = one;
    for (let row = 0, k = 0; row < CELLS; row++) {
      for (let at = 4 * (CELLS - 1 - row) * CELLS + 3; k < (row + 1) * CELLS; k++, at += 4) data[at] = 235 * Math.sqrt(p[k] / most);
    }
    this.heat ??= Object.assign(document.createElement("canvas"), { width: CELLS, height: CELLS });
    this.heat.getContext("2d").putImageData(IMAGE, 0, 0);
  }

  draw(ratio = Math.min(2, devicePixelRatio || 1)) {
    const width = this.stage.clientWidth, height = this.stage.clientHeight, { pen, data, colours } = this, began = performance.now();
    if (!data || width < 50 || height < 50) return;
    pen.begin(width, height, ratio, colours);
    const half = 0.5 * width, side = Math.min(half - 34, height - 110), left = 30 + (half - 34 - side) / 2;
    this.plane = new Panel({ left, top: 6, width: side, height: side }, [-HALF, HALF], [-HALF, HALF]);
    this.line = new Panel({ left, top: 6 + side + 26, width: side, height: 54 }, [-REACH, REACH], [0, 0.42]);
    this.row = pen.size(13) + 4;
    const top = 21 + 3 * this.row;
    this.curves = new Panel({ left: half + 50, top, width: half - 62, height: 6 + side + 80 - top }, data.ends, HEIGHTS);
    this.drawPlane();
    this.pen.kept("still", [this.key, this.curves], () => this.drawStill());
    this.drawFlying();
    this.drawCurves();
    this.tell();
    Object.assign(this.root.dataset, { frames: (this.frames += 1), drawMs: (performance.now() - began).toFixed(2) });
  }

  drawPlane() {
    const { plane, pen, data, colours, scale } = this;
    pen.context.imageSmoothingEnabled = true;
    pen.context.drawImage(this.heat, plane.left, plane.top, plane.width, plane.height);
    const spine = Array.from({ length: 161 }, (_, k) => curvePoint(data.curve, -3 + (6 * k) / 160)), shown = spine.map(([x, y]) => [plane.px(x), plane.py(y)]);
    pen.inside(plane, () => {
      pen.path(shown, { colour: CURVE, width: (4 * scale * plane.width) / (2 * HALF), alpha: 0.13 });
      pen.path(shown, { colour: CURVE, width: 2.5 });
      for (const [x, y] of this.landed) pen.dot(plane.px(x), plane.py(y), LANDED, 3.5);
      data.marked.forEach(([x, y], k) => pen.dot(plane.px(x), plane.py(y), LOOKS[k + 1][0], 6));
    });
    pen.path([[plane.left, plane.top], [plane.right, plane.top], [plane.right, plane.bottom], [plane.left, plane.bottom], [plane.left, plane.top]], { colour: colours.text, width: 1, alpha: 0.4 });
  }

  // What no amount of noise moves: p(z), and the curves over the amount with their axes and the maximum.
  drawStill() {
    const { line, curves: panel, pen, data } = this, normal = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI), { symbol, best } = data;
    pen.curve(line, normal, { colour: "#808080", width: 2, fill: 0.25 });
    pen.across(line, "z");
    pen.words("p(z)", line.left + 4, line.top + 8, { size: 12 });
    const steps = data.ends[1] - data.ends[0] < 2 ? [1, 2, 5] : [1], amounts = [-3, -2, -1, 0].flatMap((k) => steps.map((step) => +(step * 10 ** k).toPrecision(1)));
    const inSight = amounts.filter((amount) => Math.log10(amount) >= data.ends[0] && Math.log10(amount) <= data.ends[1]);
    pen.across(panel, `noise ${symbol}`, 4, inSight.map((amount) => [Math.log10(amount), String(amount)]));
    pen.up(panel, "log p(x), nats", 6);
    Object.entries(data.curves).forEach(([, values], k) => {
      const [colour, dash] = LOOKS[k], points = data.exponents.map((one, i) => [panel.px(one), panel.py(values[i])]), y = 8 + this.row * k;
      pen.inside(panel, () => pen.path(points, { colour, dash, width: 3 }));
      pen.path([[panel.left, y], [panel.left + 26, y]], { colour, dash, width: 3 });
    });
    pen.words("★", panel.px(best[0]), panel.py(best[1]) - 1, { colour: LOOKS[0][0], align: "center", size: 20 });
    pen.words(`maximum at ${symbol}*`, panel.px(best[0]), panel.py(best[1]) + 20, { align: "center", size: 12 });
  }

  drawFlying() {
    for (const one of this.flying) {
      const [px, py] = this.placeOf(one);
      this.pen.dot(px, py, LANDED, 6);
    }
  }

  // Where we are among log p(x) over the amount of noise: of the test points, of a point on the curve, and of one off it.
  drawCurves() {
    const { curves: panel, pen, data, colours, exponent } = this, { exponents } = data;
    pen.path([[panel.px(exponent), panel.top], [panel.px(exponent), panel.bottom]], { colour: colours.text, width: 2, dash: [7, 5], alpha: 0.6 });
    Object.entries(data.curves).forEach(([name, values], k) => {
      const [colour] = LOOKS[k], here = heightAt(exponents, values, exponent);
      if (here === panel.within(here)) pen.dot(panel.px(exponent), panel.py(here), colour, 6);
      pen.words(`${name}${here < HEIGHTS[0] ? " ↓" : here > HEIGHTS[1] ? " ↑" : ""}`, panel.left + 32, 8 + this.row * k, { size: 13 });
    });
  }

  tell() {
    const { data, exponent, landed } = this, amount = 10 ** exponent;
    this.part("noise").value = exponent;
    say(this.part("noise-value"), `${data.symbol} = ${amount.toPrecision(2)}`);
    say(this.part("said"), `${landed.length} samples`);
    say(this.part("run"), this.running ? "❚❚ Pause" : "▶ Draw samples");
    this.part("run").setAttribute("aria-pressed", String(Boolean(this.running)));
    if (!this.running) this.stage.setAttribute("aria-label", this.inWords());
    Object.assign(this.root.dataset, { samples: landed.length, scale: this.scale, exponent: exponent.toFixed(3) });
  }

  // What the picture shows: log p(x) at this noise, and the best noise.
  inWords() {
    const { data, exponent, landed } = this, { symbol, best } = data, at = (power) => (10 ** power).toPrecision(2);
    const heights = Object.entries(data.curves).map(([name, values]) => `${written(heightAt(data.exponents, values, exponent))} (${name})`);
    return `The density p(x) about the curve g(z), with ${landed.length} samples. At noise ${symbol} = ${at(exponent)}, log p(x) is ${heights.join(", ")} nats. \
The test points have their maximum at ${symbol} = ${at(best[0])}.`;
  }

  grip(event) {
    const at = this.place(event);
    if (!this.curves?.holds(...at)) return;
    this.held = true;
    this.stage.setPointerCapture(event.pointerId);
    this.drag(event);
  }

  drag(event) {
    const [px, py] = this.place(event);
    if (this.held) this.set(this.curves.x(px));
    else this.stage.style.cursor = this.curves?.holds(px, py) ? "ew-resize" : "";
  }

  place(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  placeOf({ z, on, end, born }) {
    const { plane, line, now } = this, pixel = ([x, y]) => [plane.px(x), plane.py(y)], t = (now - born) / (1000 * SECONDS);
    return samplePlace([line.px(z), line.bottom - 4], pixel(on), pixel(end), t);
  }

  sample() {
    const { curve, noise } = this.data, { scale } = this, uniform = () => 1 - Math.random();
    const z = Math.max(-REACH, Math.min(REACH, noiseOf("Gaussian", 1, uniform(), uniform()))), on = curvePoint(curve, z);
    return { z, on, end: on.map((value) => value + noiseOf(noise, scale, uniform(), uniform())), born: this.now };
  }

  run(isOn) {
    cancelAnimationFrame(this.running);
    this.running = null;
    const step = (now) => {
      this.now = now;
      if (this.calm.matches) for (let k = 0; k < 5; k++) this.landed.push(this.sample().end);
      else {
        if (!this.flying.length || now - this.flying.at(-1).born > 120) this.flying.push(this.sample());
        const isHere = ({ born }) => now - born > 1000 * SECONDS;
        this.landed.push(...this.flying.filter(isHere).map(({ end }) => end));
        this.flying = this.flying.filter((one) => !isHere(one));
      }
      this.landed = this.landed.slice(-MOST);
      this.running = requestAnimationFrame(step);
      this.draw();
    };
    if (isOn) {
      this.flying = [];
      this.running = requestAnimationFrame(step);
    } else this.draw();
  }

  clear() {
    this.landed = [];
    this.flying = [];
    this.draw();
  }

  save() {
    this.draw(KEPT_RATIO);
    savePicture([this.pen.canvas], this.colours.paper, "noisy-curve");
    this.draw();
  }

  end() {
    cancelAnimationFrame(this.running);
    cancelAnimationFrame(this.pending);
    clearTimeout(this.later);
    this.observer.disconnect();
  }
}

const noisyCurves = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".noisy");
  if (!noisyCurves.has(root)) noisyCurves.set(root, new NoisyCurve(root));
  noisyCurves.get(root).update(data, setStateValue);
  return () => {
    noisyCurves.get(root)?.end();
    noisyCurves.delete(root);
  };
}
