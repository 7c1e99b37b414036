// Panels of a canvas: numbers as pixels and back, axes with round ticks, curves, areas, bars, words.

const between = ([low, high], value) => Math.min(high, Math.max(low, value));

class Panel {
  // A box of the canvas, { left, top, width, height } in pixels of the page, that shows x and y between two ends each.
  constructor(box, [xLow, xHigh], [yLow, yHigh]) {
    Object.assign(this, { ...box, xLow, xHigh, yLow, yHigh, right: box.left + box.width, bottom: box.top + box.height });
  }

  px(x) {
    return this.left + (this.width * (x - this.xLow)) / (this.xHigh - this.xLow);
  }

  py(y) {
    return this.bottom - (this.height * (y - this.yLow)) / (this.yHigh - this.yLow);
  }

  x(px) {
    return this.xLow + ((px - this.left) * (this.xHigh - this.xLow)) / this.width;
  }

  y(py) {
    return this.yLow + ((this.bottom - py) * (this.yHigh - this.yLow)) / this.height;
  }

  holds(px, py) {
    return px >= this.left && px <= this.right && py >= this.top && py <= this.bottom;
  }

  within(y) {
    return Math.min(this.yHigh, Math.max(this.yLow, y));
  }
}

// Round numbers between two ends, about so many.
function roundTicks(low, high, about) {
  const raw = (high - low) / about, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((one) => one >= raw * 0.999), first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => +((first + k) * step).toFixed(10));
}

// Places of ticks, each with its number written out; on a logarithmic axis the place is the logarithm.
const plain = (values) => values.map((value) => [value, String(value).replace("-", "−")]);
const logarithmic = (values) => values.map((value) => [Math.log(value), String(value)]);

const written = (value, digits = 2) => (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits).replace("-", "−");

