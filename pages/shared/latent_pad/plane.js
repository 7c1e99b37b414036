// The plane as numbers, without a page: from codes to pixels and back, ticks, the nearest code, an image's bytes.

// A square of `size` pixels a side round (x, y), which reaches `half` to each side; the second axis points up.
class Plane {
  constructor([x, y, half], size) {
    Object.assign(this, { x, y, half, size, unit: size / (2 * half) });
  }

  toPixels(u, v) {
    return [(u - this.x + this.half) * this.unit, (this.y + this.half - v) * this.unit];
  }

  toCode(px, py) {
    return [px / this.unit + this.x - this.half, this.y + this.half - py / this.unit];
  }

  // Where round numbers lie on each axis: [[value, pixels], …] for the horizontal one, then for the vertical one.
  ticks() {
    const step = niceStep(this.half / 2.5);
    const along = (middle, place) => {
      const marks = [];
      for (let k = Math.ceil((middle - this.half) / step); k * step <= middle + this.half; k++) marks.push([k * step, place(k * step)]);
      return marks;
    };
    return [along(this.x, (u) => this.toPixels(u, 0)[0]), along(this.y, (v) => this.toPixels(0, v)[1])];
  }

  // The number of the code nearest to a place of the plane among n rows of d numbers, of which i and j are drawn; −1 if none is within.
  nearest({ z, n, d }, [i, j], px, py, within) {
    let best = -1, least = within * within;
    for (let k = 0; k < n; k++) {
      const [x, y] = this.toPixels(z[k * d + i], z[k * d + j]), away = (x - px) ** 2 + (y - py) ** 2;
      if (away < least) [best, least] = [k, away];
    }
    return best;
  }
}

// The least of 1, 2, 5, 10 times a power of ten that is not less.
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((k) => k * power).find((step) => step >= least);
}

// Rows and columns of n × n cells, from the middle outwards.
function fromTheMiddle(n) {
  const cells = Array.from({ length: n * n }, (_, k) => [Math.floor(k / n), k % n]), m = (n - 1) / 2;
  return cells.sort((a, b) => Math.hypot(a[0] - m, a[1] - m) - Math.hypot(b[0] - m, b[1] - m));
}

// The opaque bytes, red, green, blue, alpha, of an image with values in [0, 1] that lie as (channels, height, width).
function rgba({ channels, height, width }, values) {
  const n = width * height, bytes = new Uint8ClampedArray(4 * n);
  for (let i = 0; i < n; i++) for (let c = 0; c < 4; c++) bytes[4 * i + c] = c === 3 ? 255 : 255 * values[(channels === 3 ? c : 0) * n + i];
  return bytes;
}
