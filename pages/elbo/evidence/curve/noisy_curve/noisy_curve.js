// p(x) as a heat map with the curve g(z) and its noise, p(z) below, and samples on their way from z to g(z) to x.

const HALF = 2.2, CELLS = 90, MOST = 1500, SECONDS = 1.6, LANDED = "#e69f00", CURVE = "#d55e00", HEAT = [0, 114, 178];

class NoisyCurve {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.stage = this.part("stage");
    this.pen = new Pen(this.part("canvas"));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.landed = [];
    this.flying = [];
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.stage);
    this.part("run").addEventListener("click", () => this.run(!this.running));
    this.part("clear").addEventListener("click", () => this.clear());
    this.part("save").addEventListener("click", () => this.save());
  }

  update(data) {
    const key = JSON.stringify([data.curve, data.noise, data.scale]), isOther = key !== this.key;
    Object.assign(this, { data, key, colours: themeColours(this.root) });
    this.stage.style.height = data.height;
    if (isOther) {
      this.nodes = curveNodes(data.curve, data.noise, data.scale);
      this.paint();
      this.clear();
    } else this.draw();
  }

  // The heat map: opacity by the root of p(x), relative to its largest value.
  paint() {
    const { noise, scale } = this.data, place = (k) => -HALF + ((k + 0.5) * 2 * HALF) / CELLS, p = [];
    for (let row = 0; row < CELLS; row++) for (let column = 0; column < CELLS; column++) p.push(densityAt(this.nodes, noise, scale, place(column), -place(row)));
    const image = new ImageData(CELLS, CELLS), most = Math.max(...p);
    p.forEach((value, k) => image.data.set([...HEAT, 235 * Math.sqrt(value / most)], 4 * k));
    this.heat ??= document.createElement("canvas");
    Object.assign(this.heat, { width: CELLS, height: CELLS });
    this.heat.getContext("2d").putImageData(image, 0, 0);
  }

  draw(ratio = Math.min(2, devicePixelRatio || 1)) {
    const width = this.stage.clientWidth, height = this.stage.clientHeight, { pen, data, colours } = this;
    if (!data || width < 50 || height < 50) return;
    pen.begin(width, height, ratio, colours);
    const side = Math.min(width - 34, height - 110), left = 30 + (width - 34 - side) / 2;
    this.plane = new Panel({ left, top: 6, width: side, height: side }, [-HALF, HALF], [-HALF, HALF]);
    this.line = new Panel({ left, top: height - 78, width: side, height: 54 }, [-REACH, REACH], [0, 0.42]);
    const { plane, line } = this, normal = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    pen.context.imageSmoothingEnabled = true;
    pen.context.drawImage(this.heat, plane.left, plane.top, plane.width, plane.height);
    const spine = Array.from({ length: 161 }, (_, k) => curvePoint(data.curve, -3 + (6 * k) / 160)), shown = spine.map(([x, y]) => [plane.px(x), plane.py(y)]);
    const tube = (4 * data.scale * plane.width) / (2 * HALF);
    pen.inside(plane, () => {
      pen.path(shown, { colour: CURVE, width: tube, alpha: 0.13 });
      pen.path(shown, { colour: CURVE, width: 2.5 });
      for (const [x, y] of this.landed) pen.dot(plane.px(x), plane.py(y), LANDED, 3.5);
    });
    pen.path([[plane.left, plane.top], [plane.right, plane.top], [plane.right, plane.bottom], [plane.left, plane.bottom], [plane.left, plane.top]], { colour: colours.text, width: 1, alpha: 0.4 });
    pen.curve(line, normal, { colour: "#808080", width: 2, fill: 0.25 });
    pen.across(line, "z");
    pen.words("p(z)", line.left + 4, line.top + 8, { size: 12 });
    for (const one of this.flying) {
      const [px, py] = this.placeOf(one);
      pen.dot(px, py, LANDED, 6);
    }
    this.part("said").textContent = `${this.landed.length} samples`;
    this.part("run").textContent = this.running ? "❚❚ Pause" : "▶ Draw samples";
    this.part("run").setAttribute("aria-pressed", String(Boolean(this.running)));
    Object.assign(this.root.dataset, { samples: this.landed.length, scale: data.scale });
  }

  placeOf({ z, on, end, born }) {
    const { plane, line, now } = this, pixel = ([x, y]) => [plane.px(x), plane.py(y)], t = (now - born) / (1000 * SECONDS);
    return samplePlace([line.px(z), line.bottom - 4], pixel(on), pixel(end), t);
  }

  sample() {
    const { curve, noise, scale } = this.data, uniform = () => 1 - Math.random();
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
    this.observer.disconnect();
  }
}

const noisyCurves = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".noisy");
  if (!noisyCurves.has(root)) noisyCurves.set(root, new NoisyCurve(root));
  noisyCurves.get(root).update(data);
  return () => {
    noisyCurves.get(root)?.end();
    noisyCurves.delete(root);
  };
}
