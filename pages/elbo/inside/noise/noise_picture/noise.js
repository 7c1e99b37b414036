// vae_core/explore/elbo/movable.py in the browser: z of its noise, and the gradients of E[(z − t)²] by a location m or by log odds ℓ.

const TARGET = 0.45, SCALE = 0.7;
const expit = (value) => 1 / (1 + Math.exp(-value));
const logit = (u) => Math.log(u) - Math.log1p(-u);
const lossOf = (z) => (z - TARGET) ** 2;

const movedOf = (location, noise) => location + SCALE * noise;
const stepOf = (odds, u) => +(u > 1 - expit(odds));
const relaxedOf = (odds, temperature, noise) => expit((odds + noise) / temperature); // of the noise logit(u)

// d/dm E[f(z)], or d/dℓ E[f(b)].
const exactOf = (isStep, at) => (isStep ? expit(at) * (1 - expit(at)) * (lossOf(1) - lossOf(0)) : 2 * (at - TARGET));

// A draw of each gradient estimate, of standard noise, of u, or of logit(u).
const pathwiseOf = (location, noise) => 2 * (movedOf(location, noise) - TARGET);
const scoreOf = (odds, u) => lossOf(stepOf(odds, u)) * (stepOf(odds, u) - expit(odds));
function relaxedPathwiseOf(odds, temperature, noise) {
  const z = relaxedOf(odds, temperature, noise);
  return (2 * (z - TARGET) * z * (1 - z)) / temperature;
}

function estimateOf(draws) {
  const n = draws.length, mean = draws.reduce((a, b) => a + b, 0) / n, variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

// Places of y = (ℓ + noise)/T, with 2(z − t)z(1 − z) there: the trapezoid rule, whose error is far below 1e-12 at T ≤ 2.
const ORDINATES = Array.from({ length: 321 }, (_, k) => -40 + k / 4).map((y) => [y, 2 * (expit(y) - TARGET) * expit(y) * (1 - expit(y))]);

// Mean and standard deviation of a draw of the relaxed gradient, by quadrature.
function relaxedMoments(odds, temperature) {
  let mean = 0, second = 0;
  for (const [y, value] of ORDINATES) {
    const noise = expit(temperature * y - odds), density = (noise * (1 - noise)) / 4;
    mean += value * density;
    second += (value ** 2 * density) / temperature;
  }
  return { mean, deviation: Math.sqrt(second - mean ** 2) };
}
