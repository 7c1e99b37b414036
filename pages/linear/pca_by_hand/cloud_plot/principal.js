// PCA of points in the plane, [[x, y], …], as numbers, without a page. Angles in degrees; the covariance is divided by N.
// The same as vae_core/explore/linear/pca_by_hand.py, which tests compare it with.

const REACH = 5, STEPS = 100, DIGITS = "0123456789abcdefghijklmnopqrstuv";
const RADIAN = Math.PI / 180;

const wrapped = (angle) => ((angle % 180) + 180) % 180;
const direction = (angle) => [Math.cos(angle * RADIAN), Math.sin(angle * RADIAN)];
const onGrid = (value) => Math.round(Math.min(REACH, Math.max(-REACH, value)) * STEPS) / STEPS;

// Mean, covariance, its eigenvalues and the angle of the larger one's direction.
function principal(points) {
  const n = points.length, mean = [0, 1].map((c) => points.reduce((sum, p) => sum + p[c], 0) / n);
  let xx = 0, xy = 0, yy = 0;
  for (const [x, y] of points) {
    const a = x - mean[0], b = y - mean[1];
    xx += a * a;
    xy += a * b;
    yy += b * b;
  }
  [xx, xy, yy] = [xx / n, xy / n, yy / n];
  const middle = (xx + yy) / 2, half = Math.hypot((xx - yy) / 2, xy);
  const best = wrapped(Math.atan2(2 * xy, xx - yy) / 2 / RADIAN);
  return { mean, xx, xy, yy, total: xx + yy, eigenvalues: [middle + half, Math.max(0, middle - half)], best };
}

// vᵀCv, the variance of the projections.
function varianceAt({ xx, xy, yy }, angle) {
  const [x, y] = direction(angle);
  return xx * x * x + 2 * xy * x * y + yy * y * y;
}

// Squared error per point; its own formula, in eigenvalues, so that it does not go below 0 by rounding.
function errorAt({ eigenvalues: [first, second], best }, angle) {
  const [along, across] = direction(angle - best);
  return second * along * along + first * across * across;
}

// The angle of Cv; where that is 0, of v.
function powerStep({ xx, xy, yy }, angle) {
  const [x, y] = direction(angle), to = [xx * x + xy * y, xy * x + yy * y];
  return to[0] || to[1] ? wrapped(Math.atan2(to[1], to[0]) / RADIAN) : angle;
}

// Degrees between a direction and another, at most 90.
const apart = (angle, other) => Math.abs((((angle - other + 90) % 180) + 180) % 180 - 90);

// x̂ = x̄ + s·vᵀ(x − x̄)·v of each point.
function projected(points, { mean }, angle, scale = 1) {
  const [x, y] = direction(angle);
  return points.map((p) => {
    const z = scale * ((p[0] - mean[0]) * x + (p[1] - mean[1]) * y);
    return [mean[0] + z * x, mean[1] + z * y];
  });
}

// Points on the grid as letters, two a coordinate.
function codeOf(points) {
  const letters = (value) => {
    const step = Math.round(value * STEPS) + REACH * STEPS;
    return DIGITS[Math.floor(step / 32)] + DIGITS[step % 32];
  };
  return points.map(([x, y]) => letters(x) + letters(y)).join("");
}
