// Points with what is believed of each, the model on them, and the staircase of bound and likelihood: all of it glides from step to step.

const REACH = 3.2, SECONDS = 0.45, CODES = [-2.5, 2.5];
const LOOKS = { likelihood: "#0072b2", bound: "#d55e00", curve: "#d55e00", muted: "#808080" };
const turned = (n, long, short = long) => Array.from({ length: n }, (_, k) => [(2 * Math.PI * k) / n, k % 2 ? short : long]).map(([a, r]) => [r * Math.sin(a), -r * Math.cos(a)]);
const PLUS = [[-1, 3], [1, 3], [1, 1], [3, 1], [3, -1], [1, -1], [1, -3], [-1, -3], [-1, -1], [-3, -1], [-3, 1], [-1, 1]].map(([x, y]) => [x / 2.6, y / 2.6]);
const MARKS = { // outlines of about one radius
  circle: turned(20, 1), square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]], diamond: turned(4, 1.25), cross: PLUS,
  x: PLUS.map(([x, y]) => [(x - y) / Math.SQRT2, (x + y) / Math.SQRT2]), "triangle-up": turned(3, 1.25), "triangle-down": turned(3, 1.25).map(([x, y]) => [x, -y]), star: turned(10, 1.4, 0.6),
};

class Em extends ByHand {
  constructor(root) {
    super(root);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    for (const name of ["e", "m"]) this.part(name).addEventListener("click", () => this.go(this.step + 1));
    this.part("ten").addEventListener("click", () => this.go(this.step + 10));
    this.part("reset").addEventListener("click", () => this.go(0));
    this.slides("steps", (step) => this.go(step));
  }

  update(bytes, send) {
    const film = unpack(bytes);
    if (film.of !== this.data?.of) this.glide = null;
    this.last = film.steps.length - 1;
    this.part("steps").max = this.last;
    super.update({ ...film, start: { step: film.start, t: film.start } }, send);
  }

  view() {
    return { em_step: this.step };
  }

  // Glide to a step.
  go(step) {
    const from = this.t, to = between([0, this.last], step), wide = Math.abs(to - from);
    this.glide = wide && { from, to, began: performance.now(), time: this.calm.matches ? 0 : 1000 * SECONDS * Math.sqrt(wide) };
    this.set({ step: to });
  }

  // As far as the glide is now; another frame follows until it ends.
  move() {
    const { from, to, began, time } = this.glide, share = time ? between([0, 1], (performance.now() - began) / time) : 1;
    this.t = from + (to - from) * easedOf(share);
    if (share < 1) this.soon();
    else this.glide = null;
  }

  paint(width, height) {
    if (this.glide) this.move();
    const isNarrow = width < 460, wide = isNarrow ? width : 0.5 * width, high = isNarrow ? 0.5 * height : height;
    const side = Math.min(wide - 52, high - 60), map = { left: 36 + (wide - 52 - side) / 2, top: 30, width: side, height: side };
    const left = (isNarrow ? 0 : wide) + 24 + this.pen.widthOf("−8.88", 12), top = isNarrow ? high + 56 : 56;
    this.map = new Panel(map, [-REACH, REACH], [-REACH, REACH]);
    this.now = (name, size) => frameOf(this.data[name].values, size, this.t);
    const { bounds, log_px: logPx, exact } = this.data;
    const ends = reachAt(bounds.values, logPx.values, this.t, exact);
    this.stairs = new Panel({ left, top, width: width - left - 10, height: height - top - 46 }, [-0.5, Math.max(this.t, 10) + 0.5], ends);
    this.pen.across(this.map, "x₁", 6);
    this.pen.up(this.map, "x₂", 6);
    this.pen.inside(this.map, () => (this.data.q ? this.drawGroups() : this.drawCurve()));
    this.drawStairs();
  }

  pairs(values) {
    return Array.from({ length: values.length / 2 }, (_, k) => [this.map.px(values[2 * k]), this.map.py(values[2 * k + 1])]);
  }

  mark([px, py], symbol, radius, colour, alpha = 1) {
    this.pen.area(MARKS[symbol].map(([x, y]) => [px + radius * x, py + radius * y]), colour, alpha);
  }

  drawGroups() {
    const { data, pen, map } = this, k = data.q.shape[2], q = this.now("q", data.q.shape[1] * k), means = this.now("means", 2 * k);
    const places = this.pairs(data.x.values), covariances = this.now("covariances", 3 * k);
    groupsOf(q, k).forEach(({ group, certainty }, i) => this.mark(places[i], data.symbols[group], 4.5, data.colours[group], 0.25 + 0.75 * certainty));
    for (let j = 0; j < k; j++) {
      const covariance = covariances.slice(3 * j, 3 * j + 3);
      for (const widths of covariance[0] > 0 ? [1, 2] : []) {
        const outline = outlineOf(means.slice(2 * j, 2 * j + 2), covariance, widths).map(([x, y]) => [map.px(x), map.py(y)]);
        pen.path(outline, { colour: data.colours[j], width: widths === 1 ? 2.5 : 1.5 });
      }
    }
    for (const at of this.pairs(means)) {
      this.mark(at, "x", 9, this.colours.paper);
      this.mark(at, "x", 7, this.colours.text);
    }
  }

