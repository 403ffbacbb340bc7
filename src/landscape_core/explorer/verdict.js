// What a point stands on, in numbers and in one word.
"use strict";

/**
 * @typedef {{norm: number, eigenvalues: [number, number], word: string}} Verdict
 */

/** How near, in sides of the window, the next critical point has to be to count as reached. */
DropABall.NEAR = 0.005;

/**
 * The share of the surface's range of cost below which a slope or a bend across the whole window is none.
 * On the article's surface that is a slope of 10⁻⁴, which the chapters call flat.
 */
DropABall.LEVEL = 0.055;

/**
 * Say what a point stands on.
 *
 * Near a critical point Newton's step is as long as the way to it, however flat the surface; where
 * neither slope nor curvature would change the cost noticeably across the window, the ground is flat.
 * @param {Taylor} here
 * @param {number} side the longer side of the window
 * @param {number} range highest less lowest cost of the surface
 * @returns {Verdict}
 */
DropABall.judge = (here, side, range) => {
  const { a, b, aa, ab, bb } = here;
  const norm = Math.hypot(a, b);
  const middle = (aa + bb) / 2;
  const radius = Math.hypot((aa - bb) / 2, ab);
  const [low, high] = [middle - radius, middle + radius];
  const determinant = aa * bb - ab * ab;
  const step = Math.hypot(bb * a - ab * b, aa * b - ab * a) / Math.abs(determinant);
  const bend = (Math.max(Math.abs(low), Math.abs(high)) * side * side) / 8;
  let word = "descending";
  if (!Number.isFinite(norm)) {
    word = "out of the range of numbers";
  } else if (norm * side < DropABall.LEVEL * range && bend < DropABall.LEVEL * range) {
    word = "flat";
  } else if (step < DropABall.NEAR * side) {
    word = low > 0 ? "minimum" : high < 0 ? "maximum" : "saddle";
  } else if (norm * side < DropABall.LEVEL * range) {
    word = "flat";
  }
  return { norm, eigenvalues: [low, high], word };
};
