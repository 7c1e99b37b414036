// A linear autoencoder on points, step by step: its line turns onto PCA's, while angle and error fall.

const HALF_WIDTH = 5, SECONDS_A_FRAME = 0.12;

class Film {
  constructor(root) {
    this.root = root;
    this.player = new Player(root, SECONDS_A_FRAME, (k) => this.draw(k));
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.player.watch(this.part("stage"));
    this.player.observer.observe(this.part("lines").parentElement);
  }

  update(bytes) {
    this.colours = themeColours(this.root);
    const film = unpack(bytes);
    if (film.name !== this.film?.name) {
      this.film = film;
      this.player.take(film);
    }
    this.player.show(this.player.at);
  }

  pen(name) {
    return emptied(this.part(name));
  }

  // The k-th row of an array of the film.
  row(name, k) {
    const { values, shape } = this.film[name], each = shape.slice(1).reduce((a, b) => a * b, 1);
    return values.subarray(k * each, (k + 1) * each);
  }

  draw(k) {
    this.drawPoints(k);
    this.drawCurves(k);
    const { film } = this, f = (v) => (Math.round(1000 * v) / 1000 || 0).toFixed(3).replace("-", "−"), matrix = (m) => `[${f(m[0])}, ${f(m[1])}; ${f(m[2])}, ${f(m[3])}]`;
    this.part("said").textContent = `BA = ${matrix(this.row("maps", k))},  VVᵀ = ${matrix(film.projector)}`;
    const here = `angle to PCA's line ${film.angle.values[k].toFixed(2)}°, SSE per point ${film.sse.values[k].toFixed(4)}, of PCA ${film.least.toFixed(4)}`;
    this.part("curves").setAttribute("aria-label", `Angle and error over the steps. At step ${film.epochs[k]}: ${here}.`);
    this.part("stage").setAttribute("aria-label", `Points, their reconstructions and the decoder's line: ${here}. Arrow left and right change the step, space plays.`);
    Object.assign(this.root.dataset, { angle: film.angle.values[k].toPrecision(6), sse: film.sse.values[k].toPrecision(8) });
  }

  drawPoints(k) {
    const { pen, width } = this.pen("points"), unit = width / (2 * HALF_WIDTH), { film, colours } = this;
    const px = (x, y) => [width / 2 + unit * x, width / 2 - unit * y];
    const stroke = (from, to, colour, wide, dash = []) => {
      Object.assign(pen, { strokeStyle: colour, lineWidth: wide });
      pen.setLineDash(dash);
      pen.beginPath();
      pen.moveTo(...px(...from));
      pen.lineTo(...px(...to));
      pen.stroke();
      pen.setLineDash([]);
    };
    const through = (point, way, ...look) => {
      const by = (2 * HALF_WIDTH) / (Math.hypot(...way) || 1), end = (s) => [point[0] + s * by * way[0], point[1] + s * by * way[1]];
      stroke(end(-1), end(1), ...look);
    };
    const dot = (x, y, radius, fill) => {
      pen.beginPath();
      pen.arc(...px(x, y), radius, 0, 2 * Math.PI);
      Object.assign(pen, { fillStyle: fill, strokeStyle: colours.paper, lineWidth: 1.5 });
      pen.fill();
      pen.stroke();
    };
    through(this.row("through", k), this.row("along", k), film.learned, 5);
    through(film.mean, film.direction, film.pca, 2.5, [2, 7]);
    const hats = this.row("hats", k), points = film.points.values;
    for (let i = 0; i < points.length; i += 2) stroke([points[i], points[i + 1]], [hats[i], hats[i + 1]], colours.text, 1, [3, 4]);
    for (let i = 0; i < points.length; i += 2) dot(points[i], points[i + 1], 5.5, colours.text);
    for (let i = 0; i < points.length; i += 2) dot(hats[i], hats[i + 1], 5, film.learned);
    Object.assign(pen, { font: `${Math.max(15, colours.least)}px ${colours.font}`, textAlign: "left", lineJoin: "round", strokeStyle: colours.paper, lineWidth: 4 });
    [["decoder's line, with x̂", film.learned, 5, []], ["PCA's line", film.pca, 2.5, [2, 7]]].forEach(([words, colour, wide, dash], i) => {
      Object.assign(pen, { strokeStyle: colours.paper, lineWidth: 4, fillStyle: colours.text });
      pen.strokeText(words, 44, 24 + 21 * i);
      pen.fillText(words, 44, 24 + 21 * i);
      Object.assign(pen, { strokeStyle: colour, lineWidth: wide });
      pen.setLineDash(dash);
      pen.beginPath();
      pen.moveTo(12, 19 + 21 * i);
      pen.lineTo(36, 19 + 21 * i);
      pen.stroke();
      pen.setLineDash([]);
    });
  }

  // Angle and error against the step, which is on a logarithmic scale, one above the other.
  drawCurves(k) {
    const { pen, width, height } = this.pen("lines"), { film, colours } = this, { epochs } = film, left = 52, right = width - 12;
    const x = (i) => left + ((right - left) * Math.log1p(epochs[i])) / Math.log1p(epochs[epochs.length - 1]);
    const write = (words, at, y, align = "left") => {
      Object.assign(pen, { font: `${Math.max(14, colours.least)}px ${colours.font}`, fillStyle: colours.text, textAlign: align });
      pen.fillText(words, at, y);
    };
    const rule = (from, to, dash = [], colour = colours.text, wide = 1) => {
      Object.assign(pen, { strokeStyle: colour, lineWidth: wide });
      pen.setLineDash(dash);
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(...to);
      pen.stroke();
      pen.setLineDash([]);
    };
    const chart = (name, title, unit, top, bottom, most, least) => {
      const values = film[name].values, y = (v) => bottom - ((bottom - top) * Math.min(v, most)) / most;
      write(`${title} ${values[k].toFixed(name === "angle" ? 2 : 4)}${unit}`, left, top - 10);
      rule([left, top], [left, bottom]);
      rule([left, bottom], [right, bottom]);
      write(most.toPrecision(2), left - 6, top + 5, "right");
      write("0", left - 6, bottom + 5, "right");
      if (least > 0) {
        rule([left, y(least)], [right, y(least)], [3, 5], film.pca, 2);
        write("PCA", right, y(least) - 7, "right");
      }
      Object.assign(pen, { strokeStyle: film.learned, fillStyle: film.learned, lineWidth: 3, lineJoin: "round" });
      pen.beginPath();
      for (let i = 0; i < values.length; i++) pen.lineTo(x(i), y(values[i]));
      pen.stroke();
      rule([x(k), top], [x(k), bottom], [5, 4]);
      pen.beginPath();
      pen.arc(x(k), y(values[k]), 7, 0, 2 * Math.PI);
      pen.fillStyle = film.learned;
      pen.fill();
    };
    const half = height / 2;
    chart("angle", "Angle to PCA's line", "°", 32, half - 16, 90, 0);
    chart("sse", "SSE per point", "", half + 32, height - 30, Math.max(...film.sse.values), film.least);
    write("step (log)", (left + right) / 2, height - 10, "center");
  }
}

export default films(Film);
