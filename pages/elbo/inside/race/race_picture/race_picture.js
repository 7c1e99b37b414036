// q is dragged over f(z) = z²; below it draws of both gradient estimates, and how the mean of N draws deviates, exact and measured.

const COLOURS = { q: "#009e73", pathwise: "#0072b2", score: "#d55e00", true: "#808080" };
const ESTIMATES = [["pathwise", COLOURS.pathwise, []], ["score function", COLOURS.score, [7, 5]]];
const Z_ENDS = [-6, 6], F_TOP = 40, NEAR = 24, N_BINS = 61, REACHES = [5, 10, 20, 50, 100, 200, 500], LEAST = 1e-4; // of the shares
const SPREADS = [0.005, 200].map(Math.log10), POWERS = [-2, -1, 0, 1, 2], SHARES = [-4, -3, -2, -1, 0];
const powers = (exponents) => exponents.map((k) => [k, String(+(10 ** k).toPrecision(1))]);
const large = (value) => Number(value.toPrecision(3)).toLocaleString("en");

class GradientRace extends ByHand {
  constructor(root) {
    super(root);
    this.part("reset").addEventListener("click", () => this.set({ q: [...this.data.usual] }));
  }

  update(bytes, send) {
    super.update(unpack(bytes), send);
  }

  view() {
    return { race_mu: this.q[0], race_sigma: this.q[1] };
  }

  put(mu, sigma) {
    const { means, widths } = this.data, round = (value) => +value.toFixed(2);
    this.set({ q: [round(between(means, mu)), round(between(widths, sigma))] });
  }

  paint(width, height) {
    const { pen, q, data } = this, { baseline } = data, isNarrow = width < 460, part = height / 3, half = 0.52 * width, top = isNarrow ? part : 0.3 * height, edge = 18 + pen.widthOf("0.01 %", 12), wide = { left: edge, width: width - edge - 8 };
    this.law = new Panel({ ...wide, top: 24, height: top - 48 }, Z_ENDS, [0, 1.15]);
    const below = { top: top + 40, height: height - top - 84 };
    const left = isNarrow ? { ...wide, top: part + 32, height: part - 76 } : { left: edge, width: half - edge - 16, ...below };
    const right = isNarrow ? { ...wide, top: 2 * part + 32, height: part - 76 } : { left: half + 54, width: width - half - 62, ...below };
    Object.assign(this, { factors: factorsOf(...q, baseline), variances: variancesOf(...q, baseline) });
    this.drawLaw();
    this.drawDraws(left);
    this.drawSpreads(right);
  }

  drawLaw() {
    const { pen, law: panel, q } = this, f = new Panel(panel, Z_ENDS, [0, F_TOP]);
    pen.kept("law", [panel], () => {
      pen.across(panel, "z");
      pen.curve(f, (z) => z * z, { colour: COLOURS.true, width: 2, dash: [2, 4] });
      pen.key("q = N(μ, σ²)", pen.key("f(z) = z²", panel.left, 12, COLOURS.true, { dash: [2, 4] }), 12, COLOURS.q);
    });
    pen.curve(panel, (z) => Math.exp(-0.5 * ((z - q[0]) / q[1]) ** 2), { colour: COLOURS.q, width: 3, fill: 0.25, places: 600 });
    for (const [px, py] of this.handles()) pen.dot(px, py, COLOURS.q);
  }

  // Where q is held: its mean at the peak, its width at μ ± σ.
  handles() {
    const { law, q } = this;
    return [0, -1, 1].map((side) => [law.px(between(Z_ENDS, q[0] + side * q[1])), law.py(side ? Math.exp(-0.5) : 1)]);
  }

