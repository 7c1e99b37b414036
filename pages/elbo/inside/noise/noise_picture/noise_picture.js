// z over its noise, which is moved by its parameter or jumps; beside it the gradient over the parameter: exact, expected, and of draws.

const COLOURS = { exact: "#0072b2", moved: "#d55e00", relaxed: "#009e73", score: "#cc79a7" };
const APART = 0.5; // between the two parameters at which z is drawn
const LOCATED = { z: [-6, 6.5], gradient: [-8.5, 6.5] }, STEPPED = { z: [-0.08, 1.08], gradient: [-0.04, 0.065] };
const PLACES = Array.from({ length: 49 }, (_, k) => -3 + k / 8), DOTS = PLACES.filter((_, k) => k % 4 === 0);

class Noise extends ByHand {
  constructor(root) {
    super(root);
    this.part("reset").addEventListener("click", () => this.set({ ...this.data.usual }));
    this.slides("temperature", (power) => this.heat(10 ** power));
  }

  update(bytes, send) {
    const data = unpack(bytes), [low, high] = data.temperatures.map(Math.log10);
    Object.assign(this.part("temperature"), { min: low, max: high });
    this.part("heat").hidden = !data.isStep;
    if (data.seed !== this.data?.seed || data.of !== this.data.of) this.take(data);
    super.update(data, send);
  }

  // What draws say whatever the temperature is, once.
  take({ isStep, draws: { values } }) {
    this.estimates = isStep ? { score: DOTS.map((at) => estimateOf(Array.from(values, (u) => scoreOf(at, u)))) } : {};
    this.estimates.moved = DOTS.map((at) => (isStep ? { mean: 0, error: 0 } : estimateOf(Array.from(values, (noise) => pathwiseOf(at, noise)))));
    this.logits = isStep && Float64Array.from(values, logit);
  }

  // What a temperature makes of them and of the integral, once.
  cool() {
    const { temperature, logits } = this;
    if (this.relaxed?.temperature === temperature && this.relaxed.logits === logits) return;
    const falls = fallsOf(logits, temperature), atPlaces = fallsOf(ORDINATES, 1 / temperature);
    const curve = PLACES.map((at) => relaxedMoments(at, temperature, atPlaces).mean);
    this.relaxed = { temperature, logits, curve, dots: DOTS.map((at) => relaxedEstimate(at, temperature, falls)) };
  }

  view() {
    const { data, parameter, temperature } = this;
    return { [data.key]: parameter, ...(data.isStep && { noise_temperature: temperature }) };
  }

  put(parameter) {
    this.set({ parameter: +between(this.data.parameters, parameter).toFixed(2) });
  }

  heat(temperature) {
    if (this.data.isStep) this.set({ temperature: +between(this.data.temperatures, temperature).toPrecision(3) });
  }

  paint(width, height) {
    const { pen, data } = this, isNarrow = width < 460, half = height / 2, edge = 14 + pen.widthOf("−0.04", 12), top = data.isStep ? 74 : 54;
    const wide = { left: edge, width: width - edge - 8 }, tall = { top, height: height - top - 34 }, ends = data.isStep ? STEPPED : LOCATED;
    const left = isNarrow ? { ...wide, top, height: half - top - 30 } : { left: edge, width: 0.44 * width - edge, ...tall };
    const right = isNarrow ? { ...wide, top: half + top, height: half - top - 30 } : { left: 0.44 * width + edge + 16, width: 0.56 * width - edge - 24, ...tall };
    this.noise = new Panel(left, [0, 1], ends.z);
    this.gradient = new Panel(right, [-3.1, 3.1], ends.gradient);
    this.drawNoise();
    this.drawGradient();
  }

  // Names of curves, two in a row, above a panel.
  names(panel, names) {
    this.pen.keys(names, panel.left, panel.right, panel.top - (this.data.isStep ? 58 : 38), 20);
  }

  drawNoise() {
    const { pen, noise: panel, data, parameter, temperature } = this, { isStep, u, standard } = data;
    pen.kept("axes", [panel, isStep], () => this.drawAxes());
    const curve = (value, colour, dash) => pen.path(Array.from(u.values, (one, k) => [panel.px(one), panel.py(value(one, k))]), { colour, dash, width: 2.5 });
    const both = (value, colour) => pen.inside(panel, () => [[parameter, []], [parameter + APART, [7, 5]]].forEach(([at, dash]) => curve(value(at), colour, dash)));
    pen.kept("moved", [panel, data.of, parameter], () => {
      both((at) => (isStep ? (one) => stepOf(at, one) : (_, k) => movedOf(at, standard.values[k])), COLOURS.moved);
      this.nameNoise();
    });
    if (isStep) both((at) => (one) => relaxedOf(at, temperature, logit(one)), COLOURS.relaxed);
  }

  drawAxes() {
    const { pen, noise: panel } = this;
    pen.across(panel, "u", 4);
    pen.up(panel, "", 5);
    pen.words("z", panel.left - 8, panel.top - 10, { align: "right", weight: "italic" });
  }

