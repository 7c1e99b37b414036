// Points as pixels, lines as paths, on two canvases that lie on each other.

// Width of a dot in pixels of a picture 900 wide, and its least, by how many points there are at most.
const DOTS = [[3000, 7, 4], [12000, 4, 2], [Infinity, 3, 1]];

// [u32 length][JSON header][padding to 8][arrays] -> the header with its arrays, as float32.
function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headLength = view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headLength)));
  let at = Math.ceil((4 + headLength) / 8) * 8;
  for (const { name, dtype, shape } of header.arrays) {
    const n = shape.reduce((a, b) => a * b, 1), values = new Float32Array(n);
    for (let i = 0; i < n; i++, at += dtype === "f2" ? 2 : 4) {
      values[i] = dtype === "f2" ? half(view.getUint16(at, true)) : view.getFloat32(at, true);
    }
    header[name] = { values, shape };
    at = Math.ceil(at / 8) * 8;
  }
  return header;
}

function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

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

class DotLayer {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  resize(size) {
    if (this.canvas.width === size && this.image) return;
    this.canvas.width = this.canvas.height = size;
    this.image = this.context.createImageData(size, size);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.distance = new Float32Array(size * size);
  }

  // `projected` holds (x, y, distance); in space the nearer dot wins a pixel and farther dots are fainter.
  draw(projected, colours, n, dim, halfWidth) {
    const size = this.canvas.width, { pixels, distance } = this;
    const { offsets, reach } = dotOffsets(dotWidth(n, size), size);
    pixels.fill(0);
    if (dim === 3) distance.fill(Infinity);
    for (let i = 0, p = 0; i < n; i++, p += 3) {
      const x = Math.round(projected[p]), y = Math.round(projected[p + 1]);
      if (!(x >= reach && y >= reach && x < size - reach && y < size - reach)) continue;
      const middle = y * size + x;
      if (dim === 2) {
        for (let k = 0; k < offsets.length; k++) pixels[middle + offsets[k]] = colours[i];
        continue;
      }
      const far = projected[p + 2];
      const alpha = Math.round(255 * Math.max(0.25, Math.min(1, 0.72 - 0.4 * (far / halfWidth))));
      const faded = (colours[i] & 0xffffff) | (alpha << 24);
      for (let k = 0; k < offsets.length; k++) {
        const at = middle + offsets[k];
        if (far < distance[at]) {
          distance[at] = far;
          pixels[at] = faded;
        }
      }
    }
    this.context.putImageData(this.image, 0, 0);
  }

  clear() {
    this.pixels.fill(0);
    this.context.putImageData(this.image, 0, 0);
  }
}

// Polylines of `perLine` vertices each. A segment through the origin is left out where the map is torn there.
function drawLines(context, projected, perLine, isCut) {
  context.beginPath();
  const n = projected.length / 3;
  for (let i = 0; i < n; i++) {
    const x = projected[3 * i], y = projected[3 * i + 1];
    if (i % perLine === 0 || isCut[i]) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
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

function niceStep(span) {
  const raw = span / 6, power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= raw);
}

// Axes through the origin, in the plane with numbers at round steps along the edges, where no points lie over them; three short named axes in space.
function drawAxes(context, camera, dim, colours, ratio) {
  const size = camera.size, reach = camera.halfWidth;
  context.lineWidth = ratio;
  context.globalAlpha = 0.55;
  context.strokeStyle = colours.text;
  context.fillStyle = colours.text;
  context.font = `${12 * ratio}px system-ui, sans-serif`;
  if (dim === 3) {
    const ends = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1].map((v) => v * reach * 0.92)), out = new Float32Array(12);
    camera.project(ends, 3, out);
    for (const k of [1, 2, 3]) {
      context.beginPath();
      context.moveTo(out[0], out[1]);
      context.lineTo(out[3 * k], out[3 * k + 1]);
      context.stroke();
      context.fillText(String(k), out[3 * k] + 4 * ratio, out[3 * k + 1]);
    }
    context.globalAlpha = 1;
    return;
  }
  const middle = size / 2, scale = size / (2 * reach), step = niceStep(2 * reach);
  context.beginPath();
  context.moveTo(0, middle);
  context.lineTo(size, middle);
  context.moveTo(middle, 0);
  context.lineTo(middle, size);
  for (let k = -Math.floor(reach / step); k <= reach / step; k++) {
    const at = middle + k * step * scale;
    context.moveTo(at, size - 4 * ratio);
    context.lineTo(at, size);
    context.moveTo(0, size - at);
    context.lineTo(4 * ratio, size - at);
    if (k === 0 || Math.abs(k * step) > 0.95 * reach) continue;
    const label = String(+(k * step).toFixed(6)).replace("-", "−");
    context.textAlign = "center";
    context.fillText(label, at, size - 6 * ratio);
    context.textAlign = "left";
    context.fillText(label, 6 * ratio, size - at + 4 * ratio);
  }
  context.stroke();
  context.textAlign = "left";
  context.globalAlpha = 1;
}

// The theme's colours, as the page hands them down.
function themeColours(element) {
  const style = getComputedStyle(element), read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const text = read("--st-text-color", "#31333f");
  return { text, primary: read("--st-primary-color", "#ff4b4b"), paper: read("--st-background-color", "#ffffff") };
}

// #rrggbb of any colour that the browser can read.
function hex(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return `#${[...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

// Layers of a picture on paper, as a PNG file.
function savePicture(layers, paper, name) {
  const picture = document.createElement("canvas");
  picture.width = picture.height = layers[0].width;
  const context = picture.getContext("2d");
  context.fillStyle = paper;
  context.fillRect(0, 0, picture.width, picture.height);
  for (const layer of layers) context.drawImage(layer, 0, 0);
  const link = document.createElement("a");
  link.href = picture.toDataURL("image/png");
  link.download = `${name}.png`;
  link.click();
}
