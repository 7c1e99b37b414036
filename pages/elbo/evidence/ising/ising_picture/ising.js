// vae_core/explore/elbo/ising.py in the browser: a state is a number whose bit k is spin k; how many states agree how much comes from Python.

const SIDE = 4, N_SPINS = SIDE * SIDE;
const NEIGHBOURS = Array.from({ length: N_SPINS }, (_, k) => {
  const row = Math.floor(k / SIDE), column = k % SIDE, inside = ([i, j]) => i >= 0 && j >= 0 && i < SIDE && j < SIDE;
  return [[row - 1, column], [row + 1, column], [row, column - 1], [row, column + 1]].filter(inside).map(([i, j]) => i * SIDE + j);
});

const spinOf = (state, k) => 2 * ((state >> k) & 1) - 1;
const flipped = (state, k) => state ^ (1 << k);
const fieldOf = (state, k) => NEIGHBOURS[k].reduce((sum, other) => sum + spinOf(state, other), 0);
const agreementOf = (state) => NEIGHBOURS.reduce((sum, _, k) => sum + spinOf(state, k) * fieldOf(state, k), 0) / 2; // each pair is met twice

// ln Z, the probability of each level, and the mean agreement, which is the slope of ln Z.
function ensembleOf({ agreement, states }, coupling) {
  const most = Math.max(...agreement.map((one) => coupling * one)), weights = agreement.map((one, l) => states[l] * Math.exp(coupling * one - most));
  const sum = weights.reduce((a, b) => a + b, 0), probabilities = weights.map((weight) => weight / sum);
  return { logZ: most + Math.log(sum), probabilities, mean: probabilities.reduce((total, p, l) => total + p * agreement[l], 0) };
}

// Probability that spin k is +1, given all the others: no normaliser is needed.
const upOf = (state, k, coupling) => 1 / (1 + Math.exp(-2 * coupling * fieldOf(state, k)));

// Each spin once drawn anew, given the others (Geman & Geman 1984).
function swept(state, coupling, uniform) {
  for (let k = 0; k < N_SPINS; k++) state = uniform() < upOf(state, k, coupling) ? state | (1 << k) : state & ~(1 << k);
  return state;
}
