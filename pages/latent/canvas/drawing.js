// Points as pixels, lines as paths, on two canvases that lie on each other.

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

// Axes through the origin, in the plane with numbers at round steps along the edges, where no points lie over them; three short named axes in space.
function drawAxes(context, camera, dim, colours, ratio) {
  const size = camera.size, reach = camera.halfWidth;
  context.lineWidth = ratio;
  context.globalAlpha = 0.55;
  context.strokeStyle = colours.text;
  context.fillStyle = colours.text;
  context.font = `${Math.max(12, colours.least) * ratio}px ${colours.font}`;
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
