// q and p with the integrand of their divergence, its map over mean and width, and below: where it is no metric, or what it makes of a width.

const MEANS = [-3, 3], Z_ENDS = [-4.5, 4.5], HEIGHTS = [-0.22, 1.25], NEAR = 26;
const COLOURS = { p: "#808080", q: "#d55e00", gain: "#0072b2", loss: "#cc79a7", r: "#009e73", error: "#56b4e9", total: "#e69f00" };
const TICKS = [0.01, 0.03, 0.1, 0.3, 1, 3];

class Divergence extends ByHand {
  constructor(root) {
    super(root);
    this.part("swap").addEventListener("click", () => this.set({ isSwapped: !this.isSwapped }));
    this.part("reset").addEventListener("click", () => this.set({ q: this.data.usual, isSwapped: false }));
    this.slides("sharp", (power) => this.set({ sharp: 10 ** power }));
  }

  update(data, send) {
    const isFirst = !this.data, linesAreOther = JSON.stringify(this.data?.formulas) !== JSON.stringify(data.formulas);
    Object.assign(this, { data, send, colours: themeColours(this.root) });
    if (isFirst) Object.assign(this, data.start);
    this.stage.style.height = data.height;
    this.part("sharp-label").hidden = data.below !== "width";
    if (isFirst || linesAreOther) this.write();
    this.draw();
  }

  set({ q, isSwapped, sharp }) {
    if (q) this.q = [between(MEANS, q[0]), between(this.data.widths, q[1])];
    if (isSwapped !== undefined && isSwapped !== this.isSwapped) {
      this.isSwapped = isSwapped;
      this.write();
    }
    if (sharp !== undefined) this.sharp = sharp;
    this.soon();
    this.report();
  }

  // The pair whose divergence is shown: the first is what is expected under.
  get pair() {
    return this.isSwapped ? [PRIOR, this.q] : [this.q, PRIOR];
  }

  // The two integrals and their difference, once; their values follow with each picture.
  write() {
    const { formulas, note } = this.data, lines = formulas[+this.isSwapped], cell = (kind, html) => `<div class="${kind}">${html}</div>`;
    const rows = lines.map(({ math, why }) => cell("", "") + cell("formula", math) + cell("value", "") + cell("why", why));
    this.part("lines").innerHTML = rows.join("") + (note ? cell("slip", note) : "");
    this.values = [...this.part("lines").querySelectorAll(".value")];
  }

  paint(width, height) {
    const { below, widths } = this.data, hasLower = below === "metric" || below === "width", upper = hasLower ? 0.56 * height : height;
    const map = Math.min(330, 0.42 * width), box = { top: 26, height: upper - 52 };
    this.densities = new Panel({ left: 32, width: width - map - 62, ...box }, Z_ENDS, HEIGHTS);
    this.map = new Panel({ left: width - map + 10, width: map - 14, ...box }, [-3.2, 3.2], widths.map(Math.log));
    this.lower = new Panel({ left: 40, top: upper + 26, width: width - 50, height: height - upper - 54 }, widths.map(Math.log), [0, 5]);
    this.pen.kept("upper", [this.q, this.isSwapped, this.map, this.data.levels, below], () => {
      this.drawDensities(below === "metric" ? betweenOf(this.q, PRIOR) : null);
      this.drawMap();
    });
    if (below === "metric") this.drawMetric();
    if (below === "width") this.drawWidth();
  }

  drawDensities(r) {
    const { pen, densities: panel, q } = this, integral = integrandOf(...this.pair);
    pen.kept("still", [panel, this.isSwapped, Boolean(r)], () => this.drawNames(Boolean(r)));
    pen.curve(panel, (z) => Math.max(0, integral(z)), { colour: COLOURS.gain, width: 1, fill: 0.35 });
    pen.curve(panel, (z) => Math.min(0, integral(z)), { colour: COLOURS.loss, width: 1, fill: 0.6 });
    pen.path([[panel.left, panel.py(0)], [panel.right, panel.py(0)]], { colour: this.colours.text, width: 1, alpha: 0.5 });
    if (r) pen.curve(panel, densityOf(r), { colour: COLOURS.r, dash: [7, 5] });
    pen.curve(panel, densityOf(PRIOR), { colour: COLOURS.p, width: 3, dash: [2, 4] });
    pen.curve(panel, densityOf(q), { colour: COLOURS.q, width: 3 });
    for (const [px, py] of this.handles()) pen.dot(px, py, COLOURS.q);
  }

  drawNames(hasBetween) {
    const { pen, densities: panel } = this;
    pen.across(panel, "z");
    const integrand = [this.isSwapped ? "p log(p/q)" : "q log(q/p)", COLOURS.gain, [], 9], between = hasBetween ? [["r", COLOURS.r, [7, 5]]] : [];
    pen.keys([["q", COLOURS.q], ["p = N(0, 1)", COLOURS.p, [2, 4]], integrand, ["below 0", COLOURS.loss, [], 9], ...between], panel.left, panel.right, 10);
  }

