// The plane, the images beside it, and what moves them: what every component with a plane of codes begins with.

const NEAR = 12; // pixels from a code within which it is meant
const MOVED = 4; // pixels after which a press is a drag
const QUIET_MS = 350; // after the last arrow key, z is sent
const IMAGE_CELLS = 15;
const BUDGET_MS = 10; // a frame for the images of the grid

class Pad {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.plane = this.part("plane");
    this.below = this.part("below").getContext("2d");
    this.above = this.part("above").getContext("2d");
    this.pin = this.hovered = -1;
    this.frames = 0;
    this.listen();
  }

  // ---- what Python says

  update(data, setStateValue) {
    this.send = setStateValue;
    this.data = data;
    this.colours = this.themeColours();
    const isFirst = !this.z;
    if (isFirst || this.z.length !== data.z.length) this.moveTo(data.z, data.pin);
    else if (data.move !== null && data.move !== this.lastMove) this.moveTo(data.z, data.pin);
    this.lastMove = data.move;
    this.take();
  }

  moveTo(z, pin) {
    this.z = Float32Array.from(z);
    this.pin = pin;
  }

  themeColours() {
    const style = getComputedStyle(this.root), value = (name) => style.getPropertyValue(name).trim();
    return { text: value("--st-text-color"), primary: value("--st-primary-color"), paper: value("--st-background-color") };
  }

  // Pixels of the plane for type of so many on the screen, or of the least that the page allows.
  type(size) {
    return Math.max(size, parseFloat(getComputedStyle(this.root).getPropertyValue("--least-type")) || 0) * this.ratio;
  }

  // What is drawn meanwhile is of the model before; where another one was chosen since, what arrives is left.
  async take() {
    const { decoder, codes } = this.data;
    const [weights, points] = await Promise.all([fetched(decoder), codes && fetched(codes)]);
    if (this.data.decoder !== decoder || this.data.codes !== codes) return;
    if (this.decoder?.address !== decoder) this.decoder = new Decoder(weights, decoder);
    if (!codes) this.codes = null;
    else if (this.codes?.address !== codes) this.takeCodes(points, codes);
    if (!this.codes || this.pin >= this.codes.n) this.pin = -1;
    this.root.dataset.bytes = weights.byteLength + (points?.byteLength ?? 0);
    this.drawBelow();
    this.request();
  }

  takeCodes(bytes, address) {
    const { codes: z, labels, sheet: png, ...header } = unpack(bytes);
    this.codes = { ...header, address, z: z.values, labels: labels?.values ?? null, d: z.shape[1], sheet: null };
    const codes = this.codes;
    createImageBitmap(new Blob([png.values], { type: "image/png" })).then((sheet) => {
      codes.sheet = sheet;
      this.request();
    });
  }

  // ---- from codes to pixels of the plane and back

  get size() {
    return this.above.canvas.width;
  }

  get axes() {
    return new Plane(this.data.view, this.size);
  }

  fit() {
    const ratio = Math.min(2, devicePixelRatio || 1), size = Math.max(64, Math.round(this.plane.clientWidth * ratio));
    this.ratio = size / Math.max(1, this.plane.clientWidth);
    if (this.size === size) return;
    for (const { canvas } of [this.below, this.above]) canvas.width = canvas.height = size;
    if (this.decoder) this.drawBelow();
  }

  // ---- what lies below: prior, codes, decoded images

  drawBelow() {
    this.fit();
    cancelAnimationFrame(this.filling);
    this.below.clearRect(0, 0, this.size, this.size);
    if (this.data.layer === "images") this.fillImages();
    else this.drawPlane();
  }

  drawPlane() {
    this.drawPrior();
    this.drawAxes();
    if (this.codes) this.drawCodes();
  }

  drawPrior() {
    if (!this.data.has_prior) return;
    const pen = this.below, { axes } = this, [ox, oy] = axes.toPixels(0, 0), one = axes.unit;
    pen.strokeStyle = pen.fillStyle = this.colours.text;
    pen.lineWidth = this.ratio;
    pen.font = `${this.type(11)}px ${getComputedStyle(this.root).fontFamily}`;
    for (const k of [1, 2, 3]) {
      pen.globalAlpha = 0.3;
      pen.beginPath();
      pen.arc(ox, oy, k * one, 0, 2 * Math.PI);
      pen.stroke();
      pen.globalAlpha = 0.65;
      pen.fillText(`${k}σ`, ox + k * one * 0.7071 + 3 * this.ratio, oy - k * one * 0.7071 - 2 * this.ratio);
    }
    pen.globalAlpha = 1;
  }

  drawAxes() {
    const pen = this.below, [across, up] = this.axes.ticks(), r = this.ratio;
    pen.fillStyle = pen.strokeStyle = this.colours.text;
    pen.font = `${this.type(11)}px ${getComputedStyle(this.root).fontFamily}`;
    pen.lineWidth = r;
    const say = (v) => String(+v.toFixed(6)).replace("-", "−");
    for (const [t, px] of across) {
      pen.globalAlpha = 0.1;
      pen.fillRect(px, 0, r, this.size);
      pen.globalAlpha = 0.65;
      pen.textAlign = "center";
      if (px > 14 * r && px < this.size - 30 * r) pen.fillText(say(t), px, this.size - 5 * r);
    }
    for (const [t, py] of up) {
      pen.globalAlpha = 0.1;
      pen.fillRect(0, py, this.size, r);
      pen.globalAlpha = 0.65;
      pen.textAlign = "left";
      if (py > 24 * r && py < this.size - 18 * r) pen.fillText(say(t), 4 * r, py + 4 * r);
    }
    this.nameAxes(pen);
    pen.textAlign = "left";
    pen.globalAlpha = 1;
  }

  nameAxes(pen) {
    const r = this.ratio, [i, j] = this.data.dims;
    pen.globalAlpha = 1;
    pen.font = `600 ${this.type(13)}px ${getComputedStyle(this.root).fontFamily}`;
    pen.textAlign = "right";
    pen.fillText(`z${subscript(i + 1)}`, this.size - 7 * r, this.size - 6 * r);
    pen.textAlign = "left";
    pen.fillText(`z${subscript(j + 1)}`, 6 * r, 15 * r);
  }

  drawCodes() {
    const pen = this.below, { z, n, d, labels, n_classes: nClasses } = this.codes, [i, j] = this.data.dims, palette = this.data.palette;
    const isNumeral = labels && nClasses <= 10, r = this.ratio, { axes } = this, least = this.type(0);
    pen.font = `700 ${Math.max(9.5 * r, least)}px ${getComputedStyle(this.root).fontFamily}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const taken = new Set(), numerals = [];
    for (let k = 0; k < n; k++) {
      const [px, py] = axes.toPixels(z[k * d + i], z[k * d + j]);
      pen.fillStyle = labels ? palette[labels[k] % palette.length] : this.colours.primary;
      if (isNumeral && !least) pen.fillText(labels[k], px, py);
      else {
        pen.beginPath();
        pen.arc(px, py, 2.6 * r, 0, 2 * Math.PI);
        pen.fill();
      }
      const cell = `${Math.floor(px / (1.4 * least))} ${Math.floor(py / (1.4 * least))}`;
      if (isNumeral && least && !taken.has(cell)) numerals.push([labels[k], px, py, pen.fillStyle]) && taken.add(cell);
    }
    // Numerals as large as a projector asks would hide each other: there the codes are dots, and one of each place says its class.
    Object.assign(pen, { lineWidth: 4 * r, strokeStyle: this.colours.paper, lineJoin: "round" });
    for (const [label, px, py, colour] of numerals) {
      pen.strokeText(label, px, py);
      pen.fillStyle = colour;
      pen.fillText(label, px, py);
    }
    pen.textAlign = "left";
    pen.textBaseline = "alphabetic";
  }

  // Decoded images at the middles of IMAGE_CELLS² cells, from the centre outwards, a few each frame.
  fillImages() {
    const cells = fromTheMiddle(IMAGE_CELLS), side = this.size / IMAGE_CELLS, { axes } = this;
    const small = document.createElement("canvas"), z = Float32Array.from(this.z), [i, j] = this.data.dims;
    const { width, height } = this.decoder, scale = Math.min(side / width, side / height);
    this.below.imageSmoothingEnabled = scale < 1;
    const fill = () => {
      const start = performance.now();
      while (cells.length && performance.now() - start < BUDGET_MS) {
        const [row, column] = cells.shift();
        [z[i], z[j]] = axes.toCode((column + 0.5) * side, (row + 0.5) * side);
        paint(small, this.decoder, this.decoder.decode(z));
        const w = width * scale, h = height * scale;
        this.below.drawImage(small, column * side + (side - w) / 2, row * side + (side - h) / 2, w, h);
      }
      if (cells.length) this.filling = requestAnimationFrame(fill);
      else this.drawPrior();
    };
    fill();
  }

  // ---- what follows the finger

  request() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = undefined;
      this.draw();
    });
  }

  draw() {
    if (!this.decoder || this.decoder.latentDim !== this.z.length) return;
    this.fit();
    const start = performance.now();
    const mean = this.decoder.decode(this.z);
    this.decodeMs = performance.now() - start;
    paint(this.part("decoded"), this.decoder, mean);
    this.drawAbove();
    this.showTest();
    this.frames += 1;
    const { dataset } = this.root;
    dataset.frames = this.frames;
    dataset.decodeMs = this.decodeMs.toFixed(3);
    dataset.z = [...this.z].map((v) => +v.toFixed(4)).join(",");
    const [i, j] = this.data.dims;
    this.part("z").textContent = `at z${subscript(i + 1)} = ${say(this.z[i])}, z${subscript(j + 1)} = ${say(this.z[j])}`;
    this.sayWhere();
  }

  // For who does not see it: where z is, and whose code is nearest. Said once the hand is at rest.
  sayWhere() {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      const [i, j] = this.data.dims, k = this.nearest(...this.axes.toPixels(this.z[i], this.z[j]), 1e6);
      const near = k < 0 ? "" : `. Its nearest code: ${this.nameOf(k)}`;
      this.part("decoded").setAttribute("aria-label", `Decoded image ${this.part("z").textContent}${near}`);
    }, 300);
  }

  drawAbove() {
    const pen = this.above, [i, j] = this.data.dims, r = this.ratio, { axes } = this, { text, primary, paper } = this.colours;
    pen.clearRect(0, 0, this.size, this.size);
    const ring = (k, width) => {
      const { z, d } = this.codes, [px, py] = axes.toPixels(z[k * d + i], z[k * d + j]);
      pen.strokeStyle = text;
      pen.lineWidth = width * r;
      pen.beginPath();
      pen.arc(px, py, 9 * r, 0, 2 * Math.PI);
      pen.stroke();
    };
    if (this.codes && this.hovered >= 0) ring(this.hovered, 1.5);
    if (this.codes && this.pin >= 0) ring(this.pin, 3);
    const [px, py] = axes.toPixels(this.z[i], this.z[j]);
    pen.strokeStyle = primary;
    pen.lineWidth = 1.25 * r;
    pen.beginPath();
    pen.moveTo(px, 0);
    pen.lineTo(px, this.size);
    pen.moveTo(0, py);
    pen.lineTo(this.size, py);
    pen.stroke();
    pen.beginPath();
    pen.arc(px, py, 7 * r, 0, 2 * Math.PI);
    pen.fillStyle = primary;
    pen.fill();
    pen.lineWidth = 2.5 * r;
    pen.strokeStyle = paper;
    pen.stroke();
  }

  showTest() {
    const k = this.hovered >= 0 ? this.hovered : this.pin, { codes } = this, box = this.part("test");
    const isShown = Boolean(codes?.sheet) && k >= 0;
    box.hidden = !isShown;
    this.part("hint").hidden = isShown || !codes;
    if (!isShown) return;
    this.paintTest(k);
    this.part("what").textContent = `${this.nameOf(k)}${k === this.pin ? " (kept)" : ""}`;
  }

  paintTest(k) {
    const { codes } = this, { width, height } = this.decoder, canvas = this.part("thumbnail");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").drawImage(codes.sheet, (k % codes.columns) * width, Math.floor(k / codes.columns) * height, width, height, 0, 0, width, height);
    canvas.setAttribute("aria-label", this.nameOf(k));
  }

  nameOf(k) {
    const { labels } = this.codes;
    return `Test image #${k}${labels ? `, class ${labels[k]}` : ""}`;
  }

  // ---- what a person does

  nearest(px, py, within) {
    if (!this.codes || this.data.layer === "images") return -1;
    return this.axes.nearest(this.codes, this.data.dims, px, py, within);
  }

  at(event) {
    const box = this.plane.getBoundingClientRect(), s = this.size / box.width;
    const inside = (v) => Math.min(this.size, Math.max(0, v * s));
    return [inside(event.clientX - box.left), inside(event.clientY - box.top)];
  }

  setPlane(px, py) {
    const [i, j] = this.data.dims;
    [this.z[i], this.z[j]] = this.axes.toCode(px, py);
    this.request();
  }

  keep(k) {
    this.pin = k;
    const { z, d } = this.codes;
    this.z = z.slice(k * d, (k + 1) * d);
    this.otherMoved();
  }

  // The images of the plane depend on the coordinates that are not on it.
  otherMoved() {
    if (this.data.layer === "images" && this.z.length > 2) this.drawBelow();
    this.request();
  }

  listen() {
    const { plane } = this;
    plane.addEventListener("pointerdown", (event) => {
      if (!this.decoder || event.button > 0) return;
      plane.setPointerCapture(event.pointerId);
      this.grip = { x: event.clientX, y: event.clientY, moved: false };
      this.hovered = -1;
    });
    plane.addEventListener("pointermove", (event) => {
      if (!this.decoder) return;
      const [px, py] = this.at(event), { grip } = this;
      if (!grip) {
        const found = this.nearest(px, py, NEAR * this.ratio);
        if (found !== this.hovered) {
          this.hovered = found;
          this.request();
        }
        return;
      }
      grip.moved ||= Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > MOVED;
      if (grip.moved) this.setPlane(px, py);
    });
    plane.addEventListener("pointerup", (event) => {
      const { grip } = this;
      this.grip = null;
      if (!grip) return;
      if (!grip.moved) this.click(...this.at(event));
      this.emit();
    });
    plane.addEventListener("pointercancel", () => {
      this.grip = null;
      this.emit();
    });
    plane.addEventListener("pointerleave", () => {
      if (this.hovered < 0) return;
      this.hovered = -1;
      this.request();
    });
    plane.addEventListener("keydown", (event) => this.key(event));
    this.observer = new ResizeObserver(() => this.decoder && this.request());
    this.observer.observe(plane);
  }

  click(px, py) {
    const found = this.nearest(px, py, NEAR * this.ratio);
    if (found < 0) this.setPlane(px, py);
    else this.keep(found);
  }

  key(event) {
    if (!this.decoder) return;
    const [i, j] = this.data.dims, step = this.data.view[2] * (event.shiftKey ? 0.1 : 0.02);
    const [px, py] = this.axes.toPixels(this.z[i], this.z[j]);
    const does = {
      ArrowRight: () => (this.z[i] += step),
      ArrowLeft: () => (this.z[i] -= step),
      ArrowUp: () => (this.z[j] += step),
      ArrowDown: () => (this.z[j] -= step),
      Enter: () => {
        const found = this.nearest(px, py, 1e6);
        if (found >= 0) this.keep(found);
      },
      Escape: () => (this.pin = -1),
      Home: () => {
        this.moveTo(this.data.home, -1);
        this.otherMoved();
      },
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
    this.request();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.emit(), QUIET_MS);
  }

  // What is shown from now on is what is said: z with the digits that the link holds.
  emit() {
    const z = [...this.z].map((v) => +(+v.toFixed(4)).toPrecision(6));
    this.z = Float32Array.from(z);
    this.request();
    this.root.dataset.messages = +(this.root.dataset.messages || 0) + 1;
    this.send?.("view", { z, pin: this.pin });
  }

  end() {
    cancelAnimationFrame(this.pending);
    cancelAnimationFrame(this.filling);
    clearTimeout(this.quiet);
    clearTimeout(this.saying);
    this.observer.disconnect();
  }
}

const say = (v) => v.toFixed(2).replace("-", "−");
const subscript = (n) => String(n).replace(/\d/g, (c) => "₀₁₂₃₄₅₆₇₈₉"[c]);

// An image with values in [0, 1], (channels, height, width), in the pixels of a canvas.
function paint(canvas, image, values) {
  const { height, width } = image;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").putImageData(new ImageData(rgba(image, values), width, height), 0, 0);
}
