// Names beside the balls of a map, none over another.
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
      // Balls at the edge hardly move: the nearest free place will do.
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
