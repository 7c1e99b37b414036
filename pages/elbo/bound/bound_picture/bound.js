// vae_core/explore/elbo/bound.py in the browser: every integral of the bound's derivation, by the same rules. Nats. It follows gauss.js.

const REACH = 9, N_Z = 1801;
const GRID = Array.from({ length: N_Z }, (_, k) => -REACH + (2 * REACH * k) / (N_Z - 1));
const SPREAD = Array.from({ length: 2000 }, (_, k) => (k + 0.5) / 250 - 4), N_BINS = 40;
const STARTS = [-1.5, 0, 1.5].flatMap((mean) => [0.3, 1].map((width) => [mean, width]));
const LONGEST_STEP = 0.2, LEAST_GAIN = 1e-13;

const mapOf = ({ coefficients: [c0, c1, c2] }, z) => c0 + z * (c1 + z * c2);
const slopeOf = ({ coefficients: [, c1, c2] }, z) => c1 + 2 * z * c2;
const logLikelihood = (world, x, z) => -0.5 * ((x - mapOf(world, z)) ** 2 / world.noise + Math.log(world.noise) + LOG_TAU);
const logJoint = (world, x, z) => logGauss(PRIOR, z) + logLikelihood(world, x, z);

// ∫ over z of e^f, by the trapezoid rule.
function overZ(logValue) {
  let sum = 0;
  for (const z of GRID) sum += Math.exp(logValue(z));
  return (sum * 2 * REACH) / (N_Z - 1);
}

const logEvidence = (world, x) => Math.log(overZ((z) => logJoint(world, x, z)));
const rateOf = (q) => klOf(q, PRIOR);
const distortionOf = (world, x, q) => -under(q, (z) => logLikelihood(world, x, z));
const elboOf = (world, x, q) => -(distortionOf(world, x, q) + rateOf(q));
const gapOf = (world, x, q, evidence) => under(q, (z) => logGauss(q, z) - (logJoint(world, x, z) - evidence));

// Every integral that a line of a derivation names, each as it is written there.
function quantities(world, x, q, evidence = logEvidence(world, x)) {
  const joint = (z) => logJoint(world, x, z), likelihood = (z) => logLikelihood(world, x, z);
  const ofQ = (z) => logGauss(q, z), prior = (z) => logGauss(PRIOR, z), posterior = (z) => joint(z) - evidence;
  return {
    evidence,
    "mean weight": Math.log(overZ((z) => ofQ(z) + (joint(z) - ofQ(z)))),
    "expected evidence": under(q, () => evidence),
    "by Bayes": under(q, (z) => joint(z) - posterior(z)),
    "evidence times posterior": under(q, (z) => evidence + posterior(z) - posterior(z)),
    product: under(q, (z) => joint(z) - ofQ(z) + (ofQ(z) - posterior(z))),
    "expected weight": under(q, (z) => joint(z) - ofQ(z)),
    "expected weight, factored": under(q, (z) => prior(z) + likelihood(z) - ofQ(z)),
    gap: gapOf(world, x, q, evidence),
    "prior ratio": under(q, (z) => prior(z) - ofQ(z)),
    likelihood: under(q, likelihood),
    rate: rateOf(q),
    elbo: elboOf(world, x, q),
  };
}

function gradientOf(world, x, q) {
  const force = (z) => ((x - mapOf(world, z)) * slopeOf(world, z)) / world.noise - z;
  return [under(q, force), under(q, (z) => force(z) * (z - q[0])) + 1];
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
  let total = 0;
  SPREAD.forEach((t, k) => {
    const share = Math.exp(-0.5 * t * t), bin = Math.floor(Math.min(Math.exp(logWeights[k]) / (high / N_BINS), N_BINS));
    total += share;
    if (bin < N_BINS) shares[bin] += share;
  });
  return { high, shares: shares.map((share) => share / total), expectedLog, logExpected, gap: logExpected - expectedLog };
}

function jensenOfWeights(world, x, q, named) {
  const logWeights = SPREAD.map((t) => q[0] + q[1] * t).map((z) => logJoint(world, x, z) - logGauss(q, z));
  return jensen(logWeights, named["expected weight"], named["mean weight"]);
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