  // Where q is held: its mean at the peak, its width at μ ± σ.
  handles() {
    const { densities: panel, q } = this, height = (z) => panel.py(Math.min(0.95 * panel.yHigh, Math.exp(logGauss(q, z))));
    return [0, -1, 1].map((side) => [panel.px(q[0] + side * q[1]), height(q[0] + side * q[1])]);
  }

  drawMap() {
    const { pen, map: panel, q, data, isSwapped } = this;
    pen.kept("map", [data.levels, data.widths, isSwapped, panel], () => this.drawContours());
    pen.dot(panel.px(0), panel.py(0), COLOURS.p, 5);
    pen.dot(panel.px(q[0]), panel.py(Math.log(q[1])), COLOURS.q);
  }

  drawContours() {
    const { pen, map: panel, data, isSwapped, colours } = this, [low, high] = data.widths;
    const places = Array.from({ length: 1201 }, (_, k) => low * (high / low) ** (k / 1200));
    pen.across(panel, "μ", 6);
    pen.up(panel, "", 0, logarithmic(TICKS));
    pen.words("σ", panel.left - 8, panel.top - 12, { weight: "italic" });
    pen.words(isSwapped ? "KL(p ‖ q), nats" : "KL(q ‖ p), nats", panel.right, 10, { align: "right", size: 12 });
    let above = panel.py(0) + 3; // where the label before, or p, stands
    for (const level of data.levels) {
      const right = places.map((s) => [contourOf(level, s, isSwapped), Math.log(s)]).filter(([m]) => !Number.isNaN(m));
      if (!right.length) continue;
      const ring = [...right, ...right.map(([m, s]) => [-m, s]).reverse()].map(([m, s]) => [panel.px(m), panel.py(s)]);
      pen.inside(panel, () => {
        pen.area(ring, COLOURS.gain, 0.09);
        pen.path([...ring, ring[0]], { colour: COLOURS.gain, width: 1.5, alpha: 0.8 });
        const at = panel.py(right[0][1]) - 7;
        if (right[0][1] < panel.yLow + 0.05 || at - above < 9) return; // no room at the edge, or below another label
        pen.words(String(level), panel.px(0), at, { align: "center", size: 11, colour: colours.text });
        above = at;
      });
    }
  }

  // Both ways, and the way round by r, as bars.
  drawMetric() {
    const { pen, lower, q } = this, r = betweenOf(q, PRIOR), legs = [klOf(q, r), klOf(r, PRIOR)], direct = klOf(q, PRIOR), back = klOf(PRIOR, q);
    const most = 1.12 * Math.max(direct, legs[0] + legs[1], Math.min(back, 2.5 * direct), 0.1), step = lower.height / 3, left = lower.left + 150;
    const panel = new Panel({ left, top: lower.top, width: lower.right - left - 60, height: lower.height }, [0, most], [0, 3]);
    const rows = [["KL(q ‖ p)", [[direct, COLOURS.gain]]], ["KL(p ‖ q)", [[back, COLOURS.p]]], ["KL(q ‖ r) + KL(r ‖ p)", [[legs[0], COLOURS.r], [legs[1], COLOURS.total]]]];
    rows.forEach(([name, parts], k) => {
      const top = panel.top + k * step + 4, bottom = top + step - 10;
      pen.words(name, panel.left - 8, (top + bottom) / 2, { align: "right", size: 12 });
      let from = 0;
      for (const [value, colour] of parts) {
        const [a, b] = [panel.px(from), Math.min(panel.right, panel.px(from + value))];
        pen.area([[a, top], [b, top], [b, bottom], [a, bottom]], colour, 0.85);
        from += value;
      }
      const sum = parts.map(([value]) => written(value, 3)).join(" + ") + (parts.length > 1 ? ` = ${written(from, 3)}` : "");
      const end = Math.min(panel.right, panel.px(from)), isLate = end > panel.right - 170;
      pen.words(sum + (panel.px(from) > panel.right ? " →" : ""), isLate ? end - 6 : end + 6, (top + bottom) / 2, { align: isLate ? "right" : "left", colour: isLate ? "#000000" : this.colours.text, weight: "600" });
    });
    pen.path([[panel.px(direct), panel.top], [panel.px(direct), panel.bottom]], { colour: this.colours.text, dash: [4, 4], width: 1.5 });
    pen.across(panel, "nats", 6);
  }

