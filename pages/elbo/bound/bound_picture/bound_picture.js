// Prior, posterior and a q that is dragged, above the decoder that makes the posterior; the bound's two splits as bars; Jensen, or the derivation.

const MEANS = [-3, 3], WIDTHS = [0.05, 2], Z_ENDS = [-3.4, 3.4], REACHABLE = 26, BARS = 250;
const COLOURS = { prior: "#808080", posterior: "#0072b2", q: "#d55e00", best: "#009e73", elbo: "#0072b2", gap: "#e69f00", rate: "#cc79a7", distortion: "#56b4e9" };
const COARSE = GRID.filter((_, k) => k % 6 === 0);

class Bound extends ByHand {
  constructor(root) {
    super(root);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.part("ascend").addEventListener("click", () => this.climb(!this.climbing));
    this.part("best").addEventListener("click", () => this.set({ q: this.best }));
    this.part("reset").addEventListener("click", () => this.set({ q: this.data.usual.q, x: this.data.usual.x }));
    this.slides("s", (s) => this.set({ s }));
  }

  update(data, send) {
    this.send = send;
    const { world, start } = data, isOther = this.data?.world !== world;
    const linesAreOther = JSON.stringify(this.data?.lines) !== JSON.stringify(data.lines);
    this.data = data;
    this.colours = themeColours(this.root);
    if (isOther) {
      this.climb(false, false);
      Object.assign(this, { q: start.q, s: this.s ?? start.s, x: start.x, seen: null });
    }
    this.stage.style.height = data.height;
    const ofNormal = data.below === "Jensen" && data.weights === "log-normal";
    this.part("s-label").hidden = !ofNormal;
    this.part("said").hidden = ofNormal;
    if (linesAreOther) this.write();
    this.draw();
  }

  // What depends on x alone, once for each x that a picture shows.
  see() {
    const { x } = this, { decoder } = this.data;
    if (x === this.seen) return;
    Object.assign(this, { seen: x, evidence: logEvidence(decoder, x), best: bestOf(decoder, x) });
    this.bestElbo = elboOf(decoder, x, this.best);
    const heights = COARSE.map(logJoint(decoder, x));
    this.peak = Math.exp(Math.max(logGauss(this.best, this.best[0]), Math.max(...heights) - this.evidence));
  }

  set({ q, x, s }) {
    this.climb(false, false);
    if (q) this.q = [between(MEANS, q[0]), between(WIDTHS, q[1])];
    if (x !== undefined) this.x = between(this.data.xs, x);
    if (s !== undefined) this.s = s;
    this.soon();
    this.report();
  }

  // What the derivation says, once; its values follow with each picture.
  write() {
    const { lines, slip } = this.data, cell = (kind, html) => `<div class="${kind}">${html}</div>`;
    const rows = (lines ?? []).map(({ relation, math, why }) => {
      const kind = "≥≤".includes(relation) && relation ? " turn" : "";
      return cell(kind, relation) + cell(`formula${kind}`, math) + cell(`value${kind}`, "") + cell(`why${kind}`, why);
    });
    this.part("lines").innerHTML = rows.join("") + (slip ? cell("slip", slip) : "");
    this.values = [...this.part("lines").querySelectorAll(".value")];
  }

  paint(width, height) {
    const { decoder, below } = this.data, hasJensen = below === "Jensen";
    this.see();
    this.named = quantities(decoder, this.x, this.q, this.evidence);
    const upper = hasJensen ? Math.round(0.56 * height) : height, bars = Math.min(BARS, 0.36 * width), left = width - bars - 26;
    this.densities = new Panel({ left: 34, top: 24, width: left - 34, height: 0.55 * (upper - 84) }, Z_ENDS, [0, 1.1 * this.peak]);
    const data = { left: 34, top: this.densities.bottom + 34, width: left - 34, height: 0.45 * (upper - 84) };
    this.plane = new Panel(data, Z_ENDS, this.data.xs);
    this.pen.kept("upper", [decoder, this.x, this.q, this.plane], () => {
      this.pen.kept("still", [decoder, this.plane], () => this.drawStill());
      this.drawDensities();
      this.drawPlane();
      this.drawBars({ left: width - bars, top: 24, width: bars, height: upper - 50 });
    });
    if (hasJensen) this.drawJensen({ left: 44, top: upper + 22, width: width - 54, height: height - upper - 46 });
  }

