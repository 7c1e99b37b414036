// The way of EM without a page: what stands between two steps, and how a step is drawn. It follows gauss.js.

const stepOf = (t, last) => Math.min(last, Math.max(0, Math.floor(t)));

// So many numbers at a time in steps, on the straight line from one step to the next.
function frameOf(values, size, t) {
  const last = values.length / size - 1, k = stepOf(t, last), next = Math.min(k + 1, last), share = Math.min(1, Math.max(0, t - k));
  return Array.from({ length: size }, (_, j) => (1 - share) * values[size * k + j] + share * values[size * next + j]);
}

// Groups of the largest share, and how certain each is: 0 where all shares are equal, 1 where one is everything.
function groupsOf(shares, k) {
  return Array.from({ length: shares.length / k }, (_, i) => {
    const own = shares.slice(i * k, (i + 1) * k), most = Math.max(...own);
    return { group: own.indexOf(most), certainty: k === 1 ? 1 : (most - 1 / k) / (1 - 1 / k) };
  });
}

// Lower and upper end of what the staircase shows: from the first M step on, once it was taken, as the start lies far below.
function reachOf(bounds, logPx, at, exact) {
  const shown = (values, from) => Array.from(values.slice(from, at + 1));
  const low = Math.min(...shown(bounds, at > 3 ? 2 : 0)), high = Math.max(...shown(logPx, 0), exact ?? -Infinity), room = Math.max(high - low, 0.02);
  return [low - 0.15 * room, high + 0.12 * room];
}

// The same at a time in steps.
function reachAt(bounds, logPx, t, exact) {
  const k = stepOf(t, bounds.length - 1), [one, other] = [k, Math.min(k + 1, bounds.length - 1)].map((at) => reachOf(bounds, logPx, at, exact));
  return frameOf([...one, ...other], 2, t - k);
}

// Both edges of a tube around a curve, one after the other and back.
function tubeOf(curve, wide) {
  const n = curve.length, edge = (side) => curve.map(([x, y], i) => {
    const [a, b] = [curve[Math.max(0, i - 1)], curve[Math.min(n - 1, i + 1)]], dx = b[0] - a[0], dy = b[1] - a[1], long = Math.max(Math.hypot(dx, dy), 1e-9);
    return [x - (side * wide * dy) / long, y + (side * wide * dx) / long];
  });
  return [...edge(1), ...edge(-1).reverse()];
}
