// A sheet of cells over [−3, 3]², or over an image, that a pen paints or wipes. Python hears of it when the pen is lifted: the code of the painted cells.

const PIXELS = 384; // along the sheet, about

class Painting {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.sheet = this.part("sheet");
    this.pen = this.sheet.getContext("2d");
    this.before = []; // what was painted before each stroke
    this.value = 1;
    this.cursor = null;
    this.messages = 0;
    this.listen();
  }

  update({ code, presets, ...header }, send) {
    this.send = send;
    Object.assign(this, header); // side, what, cell, under
    this.colours = this.themeColours();
    const select = this.part("preset");
    if (select.options.length === 1) for (const name of Object.keys(presets)) select.add(new Option(name, name));
    this.presets = presets;
    if (!this.cells) this.open(code); // from then on, what one paints is here; Python only echoes it
    this.draw();
  }

  open(code) {
    this.cells = decode(code, this.side) ?? new Uint8Array(this.side ** 2);
    this.wide = Math.round(PIXELS / this.side); // pixels of a cell
    this.sheet.width = this.sheet.height = this.side * this.wide;
  }

  themeColours() {
    const style = getComputedStyle(this.root), read = (name, other) => style.getPropertyValue(name).trim() || other;
    return { ink: read("--st-primary-color", "#ff4b4b"), text: read("--st-text-color", "#31333f"), font: style.fontFamily, least: parseFloat(read("--least-type", "0")) };
  }

  // ---- the picture

  draw() {
    const { pen, cells, colours } = this, size = this.sheet.width;
    pen.clearRect(0, 0, size, size);
    if (this.under) this.under.forEach((level, k) => this.fill(k, `rgb(${level}, ${level}, ${level})`));
    pen.globalAlpha = this.under ? 0.6 : 1;
    for (let k = 0; k < cells.length; k++) if (cells[k]) this.fill(k, colours.ink);
    pen.globalAlpha = 1;
    if (!this.under) this.drawAxes(size);
    if (this.cursor !== null) this.drawCursor();
    this.say();
  }

  // Where the k-th cell lies on the canvas: left, top, width and height.
  boxOf(k) {
    const { side, wide } = this;
    return [(k % side) * wide, (side - 1 - Math.floor(k / side)) * wide, wide, wide];
  }

  fill(k, colour) {
    this.pen.fillStyle = colour;
    this.pen.fillRect(...this.boxOf(k));
  }

  drawAxes(size) {
    const { pen, colours } = this, unit = size / (2 * REACH);
    pen.strokeStyle = pen.fillStyle = colours.text;
    pen.globalAlpha = 0.45;
    pen.lineWidth = 1;
    const type = Math.max(PIXELS / 25, (colours.least * size) / (this.sheet.clientWidth || size)); // in pixels of the sheet
    pen.font = `${type}px ${colours.font}`;
    pen.beginPath();
    for (const [x, y] of [[size / 2, 0], [0, size / 2]]) {
      pen.moveTo(x, y);
      pen.lineTo(size - x, size - y);
    }
    pen.stroke();
    pen.globalAlpha = 0.8;
    for (const k of [-2, 2]) {
      const label = String(k).replace("-", "−");
      pen.fillText(label, size / 2 + k * unit - 5, size / 2 + 1.2 * type);
      pen.fillText(label, size / 2 + 5, size / 2 - k * unit + 5);
    }
    pen.globalAlpha = 1;
  }

  drawCursor() {
    const { pen, colours, cursor, under } = this;
    pen.strokeStyle = under ? colours.ink : colours.text; // on an image, which is black or white in either theme
    pen.lineWidth = 3;
    pen.strokeRect(...this.boxOf(cursor));
  }

  say() {
    const n = countOf(this.cells);
    const painted = `${n.toLocaleString("en")} of ${(this.side ** 2).toLocaleString("en")} ${this.cell}s are painted`;
    this.part("said").textContent = n ? `${painted}.` : `Nothing is painted: paint at least one ${this.cell}.`;
    this.sheet.setAttribute("aria-label", `${this.what}; ${painted}. Arrow keys move, Space paints or wipes.`);
    this.root.dataset.painted = n;
  }

  // ---- what a person does

  place(event) {
    const box = this.sheet.getBoundingClientRect(), unit = (2 * REACH) / box.width;
    return [(event.clientX - box.left) * unit - REACH, REACH - (event.clientY - box.top) * unit];
  }

  keep() {
    this.before.push(this.cells.slice());
    if (this.before.length > 50) this.before.shift();
  }

  stroke(from, to) {
    brush(this.cells, from, to, +this.part("width").value, this.value);
    this.draw();
  }

  begin(event) {
    if (event.button > 0) return;
    event.preventDefault();
    this.sheet.setPointerCapture(event.pointerId);
    this.sheet.focus({ preventScroll: true });
    this.keep();
    this.cursor = null;
    this.last = this.place(event);
    this.stroke(this.last, this.last);
  }

  move(event) {
    if (!this.last) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) {
      const next = this.place(one);
      this.stroke(this.last, next);
      this.last = next;
    }
  }

  lift() {
    if (!this.last) return;
    this.last = null;
    this.report();
  }

  use(value) {
    this.value = value;
    this.part("paint").setAttribute("aria-pressed", String(value === 1));
    this.part("wipe").setAttribute("aria-pressed", String(value === 0));
  }

  become(cells, isNew = true) {
    if (isNew) this.keep();
    this.cells = cells;
    this.draw();
    this.report();
  }

  undo() {
    const before = this.before.pop();
    if (before) this.become(before, false);
  }

  // An empty sheet is no distribution: Python goes on with what was there.
  report() {
    if (!countOf(this.cells)) return;
    this.root.dataset.messages = ++this.messages;
    this.send?.("drawing", encode(this.cells));
  }

  key(event) {
    const { side } = this, steps = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: side, ArrowDown: -side };
    if (event.key in steps) {
      const at = this.cursor ?? (side >> 1) * (side + 1), next = at + (this.cursor === null ? 0 : steps[event.key]);
      const isAcross = Math.abs(steps[event.key]) === 1 && Math.floor(next / side) !== Math.floor(at / side);
      if (next >= 0 && next < side * side && !isAcross) this.cursor = next;
      this.draw();
    } else if (event.key === " " && this.cursor !== null) {
      this.keep();
      this.cells[this.cursor] = this.value;
      this.draw();
      this.report();
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.undo();
    else return;
    event.preventDefault();
  }

  listen() {
    const { sheet } = this;
    sheet.addEventListener("pointerdown", (event) => this.begin(event));
    sheet.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) sheet.addEventListener(name, () => this.lift());
    sheet.addEventListener("keydown", (event) => this.key(event));
    this.part("paint").addEventListener("click", () => this.use(1));
    this.part("wipe").addEventListener("click", () => this.use(0));
    this.part("undo").addEventListener("click", () => this.undo());
    this.part("clear").addEventListener("click", () => this.become(new Uint8Array(this.side ** 2)));
    this.part("preset").addEventListener("change", (event) => {
      const cells = decode(this.presets[event.target.value], this.side);
      event.target.value = "";
      if (cells) this.become(cells);
    });
  }
}

export default mounted(Painting, ".painting");
