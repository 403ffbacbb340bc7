// What the colours of a surface can stand for, and the height of the block.
"use strict";

/**
 * @typedef {object} Colouring
 * @property {string} title
 * @property {Float32Array} levels from 0 to 1, on the grid of the surface
 * @property {string[]} colours from low to high
 * @property {number} low what the lowest colour stands for
 * @property {number} high
 */

/**
 * Measure gradient and curvature on a grid; a worker does this.
 * @param {Model} model
 * @param {{window: number[], points: number}} grid
 */
DropABall.measure = function* (model, { window: [a0, a1, b0, b1], points }) {
  const slope = new Float64Array(points * points);
  const bend = new Float64Array(points * points);
  for (let i = 0; i < slope.length; i++) {
    const [column, row] = [i % points, Math.floor(i / points)];
    const a = a0 + ((a1 - a0) * column) / (points - 1);
    const here = model.taylor(a, b0 + ((b1 - b0) * row) / (points - 1));
    slope[i] = Math.hypot(here.a, here.b);
    bend[i] = (here.aa + here.bb) / 2 - Math.hypot((here.aa - here.bb) / 2, here.ab);
  }
  yield { slope, bend };
};

/** @typedef {{slope: Float64Array, bend: Float64Array}} Measured */

/**
 * Let colours stand for the cost.
 * @param {Surface} surface
 * @returns {Colouring}
 */
DropABall.colourCost = ({ levels, low, high }) => ({ title: "cost", levels, colours: DropABall.colours, low, high });

/**
 * Let colours stand for the length of the gradient, which is a matter of orders of magnitude.
 * @param {Measured} measured
 * @returns {Colouring}
 */
DropABall.colourSlope = ({ slope }) => {
  const high = slope.reduce((one, other) => Math.max(one, other));
  const low = Math.max(slope.reduce((one, other) => Math.min(one, other)), high / 1e4);
  const levels = Float32Array.from(slope, (value) => Math.max(Math.log(value / low) / Math.log(high / low), 0));
  return { title: "length of the gradient (logarithmic)", levels, colours: DropABall.colours, low, high };
};

/**
 * Let colours stand for the smaller eigenvalue of the Hessian; where it changes its sign, so do they.
 * @param {Measured} measured
 * @returns {Colouring}
 */
DropABall.colourBend = ({ bend }) => {
  const most = bend.reduce((one, other) => Math.max(one, Math.abs(other)), 0);
  // A root, since most of a surface is much less bent than its sharpest ridge.
  const levels = Float32Array.from(bend, (value) => (1 + Math.sign(value) * Math.sqrt(Math.abs(value) / most)) / 2);
  return { title: "smallest curvature", levels, colours: TWO_SIGNS, low: -most, high: most };
};

/** From purple, below 0, to orange, above. */
const TWO_SIGNS = Array.from({ length: 20 }, (_, i) => {
  const [r, g, b] = i < 10 ? [84, 39, 136] : [179, 88, 6];
  const share = i < 10 ? i / 11 : (19 - i) / 11;
  return `#${[r, g, b].map((part) => Math.round(part + (245 - part) * share).toString(16).padStart(2, "0")).join("")}`;
});

/**
 * The height of the block at a level of cost, from 0 to 1.
 * @type {Record<string, (level: number, surface: {low: number, high: number}) => number>}
 */
DropABall.heights = {
  range: (level) => level,
  logarithmic: (level) => Math.log1p(999 * level) / Math.log(1000),
  full: (level, { low, high }) => (low + level * (high - low)) / high,
};
