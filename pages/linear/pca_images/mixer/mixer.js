// One picture and its first principal components: sliders move it along them, and a click on a component adds one standard deviation.

const QUIET_MS = 250, MOST = 3;

class Mixer {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.part("back").addEventListener("click", () => this.set(this.data.origin));
    this.part("mean").addEventListener("click", () => this.set(this.a.map(() => 0)));
  }

  update(bytes, send) {
    this.send = send;
    const { base, steps, origin, ...header } = unpack(bytes);
    if (header.name === this.data?.name) return;
    this.data = { ...header, base: base.values, steps: steps.values, origin: [...origin.values].map(rounded) };
    this.a = header.start ?? [...this.data.origin];
    this.values = new Float32Array(this.data.base.length);
    this.buildRows();
    this.draw();
  }

  buildRows() {
    const { data } = this, n = data.base.length;
    this.part("rows").replaceChildren();
    this.rows = this.a.map((_, j) => {
      const row = document.createElement("div"), picture = document.createElement("canvas"), name = `v${"₁₂₃₄₅₆"[j]}`;
      row.className = "component";
      row.innerHTML = '<button type="button"></button><label><span></span><input type="range" step="0.05"></label><output></output>';
      const [button, label, output] = row.children, [words, slider] = label.children;
      button.append(picture);
      button.title = `Add one standard deviation of ${name}; with Shift, take it away`;
      button.setAttribute("aria-label", button.title);
      words.textContent = `${name}: ${data.shares[j].toFixed(1)} % of the variance`;
      const reach = Math.max(MOST, Math.ceil(Math.abs(data.origin[j])));
      Object.assign(slider, { min: -reach, max: reach, value: this.a[j], ariaLabel: `Code ${j + 1}, in standard deviations` });
      slider.addEventListener("input", () => this.put(j, +slider.value));
      button.addEventListener("click", (event) => this.put(j, Math.min(reach, Math.max(-reach, this.a[j] + (event.shiftKey ? -1 : 1)))));
      show(picture, data, asPicture(data.steps, j, n));
      this.part("rows").append(row);
      return { slider, output };
    });
  }

  put(j, value) {
    this.set(this.a.map((old, k) => (k === j ? value : old)));
  }

  set(a) {
    this.a = a.map(rounded);
    this.pending ??= requestAnimationFrame(() => {
      this.pending = undefined;
      this.draw();
    });
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send?.("view", { name: this.data.of, a: this.a }), QUIET_MS);
  }

  draw() {
    const { data, a } = this;
    show(this.part("picture"), data, mixed(data, a, this.values));
    this.rows.forEach(({ slider, output }, j) => {
      slider.value = a[j];
      output.textContent = `${a[j] < 0 ? "−" : "+"}${Math.abs(a[j]).toFixed(2)} σ`;
    });
    const moved = Math.hypot(...a.map((value, j) => value - data.origin[j]));
    this.part("said").textContent = `Moved by ${moved.toFixed(2)} standard deviations.`;
    this.part("picture").setAttribute("aria-label", `${data.what}, moved along its first ${a.length} components.`);
    Object.assign(this.root.dataset, { a: a.join(","), middle: this.values[Math.floor(this.values.length / 2)].toFixed(5), frames: +(this.root.dataset.frames || 0) + 1 });
  }

  end() {
    cancelAnimationFrame(this.pending);
    clearTimeout(this.later);
  }
}

const rounded = (value) => Math.round(value * 100) / 100;

function show(canvas, image, values) {
  const { height, width } = image;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").putImageData(new ImageData(rgbaOf(image, values), width, height), 0, 0);
}

export default mounted(Mixer, ".mixer");
