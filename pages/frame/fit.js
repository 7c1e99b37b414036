// Which height pictures may count on, without a page: so much that page and window are of one height.

const FROM = 0.62, TO = 1.3; // of the window's own height: beyond that a picture is no picture, or no more than wide
const SLACK = 8; // pixels that may stay free below
const MOST_TRIES = 8;

// The next height to try; the same as the last one once nothing better is to be had.
// tries: [{height, excess}], what was tried so far, and by how many pixels the page was higher than its window then; own: the window's height.
function nextHeight(tries, own) {
  const last = tries[tries.length - 1], before = tries[tries.length - 2];
  const isFit = last.excess <= 0 && last.excess >= -SLACK, answers = before ? (last.excess - before.excess) / (last.height - before.height) : 1;
  const isAsLargeAsItGets = last.excess <= 0 && answers < 0.05;
  if (isFit || isAsLargeAsItGets || tries.length >= MOST_TRIES) return best(tries);
  const wanted = last.height - (last.excess + SLACK / 2) / Math.min(2, Math.max(0.3, answers));
  const height = Math.round(Math.min(TO * own, Math.max(FROM * own, wanted)));
  return tries.some((one) => Math.abs(one.height - height) < 2) ? best(tries) : height;
}

// Of the heights that were tried the largest at which nothing has to be scrolled, else of those with the least of it.
function best(tries) {
  const least = Math.min(...tries.map(({ excess }) => excess)), limit = least <= 0 ? 0 : least + 1;
  return Math.max(...tries.filter(({ excess }) => excess <= limit).map(({ height }) => height));
}
