// Painted cells as numbers, without a page: the grid, the brush and the code of vae_core/data/drawn.py.

const REACH = 3; // half of the side of the square [−3, 3]², however many cells it has
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", BITS = 6;

// The middle of the k-th of side × side cells; rows lie upwards.
function centreOf(k, side) {
  const cell = (2 * REACH) / side;
  return [((k % side) + 0.5) * cell - REACH, (Math.floor(k / side) + 0.5) * cell - REACH];
}

// Paints the cells whose centres lie within a radius of the way from one place to another, or wipes them (value 0).
function brush(cells, [x, y], [toX, toY], radius, value) {
  const alongX = toX - x, alongY = toY - y, length = Math.max(alongX * alongX + alongY * alongY, 1e-12);
  const side = Math.sqrt(cells.length);
  for (let k = 0; k < cells.length; k++) {
    const [u, v] = centreOf(k, side), share = Math.min(1, Math.max(0, ((u - x) * alongX + (v - y) * alongY) / length));
    if ((u - x - share * alongX) ** 2 + (v - y - share * alongY) ** 2 <= radius * radius) cells[k] = value;
  }
}

// Six cells a letter, the first of them in its highest bit.
function encode(cells) {
  let code = "";
  for (let start = 0; start < cells.length; start += BITS) {
    let value = 0;
    for (let k = 0; k < BITS; k++) value = 2 * value + (cells[start + k] ?? 0);
    code += LETTERS[value];
  }
  return code;
}

// The side × side cells of a code; null for what is none.
function decode(code, side) {
  const length = Math.ceil((side * side) / BITS);
  if (typeof code !== "string" || code.length !== length) return null;
  const cells = new Uint8Array(length * BITS);
  for (let i = 0; i < length; i++) {
    const value = LETTERS.indexOf(code[i]);
    if (value < 0) return null;
    for (let k = 0; k < BITS; k++) cells[BITS * i + k] = (value >> (BITS - 1 - k)) & 1;
  }
  return cells.subarray(side * side).some(Boolean) ? null : cells.slice(0, side * side);
}

function countOf(cells) {
  return cells.reduce((sum, value) => sum + value, 0);
}
