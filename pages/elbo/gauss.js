// vae_core/explore/elbo/gaussian.py in the browser: a Gaussian is [mean, width]. Nats.

const Z_95 = 1.959964, LOG_TAU = Math.log(2 * Math.PI), STEP = 1 / 2, PRIOR = [0, 1];
const NODES = Array.from({ length: 37 }, (_, k) => (k - 18) * STEP), PARTS_OF_Q = NODES.map((t) => STEP * Math.exp(-0.5 * (t * t + LOG_TAU)));

const logGauss = (q, z) => -0.5 * ((z - q[0]) / q[1]) ** 2 - Math.log(q[1]) - 0.5 * LOG_TAU;

// The same as a function of z alone, for many of them.
function logGaussOf([mean, width]) {
  const constant = -Math.log(width) - 0.5 * LOG_TAU, factor = 1 / width;
  return (z) => constant - 0.5 * ((z - mean) * factor) ** 2;
}

function densityOf(q) {
  const log = logGaussOf(q);
  return (z) => Math.exp(log(z));
}

// ∫ q f dz, by the trapezoid rule at nodes of q's own, whose shares are the same for every q; f sees z.
function under(q, value) {
  let sum = 0;
  for (let k = 0; k < NODES.length; k++) sum += PARTS_OF_Q[k] * value(q[0] + q[1] * NODES[k]);
  return sum;
}

// KL(q ‖ p), in closed form.
const klOf = (q, p) => Math.log(p[1] / q[1]) + 0.5 * ((q[1] / p[1]) ** 2 + ((q[0] - p[0]) / p[1]) ** 2 - 1);

// So many widths around the mean, for the covariance [[a, b], [b, c]]: a circle times its Cholesky factor.
function outlineOf([across, up], [a, b, c], widths, n = 72) {
  const first = Math.sqrt(a), below = b / first, second = Math.sqrt(Math.max(0, c - below * below));
  return Array.from({ length: n + 1 }, (_, k) => {
    const cos = widths * Math.cos((2 * Math.PI * k) / n), sin = widths * Math.sin((2 * Math.PI * k) / n);
    return [across + first * cos, up + below * cos + second * sin];
  });
}
