// Points in the plane and a direction v that is turned by hand: what is lost and what is kept, beside the curves over all angles.

const HALF_WIDTH = 5, NEAR = 14, MOVED = 4, QUIET_MS = 200, FEWEST = 2, MOST = 60;

class CloudPlot {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.stage = this.part("stage");
    this.observer = new ResizeObserver(() => this.request());
    for (const name of ["stage", "curves"]) this.observer.observe(this.part(name));
    this.part("turn").addEventListener("click", () => this.edit(false));
    this.part("edit").addEventListener("click", () => this.edit(true));
    this.part("outlier").addEventListener("click", () => this.toggleOutlier());
    this.part("snap").addEventListener("click", () => this.snap());
    this.part("power").addEventListener("click", () => this.step());
    this.listen();
  }

  // ---- what Python says: a view when the picture opens, and other points when another seed was asked for

  update(data, send) {
    this.send = send;
    const isFirst = this.angle === undefined;
    if (isFirst) this.angle = data.angle;
    if (isFirst || data.seed !== this.seed) this.points = data.points.map((p) => [...p]);
    Object.assign(this, { seed: data.seed, seeded: data.seeded, outlier: data.outlier, scale: data.scale, look: data.colours, chosen: -1 });
    this.root.classList.toggle("alone", data.alone);
    this.colours = themeColours(this.root);
    this.request();
  }

  // ---- what a person does

  edit(isEditing) {
    this.editing = isEditing;
    this.chosen = -1;
    this.stage.classList.toggle("editing", isEditing);
    this.part("edit").setAttribute("aria-pressed", String(isEditing));
    this.part("turn").setAttribute("aria-pressed", String(!isEditing));
    this.request();
  }

  turnTo(angle) {
    this.angle = Math.round(wrapped(angle) * 1e4) / 1e4;
    this.request();
    this.report();
  }

  snap() {
    this.turnTo(principal(this.points).best);
  }

  step() {
    this.turnTo(powerStep(principal(this.points), this.angle));
  }

  isOutlier(p) {
    return p[0] === this.outlier[0] && p[1] === this.outlier[1];
  }

  toggleOutlier() {
    const without = this.points.filter((p) => !this.isOutlier(p));
    if (without.length < this.points.length) this.setPoints(without);
    else this.add(this.outlier);
  }

  add([x, y]) {
    if (this.points.length < MOST) this.setPoints([...this.points, [onGrid(x), onGrid(y)]]);
  }

  remove(k) {
    this.chosen = -1;
    if (this.points.length > FEWEST) this.setPoints(this.points.filter((_, i) => i !== k));
  }

  move(k, x, y) {
    this.setPoints(this.points.map((p, i) => (i === k ? [onGrid(x), onGrid(y)] : p)));
  }

  setPoints(points) {
    this.points = points;
    this.request();
    this.report();
  }

  // Where the pointer is, in the plane.
  at(event) {
    const box = this.stage.getBoundingClientRect(), unit = (2 * HALF_WIDTH) / box.width;
    return [(event.clientX - box.left) * unit - HALF_WIDTH, HALF_WIDTH - (event.clientY - box.top) * unit];
  }

  nearest([x, y]) {
    const reach = (NEAR * 2 * HALF_WIDTH) / this.stage.clientWidth, away = this.points.map((p) => Math.hypot(p[0] - x, p[1] - y));
    const k = away.indexOf(Math.min(...away));
    return away[k] <= reach ? k : -1;
  }

  turnTowards(event) {
    const [x, y] = this.at(event), { mean } = principal(this.points);
    if (x !== mean[0] || y !== mean[1]) this.turnTo(Math.atan2(y - mean[1], x - mean[0]) / RADIAN);
  }

  listen() {
    const { stage } = this;
    stage.addEventListener("pointerdown", (event) => {
      if (event.button > 0 || !this.points) return;
      stage.setPointerCapture(event.pointerId);
      this.grip = { x: event.clientX, y: event.clientY, moved: false, k: this.editing ? this.nearest(this.at(event)) : -1 };
      if (!this.editing) this.turnTowards(event);
    });
    stage.addEventListener("pointermove", (event) => {
      const { grip } = this;
      if (!grip) return;
      grip.moved ||= Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > MOVED;
      if (!this.editing) this.turnTowards(event);
      else if (grip.moved && grip.k >= 0) this.move(grip.k, ...this.at(event));
    });
    stage.addEventListener("pointerup", (event) => {
      const { grip } = this;
      this.grip = null;
      if (!grip || !this.editing || grip.moved) return;
      if (grip.k >= 0) this.remove(grip.k);
      else this.add(this.at(event));
    });
    stage.addEventListener("pointercancel", () => (this.grip = null));
    stage.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const step = event.shiftKey ? 10 : 1, { points } = this;
    const turning = {
      ArrowLeft: () => this.turnTo(this.angle + step),
      ArrowRight: () => this.turnTo(this.angle - step),
      s: () => this.snap(),
      p: () => this.step(),
    };
    const [x, y] = points[this.chosen] ?? principal(points).mean, by = step / 10, k = this.chosen;
    const editing = {
      n: () => ((this.chosen = (k + 1) % points.length), this.request()),
      a: () => this.add([x + 0.5, y + 0.5]),
      Delete: () => k >= 0 && this.remove(k),
      ArrowLeft: () => k >= 0 && this.move(k, x - by, y),
      ArrowRight: () => k >= 0 && this.move(k, x + by, y),
      ArrowUp: () => k >= 0 && this.move(k, x, y + by),
      ArrowDown: () => k >= 0 && this.move(k, x, y - by),
    };
    const does = (this.editing ? editing : turning)[event.key];
    if (!does || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    does();
  }

  // ---- what is drawn

  request() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = undefined;
      if (this.points) this.draw();
    });
  }

  pen(name) {
    const place = emptied(this.part(name));
    place.pen.lineCap = "round";
    return place;
  }

  draw() {
    const exact = principal(this.points), error = errorAt(exact, this.angle), kept = varianceAt(exact, this.angle);
    this.drawPoints(exact);
    if (this.part("curves").clientWidth > 0) drawCurves(this.pen("lines"), exact, this.angle, this.look, this.colours);
    this.part("outlier").setAttribute("aria-pressed", String(this.points.some((p) => this.isOutlier(p))));
    const f = (v) => v.toFixed(3);
    const sum = `error ${f(error)} + projected variance ${f(kept)} = ${f(exact.total)}`;
    this.part("said").textContent = `v at ${this.angle.toFixed(1)}°, ${apart(this.angle, exact.best).toFixed(1)}° from the best:  ${sum}`;
    this.stage.setAttribute("aria-label", `${this.points.length} points and a direction v. ${this.part("said").textContent}. Arrow keys turn v.`);
    this.part("lines").setAttribute("aria-label", `Error and projected variance over the angle of v, which add up everywhere. Here: ${sum}.`);
    Object.assign(this.root.dataset, { angle: this.angle, n: this.points.length, error: error.toPrecision(8), kept: kept.toPrecision(8), frames: +(this.root.dataset.frames || 0) + 1 });
  }

  drawPoints(exact) {
    const { pen, width } = this.pen("points"), unit = width / (2 * HALF_WIDTH), { text, paper } = this.colours, { lost, kept } = this.look;
    const px = ([x, y]) => [width / 2 + unit * x, width / 2 - unit * y];
    const line = (from, to, colour, wide, dash = []) => {
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.setLineDash(dash);
      pen.beginPath();
      pen.moveTo(...px(from));
      pen.lineTo(...px(to));
      pen.stroke();
      pen.setLineDash([]);
    };
    const dot = (p, radius, fill, edge) => {
      pen.beginPath();
      pen.arc(...px(p), radius, 0, 2 * Math.PI);
      pen.fillStyle = fill;
      pen.fill();
      if (!edge) return;
      pen.strokeStyle = edge;
      pen.lineWidth = 1.5;
      pen.stroke();
    };
    const { mean } = exact, v = direction(this.angle), along = (way, by) => [mean[0] + by * way[0], mean[1] + by * way[1]];
    line(along(v, -20), along(v, 20), kept, 2);
    const hats = projected(this.points, exact, this.angle, this.scale);
    this.points.forEach((p, i) => line(p, hats[i], lost, 2, [4, 4]));
    hats.forEach((p) => dot(p, 3.5, kept));
    exact.eigenvalues.forEach((value, j) => arrow(pen, px(mean), px(along(direction(exact.best + 90 * j), Math.sqrt(value))), text, 3));
    arrow(pen, px(mean), px(along(v, 3.7)), kept, 4);
    this.points.forEach((p, i) => dot(p, i === this.chosen ? 8 : 5.5, text, paper));
    // Names with the paper's colour round them, so that they can be read over points and sticks.
    const write = (words, [x, y], weight = 400) => {
      pen.font = `${weight} ${Math.max(15, this.colours.least)}px ${this.colours.font}`;
      Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round", strokeStyle: paper, lineWidth: 4, fillStyle: text });
      pen.strokeText(words, x, y);
      pen.fillText(words, x, y);
    };
    exact.eigenvalues.forEach((value, j) => write(`√λ${"₁₂"[j]} = ${Math.sqrt(value).toFixed(2)}`, px(along(direction(exact.best + 90 * j), Math.sqrt(value) + 0.5))));
    write("v", px(along(v, 4)), 700);
  }

  // ---- what Python hears, when the hand rests

  report() {
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      const points = codeOf(this.points);
      this.send?.("view", { angle: this.angle, seed: this.seed, points: points === codeOf(this.seeded) ? "" : points });
      this.root.dataset.messages = +(this.root.dataset.messages || 0) + 1;
    }, QUIET_MS);
  }

  end() {
    cancelAnimationFrame(this.pending);
    clearTimeout(this.later);
    this.observer.disconnect();
  }
}

