// vae_core/explore/elbo/noisy_curve.py in the browser: g(z), and p(x) by the same quadrature. A curve is { turn, grow }.

const REACH = 4, FEWEST = 160, STEPS = { Gaussian: 0.5, Laplace: 1 / 12 };

function curvePoint({ turn, grow }, z) {
  const angle = Math.PI / 2 - turn * z, radius = Math.exp(grow * z);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

// Places of g on the grid, each with its share p(z) dz of the probability.
function curveNodes(curve, noise, scale) {
  const n = Math.max(FEWEST, Math.ceil((2 * REACH) / (STEPS[noise] * scale))), step = (2 * REACH) / n;
  return Array.from({ length: n + 1 }, (_, k) => {
    const z = -REACH + k * step;
    return [...curvePoint(curve, z), (step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)];
  });
}

// p(x) at a place.
function densityAt(nodes, noise, scale, x, y) {
  const isGaussian = noise === "Gaussian", factor = isGaussian ? 1 / (2 * Math.PI * scale * scale) : 1 / (4 * scale * scale);
  let sum = 0;
  for (const [gx, gy, share] of nodes) {
    const dx = x - gx, dy = y - gy, exponent = isGaussian ? (dx * dx + dy * dy) / (2 * scale * scale) : (Math.abs(dx) + Math.abs(dy)) / scale;
    if (exponent < 60) sum += share * Math.exp(-exponent);
  }
  return factor * sum;
}

// Noise of one coordinate from a uniform number, or two for a Gaussian.
function noiseOf(noise, scale, u, v) {
  if (noise === "Gaussian") return scale * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  return u < 0.5 ? scale * Math.log(2 * u) : -scale * Math.log(2 * (1 - u));
}

// Where a sample is drawn at a share t of its way: on the line of z, on its way to the curve, then by its noise.
function samplePlace(from, on, end, t) {
  const between = (a, b, share) => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  if (t < 0.2) return from;
  return t < 0.6 ? between(from, on, (t - 0.2) / 0.4) : between(on, end, Math.min(1, (t - 0.6) / 0.4));
}
