// vae_core/explore/elbo/estimators.py in the browser, for f(z) = z²: with z = μ + σε both estimates are polynomials of ε.
//
//   pathwise        2z = 2μ + 2σε
//   score function  (z² − b) ε/σ = (μ² − b)/σ ε + 2μ ε² + σ ε³

const baselineOf = (mu, sigma, isSubtracted) => (isSubtracted ? mu ** 2 + sigma ** 2 : 0);

// Factors of 1, ε, ε² and ε³ in a draw of the pathwise and of the score-function estimate.
const factorsOf = (mu, sigma, isSubtracted) => [[2 * mu, 2 * sigma, 0, 0], [0, (mu ** 2 - baselineOf(mu, sigma, isSubtracted)) / sigma, 2 * mu, sigma]];

// Exact variances of a draw of each.
function variancesOf(mu, sigma, isSubtracted) {
  const b = baselineOf(mu, sigma, isSubtracted);
  const second = (mu ** 4 + 18 * mu ** 2 * sigma ** 2 + 15 * sigma ** 4 - 2 * b * (mu ** 2 + 3 * sigma ** 2) + b ** 2) / sigma ** 2;
  return [4 * sigma ** 2, second - 4 * mu ** 2];
}

// Standard deviation of the mean of N draws, of the covariance of the means of N draws of ε, ε² and ε³.
function spreadOf([, ...factors], covariance) {
  return Math.sqrt(factors.reduce((sum, one, i) => sum + factors.reduce((part, other, j) => part + one * covariance[i][j] * other, 0), 0));
}

// Factors of the product of two polynomials of ε.
function product(a, b) {
  const factors = new Array(a.length + b.length - 1).fill(0);
  a.forEach((one, i) => b.forEach((other, j) => { factors[i + j] += one * other; }));
  return factors;
}

// E of a polynomial of ε: E[εᵏ] is (k − 1)!! for even k, 0 for odd.
function expectationOf(factors) {
  let sum = 0, moment = 1;
  for (let k = 0; k < factors.length; k += 2) {
    sum += factors[k] * moment;
    moment *= k + 1;
  }
  return sum;
}

// Kurtosis of a draw, 3 for a Gaussian: how far beyond its variance its tails reach.
function kurtosisOf([, ...factors]) {
  const centred = [-expectationOf([0, ...factors]), ...factors];
  const squared = product(centred, centred);
  return expectationOf(product(squared, squared)) / expectationOf(squared) ** 2;
}

// Standard error of a standard deviation from so many means of N draws, as a share of it: a mean's tails are lighter, by 1/N.
const errorOfSpread = (kurtosis, count, nMeans) => 0.5 * Math.sqrt((2 + (kurtosis - 3) / count) / nMeans);

// Share of the draws in each of so many bins of equal width between −reach and reach.
function sharesOf([c0, c1, c2, c3], eps, reach, nBins) {
  const counts = new Array(nBins).fill(0), scale = nBins / (2 * reach);
  for (const e of eps) {
    const bin = Math.floor((c0 + e * (c1 + e * (c2 + e * c3)) + reach) * scale);
    if (bin >= 0 && bin < nBins) counts[bin] += 1;
  }
  return counts.map((count) => count / eps.length);
}