// Words of an element, unless it says them already: to write them lays the page out anew.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A pen that draws panels on a canvas, in pixels of the page however many the screen has.
class Pen {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  // Begin a picture of this size; whatever was drawn is gone.
  begin(width, height, ratio, colours) {
    const { canvas, context } = this, [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high }); // a new size is a new layout
    else context.reset();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    Object.assign(this, { colours });
  }

  // What stays from frame to frame is drawn once on a canvas of its own, in its second frame, and copied as long as key and size stay.
  kept(name, key, draw) {
    const { canvas, context, colours } = this, state = JSON.stringify([key, canvas.width, canvas.height, colours]);
    this.layers ??= {};
    if (this.layers[name]?.state !== state) {
      this.layers[name] = { state };
      draw();
      return;
    }
    const layer = this.layers[name];
    if (!layer.own) {
      layer.own = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
      this.context = layer.own.getContext("2d");
      this.context.setTransform(context.getTransform());
      draw();
      this.context = context;
    }
    context.save();
    context.resetTransform();
    context.drawImage(layer.own, 0, 0);
    context.restore();
  }

  inside(panel, draw) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(panel.left, panel.top, panel.width, panel.height);
    context.clip();
    draw();
    context.restore();
  }

  words(text, px, py, { colour = this.colours.text, align = "left", size = 13, weight = "", alpha = 1 } = {}) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.font = `${weight} ${this.size(size)}px ${this.colours.font}`;
    Object.assign(context, { fillStyle: colour, textAlign: align, textBaseline: "middle" });
    context.fillText(text, px, py);
    context.globalAlpha = 1;
  }

  // Type for a projector is larger.
  size(pixels) {
    return Math.max(pixels, this.colours.least);
  }

  widthOf(text, size = 13) {
    this.context.font = `${this.size(size)}px ${this.colours.font}`;
    return this.context.measureText(text).width;
  }

  path(points, { colour, width = 2, dash = [], alpha = 1 }) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.lineJoin = "round";
    context.setLineDash(dash);
    context.beginPath();
    points.forEach(([px, py], k) => (k ? context.lineTo(px, py) : context.moveTo(px, py)));
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  // y over x within a panel, at so many places; `fill` is the opacity of the area down to 0, or to the panel's lower edge.
  curve(panel, y, { fill = 0, places = 400, ...look }) {
    const xs = Array.from({ length: places + 1 }, (_, k) => panel.xLow + ((panel.xHigh - panel.xLow) * k) / places);
    const points = xs.map((x) => [panel.px(x), panel.py(y(x))]);
    this.inside(panel, () => {
      if (fill) this.area([...points, [panel.right, panel.py(panel.within(0))], [panel.left, panel.py(panel.within(0))]], look.colour, fill);
      this.path(points, look);
    });
  }

  area(points, colour, alpha = 1) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.fillStyle = colour;
    context.beginPath();
    points.forEach(([px, py], k) => (k ? context.lineTo(px, py) : context.moveTo(px, py)));
    context.fill();
    context.globalAlpha = 1;
  }

  bar(left, top, right, bottom, colour, alpha = 1) {
    this.area([[left, top], [right, top], [right, bottom], [left, bottom]], colour, alpha);
  }

  // A mark of a colour and its name, from the left on; where the next one stands.
  key(name, left, y, colour, { dash = [], size = 12 } = {}) {
    this.path([[left, y], [left + 16, y]], { colour, width: 4, dash });
    this.words(name, left + 21, y, { size });
    return left + 37 + this.context.measureText(name).width;
  }

  // Names of curves and areas above a panel, each [name, colour, dash, width]: from the left on, a line lower where there is no room left.
  // Where the last line is.
  keys(names, left, right, y, leading = this.size(12) + 3) {
    let at = left;
    for (const [name, colour, dash = [], width = 3] of names) {
      const wide = this.widthOf(name, 12);
      if (at > left && at + 18 + wide > right) [at, y] = [left, y + leading];
      this.path([[at, y], [at + 14, y]], { colour, width, dash, alpha: 0.9 });
      this.words(name, at + 18, y, { size: 12 });
      at += 28 + wide;
    }
    return y;
  }

  dot(px, py, colour, radius = 7, edge = this.colours.paper, line = 2) {
    const { context } = this;
    context.beginPath();
    context.arc(px, py, radius, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: colour, strokeStyle: edge, lineWidth: line });
    context.fill();
    context.stroke();
  }

  // Ticks with numbers below a panel, and the axis's name at its right end; `places` are pairs of a place and its text.
  across(panel, name, about = 8, places = plain(roundTicks(panel.xLow, panel.xHigh, about))) {
    this.path([[panel.left, panel.bottom], [panel.right, panel.bottom]], { colour: this.colours.text, width: 1, alpha: 0.5 });
    const free = panel.right - this.widthOf(name) - 4;
    for (const [x, text] of places) {
      this.path([[panel.px(x), panel.bottom], [panel.px(x), panel.bottom + 4]], { colour: this.colours.text, width: 1, alpha: 0.5 });
      if (panel.px(x) + this.widthOf(text, 12) / 2 < free) this.words(text, panel.px(x), panel.bottom + 13, { align: "center", size: 12, alpha: 0.8 });
    }
    this.words(name, panel.right, panel.bottom + 13, { align: "right", weight: "italic" });
  }

  // Ticks with numbers left of a panel, and the axis's name above them.
  up(panel, name, about = 4, places = plain(roundTicks(panel.yLow, panel.yHigh, about))) {
    this.path([[panel.left, panel.top], [panel.left, panel.bottom]], { colour: this.colours.text, width: 1, alpha: 0.5 });
    for (const [y, text] of places) {
      this.path([[panel.left - 4, panel.py(y)], [panel.left, panel.py(y)]], { colour: this.colours.text, width: 1, alpha: 0.5 });
      this.words(text, panel.left - 6, panel.py(y), { align: "right", size: 12, alpha: 0.8 });
    }
    if (name) this.words(name, panel.left - 6, panel.top - 10, { align: "left" });
  }
}
