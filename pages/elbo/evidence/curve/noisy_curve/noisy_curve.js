// p(x) as a heat map with the curve g(z) and its noise, p(z) below, and samples on their way from z to g(z) to x; beside it log p(x) over
// the amount of noise, which is dragged.

const HALF = 2.2, CELLS = 90, MOST = 1500, SECONDS = 1.6, LANDED = "#e69f00", CURVE = "#d55e00", HEAT = [0, 114, 178];
const STEP_OF_NOISE = 0.02; // of its logarithm
const LOOKS = [["#0072b2", []], ["#d55e00", [7, 5]], ["#cc79a7", [2, 4]]], HEIGHTS = [-12, 5]; // of the curves over the noise; nats that are shown
const PLACES = Array.from({ length: CELLS }, (_, k) => -HALF + ((k + 0.5) * 2 * HALF) / CELLS);
const IMAGE = new ImageData(new Uint8ClampedArray(4 * CELLS * CELLS).map((_, k) => HEAT[k % 4] ?? 0), CELLS, CELLS);

class NoisyCurve extends ByHand {
  constructor(root) {
    super(root);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.heat = Object.assign(document.createElement("canvas"), { width: CELLS, height: CELLS });
    this.part("run").addEventListener("click", () => this.run(!this.running));
    this.part("clear").addEventListener("click", () => this.clear());
    this.slides("noise", (exponent) => this.shake(exponent));
    this.clear();
  }

  update(data, send) {
    Object.assign(this.part("noise"), { min: data.ends[0], max: data.ends[1], step: STEP_OF_NOISE });
    super.update(data, send);
  }

  view() {
    return { [this.data.key]: +this.exponent.toFixed(2) };
  }

  shake(exponent) {
    this.set({ exponent: between(this.data.ends, exponent) });
  }

  // Another curve, or another amount of noise: samples of the one before are gone.
  take() {
    const { data: { of, curve, noise }, exponent } = this, which = `${of} ${exponent}`, amount = 10 ** exponent;
    if (which === this.which) return;
    Object.assign(this, { which, scale: noise === "Gaussian" ? Math.sqrt(amount) : amount, landed: [], flying: [] });
    this.nodes = curveNodes(curve, noise, this.scale);
    this.drawHeat();
  }

  // The heat map: opacity by the root of p(x), relative to its largest value.
  drawHeat() {
    const p = densityMap(this.nodes, this.data.noise, this.scale, PLACES, PLACES), { data } = IMAGE;
    let most = 0;
    for (const one of p) if (one > most) most = one;
    for (let row = 0, k = 0; row < CELLS; row++) {
      for (let at = 4 * (CELLS - 1 - row) * CELLS + 3; k < (row + 1) * CELLS; k++, at += 4) data[at] = 235 * Math.sqrt(p[k] / most);
    }
    this.heat.getContext("2d").putImageData(IMAGE, 0, 0);
  }

  paint(width, height) {
    this.take();
    const isNarrow = width < 420, half = isNarrow ? width : 0.5 * width, upper = isNarrow ? 0.55 * height : height;
    const side = Math.min(half - 34, upper - 110), left = 30 + (half - 34 - side) / 2, bottom = isNarrow ? height - 24 : 6 + side + 80;
    this.plane = new Panel({ left, top: 6, width: side, height: side }, [-HALF, HALF], [-HALF, HALF]);
    this.line = new Panel({ left, top: 6 + side + 26, width: side, height: 54 }, [-REACH, REACH], [0, 0.42]);
    this.row = this.pen.size(13) + 4;
    const right = isNarrow ? { left: 40, top: upper + 24 + 3 * this.row } : { left: half + 50, top: 21 + 3 * this.row };
    this.curves = new Panel({ ...right, width: width - right.left - 12, height: bottom - right.top }, this.data.ends, HEIGHTS);
    this.drawPlane();
    this.pen.kept("still", [this.data.of, this.curves], () => this.drawStill());
    this.drawFlying();
    this.drawCurves();
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
      const [colour, dash] = LOOKS[k], points = data.exponents.map((one, i) => [panel.px(one), panel.py(values[i])]), y = this.nameAt(k);
      pen.inside(panel, () => pen.path(points, { colour, dash, width: 3 }));
      pen.path([[panel.left, y], [panel.left + 26, y]], { colour, dash, width: 3 });
    });
    pen.words("★", panel.px(best[0]), panel.py(best[1]) - 1, { colour: LOOKS[0][0], align: "center", size: 20 });
    pen.words(`maximum at ${symbol}*`, panel.px(best[0]), panel.py(best[1]) + 20, { align: "center", size: 12 });
  }

  // How high the name of a curve stands.
  nameAt(k) {
    return this.curves.top - 13 - (3 - k) * this.row;
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
      pen.words(`${name}${here < HEIGHTS[0] ? " ↓" : here > HEIGHTS[1] ? " ↑" : ""}`, panel.left + 32, this.nameAt(k), { size: 13 });
    });
  }

  get moves() {
    return super.moves || Boolean(this.running);
  }

  facts() {
    return { samples: this.landed.length, scale: this.scale, exponent: this.exponent.toFixed(3) };
  }

  tell() {
    const { data, exponent, landed } = this;
    this.part("noise").value = exponent;
    say(this.part("noise-value"), `${data.symbol} = ${(10 ** exponent).toPrecision(2)}`);
    say(this.part("run"), this.running ? "❚❚ Pause" : "▶ Draw samples");
    this.part("run").setAttribute("aria-pressed", String(Boolean(this.running)));
    say(this.part("said"), `${landed.length} samples`);
    this.stage.setAttribute("aria-label", `${this.inWords()} ${this.how}`);
  }

  // What the picture shows: log p(x) at this noise, and the best noise.
  inWords() {
    const { data, exponent, landed } = this, { symbol, best } = data, at = (power) => (10 ** power).toPrecision(2);
    const heights = Object.entries(data.curves).map(([name, values]) => `${written(heightAt(data.exponents, values, exponent))} (${name})`);
    return `The density p(x) about the curve g(z), with ${landed.length} samples. At noise ${symbol} = ${at(exponent)}, log p(x) is ${heights.join(", ")} nats. \
The test points have their maximum at ${symbol} = ${at(best[0])}.`;
  }

  grip(px, py) {
    return this.curves.holds(px, py) ? "noise" : null;
  }

  drag(px) {
    this.shake(this.curves.x(px));
  }

  keys(times) {
    const by = (steps) => () => this.shake(this.exponent + STEP_OF_NOISE * times * steps);
    return { ArrowLeft: by(-1), ArrowRight: by(1) };
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
    } else this.soon();
  }

  clear() {
    Object.assign(this, { landed: [], flying: [] });
    this.soon();
  }

  end() {
    cancelAnimationFrame(this.running);
    super.end();
  }
}

export default mounted(NoisyCurve, ".by-hand");
