// The decoder's mean E[x|z] in plain JavaScript: the layers of vae_core/explore/latent_pad.py, with a ReLU between two of them.

// [u32 length][header as JSON][padding to 8][payload]
function unpackPayload(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), length = view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { header, payload: bytes.subarray((4 + length + 7) & ~7) };
}

// IEEE 754 binary16, little endian.
function float16(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), out = new Float32Array(bytes.byteLength >> 1);
  for (let i = 0; i < out.length; i++) {
    const h = view.getUint16(2 * i, true), exponent = (h >> 10) & 31, fraction = h & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction ? NaN : Infinity) : (1 + fraction / 1024) * 2 ** (exponent - 15);
    out[i] = h & 0x8000 ? -size : size;
  }
  return out;
}

const HEADS = {
  identity: (v) => v,
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  // E[x] = 1/(1 − e^−η) − 1/η (Loaiza-Ganem & Cunningham 2019); its series near 0.
  continuous_bernoulli: (v) => (Math.abs(v) < 0.3 ? 0.5 + v / 12 - v ** 3 / 720 : -1 / Math.expm1(-v) - 1 / v),
};

class Decoder {
  constructor(bytes) {
    const { header, payload } = unpackPayload(bytes);
    this.name = header.name;
    this.latentDim = header.latent_dim;
    [this.channels, this.height, this.width] = header.shape;
    this.head = HEADS[header.head];
    let at = 0;
    const take = (n) => float16(payload.subarray(at, (at += 2 * n)));
    this.layers = header.layers.map((layer) => {
      const out = layer.sizes ? layer.out * layer.sizes[1][0] * layer.sizes[1][1] : layer.out;
      const weight = take(layer.in * layer.out * (layer.sizes ? 9 : 1));
      return { ...layer, weight, bias: take(layer.bias), result: new Float32Array(out) };
    });
    this.mean = new Float32Array(this.channels * this.height * this.width);
  }

  // The mean of p(x|z), in an array that the next call overwrites.
  decode(z) {
    let values = z;
    this.layers.forEach((layer, index) => {
      if (index > 0) for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
      if (layer.sizes) convolveTransposed(layer, values);
      else multiply(layer, values);
      values = layer.result;
    });
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

// Kernel 3, stride 2, padding 1: input (y, x) reaches output (2y − 1 + i, 2x − 1 + j).
function convolveTransposed({ weight, bias, result, in: nIn, out: nOut, sizes }, values) {
  const [[height, width], [tall, wide]] = sizes, plane = tall * wide;
  for (let c = 0; c < nOut; c++) result.fill(bias[c], c * plane, (c + 1) * plane);
  for (let a = 0; a < nIn; a++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const v = values[(a * height + y) * width + x];
        if (v === 0) continue;
        for (let c = 0; c < nOut; c++) {
          const kernel = (a * nOut + c) * 9, base = c * plane;
          for (let i = 0; i < 3; i++) {
            const row = 2 * y - 1 + i;
            if (row < 0 || row >= tall) continue;
            for (let j = 0; j < 3; j++) {
              const column = 2 * x - 1 + j;
              if (column >= 0 && column < wide) result[base + row * wide + column] += v * weight[kernel + 3 * i + j];
            }
          }
        }
      }
    }
  }
}
