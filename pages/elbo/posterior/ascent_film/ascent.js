// The way of a q in two dimensions, without a page. A way is { means, covariances, gaps }: two, three and one number for each step.

// q at a time in steps, and the gap as a height, on the straight line from one step to the next; `gap` is that of the step that was passed last.
function placeOf({ means, covariances, gaps }, t) {
  const last = gaps.length - 1, k = Math.min(last, Math.max(0, Math.floor(t))), next = Math.min(k + 1, last), share = Math.min(1, Math.max(0, t - k));
  const between = (values, n) => Array.from({ length: n }, (_, j) => values[n * k + j] + share * (values[n * next + j] - values[n * k + j]));
  return { mean: between(means, 2), covariance: between(covariances, 3), gap: gaps[k], height: between(gaps, 1)[0] };
}

// Where an ascent leads: to the best diagonal q, and from there to the best full one.
const targetOf = (t, nDiagonal, last) => (t < nDiagonal ? nDiagonal : last);

// Heights of labels at least so far apart, in their order from the top, each as near to its own place as that allows.
function apart(places, least, top, bottom) {
  const spread = [];
  for (const y of places) spread.push(Math.max(y, spread.length ? spread[spread.length - 1] + least : top));
  for (let k = spread.length - 1, most = bottom; k >= 0; k--, most -= least) spread[k] = Math.min(spread[k], most);
  return spread;
}
