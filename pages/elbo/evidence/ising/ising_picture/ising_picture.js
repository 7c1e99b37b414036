// Spins to flip; how probable each agreement is, with what a chain of states meets; ln Z over the coupling, which is dragged.

const COLOURS = { exact: "#0072b2", chosen: "#d55e00", chain: "#009e73" };
const TOPS = [0.25, 0.5, 1], HEIGHTS = [10, 26]; // of the probabilities; nats of ln Z
const SWEEPS = 20, SHOWN = 400; // per frame; milliseconds for which the spins of a running chain stay, so that they do not flicker

class Ising extends ByHand {
  constructor(root) {
    super(root);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.spins = Array.from({ length: N_SPINS }, (_, k) => {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.addEventListener("click", () => this.put(flipped(this.state, k)));
      return this.part("spins").appendChild(button);
    });
    this.part("run").addEventListener("click", () => this.run(!this.running));
    this.part("align").addEventListener("click", () => this.put(2 ** N_SPINS - 1));
    this.slides("coupling", (coupling) => this.couple(coupling));
    this.forget();
  }

  update(data, send) {
    const { agreement } = data.levels, [low, high] = [Math.min(...agreement), Math.max(...agreement)];
    this.at = new Map(agreement.map((one, l) => [one, l]));
    this.ends = [low - 5, high + 5];
    super.update(data, send);
  }

  view() {
    return { ising_j: this.coupling, ising_state: this.state };
  }

  put(state) {
    this.run(false);
    this.set({ state });
  }

  couple(coupling) {
    this.forget();
    this.set({ coupling: +between([0, 1], coupling).toFixed(2) });
  }

  // What the chain has met is of one coupling.
  forget() {
    Object.assign(this, { met: new Map(), n: 0 });
  }

  run(isOn) {
    if (!isOn && !this.running) return;
    cancelAnimationFrame(this.running);
    this.running = null;
    const step = (now) => {
      for (let k = 0; k < (this.calm.matches ? 50 : 1) * SWEEPS; k++) this.sweep();
      if (now - (this.shownAt ?? 0) > SHOWN) Object.assign(this, { state: this.walker, shownAt: now });
      if (this.calm.matches) return this.run(false);
      this.running = requestAnimationFrame(step);
      this.draw();
    };
    if (isOn) {
      this.walker = this.state;
      this.running = requestAnimationFrame(step);
      this.soon();
    } else this.set({ state: this.walker });
  }

  sweep() {
    this.walker = swept(this.walker, this.coupling, Math.random);
    const level = agreementOf(this.walker);
    this.met.set(level, (this.met.get(level) ?? 0) + 1);
    this.n += 1;
  }

  paint(width, height) {
    const isNarrow = width < 420, half = height / 2, below = { left: 46, width: width - 54 };
    const left = isNarrow ? { ...below, top: 50, height: half - 80 } : { left: 46, top: 50, width: 0.5 * width - 52, height: height - 80 };
    const right = isNarrow ? { ...below, top: half + 70, height: half - 100 } : { left: 0.5 * width + 48, top: 74, width: 0.5 * width - 56, height: height - 104 };
    this.here = ensembleOf(this.data.levels, this.coupling);
    this.drawLevels(left);
    this.curve = new Panel(right, [0, 1], HEIGHTS);
    this.drawNormaliser();
  }

  drawLevels(box) {
    const { pen, here, data, state, met, n } = this, { agreement } = data.levels, own = agreementOf(state);
    const most = Math.max(...here.probabilities), panel = new Panel(box, this.ends, [0, TOPS.find((top) => top >= most)]);
    const wide = Math.max(2, 0.8 * (panel.px(2) - panel.px(0)) - 1);
    pen.up(panel, "", 4);
    pen.across(panel, "", 4, plain([-24, -12, 0, 12, 24]));
    pen.words("probability of Σ sᵢsⱼ", 2, 10, { size: 12 });
    agreement.forEach((one, l) => {
      const middle = panel.px(one), top = panel.py(here.probabilities[l]);
      pen.bar(middle - wide / 2, top, middle + wide / 2, panel.bottom, one === own ? COLOURS.chosen : COLOURS.exact, one === own ? 1 : 0.75);
      if (n && met.has(one)) pen.dot(middle, panel.py(panel.within(met.get(one) / n)), COLOURS.chain, 4);
    });
    pen.key("this state", panel.left + 8, panel.top - 14, COLOURS.chosen);
    if (n) pen.words(`● chain, n = ${n.toLocaleString("en")}`, panel.left + 8, panel.top + 6, { colour: COLOURS.chain, size: 12, weight: "600" });
  }

  drawNormaliser() {
    const { pen, curve: panel, here, coupling, data, colours } = this, { logZ, mean } = here;
    pen.kept("normaliser", [panel, data.levels], () => {
      pen.across(panel, "J", 4);
      pen.up(panel, "", 5);
      pen.curve(panel, (j) => ensembleOf(data.levels, j).logZ, { colour: COLOURS.exact, width: 3, places: 100 });
    });
    pen.words(`ln Z = ${written(logZ, 3)} nats`, panel.left - 40, panel.top - 64, { weight: "600" });
    pen.words(`slope = mean Σ sᵢsⱼ = ${written(mean, 2)}`, panel.left - 40, panel.top - 40, { size: 12 });
    pen.path([[panel.px(coupling), panel.top], [panel.px(coupling), panel.bottom]], { colour: colours.text, dash: [6, 5], width: 1.5, alpha: 0.6 });
    pen.inside(panel, () => pen.path([0, 1].map((j) => [panel.px(j), panel.py(logZ + mean * (j - coupling))]), { colour: COLOURS.chosen, width: 2, alpha: 0.7 }));
    pen.dot(panel.px(coupling), panel.py(logZ), COLOURS.chosen, 8);
  }

  get moves() {
    return super.moves || Boolean(this.running);
  }

  facts() {
    const { here: { logZ, mean }, state, coupling, n } = this;
    return { coupling, state, logZ, mean, samples: n };
  }

  tell() {
    const { here, state, coupling } = this, own = agreementOf(state), weight = coupling * own;
    this.spins.forEach((button, k) => {
      const isUp = spinOf(state, k) > 0;
      say(button, isUp ? "+" : "−");
      button.ariaLabel = `Row ${Math.floor(k / SIDE) + 1}, column ${(k % SIDE) + 1}: ${isUp ? "+" : "−"}1`;
      button.setAttribute("aria-pressed", String(isUp));
    });
    this.part("coupling").value = coupling;
    say(this.part("coupling-value"), `J = ${written(coupling)}`);
    say(this.part("run"), this.running ? "❚❚ Pause" : "▶ Run a chain");
    this.part("run").setAttribute("aria-pressed", String(Boolean(this.running)));
    this.say(`ln p(this state) = J · ${written(own, 0)} − ln Z = ${written(weight - here.logZ, 3)}`);
  }

  grip(px, py) {
    const { curve } = this, isNear = py > curve.top - 12 && py < curve.bottom + 24;
    return isNear && px > curve.left - 12 && px < curve.right + 12 ? "coupling" : null;
  }

  drag(px) {
    this.couple(this.curve.x(px));
  }

  keys(times) {
    return { ArrowLeft: () => this.couple(this.coupling - 0.01 * times), ArrowRight: () => this.couple(this.coupling + 0.01 * times) };
  }

  end() {
    cancelAnimationFrame(this.running);
    super.end();
  }
}

export default mounted(Ising, ".by-hand");
