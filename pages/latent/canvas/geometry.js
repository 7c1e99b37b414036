// What is drawn where: colours, cameras and dots as numbers, without a page.

// Width of a dot in pixels of a picture 900 wide, and its least, by how many points there are at most.
const DOTS = [[3000, 7, 4], [12000, 4, 2], [Infinity, 3, 1]];

// A table of 256 opaque colours, as ABGR words for ImageData, from hex stops.
function colourTable(stops) {
  const rgb = stops.map((hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)));
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (rgb.length - 1), k = Math.min(Math.floor(at), rgb.length - 2), part = at - k;
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(rgb[k][c] * (1 - part) + rgb[k + 1][c] * part));
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}

// Where coordinates land on the canvas, in device pixels; in space the camera turns by yaw about the third axis, then tilts by pitch.
class Camera {
  constructor() {
    this.size = 1;
    this.halfWidth = 3.4;
    this.yaw = 0.6;
    this.pitch = 0.45;
  }

  frame() {
    const scale = this.size / (2 * this.halfWidth);
    const cy = Math.cos(this.yaw), sy = Math.sin(this.yaw), cp = Math.cos(this.pitch), sp = Math.sin(this.pitch);
    return { scale, middle: this.size / 2, cy, sy, cp, sp, depth: 4 * this.halfWidth };
  }

  // Writes (x, y, distance) for every point, with a mild perspective.
  project(points, dim, out) {
    const { scale, middle, cy, sy, cp, sp, depth } = this.frame();
    if (dim === 2) {
      for (let i = 0, o = 0; i < points.length; i += 2, o += 3) {
        out[o] = middle + scale * points[i];
        out[o + 1] = middle - scale * points[i + 1];
        out[o + 2] = 0;
      }
      return;
    }
    for (let i = 0, o = 0; i < points.length; i += 3, o += 3) {
      const x = points[i], y = points[i + 1], z = points[i + 2];
      const right = cy * x + sy * y, away = cy * y - sy * x;
      const up = cp * z + sp * away, far = cp * away - sp * z;
      const near = (scale * depth) / (depth + far);
      out[o] = middle + near * right;
      out[o + 1] = middle - near * up;
      out[o + 2] = far;
    }
  }
}

// The offsets of a dot's pixels in a row-major image: a square, from four pixels on a disc.
function dotOffsets(wide, rowLength) {
  const offsets = [], first = -Math.floor((wide - 1) / 2), middle = first + (wide - 1) / 2;
  for (let y = first; y < first + wide; y++) {
    for (let x = first; x < first + wide; x++) {
      if (wide < 4 || (x - middle) ** 2 + (y - middle) ** 2 <= (wide / 2) ** 2) offsets.push(y * rowLength + x);
    }
  }
  return { offsets: Int32Array.from(offsets), reach: Math.ceil(wide / 2) };
}

function dotWidth(n, size) {
  const [, wide, least] = DOTS.find(([most]) => n <= most);
  return Math.max(least, Math.round((wide * size) / 900));
}

// Marks vertices whose segment from the vertex before runs through the origin.
function cutsAtOrigin(z, dim) {
  const n = z.length / dim, cut = new Uint8Array(n);
  for (let i = 1; i < n; i++) {
    let middle = 0;
    for (let k = 0; k < dim; k++) middle += ((z[i * dim + k] + z[(i - 1) * dim + k]) / 2) ** 2;
    cut[i] = middle < 1e-8 ? 1 : 0;
  }
  return cut;
}

// Marks vertices whose image lies farther from that of the vertex before than a continuous map of short pieces takes it.
function cutsAtJumps(y, dim, most) {
  const n = y.length / dim, cut = new Uint8Array(n);
  for (let i = 1; i < n; i++) {
    let away = 0;
    for (let k = 0; k < dim; k++) away += (y[i * dim + k] - y[(i - 1) * dim + k]) ** 2;
    cut[i] = away > most * most ? 1 : 0;
  }
  return cut;
}

function niceStep(span) {
  const raw = span / 6, power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= raw);
}
