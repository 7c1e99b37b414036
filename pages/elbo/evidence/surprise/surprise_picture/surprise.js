// vae_core/explore/elbo/surprise.py in the browser: what an average surprise is made of, each part by its own formula. Nats.

const sumOf = (values) => values.reduce((a, b) => a + b, 0);
const shareOf = (weights) => weights.map((weight) => weight / sumOf(weights));

// Of the distributions of these weights.
function surpriseOf(dataWeights, modelWeights) {
  const pop = shareOf(dataWeights), model = shareOf(modelWeights), expected = (value) => sumOf(pop.map((p, y) => p * value(y)));
  return {
    pop,
    model,
    cross: expected((y) => -Math.log(model[y])),
    entropy: expected((y) => -Math.log(pop[y])),
    divergence: expected((y) => Math.log(pop[y] / model[y])),
  };
}

// The weight with which outcome y has that share, while the other weights stay.
const weightOf = (weights, y, share) => (share / (1 - share)) * (sumOf(weights) - weights[y]);