  // What neither q nor x moves: the axes, the names of the curves, and the decoder with its noise, two standard deviations to each side.
  drawStill() {
    const { pen, densities: panel, plane } = this, { decoder } = this.data, wide = 2 * Math.sqrt(decoder.noise);
    pen.across(panel, "");
    const names = [["prior", COLOURS.prior, [2, 4]], ["posterior", COLOURS.posterior], ["q", COLOURS.q], ["best Gaussian", COLOURS.best, [5, 4]]];
    pen.keys(names, panel.left, panel.right, 10);
    const places = Array.from({ length: 121 }, (_, k) => plane.xLow + ((plane.xHigh - plane.xLow) * k) / 120);
    const edge = (side) => places.map((z) => [plane.px(z), plane.py(mapOf(decoder, z) + side * wide)]);
    pen.across(plane, "z");
    pen.up(plane, "x", 3);
    pen.inside(plane, () => pen.area([...edge(1), ...edge(-1).reverse()], COLOURS.distortion, 0.3));
    pen.curve(plane, (z) => mapOf(decoder, z), { colour: COLOURS.distortion, width: 3 });
    pen.words("x = g(z) ± 2√η", plane.left + 6, plane.bottom - 10, { align: "left", size: 12 });
  }

  drawDensities() {
    const { pen, densities: panel, data, x, q } = this;
    pen.kept("posterior", [data.decoder, x, panel], () => this.drawPosterior());
    pen.curve(panel, densityOf(q), { colour: COLOURS.q, width: 3, fill: 0.16, places: 800 });
    for (const [px, py] of this.handles()) pen.dot(px, py, COLOURS.q);
  }

  drawPosterior() {
    const { pen, densities: panel, data, evidence, x } = this, joint = logJoint(data.decoder, x);
    pen.curve(panel, densityOf(PRIOR), { colour: COLOURS.prior, dash: [2, 4] });
    pen.curve(panel, (z) => Math.exp(joint(z) - evidence), { colour: COLOURS.posterior, width: 3, fill: 0.22 });
    pen.curve(panel, densityOf(this.best), { colour: COLOURS.best, dash: [7, 5], places: 800 });
  }

  // Where q is held: its mean at the peak, its width at m ± s.
  handles() {
    const { densities: panel, q } = this, height = (z) => panel.py(panel.within(Math.min(0.97 * panel.yHigh, Math.exp(logGauss(q, z)))));
    return [0, -1, 1].map((side) => [panel.px(q[0] + side * q[1]), height(q[0] + side * q[1])]);
  }

  // The x that is seen, and as far as q reaches, its codes.
  drawPlane() {
    const { pen, plane: panel, x, q } = this, { text } = this.colours;
    pen.path([[panel.left, panel.py(x)], [panel.right, panel.py(x)]], { colour: text, width: 2 });
    pen.dot(panel.right - 10, panel.py(x), text, 6);
    pen.words(`the x that is seen: ${written(x)}`, panel.right - 24, panel.py(x) + (x > panel.y((panel.top + panel.bottom) / 2) ? 12 : -12), { align: "right", size: 12 });
    pen.inside(panel, () => pen.path([[panel.px(q[0] - q[1]), panel.py(x)], [panel.px(q[0] + q[1]), panel.py(x)]], { colour: COLOURS.q, width: 8, alpha: 0.5 }));
  }

