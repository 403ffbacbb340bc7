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
 * Near a critical point Newton's step is as long as the way to it, however flat the surface, and the slope at its
 * end is a small part of what it was, or nothing but rounding. At the kink of a ReLU it is not, nor where a smooth
 * surface turns within the step. Where neither slope nor curvature would change the cost noticeably across the
 * window, the ground is flat.
 * @param {Model} model
 * @param {number} a
 * @param {number} b
 * @param {{side: number, low: number, high: number}} surface the longer side of its window, its lowest and highest cost
 * @returns {Verdict}
 */
DropABall.judge = (model, a, b, { side, low, high }) => {
  const { a: byA, b: byB, aa, ab, bb } = model.taylor(a, b);
  const norm = Math.hypot(byA, byB);
  const middle = (aa + bb) / 2;
  const radius = Math.hypot((aa - bb) / 2, ab);
  const [least, most] = [middle - radius, middle + radius];
  const determinant = aa * bb - ab * ab;
  const [stepA, stepB] = [(ab * byB - bb * byA) / determinant, (ab * byA - aa * byB) / determinant];
  const level = (/** @type {number} */ change) => change < DropABall.LEVEL * (high - low);
  const bend = (Math.max(Math.abs(least), Math.abs(most)) * side * side) / 8;
  let word = level(norm * side) ? "flat" : "descending";
  if (!Number.isFinite(norm)) {
    word = "out of the range of numbers";
  } else if (!(level(norm * side) && level(bend)) && Math.hypot(stepA, stepB) < DropABall.NEAR * side) {
    const there = model.taylor(a + stepA, b + stepB);
    if (Math.hypot(there.a, there.b) <= Math.max(norm / 2, (1e-9 * (high - low)) / side)) {
      word = least > 0 ? "minimum" : most < 0 ? "maximum" : "saddle";
    } else if (model.kinked) {
      word = "kink";
    }
  }
  return { norm, eigenvalues: [least, most], word };
};
