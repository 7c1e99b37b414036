// The maps of vae_core/explore/comparison_maps.py, on flat arrays of n points with `dim` coordinates each.
// forward(z, dim, p, out) writes g(z); logDet(z, dim, p, out) writes log |det J| of each point.

function radiusAt(z, i, dim) {
  const x = z[i], y = z[i + 1], w = dim === 3 ? z[i + 2] : 0;
  return Math.sqrt(x * x + y * y + w * w);
}

function multiply(matrix, z, dim, out) {
  for (let i = 0; i < z.length; i += dim) {
    for (let row = 0; row < dim; row++) {
      let sum = 0;
      for (let column = 0; column < dim; column++) sum += matrix[row * dim + column] * z[i + column];
      out[i + row] = sum;
    }
  }
}

function linearMatrix(dim, p) {
  const angle = (p.angle * Math.PI) / 180, c = Math.cos(angle), s = Math.sin(angle), k = p.stretch;
  return dim === 2 ? [c * k, -s / k, s * k, c / k] : [c * k, -s / k, 0, s * k, c / k, 0, 0, 0, 1];
}

// Σ^½ of Σ = sd²((1 − c)·I + c·11ᵀ): the eigenvalue sd²(1 + (d − 1)c) belongs to 1, sd²(1 − c) to all that is orthogonal to it.
function whiteningInverseMatrix(dim, p) {
  const across = p.sd * Math.sqrt(1 - p.correlation), along = p.sd * Math.sqrt(1 + (dim - 1) * p.correlation);
  const matrix = new Array(dim * dim).fill((along - across) / dim);
  for (let i = 0; i < dim; i++) matrix[i * dim + i] += across;
  return matrix;
}

export const MAPS = {
  ring: {
    forward(z, dim, p, out) {
      for (let i = 0; i < z.length; i += dim) {
        const stretch = 1 / p.a + p.b / Math.max(radiusAt(z, i, dim), 1e-12);
        for (let k = 0; k < dim; k++) out[i + k] = stretch * z[i + k];
      }
    },
    logDet(z, dim, p, out) {
      for (let i = 0, n = 0; i < z.length; i += dim, n++) {
        out[n] = -Math.log(p.a) + (dim - 1) * Math.log(1 / p.a + p.b / Math.max(radiusAt(z, i, dim), 1e-12));
      }
    },
    isTorn: (p) => p.b > 0,
  },
  linear: {
    forward: (z, dim, p, out) => multiply(linearMatrix(dim, p), z, dim, out),
    logDet: (z, dim, p, out) => out.fill(0),
    isTorn: () => false,
  },
  whitening_inverse: {
    forward: (z, dim, p, out) => multiply(whiteningInverseMatrix(dim, p), z, dim, out),
    logDet: (z, dim, p, out) =>
      out.fill(dim * Math.log(p.sd) + 0.5 * ((dim - 1) * Math.log(1 - p.correlation) + Math.log(1 + (dim - 1) * p.correlation))),
    isTorn: () => false,
  },
  spiral_twist: {
    forward(z, dim, p, out) {
      for (let i = 0; i < z.length; i += dim) {
        const x = 1.5 * z[i], y = p.flatness * z[i + 1];
        const angle = p.twist * Math.sqrt(x * x + y * y), c = Math.cos(angle), s = Math.sin(angle);
        out[i] = c * x - s * y;
        out[i + 1] = s * x + c * y;
        if (dim === 3) out[i + 2] = z[i + 2];
      }
    },
    logDet: (z, dim, p, out) => out.fill(Math.log(1.5 * p.flatness)),
    isTorn: () => false,
  },
};