  drawDraws(box) {
    const { pen, q, data, factors, variances, colours } = this, most = Math.abs(2 * q[0]) + 2.5 * Math.sqrt(Math.max(...variances));
    const reach = REACHES.find((one) => one >= most) ?? REACHES.at(-1), panel = new Panel(box, [-1.12 * reach, 1.12 * reach], [Math.log10(LEAST), 0]);
    pen.across(panel, "", 4);
    pen.up(panel, "", 0, powers(SHARES).map(([place, text]) => [place, `${text * 100} %`]));
    pen.words(`share of n = ${data.eps.values.length.toLocaleString("en")} draws`, 2, panel.top - 16, { size: 12 });
    ESTIMATES.forEach(([, colour], k) => {
      sharesOf(factors[k], data.eps.values, reach, N_BINS).forEach((share, bin) => {
        if (share < LEAST) return;
        const [left, right] = [bin, bin + 1].map((k) => panel.px(reach * ((2 * k) / N_BINS - 1)));
        pen.bar(left, panel.py(Math.log10(share)), right - 0.5, panel.bottom, colour, 0.6);
      });
    });
    const at = panel.px(2 * q[0]);
    pen.path([[at, panel.top], [at, panel.bottom]], { colour: colours.text, width: 2, dash: [2, 4] });
    pen.words("gradient estimate of a draw", panel.right, panel.bottom + 30, { align: "right", size: 12 });
  }

  drawSpreads(box) {
    const { pen, data, factors, variances } = this, { counts, covariances, n } = data;
    const panel = new Panel(box, [0, Math.log10(counts.at(-1)) + 0.1], SPREADS);
    pen.across(panel, "", 0, powers([0, 1, 2]));
    pen.up(panel, "", 0, powers(POWERS));
    pen.words("deviation of the mean (lines: exact)", panel.left - 40, panel.top - 16, { size: 12 });
    pen.words("draws averaged, N", panel.right, panel.bottom + 30, { align: "right", size: 12 });
    ESTIMATES.forEach(([name, colour, dash], k) => {
      const line = (count) => [panel.px(Math.log10(count)), panel.py(Math.log10(Math.sqrt(variances[k] / count)))];
      pen.inside(panel, () => pen.path([1, counts.at(-1)].map(line), { colour, dash, width: 2 }));
      counts.forEach((count, c) => {
        const spread = spreadOf(factors[k], covariances[c]), error = Z_95 * errorOfSpread(kurtosisOf(factors[k]), count, Math.floor(n / count));
        const px = panel.px(Math.log10(count)), [low, middle, high] = [1 - error, 1, 1 + error].map((share) => panel.py(Math.log10(share * spread)));
        pen.path([[px, low], [px, high]], { colour, width: 2 });
        pen.dot(px, middle, colour, 4);
      });
      pen.key(name, panel.left + 8 + (k ? 0.42 * panel.width : 0), panel.top + 2, colour, { dash });
    });
  }

  facts() {
    const { q: [mu, sigma], variances: [pathwise, score] } = this;
    return { mu, sigma, pathwise, score, ratio: score / pathwise };
  }

  tell() {
    const { q, variances: [pathwise, score] } = this, ratio = score / pathwise;
    this.say(`μ = ${written(q[0])}, σ = ${written(q[1])}. Variances ${large(pathwise)} pathwise, ${large(score)} score function: ratio ${large(ratio)}`);
  }

  grip(px, py) {
    const { law } = this, [mean, ...sides] = this.handles().map(([x, y]) => Math.hypot(x - px, y - py)), side = Math.min(...sides);
    if (py > law.bottom + 24 || px < law.left - 12 || px > law.right + 12) return null;
    this.offset = mean < NEAR ? this.q[0] - law.x(px) : 0;
    return side < NEAR && side < mean ? "width" : "mean";
  }

  drag(px) {
    const z = this.law.x(px), { q } = this;
    if (this.held === "width") this.put(q[0], Math.abs(z - q[0]));
    else this.put(z + this.offset, q[1]);
  }

  keys(times) {
    const [mu, sigma] = this.q, step = 0.05 * times, factor = Math.max(1.02 ** times, 1 + 0.01 / sigma);
    return {
      ArrowLeft: () => this.put(mu - step, sigma),
      ArrowRight: () => this.put(mu + step, sigma),
      ArrowUp: () => this.put(mu, sigma * factor),
      ArrowDown: () => this.put(mu, sigma / factor),
    };
  }
}

export default mounted(GradientRace, ".by-hand");
