// g_t(z) = (1 − t)·(2z − 1, 0) + t·g(z) with its tangent, its speed and the density p(z)/|g_t′(z)|, between the rows of a table of g.
function onCurve({ point, tangent, prior }, t, z) {
  const n = point.shape[0] - 1, x = Math.min(n - 1e-9, Math.max(0, z * n)), k = Math.floor(x), f = x - k, u = 1 - t;
  const mix = (values, c, width) => (1 - f) * values[width * k + c] + f * values[width * (k + 1) + c];
  const p = [u * (2 * z - 1) + t * mix(point.values, 0, 2), t * mix(point.values, 1, 2)];
  const d = [2 * u + t * mix(tangent.values, 0, 2), t * mix(tangent.values, 1, 2)];
  const speed = Math.hypot(...d);
  return { p, d, speed, density: mix(prior.values, 0, 1) / Math.max(speed, 1e-9) };
}
