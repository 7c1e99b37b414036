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

// Share of the draws in each of so many bins of equal width between −reach and reach.
function sharesOf([c0, c1, c2, c3], eps, reach, nBins) {
  const counts = new Array(nBins).fill(0), scale = nBins / (2 * reach);
  for (const e of eps) {
    const bin = Math.floor((c0 + e * (c1 + e * (c2 + e * c3)) + reach) * scale);
    if (bin >= 0 && bin < nBins) counts[bin] += 1;
  }
  return counts.map((count) => count / eps.length);
}
