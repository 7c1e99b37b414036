// Where the point wanders before anybody takes it, without a page: round the middle of the plane, through its inner half, and never twice
// the same way.

const ROUND_S = 23; // seconds of one time round
const REACH = 0.5; // of the half width of the plane

// The place after so many seconds, in the plane's own unit: [across, up], each within ± REACH.
function wandered(seconds) {
  const turn = (2 * Math.PI * seconds) / ROUND_S, wide = REACH * (0.7 + 0.3 * Math.cos(0.61 * turn));
  return [wide * Math.cos(turn), wide * Math.sin(turn)];
}
