// vae_core/explore/elbo/movable.py in the browser: z of its noise, and the gradients of E[(z − t)²] by a location m or by log odds ℓ.

const TARGET = 0.45, SCALE = 0.7;
const expit = (value) => 1 / (1 + Math.exp(-value));
const logit = (u) => Math.log(u) - Math.log1p(-u);
const lossOf = (z) => (z - TARGET) ** 2;

const movedOf = (location, noise) => location + SCALE * noise;
const stepOf = (odds, u) => +(u > 1 - expit(odds));
const relaxedOf = (odds, temperature, noise) => expit((odds + noise) / temperature); // of the noise logit(u)

// e^(−noise/T) of each: with it a sigmoid takes a product and a quotient, whatever ℓ is.
const fallsOf = (noise, temperature) => Float64Array.from(noise, (one) => Math.exp(-one / temperature));

// d/dm E[f(z)], or d/dℓ E[f(b)].
const exactOf = (isStep, at) => (isStep ? expit(at) * (1 - expit(at)) * (lossOf(1) - lossOf(0)) : 2 * (at - TARGET));

// A draw of each gradient estimate, of standard noise, or of u.
const pathwiseOf = (location, noise) => 2 * (movedOf(location, noise) - TARGET);
const scoreOf = (odds, u) => lossOf(stepOf(odds, u)) * (stepOf(odds, u) - expit(odds));

function estimateOf(draws) {
  const n = draws.length, mean = draws.reduce((a, b) => a + b, 0) / n, variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

// The relaxed gradient 2(z − t) z(1 − z)/T of draws of logit(u), given by their falls.
function relaxedEstimate(odds, temperature, falls) {
  const factor = Math.exp(-odds / temperature), n = falls.length;
  let sum = 0, squares = 0;
  for (let k = 0; k < n; k++) {
    const fall = factor * falls[k], z = 1 / (1 + fall), draw = (2 * (z - TARGET) * z * z * fall) / temperature;
    sum += draw;
    squares += draw * draw;
  }
  return { mean: sum / n, error: Math.sqrt((squares - sum ** 2 / n) / (n - 1) / n) };
}

// Places of y = (ℓ + noise)/T, and 2(z − t) z(1 − z) there: the trapezoid rule, whose error is far below 1e-12 at T ≤ 2.
const ORDINATES = Float64Array.from({ length: 321 }, (_, k) => -40 + k / 4);
const SLOPES = ORDINATES.map((y) => 2 * (expit(y) - TARGET) * expit(y) * (1 - expit(y)));

// Mean and standard deviation of a draw of the relaxed gradient, by quadrature; of many ℓ at one temperature, with its falls at the places.
function relaxedMoments(odds, temperature, falls = fallsOf(ORDINATES, 1 / temperature)) {
  const factor = Math.exp(odds);
  let mean = 0, second = 0;
  for (let k = 0; k < falls.length; k++) {
    const fall = factor * falls[k], share = 1 / (1 + fall), part = (SLOPES[k] * share * share * fall) / 4;
    mean += part;
    second += SLOPES[k] * part;
  }
  return { mean, deviation: Math.sqrt(second / temperature - mean ** 2) };
}
