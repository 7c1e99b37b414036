// Painted cells as numbers, without a page: the grid, the brush and the code of vae_core/data/drawn.py.

const SIDE = 32, REACH = 3; // cells along a side; half of the side of the square [−3, 3]²
const CELL = (2 * REACH) / SIDE;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", BITS = 6;
const LENGTH = Math.ceil((SIDE * SIDE) / BITS);

// The middle of the k-th cell; rows lie upwards.
function centreOf(k) {
  return [((k % SIDE) + 0.5) * CELL - REACH, (Math.floor(k / SIDE) + 0.5) * CELL - REACH];
}

// Paints the cells whose centres lie within a radius of the way from one place to another, or wipes them (value 0).
function brush(cells, [x, y], [toX, toY], radius, value) {
  const alongX = toX - x, alongY = toY - y, length = Math.max(alongX * alongX + alongY * alongY, 1e-12);
  for (let k = 0; k < cells.length; k++) {
    const [u, v] = centreOf(k), share = Math.min(1, Math.max(0, ((u - x) * alongX + (v - y) * alongY) / length));
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

// The cells of a code; null for what is none.
function decode(code) {
  if (typeof code !== "string" || code.length !== LENGTH) return null;
  const cells = new Uint8Array(LENGTH * BITS);
  for (let i = 0; i < LENGTH; i++) {
    const value = LETTERS.indexOf(code[i]);
    if (value < 0) return null;
    for (let k = 0; k < BITS; k++) cells[BITS * i + k] = (value >> (BITS - 1 - k)) & 1;
  }
  return cells.subarray(SIDE * SIDE).some(Boolean) ? null : cells.slice(0, SIDE * SIDE);
}

function countOf(cells) {
  return cells.reduce((sum, value) => sum + value, 0);
}
