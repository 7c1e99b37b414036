// base + Σⱼ (aⱼ − oⱼ)·stepⱼ: a picture with the first components mixed into it, a in standard deviations. `into` is written and returned.
function mixed({ base, steps, origin }, a, into) {
  const n = base.length;
  into.set(base);
  for (let j = 0; j < a.length; j++) {
    const by = a[j] - origin[j], from = j * n;
    if (by !== 0) for (let i = 0; i < n; i++) into[i] += by * steps[from + i];
  }
  return into;
}

// Bytes of pixels for a canvas, of values (channels, height, width) in [0, 1], clipped.
function rgbaOf({ channels, height, width }, values) {
  const n = height * width, out = new Uint8ClampedArray(4 * n);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < 3; c++) out[4 * i + c] = 255 * values[(channels === 1 ? 0 : c * n) + i];
    out[4 * i + 3] = 255;
  }
  return out;
}

// What a component adds, about a middle grey: its largest loading is white or black.
function asPicture(steps, j, n) {
  const values = steps.subarray(j * n, (j + 1) * n);
  let most = 1e-12;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return Float32Array.from(values, (value) => 0.5 + (0.5 * value) / most);
}