  // Each bar has its name where it is longest between the lines that go through it.
  drawBars(box) {
    const { pen, named, evidence, colours, bestElbo } = this, { elbo, gap, rate, likelihood } = named;
    const low = Math.floor(Math.min(evidence, bestElbo) - 5), panel = new Panel({ ...box, left: box.left + 26, width: box.width - 26 }, [0, 1], [low, 0]);
    const wide = 0.38 * panel.width, first = panel.left + 0.06 * panel.width, second = panel.right - 0.06 * panel.width - wide;
    const levels = [evidence, elbo], longestPart = ([top, bottom], lines) => {
      const cuts = [top, ...lines.map((y) => panel.py(y)).filter((y) => y > top && y < bottom).sort((a, b) => a - b), bottom];
      return cuts.slice(1).map((end, k) => [cuts[k], end]).reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a));
    };
    const bar = (left, from, to, colour, name, value, ink) => {
      const ends = [panel.py(panel.within(from)), panel.py(panel.within(to))], [top, bottom] = longestPart(ends, left === first ? [bestElbo, ...levels] : levels);
      pen.area([[left, ends[0]], [left + wide, ends[0]], [left + wide, ends[1]], [left, ends[1]]], colour);
      if (bottom - top < 16) return;
      const two = bottom - top > 34, middle = (top + bottom) / 2, look = { colour: ink, align: "center", size: 13 };
      if (two) pen.words(name, left + wide / 2, middle - 8, look);
      pen.words(two ? value : `${name} ${value}`, left + wide / 2, two ? middle + 9 : middle, two ? look : { ...look, size: 12 });
    };
    pen.up(panel, "", 5);
    pen.words("nats", panel.left - 22, panel.top - 14, { size: 12 });
    bar(first, evidence, elbo, COLOURS.gap, "KL", written(gap), "#000000");
    bar(first, elbo, low, COLOURS.elbo, "ELBO", written(elbo), "#ffffff");
    bar(second, 0, -rate, COLOURS.rate, "rate", written(rate), "#000000");
    bar(second, -rate, -rate + likelihood, COLOURS.distortion, "distortion", written(-likelihood), "#000000");
    const across = (y, look) => y >= low && pen.path([[panel.left, panel.py(y)], [panel.right, panel.py(y)]], look);
    across(evidence, { colour: colours.text, width: 2 });
    across(elbo, { colour: COLOURS.q, width: 2, dash: [4, 3] });
    if (bestElbo >= low) pen.path([[first - 8, panel.py(bestElbo)], [first + wide + 8, panel.py(bestElbo)]], { colour: COLOURS.best, width: 2, dash: [7, 5] });
    pen.words(`log p(x) = ${written(evidence)}`, panel.left + 3, panel.py(evidence) - 10, { size: 12, weight: "600" });
    if (elbo < low) pen.words(`↓ to ${written(elbo)}`, panel.right, panel.bottom + 12, { align: "right", size: 12 });
  }

  drawJensen(box) {
    const { pen, data, named, colours } = this, ofNormal = data.weights === "log-normal";
    const one = ofNormal ? jensenOfLognormal(this.s) : jensenOfWeights(data.decoder, this.x, this.q, named);
    const { high, shares, expectedLog, logExpected, gap } = one, top = Math.log(high);
    const low = Math.max(Math.min(expectedLog - 0.8, top - 3.5), logExpected - 9);
    const panel = new Panel(box, [0, high], [low, top + 0.06 * (top - low)]), most = Math.max(...shares), step = panel.width / shares.length;
    pen.up(panel, "log w", 4);
    pen.across(panel, "w", 8);
    shares.forEach((share, k) => {
      const height = 0.45 * panel.height * (share / most), left = panel.left + k * step;
      pen.area([[left, panel.bottom], [left, panel.bottom - height], [left + step - 1, panel.bottom - height], [left + step - 1, panel.bottom]], COLOURS.q, 0.45);
    });
    const first = Math.max(Math.exp(low), high / 4000), places = Array.from({ length: 300 }, (_, k) => first + ((high - first) * k) / 299);
    pen.path(places.map((w) => [panel.px(w), panel.py(Math.log(w))]), { colour: colours.text, width: 2.5 });
    const at = panel.px(Math.exp(logExpected)), upper = panel.py(logExpected), lower = panel.py(Math.max(low, expectedLog));
    pen.path([[at, panel.bottom], [at, upper], [panel.left, upper]], { colour: COLOURS.posterior, dash: [5, 4] });
    pen.path([[panel.left, lower], [at, lower]], { colour: COLOURS.q, dash: [5, 4] });
    pen.path([[at, upper], [at, lower]], { colour: COLOURS.gap, width: 6 });
    const names = ofNormal ? ["log E w", "E log w"] : ["log E w = log p(x)", "E log w = ELBO"], right = at < 0.6 * (panel.left + panel.right);
    const beside = { align: right ? "left" : "right", size: 13 }, off = at + (right ? 12 : -12);
    const said = [`${names[0]} = ${written(logExpected, 3)}`, `gap ${written(gap, 3)}` + (ofNormal ? ` = s²/2 with s = ${written(this.s)}` : ""), `${names[1]} = ${written(expectedLog, 3)}`];
    const middle = Math.min(panel.bottom - 28, Math.max((upper + lower) / 2, upper + 36)), wide = 250;
    if (!right) pen.area([[off - wide, middle - 28], [off, middle - 28], [off, middle + 28], [off - wide, middle + 28]], colours.paper, 0.8);
    said.forEach((text, k) => pen.words(text, off, middle + 18 * (k - 1), { ...beside, weight: k === 1 ? "700" : "" }));
    const share = shares.reduce((a, b) => a + b, 0);
    if (share < 0.995) pen.words(`${written(100 * (1 - share), 1)} % of w lie further right`, panel.right, panel.bottom - 12, { align: "right", size: 12, alpha: 0.85 });
    pen.words(ofNormal ? "how often w occurs" : "how often w = p(x, z)/q(z) occurs, z ~ q", panel.right, panel.bottom - 30, { align: "right", size: 12, alpha: 0.85 });
  }

  get moves() {
    return super.moves || Boolean(this.climbing);
  }

  facts() {
    const { named, q, x } = this, { elbo, gap, evidence, rate, likelihood } = named;
    const at = { mean: q[0], width: q[1], x, s: this.s, evidence, elbo, gap, rate, distortion: -likelihood, best: this.bestElbo };
    return Object.fromEntries(Object.entries(at).map(([name, value]) => [name, value.toFixed(6)]));
  }

  // The numbers of the picture in words, and beside each line of the derivation.
  tell() {
    const { named, q, data } = this, { elbo, gap } = named;
    this.part("s").value = this.s;
    say(this.part("s-value"), `s = ${written(this.s)}`);
    const here = `m = ${written(q[0])}, s = ${written(q[1])}. ELBO ${written(elbo, 3)} + KL ${written(gap, 3)} = ${written(elbo + gap, 3)}`;
    say(this.part("said"), here);
    this.stage.setAttribute("aria-label", `${here}, log p(x). ${this.how}`);
    (data.lines ?? []).forEach(({ parts, relation }, k) => {
      const values = parts.map((part) => written(partValue(part, named), 3)), sum = written(lineValue(parts, named), 3);
      const added = values.map((value, i) => (i === 0 ? value : value.startsWith("−") ? `− ${value.slice(1)}` : `+ ${value}`)).join(" ");
      say(this.values[k], parts.length > 1 ? `${added} = ${sum}` : sum);
      if (relation === "≥" || relation === "≤") this.values[k].title = `the gap is ${written(gap, 3)} nats`;
    });
    say(this.part("ascend"), this.climbing ? "❚❚ Pause" : "▲ Ascend");
    this.part("ascend").setAttribute("aria-pressed", String(Boolean(this.climbing)));
  }

  grip(px, py) {
    const [mean, ...sides] = this.handles().map(([x, y]) => Math.hypot(x - px, y - py));
    if (this.plane.holds(px, py)) return "x";
    if (!this.densities.holds(px, py)) return null;
    const isWide = Math.min(...sides) < REACHABLE && Math.min(...sides) < mean;
    this.offset = !isWide && mean < REACHABLE ? this.q[0] - this.densities.x(px) : 0;
    return isWide ? "width" : "mean";
  }

  drag(px, py) {
    const z = this.densities.x(px);
    if (this.held === "x") this.set({ x: this.plane.y(py) });
    else this.set({ q: this.held === "width" ? [this.q[0], Math.abs(z - this.q[0])] : [z + this.offset, this.q[1]] });
  }

  keys(times) {
    const { q, x } = this, step = 0.02 * times, factor = 1.02 ** times;
    return {
      ArrowLeft: () => this.set({ q: [q[0] - step, q[1]] }),
      ArrowRight: () => this.set({ q: [q[0] + step, q[1]] }),
      ArrowUp: () => this.set({ q: [q[0], q[1] * factor] }),
      ArrowDown: () => this.set({ q: [q[0], q[1] / factor] }),
      PageUp: () => this.set({ x: x + step }),
      PageDown: () => this.set({ x: x - step }),
      " ": () => this.climb(!this.climbing),
    };
  }

  // Gradient ascent on m and ln s, a step per frame.
  climb(isOn, isReported = true) {
    cancelAnimationFrame(this.climbing);
    this.climbing = null;
    if (isOn) {
      const step = () => {
        const after = this.calm.matches ? null : ascended(this.data.decoder, this.x, this.q);
        if (this.calm.matches) this.q = ascentEnd(this.data.decoder, this.x, this.q);
        if (!after) return this.climb(false);
        this.q = after;
        this.climbing = requestAnimationFrame(step);
        this.draw();
      };
      this.climbing = requestAnimationFrame(step);
    } else if (isReported) this.report();
    if (this.data) this.soon();
  }

  view() {
    const { q, x, s, data } = this, of = `bound_${data.world}`;
    return { [`${of}_mean`]: +q[0].toFixed(4), [`${of}_width`]: +q[1].toFixed(4), [`${of}_x`]: +x.toFixed(3), bound_s: s };
  }

  end() {
    cancelAnimationFrame(this.climbing);
    super.end();
  }
}

export default mounted(Bound, ".by-hand");
