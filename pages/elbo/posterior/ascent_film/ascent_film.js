// The posterior as a heat map under q, which ascends to the best diagonal and to the best full Gaussian; beside it what q lacks to log p(x).

const SECONDS = 1.5, WEIGHTED = "#e69f00", CHAIN = "#808080";
const HEAT = [[0, [86, 180, 233, 0]], [0.15, [86, 180, 233, 115]], [1, [0, 90, 160, 255]]]; // density, of its largest → colour
const EDGE = 8; // pixels between both bars and the ends of their panel
const DASHES = { "encoder's q": [7, 5], "best diagonal q": [2, 4], "best full q": [8, 4, 2, 4] };

// A colour of the heat map.
function heatOf(share) {
  const k = share < HEAT[1][0] ? 0 : 1, [[low, from], [high, to]] = [HEAT[k], HEAT[k + 1]], at = (share - low) / (high - low);
  return from.map((value, j) => value + at * (to[j] - value));
}

// With as many decimals as tell small parts from none.
const nats = (value) => written(value, [10, 0.1, 0.01].findIndex((least) => Math.abs(value) >= least) + 1 || 4);

class Ascent extends ByHand {
  constructor(root) {
    super(root);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.part("ascend").addEventListener("click", () => this.ascend());
    this.part("reset").addEventListener("click", () => this.go(0));
    this.part("step").addEventListener("input", (event) => this.go(+event.target.value));
  }

  // Another picture; of the same image q stays where it is.
  update(bytes, send) {
    const film = unpack(bytes), last = film.gaps.values.length - 1;
    if (film.of !== this.data?.of) this.stop();
    if (film.name !== this.data?.name) {
      const [means, covariances, gaps] = [film.means.values, film.covariances.values, film.gaps.values];
      Object.assign(this, { way: { means, covariances, gaps }, last, heat: film.heat && this.heated(film.heat) });
      Object.assign(this.part("step"), { max: Math.max(1, last), disabled: last === 0 });
    }
    super.update({ ...film, start: { t: Math.min(film.start, last) }, file: "posterior" }, send);
  }

  view() {
    return { posterior_step: this.t };
  }