function arrow(pen, [x, y], [tx, ty], colour, wide) {
  const angle = Math.atan2(ty - y, tx - x), tip = Math.min(4 * wide, Math.hypot(tx - x, ty - y));
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = wide;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(tx - 0.6 * tip * Math.cos(angle), ty - 0.6 * tip * Math.sin(angle));
  pen.stroke();
  pen.beginPath();
  pen.moveTo(tx, ty);
  for (const turn of [2.6, -2.6]) pen.lineTo(tx + tip * Math.cos(angle + turn), ty + tip * Math.sin(angle + turn));
  pen.fill();
}

// Two bars whose sum never moves, and to their right error and projected variance over every angle, on the same scale.
function drawCurves({ pen, width, height }, exact, angle, { lost, kept }, { text, font, least }) {
  const type = Math.max(14, least), top = 62, bottom = height - 32 - type, bar = [8, 52], left = 92, right = width - 14, total = exact.total || 1;
  const py = (value) => bottom - ((bottom - top) * value) / total, px = (at) => left + ((right - left) * at) / 180;
  const error = errorAt(exact, angle), variance = varianceAt(exact, angle);
  const rule = (from, to, wide = 1, dash = []) => {
    Object.assign(pen, { strokeStyle: text, globalAlpha: 0.55, lineWidth: wide });
    pen.setLineDash(dash);
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  };
  const write = (words, x, y, { align = "center", colour = text, weight = 400 } = {}) => {
    Object.assign(pen, { font: `${weight} ${type}px ${font}`, fillStyle: colour, textAlign: align, textBaseline: "alphabetic" });
    pen.fillText(words, x, y);
  };
  const box = (colour, x, y, wide, high) => {
    pen.fillStyle = colour;
    pen.fillRect(x, y, wide, high);
  };
  box(kept, bar[0], py(variance), bar[1], bottom - py(variance));
  box(lost, bar[0], top, bar[1], py(variance) - top);
  for (const [at, colour, name] of [[0, lost, "error"], [20 + 3 * type, kept, "projected variance"]]) {
    box(colour, bar[0] + at, 6, 12, 12);
    write(name, bar[0] + at + 17, 17, { align: "left" });
  }
  rule([0, top], [right, top], 1.5, [5, 4]);
  write(`total ${exact.total.toFixed(3)}`, bar[0], top - 9, { align: "left" });
  rule([left, top], [left, bottom]);
  rule([0, bottom], [right, bottom]);
  for (const at of right - left > 11 * type ? [0, 45, 90, 135, 180] : [0, 90, 180]) {
    rule([px(at), bottom], [px(at), bottom + 4]);
    write(`${at}°`, Math.min(px(at), right - 8), bottom + 5 + type);
  }
  write("angle of v", (left + right) / 2, bottom + 10 + 2 * type);
  [exact.best, wrapped(exact.best + 90)].forEach((best, j) => {
    rule([px(best), top], [px(best), bottom], 1, [2, 4]);
    write("v" + "₁₂"[j], px(best), top - 9);
  });
  rule([px(angle), top], [px(angle), bottom], 1.5);
  for (const [curve, colour] of [[varianceAt, kept], [errorAt, lost]]) {
    Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: 3, lineJoin: "round" });
    pen.beginPath();
    for (let at = 0; at <= 180; at++) pen.lineTo(px(at), py(curve(exact, at)));
    pen.stroke();
    pen.beginPath();
    pen.arc(px(angle), py(curve(exact, angle)), 7, 0, 2 * Math.PI);
    pen.fill();
  }
  const inside = { colour: "#ffffff", weight: 700 }, middle = bar[0] + bar[1] / 2;
  if (py(variance) - top > 20) write(error.toFixed(2), middle, (top + py(variance)) / 2 + 5, inside);
  if (bottom - py(variance) > 20) write(variance.toFixed(2), middle, (bottom + py(variance)) / 2 + 5, inside);
}

export default mounted(CloudPlot, ".cloud");
