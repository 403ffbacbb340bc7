// Balls that have left a map, at its edge, and names beside all of them: none over another.
"use strict";

/** @typedef {{left: number, top: number, width: number, height: number}} Box */

/** @typedef {{x: number, y: number, text: string, gone?: boolean}} Mark `gone` where its ball has left the map */

DropABall.Names = class {
  constructor() {
    /** @type {number[]} */
    this.choices = []; // of each name, tried first in the next picture: a name that jumps is hard to read
  }

  /**
   * Write a name beside each mark, where it fits; names with no room are left to the legend.
   * @param {CanvasRenderingContext2D} context
   * @param {Box} frame
   * @param {Mark[]} marks
   */
  draw(context, frame, marks) {
    const height = 14;
    /** @type {Box[]} */
    const taken = marks.map(({ x, y }) => ({ left: x - 8, top: y - 8, width: 16, height: 16 }));
    context.textAlign = "left";
    context.textBaseline = "middle";
    marks.forEach(({ x, y, text, gone }, i) => {
      const width = context.measureText(text).width;
      const boxes = DISTANCES.flatMap((distance) =>
        DIRECTIONS.map(([dx, dy]) => ({
          left: x + dx * distance + ((dx - 1) / 2) * width,
          top: y + dy * distance + ((dy - 1) / 2) * height,
          width,
          height,
        })),
      );
      const fits = (/** @type {number} */ k) =>
        boxes[k] && inside(boxes[k], frame) && !taken.some((other) => overlap(boxes[k], other));
      // At the edge nothing jumps: there each has the place that it would have had from the first.
      const choice = [gone ? undefined : this.choices[i], ...boxes.keys()].find(fits);
      this.choices[i] = choice;
      if (choice === undefined) {
        return;
      }
      const box = boxes[choice];
      taken.push(box);
      for (const [line, colour] of /** @type {[number, string][]} */ ([[3, "#ffffff"], [1, "#000000"]])) {
        context.strokeStyle = colour;
        context.lineWidth = line;
        if (choice >= DIRECTIONS.length) {
          context.beginPath();
          context.moveTo(x, y);
          context.lineTo(Math.min(Math.max(x, box.left), box.left + width), box.top + height / 2);
          context.stroke();
        }
      }
      DropABall.writeName(context, text, box.left, box.top + height / 2);
    });
  }
};

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

/**
 * Write a name so that it can be read on any ground.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
DropABall.writeName = (context, text, x, y) => {
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = "#ffffff";
  context.strokeText(text, x, y);
  context.fillStyle = "#000000";
  context.fillText(text, x, y);
};

/** How far apart arrows have to be. */
const ARROW = 17;

/** How far from its mark a name may stand, with a line to it beyond the first. */
const DISTANCES = [11, 28, 48];

/** Where a name stands: right, left, above, below, and between. */
const DIRECTIONS = [[1, 0], [-1, 0], [0, -1], [0, 1], [0.8, -0.8], [-0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]];

/** @param {Box} box @param {Box} frame */
const inside = (box, frame) =>
  box.left >= frame.left &&
  box.top >= frame.top &&
  box.left + box.width <= frame.left + frame.width &&
  box.top + box.height <= frame.top + frame.height;

/** @param {Box} one @param {Box} other */
const overlap = (one, other) =>
  one.left < other.left + other.width &&
  other.left < one.left + one.width &&
  one.top < other.top + other.height &&
  other.top < one.top + one.height;