  drawWidth() {
    const { pen, lower: panel, q, sharp, colours } = this, best = bestWidth(sharp), sum = (s) => shrinkingOf(s, sharp)[0] + shrinkingOf(s, sharp)[1];
    const curves = [["squared error J²σ²/2η", COLOURS.error, (s) => shrinkingOf(s, sharp)[0]], ["KL", COLOURS.gain, (s) => shrinkingOf(s, sharp)[1]], ["sum", COLOURS.total, sum]];
    const names = [...curves, ["−log σ", colours.text]];
    pen.kept("widths", panel, () => this.drawWidths(names));
    for (const [, colour, of] of curves) pen.curve(panel, (log) => of(Math.exp(log)), { colour, width: 3 });
    const mark = (s, colour, dash) => pen.path([[panel.px(Math.log(s)), panel.top], [panel.px(Math.log(s)), panel.bottom]], { colour, dash });
    mark(best, COLOURS.r, [7, 5]);
    mark(q[1], COLOURS.q, []);
    pen.dot(panel.px(Math.log(q[1])), panel.py(panel.within(sum(q[1]))), COLOURS.q);
    pen.words(`best σ = 1/√(1 + J²/η) = ${written(best, 3)}`, panel.px(Math.log(best)) + (best > 0.3 ? -6 : 6), panel.top + 4, { align: best > 0.3 ? "right" : "left", size: 12, colour: colours.text });
  }

  drawWidths(names) {
    const { pen, lower: panel, colours } = this;
    pen.across(panel, "σ", 6, logarithmic([...TICKS]));
    pen.up(panel, "nats", 5);
    pen.curve(panel, (log) => -log, { colour: colours.text, dash: [2, 4], width: 1.5 });
    pen.keys(names.map(([name, colour]) => [name, colour]), panel.left + 46, panel.right, panel.top - 12);
  }

  facts() {
    const { q, isSwapped, sharp } = this, [kl, quadrature] = [klOf, quadratureOf].map((way) => way(...this.pair).toFixed(6));
    return { mean: q[0].toFixed(6), width: q[1].toFixed(6), kl, quadrature, swapped: isSwapped, sharp };
  }

  tell() {
    const { q, data, isSwapped, sharp } = this, pair = this.pair, exact = klOf(...pair), drawn = monteCarlo(...pair, data.eps);
    this.part("sharp").value = Math.log10(sharp);
    say(this.part("sharp-value"), `J²/η = ${sharp.toPrecision(3)}`);
    const both = integralsOf(...pair), digits = exact >= 100 ? 1 : 4;
    say(this.part("closed"), `${written(exact, digits)} nats`);
    say(this.part("quadrature"), written(quadratureOf(...pair), digits));
    say(this.part("draws"), `n = ${data.eps.length.toLocaleString("en")} draws ± 95 %`);
    const interval = Z_95 * drawn.error, earned = Math.max(0, 1 - Math.floor(Math.log10(Math.max(interval, 1e-6))));
    say(this.part("drawn"), `${written(drawn.value, earned)} ± ${interval.toFixed(earned)}`);
    say(this.part("said"), `μ = ${written(q[0])}, σ = ${q[1].toPrecision(3)}`);
    this.stage.setAttribute("aria-label", `Divergence ${this.part("closed").textContent} at ${this.part("said").textContent}. ${this.how}`);
    const [own, other] = [both["q log q"], both["q log p"]], values = [own, other, [own[0] - other[0], own[1] - other[1]]];
    this.values.forEach((cell, k) => say(cell, `${written(values[k][0], 4)}; quadrature ${written(values[k][1], 4)}`));
    this.part("swap").setAttribute("aria-pressed", String(isSwapped));
  }

  grip(px, py) {
    const [mean, ...sides] = this.handles().map(([x, y]) => Math.hypot(x - px, y - py));
    this.offset = 0;
    if (this.map.holds(px, py)) return "point";
    if (this.data.below === "width" && this.lower.holds(px, py)) return "log width";
    if (!this.densities.holds(px, py)) return null;
    if (Math.min(...sides) < NEAR && Math.min(...sides) < mean) return "width";
    if (mean < NEAR) this.offset = this.q[0] - this.densities.x(px);
    return "mean";
  }

  drag(px, py) {
    const z = this.densities.x(px), { q } = this;
    this.set({
      q: {
        point: () => [this.map.x(px), Math.exp(this.map.y(py))],
        "log width": () => [q[0], Math.exp(this.lower.x(px))],
        width: () => [q[0], Math.abs(z - q[0])],
        mean: () => [z + this.offset, q[1]],
      }[this.held](),
    });
  }

  keys(times) {
    const { q } = this, step = 0.02 * times, factor = 1.02 ** times, to = (mean, width) => () => this.set({ q: [mean, width] });
    return { ArrowLeft: to(q[0] - step, q[1]), ArrowRight: to(q[0] + step, q[1]), ArrowUp: to(q[0], q[1] * factor), ArrowDown: to(q[0], q[1] / factor) };
  }

  view() {
    const { q, isSwapped, sharp } = this;
    return { kl_mean: +q[0].toFixed(4), kl_width: +q[1].toFixed(4), kl_swapped: +isSwapped, kl_sharp: +sharp.toPrecision(4) };
  }
}

export default mounted(Divergence, ".by-hand");
