// vae_core/explore/elbo/gaussian.py in the browser: a Gaussian is [mean, width]. Nats.

const LOG_TAU = Math.log(2 * Math.PI), STEP = 1 / 2, PRIOR = [0, 1];
const NODES = Array.from({ length: 37 }, (_, k) => (k - 18) * STEP);

const logGauss = ([mean, width], z) => -0.5 * ((z - mean) / width) ** 2 - Math.log(width) - 0.5 * LOG_TAU;

// ∫ q f dz, by the trapezoid rule at nodes of q's own; f sees z.
function under(q, value) {
  let sum = 0;
  for (const t of NODES) {
    const z = q[0] + q[1] * t;
    sum += Math.exp(logGauss(q, z)) * value(z);
  }
  return sum * q[1] * STEP;
}

// KL(q ‖ p), in closed form.
const klOf = (q, p) => Math.log(p[1] / q[1]) + 0.5 * ((q[1] / p[1]) ** 2 + ((q[0] - p[0]) / p[1]) ** 2 - 1);