  drawCurve() {
    const { data, pen } = this, n = data.x.shape[0], size = 2 * data.curves.shape[1], [noise] = this.now("noises", 1), curve = this.pairs(this.now("curves", size));
    const places = this.pairs(this.now("places", 2 * n)), points = this.pairs(data.x.values), codes = this.now("codes", n);
    pen.area(tubeOf(curve, this.map.px(2 * Math.sqrt(noise)) - this.map.px(0)), LOOKS.curve, 0.16);
    points.forEach((at, i) => pen.path([at, places[i]], { colour: LOOKS.muted, width: 0.8 }));
    points.forEach((at, i) => {
      const share = (between(CODES, codes[i]) - CODES[0]) / (CODES[1] - CODES[0]), scale = share * (data.scale.length - 1);
      this.mark(at, "circle", 3.5, data.scale[Math.round(scale)]);
    });
    pen.path(curve, { colour: LOOKS.curve, width: 3.5 });
  }

  drawStairs() {
    const { data, pen, stairs: panel, t, last, colours } = this, { bounds, log_px: logPx, exact, gradient } = data, k = stepOf(t, last);
    const way = ({ values }) => [...Array.from({ length: k + 1 }, (_, i) => [i, values[i]]), [t, frameOf(values, 1, t)[0]]].map(([x, y]) => [panel.px(x), panel.py(y)]);
    const likelihood = way(logPx), lower = way(bounds), isOne = data.is_one;
    pen.across(panel, "", 5, plain(roundTicks(0, Math.max(t, 10), 5)));
    pen.up(panel, "", 5);
    pen.words("step", panel.right, panel.bottom + 32, { align: "right", size: 12 });
    pen.words(data.what, panel.left - 40, panel.top - 16, { size: 12 });
    pen.inside(panel, () => {
      if (!isOne) pen.area([...likelihood, ...[...lower].reverse()], LOOKS.muted, 0.22);
      if (gradient) {
        const taken = Array.from(gradient.values).slice(0, Math.floor(t / 2) + 1).map((y, i) => [panel.px(2 * i), panel.py(y)]);
        pen.path(taken, { colour: LOOKS.muted, dash: [7, 5] });
      }
      if (exact !== null) pen.path([[panel.left, panel.py(exact)], [panel.right, panel.py(exact)]], { colour: LOOKS.likelihood, width: 1.5, dash: [7, 5] });
      pen.path(likelihood, { colour: LOOKS.likelihood, width: 2.5 });
      if (!isOne) pen.path(lower, { colour: LOOKS.bound, width: 2.5, dash: [2, 4] });
      for (const [points, symbol, colour] of [[likelihood, "square", LOOKS.likelihood], ...(isOne ? [] : [[lower, "circle", LOOKS.bound]])]) {
        points.forEach((at) => this.mark(at, symbol, 4, colour));
      }
    });
    if (exact !== null) pen.words(`largest: ${written(exact, 3)}`, panel.right, panel.py(exact) - 10, { align: "right", size: 12, colour: colours.text });
    const top = panel.top - 46, at = pen.key(isOne ? "−squared error" : "log p(x)", panel.left, top, LOOKS.likelihood), next = isOne ? at : pen.key("bound", at, top, LOOKS.bound, { dash: [2, 3] });
    if (gradient) pen.key("gradient", next, top, LOOKS.muted, { dash: [6, 4] });
  }

  get moves() {
    return super.moves || Boolean(this.glide);
  }

  facts() {
    const { data, step, t } = this;
    return { step, t: t.toFixed(3), bound: data.bounds.values[step], logPx: data.log_px.values[step] };
  }

  tell() {
    const { data, step, last } = this, bound = data.bounds.values[step], logPx = data.log_px.values[step], next = data.steps[step + 1];
    const what = data.is_one ? `squared error ${written(-bound, 4)}` : `log p(x) ${written(logPx, 3)}, gap ${written(logPx - bound, 4)}`;
    this.say(`Step ${step} of ${last}: ${what}`);
    this.part("steps").value = step;
    say(this.part("e"), data.steps[1] === "step" ? "Step" : "E step");
    this.part("m").hidden = data.steps[1] === "step";
    this.part("e").disabled = next !== "E" && next !== "step";
    this.part("m").disabled = next !== "M";
    this.part("ten").disabled = step === last;
    this.part("reset").disabled = step === 0;
  }

  grip() {
    return null;
  }

  keys(times) {
    const { step, last } = this;
    return { ArrowLeft: () => this.go(step - times), ArrowRight: () => this.go(step + times), Home: () => this.go(0), End: () => this.go(last) };
  }
}

export default mounted(Em, ".by-hand");
