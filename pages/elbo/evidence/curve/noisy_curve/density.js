// vae_core/explore/elbo/noisy_curve.py in the browser: g(z), and p(x) by the same quadrature. A curve is { turn, grow }.

const REACH = 4, FEWEST = 160, STEPS = { Gaussian: 0.5, Laplace: 1 / 12 };
const NOTHING = 40; // nats below the largest density of a coordinate's noise, where it counts no more

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

// The density of a coordinate around a node at even places, into `values`; the first and the last place where it counts.
function profileOf(noise, scale, places, at, values) {
  const isGaussian = noise === "Gaussian", reach = scale * (isGaussian ? Math.sqrt(2 * NOTHING) : NOTHING), step = places[1] - places[0];
  const first = Math.max(0, Math.ceil((at - reach - places[0]) / step)), last = Math.min(places.length - 1, Math.floor((at + reach - places[0]) / step));
  const factor = 1 / (scale * (isGaussian ? Math.sqrt(2 * Math.PI) : 2));
  for (let k = first; k <= last; k++) {
    const apart = (places[k] - at) / scale;
    values[k] = factor * Math.exp(isGaussian ? -0.5 * apart * apart : -Math.abs(apart));
  }
  return [first, last];
}

// p(x) on a lattice of even places, row after row: noise is independent in both coordinates, so that a node adds a product of two densities.
function densityMap(nodes, noise, scale, xs, ys) {
  const map = new Float64Array(xs.length * ys.length), across = new Float64Array(xs.length), up = new Float64Array(ys.length);
  for (const [gx, gy, share] of nodes) {
    const [left, right] = profileOf(noise, scale, xs, gx, across), [low, high] = profileOf(noise, scale, ys, gy, up);
    for (let row = low; row <= high; row++) {
      const factor = share * up[row], start = row * xs.length;
      for (let column = left; column <= right; column++) map[start + column] += factor * across[column];
    }
  }
  return map;
}

// Where a curve through places, given from left to right, is at x.
function heightAt(xs, ys, x) {
  let k = xs.length - 2;
  while (k > 0 && xs[k] > x) k--;
  return ys[k] + ((x - xs[k]) / (xs[k + 1] - xs[k])) * (ys[k + 1] - ys[k]);
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
