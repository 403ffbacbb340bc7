// Balls that have left a map: the arrows at its edge stand side by side, none over another.
"use strict";

const ARROW = 17; // pixels from one arrow to the next

/**
 * Move balls that have left a map along its edges, until none covers another.
 * @param {Box} frame
 * @param {Mark[]} marks
 */
DropABall.spreadGone = ({ left, top, width, height }, marks) => {
  const [right, bottom] = [left + width, top + height];
  /** @type {["x" | "y", number, "x" | "y", number, number][]} */
  const edges = [
    ["x", left, "y", top, bottom],
    ["x", right, "y", top, bottom],
    ["y", top, "x", left, right],
    ["y", bottom, "x", left, right],
  ];
  for (const [across, edge, along, from, to] of edges) {
    const here = marks.filter((mark) => mark.gone && Math.abs(mark[across] - edge) < 0.5);
    const places = spread(here.map((mark) => mark[along]), from, to);
    here.forEach((mark, i) => (mark[along] = places[i]));
  }
};

/**
 * Move places on a line apart, no farther than need be: those too near each other around their middle.
 * @param {number[]} places
 * @param {number} from
 * @param {number} to
 * @returns {number[]}
 */
const spread = (places, from, to) => {
  const count = places.length;
  const gap = Math.min(ARROW, (to - from) / (count - 1));
  const order = [...places.keys()].sort((i, j) => places[i] - places[j] || i - j);
  // Without the gaps before them, places have to be in order and no more: this is an isotonic regression.
  const free = order.map((place, i) => places[place] - i * gap);
  const mean = (/** @type {number[]} */ part) => part.reduce((sum, one) => sum + one) / part.length;
  /** @type {number[]} */
  const result = [];
  order.forEach((place, i) => {
    const means = free.slice(0, i + 1).map((_, j) =>
      Math.min(...free.slice(i).map((_, k) => mean(free.slice(j, i + k + 1)))),
    );
    result[place] = Math.min(Math.max(...means, from), to - (count - 1) * gap) + i * gap;
  });
  return result;
};
