// Bars of data and model that are dragged; beside them the entropy and the divergence, stacked up to the average surprise.

const COLOURS = { data: "#0072b2", model: "#d55e00", entropy: "#56b4e9", divergence: "#e69f00" };
const OF = ["data", "model"], SHARES = [0.001, 0.97], TOPS = [2, 4, 10];

class Surprise extends ByHand {
  constructor(root) {
    super(root);
    this.chosen = [1, 0]; // of which distribution, of which outcome
    this.part("copy").addEventListener("click", () => this.set({ weights: { data: this.weights.data, model: [...this.weights.data] } }));
    this.part("reset").addEventListener("click", () => this.set(structuredClone(this.data.usual)));
  }

  view() {
    const { names } = this.data, entries = OF.flatMap((of) => names.map((name, y) => [`surprise_${of}_${name.toLowerCase()}`, this.weights[of][y]]));
    return Object.fromEntries(entries);
  }

  // The chosen bar gets that share, as far as weights go.
  share(share) {
    const [of, y] = this.chosen, weights = { ...this.weights, [OF[of]]: [...this.weights[OF[of]]] };
    const weight = weightOf(weights[OF[of]], y, between(SHARES, share));
    weights[OF[of]][y] = +between(this.data.bounds, weight).toFixed(2);
    this.set({ weights });
  }

  paint(width, height) {
    const isNarrow = width < 460, half = height / 2, { weights } = this;
    const left = { left: 48, top: 56, width: (isNarrow ? width : 0.58 * width) - 56, height: (isNarrow ? half : height) - 86 };
    const right = isNarrow ? { left: 48, top: half + 36, width: width - 56, height: half - 66 } : { left: 0.66 * width, top: 56, width: 0.34 * width - 8, height: height - 86 };
    this.shares = new Panel(left, [-0.5, this.data.names.length - 0.5], [0, 1]);
    this.here = surpriseOf(weights.data, weights.model);
    this.drawShares();
    this.drawSum(right);
  }

  // Left and right end of a bar, in pixels.
  ends(of, y) {
    const { shares: panel } = this;
    return [panel.px(y - 0.4 + 0.41 * of), panel.px(y - 0.01 + 0.41 * of)];
  }

  drawShares() {
    const { pen, shares: panel, here, data, colours } = this, places = data.names.map((name, y) => [y, name]);
    pen.across(panel, "", 0, places);
    pen.up(panel, "", 5);
    pen.words("probability", 2, panel.top - 16, { size: 12 });
    let at = panel.left + 90;
    for (const [of, name] of [["data", "data Pop(y)"], ["model", "model P(y)"]]) at = pen.key(name, at, 14, COLOURS[of]);
    for (const [of, values] of [here.pop, here.model].entries()) {
      values.forEach((value, y) => {
        const [left, right] = this.ends(of, y), top = panel.py(value), isChosen = this.chosen[0] === of && this.chosen[1] === y;
        pen.bar(left, top, right, panel.bottom, COLOURS[OF[of]], isChosen ? 1 : 0.8);
        pen.path([[left, top], [right, top]], { colour: isChosen ? colours.text : COLOURS[OF[of]], width: isChosen ? 4 : 3 });
        const text = written(value);
        if (pen.widthOf(text, 12) < right - left) pen.words(text, (left + right) / 2, top - 12, { align: "center", size: 12 });
      });
    }
  }

  drawSum(box) {
    const { pen, here, colours } = this, { entropy, divergence, cross } = here;
    const panel = new Panel(box, [0, 2], [0, TOPS.find((top) => top > 1.08 * cross) ?? 1.1 * cross]), wide = (k) => [panel.px(k + 0.08), panel.px(k + 0.92)];
    pen.up(panel, "", 4);
    pen.words("nats", panel.left - 34, panel.top - 16, { size: 12 });
    pen.across(panel, "", 0, [[0.5, "H + KL"], [1.5, "E[−ln P]"]]);
    const part = (k, from, to, colour, name, value, ink) => {
      const [left, right] = wide(k), top = panel.py(to), bottom = panel.py(from), middle = (top + bottom) / 2, isTall = bottom - top > 46;
      pen.bar(left, top, right, bottom, colour);
      if (bottom - top < 22) return pen.words(`${name} ${value}`, (left + right) / 2, top - 12, { align: "center", size: 12 });
      if (isTall) pen.words(name, (left + right) / 2, middle - 11, { colour: ink, align: "center" });
      pen.words(isTall ? value : `${name} ${value}`, (left + right) / 2, isTall ? middle + 11 : middle, { colour: ink, align: "center", weight: isTall ? "700" : "" });
    };
    part(0, 0, entropy, COLOURS.entropy, "H", written(entropy, 3), "#000000");
    part(0, entropy, cross, COLOURS.divergence, "KL", written(divergence, 3), "#000000");
    part(1, 0, cross, COLOURS.model, "E", written(cross, 3), "#000000");
    pen.path([[panel.left, panel.py(entropy)], [panel.right, panel.py(entropy)]], { colour: colours.text, width: 2, dash: [6, 5] });
  }

  facts() {
    const { here: { entropy, divergence, cross }, weights } = this;
    return { entropy, divergence, cross, model: JSON.stringify(weights.model), pop: JSON.stringify(weights.data) };
  }

  tell() {
    const { here, data, chosen: [of, y] } = this, { pop, model, entropy, divergence, cross } = here;
    const sum = `H ${written(entropy, 3)} + KL ${written(divergence, 3)} = ${written(cross, 3)} nats`;
    this.say(`${of ? "Model" : "Data"} ${data.names[y]} ${written([pop, model][of][y])}. ${sum}`);
  }

  grip(px, py) {
    if (!this.shares.holds(px, Math.min(this.shares.bottom, py))) return null;
    const y = between([0, this.data.names.length - 1], Math.round(this.shares.x(px)));
    this.chosen = [+(this.shares.x(px) > y), y];
    return "bar";
  }

  drag(px, py) {
    this.share(this.shares.y(py));
  }

  keys(times) {
    const [of, y] = this.chosen, n = this.data.names.length, share = [this.here.pop, this.here.model][of][y], step = 0.01 * times;
    const go = (by) => {
      const k = (2 * y + of + by + 2 * n) % (2 * n);
      this.set({ chosen: [k % 2, Math.floor(k / 2)] });
    };
    return { ArrowLeft: () => go(-1), ArrowRight: () => go(1), ArrowUp: () => this.share(share + step), ArrowDown: () => this.share(share - step) };
  }
}

export default mounted(Surprise, ".by-hand");