  heated({ values, shape: [height, width] }) {
    const image = new ImageData(width, height), canvas = document.createElement("canvas");
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) image.data.set(heatOf(values[(height - 1 - row) * width + column] / 255), 4 * (row * width + column));
    }
    Object.assign(canvas, { width, height }).getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }

  // What q does not move: the names, the heat map, draws, axes.
  drawStill(width, height) {
    const { pen, data: film } = this, row = pen.size(12) + 6, isNarrow = width < 420;
    const wide = film.parts && !isNarrow ? 0.5 * width : width, upper = film.parts && isNarrow ? 0.55 * height : height;
    const top = pen.keys(this.names(), 4, wide - 8, 10, row) + row / 2 + 18, side = Math.min(wide - 52, upper - top - 26);
    const bars = isNarrow ? { left: 56, top: upper + 30, width: width - 64, height: height - upper - 56 } : { left: wide + 56, top, width: width - wide - 64, height: side };
    const [[left, low], [right, high]] = film.window;
    this.map = new Panel({ left: 44 + (wide - 52 - side) / 2, top, width: side, height: side }, [left, right], [low, high]);
    this.bars = film.parts && new Panel(bars, [0, 1], this.reach());
    pen.inside(this.map, () => this.drawPosterior());
    pen.across(this.map, film.axes[0], 5);
    pen.up(this.map, film.axes[1], 5);
  }

  drawPosterior() {
    const { pen, map, data: film, heat } = this;
    if (heat) {
      const [left, right, low, high] = film.heat_ends;
      pen.context.drawImage(heat, map.px(left), map.py(high), map.px(right) - map.px(left), map.py(low) - map.py(high));
    }
    if (film.chain) pen.path(this.pairs(film.chain).map(([x, y]) => [map.px(x), map.py(y)]), { colour: CHAIN, width: 0.8, alpha: 0.8 });
    if (!film.draws) return;
    const shares = film.shares.values, most = Math.max(...shares);
    this.pairs(film.draws).forEach(([x, y], k) => pen.dot(map.px(x), map.py(y), WEIGHTED, 1.5 + 4.5 * Math.sqrt(shares[k] / most), "#333333", 0.5));
  }

  pairs({ values }) {
    return Array.from({ length: values.length / 2 }, (_, k) => [values[2 * k], values[2 * k + 1]]);
  }

  // Name, colour and dash of everything that the map may show.
  names() {
    const { data: film, last } = this, { looks } = film;
    const lines = Object.entries(looks).filter(([name]) => name !== "best diagonal q" || (film.n_diagonal > 0 && film.n_diagonal < last));
    const ground = [film.heat && ["p(z|x)", "#0072b2"], film.draws && ["weighted draws", WEIGHTED], film.chain && ["chain", CHAIN]].filter(Boolean);
    return [...ground, ...lines].map(([name, colour]) => [name, colour, DASHES[name]]);
  }

  reach() {
    const most = Math.max(0.02, ...this.way.gaps, Object.values(this.data.parts).reduce((a, [value]) => a + value, 0));
    return [-1.04 * most, 0.08 * most];
  }

  paint(width, height) {
    const { pen, way, t, data: film, last } = this, { n_diagonal: half, looks } = film, now = (this.now = placeOf(way, t));
    pen.kept("still", film.name, () => this.drawStill(width, height));
    pen.inside(this.map, () => {
      if (t > 0) this.trail(t);
      this.ellipse(placeOf(way, 0), looks["encoder's q"], 2.5, DASHES["encoder's q"]);
      if (t > 0) this.ellipse(now, looks["q now"], 4, []);
      if (half > 0 && half < last && t >= half) this.ellipse(placeOf(way, half), looks["best diagonal q"], 3, DASHES["best diagonal q"]);
      if (last > 0 && t >= last) this.ellipse(now, looks["best full q"], 3, DASHES["best full q"]);
    });
    if (this.bars) this.drawBars(now);
  }

  ellipse({ mean, covariance }, colour, width, dash) {
    const { pen, map, data: film } = this;
    pen.path(outlineOf(mean, covariance, film.widths).map(([x, y]) => [map.px(x), map.py(y)]), { colour, width, dash });
  }

  // Where the mean has been.
  trail(t) {
    const steps = Array.from({ length: Math.floor(t) + 1 }, (_, k) => k), { pen, map, way, data: film } = this;
    const places = [...steps, t].map((k) => placeOf(way, k).mean).map(([x, y]) => [map.px(x), map.py(y)]);
    pen.path(places, { colour: film.looks["q now"], width: 1.5 });
    pen.dot(...places.at(-1), film.looks["q now"], 5);
  }

  // The gap of the encoder's q in its parts, and that of q now, both hanging from log p(x).
  drawBars({ gap, height }) {
    const { pen, bars: panel, data: film, colours } = this, parts = Object.entries(film.parts).reverse();
    pen.up(panel, "ELBO − log p(x), nats", 5);
    const names = parts.map(([name, [value]]) => `${name} ${nats(value)}`), middle = ([left, right]) => (left + right) / 2;
    const room = Math.max(...names.map((name) => pen.widthOf(name, 12))) + 22;
    const breadth = Math.max(14, Math.min(0.2 * panel.width, (panel.width - room - 2 * EDGE) / 2));
    const encoders = [panel.left + EDGE, panel.left + EDGE + breadth], nows = [panel.right - EDGE - breadth, panel.right - EDGE];
    const bar = ([left, right], from, to, colour) => {
      const top = panel.py(from), bottom = panel.py(to);
      pen.bar(left, top, right, bottom, colour);
      pen.path([[left, bottom], [right, bottom]], { colour: colours.paper, width: 1 });
    };
    let from = 0, middles = [];
    for (const [, [value, colour]] of parts) {
      bar(encoders, from, from - value, colour);
      middles.push(panel.py(from - value / 2));
      from -= value;
    }
    const places = apart(middles, pen.size(12) + 5, panel.py(0) + 12, panel.bottom - 6);
    parts.forEach(([, [, colour]], k) => {
      const at = encoders[1] + 4;
      pen.path([[at, middles[k]], [at + 9, places[k]]], { colour, width: 2.5 });
      pen.words(names[k], at + 13, places[k], { size: 12 });
    });
    bar(nows, 0, -height, CHAIN);
    pen.path([[panel.left, panel.py(0)], [panel.right, panel.py(0)]], { colour: film.top, width: 3 });
    pen.words(film.is_bound ? "log p(x), at least" : "log p(x)", panel.right, panel.py(0) - 10, { align: "right", size: 12, weight: "600" });
    for (const [ends, name] of [[encoders, "encoder's q"], [nows, "q now"]]) pen.words(name, middle(ends), panel.bottom + 13, { align: "center" });
    pen.words(nats(gap), middle(nows), panel.py(-height) + (panel.bottom - panel.py(-height) > 22 ? 11 : -11), { align: "center", size: 13, weight: "600" });
  }

  get moves() {
    return Boolean(this.gliding);
  }

  facts() {
    const { t, now, last } = this;
    return { step: Math.floor(t), t: t.toFixed(3), gap: now.gap.toFixed(6), last };
  }

  // The step in words, for the controls, for who cannot see the picture, and for whoever looks on.
  tell() {
    const { t, last, data, part, now: { gap } } = this, step = Math.floor(t), lacks = data.is_bound ? "at least " : "";
    part("step").value = step;
    say(part("said"), last ? `step ${step} of ${last}, gap ${nats(gap)}` : "nothing to gain");
    say(part("ascend"), this.gliding ? "❚❚ Pause" : "▲ Ascend");
    part("ascend").setAttribute("aria-pressed", String(Boolean(this.gliding)));
    part("ascend").disabled = !this.gliding && t >= last;
    part("reset").disabled = t === 0;
    this.stage.setAttribute("aria-label", `The posterior under q after ${step} of ${last} steps: q lacks ${lacks}${nats(gap)} nats. ${this.how}`);
  }

  // q to a step, at once or in a glide.
  go(step) {
    this.stop();
    this.set({ t: between([0, this.last], step) });
  }

  ascend() {
    if (this.gliding) return this.go(Math.floor(this.t));
    const from = this.t, to = targetOf(from, this.data.n_diagonal, this.last);
    if (to <= from) return;
    if (this.calm.matches) return this.go(to);
    let began = null;
    const frame = (now) => {
      began ??= now;
      const share = Math.min(1, (now - began) / (1000 * SECONDS));
      if (share === 1) return this.go(to);
      this.t = from + easedOf(share) * (to - from);
      this.gliding = requestAnimationFrame(frame);
      this.draw();
    };
    this.gliding = requestAnimationFrame(frame);
    this.draw();
  }

  stop() {
    cancelAnimationFrame(this.gliding);
    this.gliding = null;
  }

  grip() {
    return null; // q ascends by itself
  }

  keys(times) {
    const step = Math.floor(this.t);
    return { " ": () => this.ascend(), ArrowRight: () => this.go(step + times), ArrowLeft: () => this.go(step - times) };
  }

  end() {
    this.stop();
    super.end();
  }
}

export default mounted(Ascent, ".by-hand");
