// vae_core/explore/elbo/kl.py in the browser: the divergence of two Gaussians, by every way. Nats. It follows gauss.js.

const N_SIDE = 13, N_ROUNDS = 7;

// ln q − ln p, and q times it, as functions of z.
function logRatioOf(q, p) {
  const [ofQ, ofP] = [q, p].map(logGaussOf);
  return (z) => ofQ(z) - ofP(z);
}

function integrandOf(q, p) {
  const density = densityOf(q), ratio = logRatioOf(q, p);
  return (z) => density(z) * ratio(z);
}

const quadratureOf = (q, p) => under(q, logRatioOf(q, p));

// The mean of ln q − ln p over z = m + s·ε, and its standard error.
function monteCarlo(q, p, eps) {
  const ratios = eps.map((e) => q[0] + q[1] * e).map(logRatioOf(q, p)), n = ratios.length;
  const mean = ratios.reduce((a, b) => a + b, 0) / n, spread = ratios.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
  return { value: mean, error: Math.sqrt(spread / n), n };
}

// ∫ q log q and ∫ q log p, each in closed form and by quadrature.
function integralsOf(q, p) {
  const own = -0.5 * LOG_TAU - 0.5 * (1 + Math.log(q[1] ** 2));
  const other = -0.5 * LOG_TAU - Math.log(p[1]) - (0.5 * ((q[0] - p[0]) ** 2 + q[1] ** 2)) / p[1] ** 2;
  return { "q log q": [own, under(q, logGaussOf(q))], "q log p": [other, under(q, logGaussOf(p))] };
}

// |m| at which the divergence to, or from, N(0, 1) is so many nats; NaN where it is more everywhere.
function contourOf(level, width, swapped) {
  const log = Math.log(width);
  return Math.sqrt(swapped ? 2 * width ** 2 * (level + 0.5 - log) - 1 : 2 * level + 1 - width ** 2 + 2 * log);
}

// The r that makes KL(q ‖ r) + KL(r ‖ p) least, by a search that narrows.
function betweenOf(q, p) {
  let mean = (q[0] + p[0]) / 2, log = (Math.log(q[1]) + Math.log(p[1])) / 2;
  let reach = [Math.abs(q[0] - p[0]) / 2 + 0.1, Math.abs(Math.log(q[1] / p[1])) / 2 + 1];
  for (let round = 0; round < N_ROUNDS; round++) {
    let best = null, least = Infinity;
    for (let i = 0; i < N_SIDE; i++) {
      for (let j = 0; j < N_SIDE; j++) {
        const step = (k) => (2 * k) / (N_SIDE - 1) - 1;
        const r = [mean + step(i) * reach[0], Math.exp(log + step(j) * reach[1])], sum = klOf(q, r) + klOf(r, p);
        if (sum < least) [least, best] = [sum, r];
      }
    }
    [mean, log] = [best[0], Math.log(best[1])];
    reach = reach.map((one) => one / 3);
  }
  return [mean, Math.exp(log)];
}

// What a width costs: J²s²/2η of squared error, ½(s² − 1 − ln s²) of divergence.
const shrinkingOf = (s, sharpness) => [0.5 * sharpness * s * s, 0.5 * (s * s - 1) - Math.log(s)];
const bestWidth = (sharpness) => 1 / Math.sqrt(1 + sharpness);
