// vae_core/explore/elbo/bound.py in the browser: every integral of the bound's derivation, by the same rules or in closed form. Nats. It follows gauss.js.

const REACH = 9, N_Z = 1801;
const GRID = Array.from({ length: N_Z }, (_, k) => -REACH + (2 * REACH * k) / (N_Z - 1));
const SPREAD = Array.from({ length: 2000 }, (_, k) => (k + 0.5) / 250 - 4), N_BINS = 40;
const MASSES = SPREAD.map((t) => Math.exp(-0.5 * t * t)), MASS = MASSES.reduce((a, b) => a + b), OFTEN = MASSES.map((mass) => mass / MASS);
const STARTS = [-1.5, 0, 1.5].flatMap((mean) => [0.3, 1].map((width) => [mean, width]));
const LONGEST_STEP = 0.2, LEAST_GAIN = 1e-13;

const mapOf = ({ coefficients: [c0, c1, c2] }, z) => c0 + z * (c1 + z * c2);

// ln p(x|z) and ln p(x, z), as functions of z: what does not depend on it is computed once.
function logLikelihood({ coefficients: [c0, c1, c2], noise }, x) {
  const constant = -0.5 * (Math.log(noise) + LOG_TAU), factor = -0.5 / noise;
  return (z) => constant + factor * (x - (c0 + z * (c1 + z * c2))) ** 2;
}

function logJoint(world, x) {
  const likelihood = logLikelihood(world, x), prior = logGaussOf(PRIOR);
  return (z) => prior(z) + likelihood(z);
}

// ∫ over z of e^f, by the trapezoid rule.
function overZ(logValue) {
  let sum = 0;
  for (let k = 0; k < N_Z; k++) sum += Math.exp(logValue(GRID[k]));
  return (sum * 2 * REACH) / (N_Z - 1);
}

const logEvidence = (world, x) => Math.log(overZ(logJoint(world, x)));

// x − g(m + s·t) = a − b·t − c·t², whose moments under t ~ N(0, 1) are known: the ELBO and its slopes need no sum.
function residualOf(world, x, q) {
  const [, c1, c2] = world.coefficients, slope = c1 + 2 * c2 * q[0];
  return { a: x - mapOf(world, q[0]), b: slope * q[1], c: c2 * q[1] ** 2, slope };
}

function elboOf(world, x, q) {
  const { a, b, c } = residualOf(world, x, q);
  return -0.5 * ((a * a + b * b + 3 * c * c - 2 * a * c) / world.noise + Math.log(world.noise) + LOG_TAU) - klOf(q, PRIOR);
}

// Every integral that a line of a derivation names, each as it is written there.
function quantities(world, x, q, evidence = logEvidence(world, x)) {
  const joint = logJoint(world, x), likelihood = logLikelihood(world, x);
  const ofQ = logGaussOf(q), prior = logGaussOf(PRIOR), posterior = (z) => joint(z) - evidence;
  return {
    evidence,
    "mean weight": Math.log(overZ((z) => ofQ(z) + (joint(z) - ofQ(z)))),
    "expected evidence": under(q, () => evidence),
    "by Bayes": under(q, (z) => joint(z) - posterior(z)),
    "evidence times posterior": under(q, (z) => evidence + posterior(z) - posterior(z)),
    product: under(q, (z) => joint(z) - ofQ(z) + (ofQ(z) - posterior(z))),
    "expected weight": under(q, (z) => joint(z) - ofQ(z)),
    "expected weight, factored": under(q, (z) => prior(z) + likelihood(z) - ofQ(z)),
    gap: under(q, (z) => ofQ(z) - posterior(z)),
    "prior ratio": under(q, (z) => prior(z) - ofQ(z)),
    likelihood: under(q, likelihood),
    rate: klOf(q, PRIOR),
    elbo: elboOf(world, x, q),
  };
}

// Derivatives of the ELBO in m and in ln s.
function gradientOf(world, x, q) {
  const { a, b, c, slope } = residualOf(world, x, q);
  return [(slope * (a - 3 * c)) / world.noise - q[0], (2 * a * c - b * b - 6 * c * c) / world.noise - q[1] ** 2 + 1];
}

// One step up the ELBO along the natural gradient, halved until it climbs; null where none does.
function ascended(world, x, q) {
  const [inMean, inLog] = gradientOf(world, x, q), step = [q[1] ** 2 * inMean, 0.5 * inLog], here = elboOf(world, x, q);
  let share = 0.5 * Math.min(1, (2 * LONGEST_STEP) / Math.max(Math.abs(step[0]), Math.abs(step[1]), 1e-300));
  for (; share > 1e-6; share /= 2) {
    const other = [q[0] + share * step[0], q[1] * Math.exp(share * step[1])];
    if (elboOf(world, x, other) > here + LEAST_GAIN) return other;
  }
  return null;
}

function ascentEnd(world, x, q, most = 400) {
  for (let k = 0; k < most; k++) {
    const after = ascended(world, x, q);
    if (!after) break;
    q = after;
  }
  return q;
}

// The Gaussian of the largest ELBO, among where ascents from STARTS end.
function bestOf(world, x) {
  const ends = STARTS.map((start) => ascentEnd(world, x, start));
  return ends.reduce((a, b) => (elboOf(world, x, b) > elboOf(world, x, a) ? b : a));
}

// How a positive w spreads: shares of bins of equal width from 0 to `high`, E ln w and ln E w.
function jensen(logWeights, expectedLog, logExpected) {
  const middle = logWeights.filter((_, k) => Math.abs(SPREAD[k]) <= 1.5);
  const high = Math.max(1.05 * Math.exp(Math.max(...middle)), 1.3 * Math.exp(logExpected)), shares = new Array(N_BINS).fill(0);
  for (let k = 0; k < SPREAD.length; k++) {
    const bin = Math.floor(Math.min(Math.exp(logWeights[k]) / (high / N_BINS), N_BINS));
    if (bin < N_BINS) shares[bin] += OFTEN[k];
  }
  return { high, shares, expectedLog, logExpected, gap: logExpected - expectedLog };
}

function jensenOfWeights(world, x, q, named) {
  const joint = logJoint(world, x), ofQ = logGaussOf(q);
  return jensen(SPREAD.map((t) => q[0] + q[1] * t).map((z) => joint(z) - ofQ(z)), named["expected weight"], named["mean weight"]);
}

// w = e^N(0, s²), whose gap is s²/2; e^y N(y; 0, s²) has its mass about s².
function jensenOfLognormal(s) {
  const y = [0, s], tilted = [s * s, s];
  const mean = under(tilted, (z) => Math.exp(z + logGauss(y, z) - logGauss(tilted, z)));
  return jensen(SPREAD.map((t) => s * t), under(y, (z) => z), Math.log(mean));
}

// What a derivation's line is worth: the sum of its parts, each with its sign.
const partValue = (part, named) => (part.startsWith("−") ? -named[part.slice(1)] : named[part]);
const lineValue = (parts, named) => parts.reduce((sum, part) => sum + partValue(part, named), 0);