  nameNoise() {
    const { noise: panel, parameter, data: { symbol, isStep } } = this;
    const names = [[`${symbol} = ${written(parameter)}`, COLOURS.moved, []], [`${symbol} + ½`, COLOURS.moved, [5, 4]]];
    this.names(panel, isStep ? [...names, ["relaxed", COLOURS.relaxed]] : names);
  }

  drawGradient() {
    const { pen, gradient: panel, data, parameter, temperature, colours } = this, { isStep } = data;
    pen.kept("gradient", [panel, data.of, data.seed], () => this.drawGradients());
    if (isStep) pen.kept("relaxed", [panel, data.seed, temperature], () => this.drawRelaxed());
    pen.path([[panel.px(parameter), panel.top], [panel.px(parameter), panel.bottom]], { colour: colours.text, dash: [6, 5], width: 1.5, alpha: 0.7 });
    pen.dot(panel.px(parameter), panel.py(exactOf(isStep, parameter)), COLOURS.exact);
    if (isStep) pen.dot(panel.px(parameter), panel.py(relaxedMoments(parameter, temperature).mean), COLOURS.relaxed);
  }

  drawGradients() {
    const { pen, gradient: panel, data } = this, { isStep } = data;
    pen.across(panel, data.symbol, 6);
    pen.up(panel, "", 5);
    pen.words(`gradient by the ${isStep ? "log odds ℓ" : "location m"}`, panel.left - 34, panel.top - 10, { size: 12 });
    this.gradientCurve(PLACES.map((at) => exactOf(isStep, at)), { colour: COLOURS.exact });
    if (isStep) this.dots(this.estimates.score, COLOURS.score);
    this.dots(this.estimates.moved, COLOURS.moved);
    const names = [["exact", COLOURS.exact], ["pathwise", COLOURS.moved, [3, 3]]];
    this.names(panel, isStep ? [...names, ["relaxed", COLOURS.relaxed, [5, 4]], ["score function", COLOURS.score, [3, 3]]] : names);
  }

  drawRelaxed() {
    this.cool();
    this.gradientCurve(this.relaxed.curve, { colour: COLOURS.relaxed, dash: [7, 5] });
    this.dots(this.relaxed.dots, COLOURS.relaxed);
  }

  gradientCurve(values, look) {
    const { pen, gradient: panel } = this;
    pen.path(values.map((value, k) => [panel.px(PLACES[k]), panel.py(value)]), { width: 3, ...look });
  }

  // Estimates with their 95 % confidence intervals.
  dots(estimates, colour) {
    const { pen, gradient: panel } = this;
    pen.inside(panel, () => estimates.forEach(({ mean, error }, k) => {
      const px = panel.px(DOTS[k]);
      pen.path([mean - Z_95 * error, mean + Z_95 * error].map((y) => [px, panel.py(y)]), { colour, width: 2 });
    }));
    estimates.forEach(({ mean }, k) => pen.dot(panel.px(DOTS[k]), panel.py(mean), colour, 4));
  }

  facts() {
    const { data: { isStep }, parameter, temperature } = this;
    return { parameter, temperature, exact: exactOf(isStep, parameter) };
  }

  tell() {
    const { data, parameter, temperature } = this, { isStep, symbol, draws } = data, exact = exactOf(isStep, parameter);
    this.part("temperature").value = Math.log10(temperature);
    say(this.part("temperature-value"), `T = ${temperature.toPrecision(2)}`);
    const found = isStep ? relaxedMoments(parameter, temperature) : estimateOf(Array.from(draws.values, (noise) => pathwiseOf(parameter, noise)));
    const other = isStep ? `relaxed ${written(found.mean, 4)}` : `pathwise ${written(found.mean, 3)} ± ${(Z_95 * found.error).toFixed(3)}`;
    this.say(`${symbol} = ${written(parameter)}: exact gradient ${written(exact, isStep ? 4 : 3)}, ${other}`);
  }

  grip(px, py) {
    if (this.gradient.holds(px, py)) return "parameter";
    if (!this.noise.holds(px, py)) return null;
    this.offset = this.data.isStep ? 0 : this.parameter - this.noise.y(py);
    return "noise";
  }

  drag(px, py) {
    if (this.held === "parameter") this.put(this.gradient.x(px));
    else if (this.data.isStep) this.put(-logit(between([0.01, 0.99], this.noise.x(px)))); // b jumps at u = 1 − p
    else this.put(this.noise.y(py) + this.offset);
  }

  keys(times) {
    const { parameter, temperature } = this, step = 0.05 * times, factor = 1.05 ** times;
    return {
      ArrowLeft: () => this.put(parameter - step),
      ArrowRight: () => this.put(parameter + step),
      ArrowUp: () => this.heat(temperature * factor),
      ArrowDown: () => this.heat(temperature / factor),
    };
  }
}

export default mounted(Noise, ".by-hand");
