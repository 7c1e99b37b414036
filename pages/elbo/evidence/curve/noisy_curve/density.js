// vae_core/explore/elbo/noisy_curve.py in the browser: g(z), and p(x) by the same quadrature. A curve is { turn, grow }.

const REACH = 4, FEWEST = 160, STEPS = { Gaussian: 0.5, Laplace: 1 / 12 };
const NOTHING = 40; // nats below the largest density of a coordinate's Gaussian noise, where it counts no more

function curvePoint({ turn, grow }, z) {
  const angle = Math.PI / 2 - turn * z, radius = Math.exp(grow * z);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

// Places of g on the grid, each with its share p(z) dz of the probability: x, y and share of one after another.
function curveNodes(curve, noise, scale) {
  const n = Math.max(FEWEST, Math.ceil((2 * REACH) / (STEPS[noise] * scale))), step = (2 * REACH) / n, nodes = new Float64Array(3 * n + 3);
  for (let k = 0; k <= n; k++) {
    const z = -REACH + k * step, [gx, gy] = curvePoint(curve, z);
    nodes[3 * k] = gx;
    nodes[3 * k + 1] = gy;
    nodes[3 * k + 2] = (step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return nodes;
}

// p(x) on a lattice of even places, row after row: noise is independent in both coordinates, so that a node adds a product of two densities.
const densityMap = (nodes, noise, scale, xs, ys) => (noise === "Gaussian" ? gaussianMap : laplaceMap)(nodes, scale, xs, ys);

// The Gaussian density of a coordinate around a node at the places where it counts, into `values`; the first and the last of them.
function profileOf(scale, places, at, values) {
  const reach = scale * Math.sqrt(2 * NOTHING), step = places[1] - places[0], factor = 1 / (scale * Math.sqrt(2 * Math.PI));
  const first = Math.max(0, Math.ceil((at - reach - places[0]) / step)), last = Math.min(places.length - 1, Math.floor((at + reach - places[0]) / step));
  for (let k = first; k <= last; k++) values[k] = factor * Math.exp(-0.5 * ((places[k] - at) / scale) ** 2);
  return [first, last];
}

function gaussianMap(nodes, scale, xs, ys) {
  const map = new Float64Array(xs.length * ys.length), across = new Float64Array(xs.length), up = new Float64Array(ys.length);
  for (let k = 0; k < nodes.length; k += 3) {
    const [left, right] = profileOf(scale, xs, nodes[k], across), [low, high] = profileOf(scale, ys, nodes[k + 1], up);
    for (let row = low; row <= high; row++) {
      const factor = nodes[k + 2] * up[row], start = row * xs.length;
      for (let column = left; column <= right; column++) map[start + column] += factor * across[column];
    }
  }
  return map;
}

// The places on both sides of a value, and by how much e^(−distance/scale) has fallen there; -1 where there is none on that side.
function sidesOf(places, scale, at) {
  const last = places.length - 1, before = Math.floor((at - places[0]) / (places[1] - places[0]));
  const low = Math.min(last, before), high = before >= last ? -1 : Math.max(0, before + 1), fall = (k) => (k < 0 ? 0 : Math.exp(-Math.abs(places[k] - at) / scale));
  return [Math.max(-1, low), fall(low), high, fall(high)];
}

// Of Laplace noise each place has the same share of the place before it: a node is put down beside its neighbours, and carried on from there.
function laplaceMap(nodes, scale, xs, ys) {
  const [wide, high] = [xs.length, ys.length], size = wide * high;
  const [toLeftDown, toRightDown, toLeftUp, toRightUp] = Array.from({ length: 4 }, () => new Float64Array(size));
  for (let k = 0; k < nodes.length; k += 3) {
    const [left, atLeft, right, atRight] = sidesOf(xs, scale, nodes[k]), [low, atLow, top, atTop] = sidesOf(ys, scale, nodes[k + 1]), share = nodes[k + 2] / (4 * scale * scale);
    if (low >= 0 && left >= 0) toLeftDown[low * wide + left] += share * atLow * atLeft;
    if (low >= 0 && right >= 0) toRightDown[low * wide + right] += share * atLow * atRight;
    if (top >= 0 && left >= 0) toLeftUp[top * wide + left] += share * atTop * atLeft;
    if (top >= 0 && right >= 0) toRightUp[top * wide + right] += share * atTop * atRight;
  }
  const across = Math.exp(-(xs[1] - xs[0]) / scale), along = Math.exp(-(ys[1] - ys[0]) / scale);
  for (const [toLeft, toRight] of [[toLeftDown, toRightDown], [toLeftUp, toRightUp]]) {
    for (let start = 0; start < size; start += wide) {
      for (let k = start + 1; k < start + wide; k++) toRight[k] += across * toRight[k - 1];
      for (let k = start + wide - 2; k >= start; k--) toLeft[k] += across * toLeft[k + 1];
    }
    for (let k = 0; k < size; k++) toRight[k] += toLeft[k];
  }
  for (let k = wide; k < size; k++) toRightUp[k] += along * toRightUp[k - wide];
  for (let k = size - wide - 1; k >= 0; k--) toRightDown[k] += along * toRightDown[k + wide];
  return toRightUp.map((value, k) => value + toRightDown[k]);
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
