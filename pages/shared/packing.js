// What vae_core/drawing/packing.py packs: [u32 length][JSON header][padding to 8][arrays, each padded to 8].

const padded = (n) => Math.ceil(n / 8) * 8;

// The header, and where the first array begins.
function headOf(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const text = Array.from(bytes.subarray(4, 4 + length), (code) => String.fromCharCode(code)).join(""); // ASCII
  return { header: JSON.parse(text), start: padded(4 + length) };
}

// The header with its arrays by name, as { values, shape }: float32 for numbers, bytes for bytes.
function unpack(bytes) {
  const { header, start } = headOf(bytes);
  let at = start;
  for (const { name, dtype, shape } of header.arrays) {
    const n = shape.reduce((a, b) => a * b, 1), size = n * { u1: 1, f2: 2, f4: 4 }[dtype];
    header[name] = { values: READERS[dtype](bytes.slice(at, at + size)), shape };
    at = padded(at + size);
  }
  return header;
}

const READERS = {
  u1: (bytes) => bytes,
  f2: (bytes) => singles(new Uint16Array(bytes.buffer)),
  f4: (bytes) => new Float32Array(bytes.buffer),
};

// Numbers of IEEE 754 binary16 as float32: the exponent's bias is 15 there, 127 here. A decoder has 300,000 of them.
function singles(halves) {
  const values = new Float32Array(halves.length), bits = new Uint32Array(values.buffer);
  for (let k = 0; k < halves.length; k++) {
    const magnitude = halves[k] & 0x7fff;
    if (magnitude >= 0x0400 && magnitude < 0x7c00) bits[k] = ((halves[k] & 0x8000) << 16) | ((magnitude << 13) + ((127 - 15) << 23));
    else values[k] = half(halves[k]);
  }
  return values;
}

// One of them, also where it is subnormal, infinite or no number.
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
