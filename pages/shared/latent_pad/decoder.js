// The decoder's mean E[x|z] in plain JavaScript: the layers of vae_core/explore/latent_pad.py, with its activation between two of them.

const HEADS = {
  identity: (v) => v,
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  // E[x] = 1/(1 − e^−η) − 1/η (Loaiza-Ganem & Cunningham 2019); its series near 0.
  continuous_bernoulli: (v) => (Math.abs(v) < 0.3 ? 0.5 + v / 12 - v ** 3 / 720 : -1 / Math.expm1(-v) - 1 / v),
};

const ACTIVATIONS = {
  relu: (v) => (v < 0 ? 0 : v),
  tanh: Math.tanh,
  silu: (v) => v / (1 + Math.exp(-v)),
};

class Decoder {
  constructor(bytes, address) {
    const header = unpack(bytes);
    this.address = address;
    this.latentDim = header.latent_dim;
    [this.channels, this.height, this.width] = header.shape;
    this.head = HEADS[header.head];
    this.activation = ACTIVATIONS[header.activation];
    this.layers = header.layers.map((layer, k) => {
      const { values: weight } = header[`weight${k}`], { values: bias } = header[`bias${k}`];
      if (!layer.sizes) return { ...layer, weight, bias, result: new Float32Array(layer.out) };
      const [, [tall, wide]] = layer.sizes;
      return { ...layer, weight: tapsFirst(weight, layer), bias, result: new Float32Array(tall * wide * layer.out) };
    });
    this.mean = new Float32Array(this.channels * this.height * this.width);
  }

  // The mean of p(x|z), in an array that the next call overwrites.
  decode(z) {
    let values = z;
    this.layers.forEach((layer, index) => {
      if (index > 0) for (let i = 0; i < values.length; i++) values[i] = this.activation(values[i]);
      if (!layer.sizes) multiply(layer, values);
      else convolveTransposed(layer, this.layers[index - 1].sizes ? values : channelsLast(values, layer.in));
      values = layer.result;
    });
    if (this.layers[this.layers.length - 1].sizes && this.channels > 1) values = channelsLast(values, values.length / this.channels); // and back: channels first
    for (let i = 0; i < values.length; i++) this.mean[i] = this.head(values[i]);
    return this.mean;
  }
}

function multiply({ weight, bias, result, out: n }, values) {
  result.set(bias);
  for (let i = 0, at = 0; i < values.length; i++, at += n) {
    const v = values[i];
    if (v === 0) continue;
    for (let k = 0; k < n; k++) result[k] += v * weight[at + k];
  }
}

// (n, pixels) → (pixels, n)
function channelsLast(values, n) {
  const out = new Float32Array(values.length), pixels = values.length / n;
  for (let c = 0, at = 0; c < n; c++) for (let p = 0; p < pixels; p++) out[p * n + c] = values[at++];
  return out;
}

// (in, out, 9) → (in, 9, out), so that the innermost loop of a convolution runs over neighbours in memory.
function tapsFirst(weight, { in: nIn, out: nOut }) {
  const out = new Float32Array(weight.length);
  for (let a = 0; a < nIn; a++) for (let c = 0; c < nOut; c++) for (let t = 0; t < 9; t++) out[(a * 9 + t) * nOut + c] = weight[(a * nOut + c) * 9 + t];
  return out;
}

// Kernel 3, stride 2, padding 1: input (y, x) reaches output (2y − 1 + i, 2x − 1 + j). Channels are last, here and in the result.
function convolveTransposed({ weight, bias, result, in: nIn, out: nOut, sizes }, values) {
  const [[height, width], [tall, wide]] = sizes;
  for (let at = 0; at < result.length; at += nOut) result.set(bias, at);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < 3; i++) {
        const row = 2 * y - 1 + i;
        if (row < 0 || row >= tall) continue;
        for (let j = 0; j < 3; j++) {
          const column = 2 * x - 1 + j;
          if (column < 0 || column >= wide) continue;
          const to = (row * wide + column) * nOut, from = (y * width + x) * nIn;
          for (let a = 0; a < nIn; a++) {
            const v = values[from + a], at = (a * 9 + 3 * i + j) * nOut;
            if (v !== 0) for (let c = 0; c < nOut; c++) result[to + c] += v * weight[at + c];
          }
        }
      }
    }
  }
}
