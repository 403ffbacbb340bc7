// The path of steepest descent, which a ball with endlessly small steps would take.
"use strict";

/**
 * Follow the gradient downhill by the method of Runge and Kutta along the path's own length, until no
 * step leads lower; a worker does this.
 * @param {Model} model
 * @param {{start: [number, number], side: number}} order where to start, and the longer side of the window
 */
DropABall.followSteepest = function* (model, { start, side }) {
  const here = new Float64Array(3);
  const downhill = (/** @type {number} */ a, /** @type {number} */ b) => {
    model.slope(a, b, here);
    const norm = Math.hypot(here[1], here[2]) || 1;
    return [-here[1] / norm, -here[2] / norm];
  };
  const costAt = (/** @type {number} */ a, /** @type {number} */ b) => {
    model.slope(a, b, here);
    return here[0];
  };
  let [a, b] = start;
  let cost = costAt(a, b);
  const path = [a, b, cost];
  const longest = side / 100;
  const deadline = performance.now() + 2000;
  let step = longest / 8;
  while (step > side * 1e-6 && path.length < 15000 && performance.now() < deadline) {
    const [a1, b1] = downhill(a, b);
    const [a2, b2] = downhill(a + (step / 2) * a1, b + (step / 2) * b1);
    const [a3, b3] = downhill(a + (step / 2) * a2, b + (step / 2) * b2);
    const [a4, b4] = downhill(a + step * a3, b + step * b3);
    const [toA, toB] = [a + (step / 6) * (a1 + 2 * a2 + 2 * a3 + a4), b + (step / 6) * (b1 + 2 * b2 + 2 * b3 + b4)];
    const lower = costAt(toA, toB);
    // Where the four disagree, the step is too long for the bend of the path.
    if (lower < cost && a1 * a4 + b1 * b4 > 0.9) {
      [a, b, cost] = [toA, toB, lower];
      path.push(a, b, cost);
      step = Math.min(step * 1.5, longest);
    } else {
      step /= 2;
    }
    if (Math.max(Math.abs(a - start[0]), Math.abs(b - start[1])) > 3 * side) {
      break;
    }
  }
  yield Float64Array.from(path);
};
