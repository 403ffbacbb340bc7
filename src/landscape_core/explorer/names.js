// Names beside the balls of a map, none over another.
"use strict";

/** @typedef {{left: number, top: number, width: number, height: number}} Box */

/** @typedef {{x: number, y: number, text: string, gone?: boolean}} Mark `gone` where its ball has left the map */

DropABall.Names = class {
  constructor() {
    /** @type {number[]} */
    this.choices = []; // of names that move, tried first in the next picture: one that jumps is hard to read
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
    // At the edge there is least room.
    const order = [...marks.keys()].sort((i, j) => Number(marks[j].gone ?? 0) - Number(marks[i].gone ?? 0));
    order.forEach((i) => {
      const { x, y, text, gone } = marks[i];
      const width = context.measureText(text).width;
      const boxes = LINES.flatMap((line) =>
        SIDES.map((side) => ({
          left: x + side * BESIDE + ((side - 1) / 2) * width,
          top: y + line * (height + 1) - height / 2,
          width,
          height,
        })),
      );
      const fits = (/** @type {number} */ k) =>
        boxes[k] && inside(boxes[k], frame) && !taken.some((other) => overlap(boxes[k], other));
      const choice = [gone ? undefined : this.choices[i], ...boxes.keys()].find(fits);
      this.choices[i] = choice < FAR ? choice : undefined;
      if (choice === undefined) {
        return;
      }
      const box = boxes[choice];
      taken.push(box);
      for (const [line, colour] of /** @type {[number, string][]} */ ([[3, "#ffffff"], [1, "#000000"]])) {
        context.strokeStyle = colour;
        context.lineWidth = line;
        if (choice >= FAR) {
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

/** Where a name may stand, in lines below its mark. */
const LINES = [0, -1, 1, -2, 2, -3, 3];

/** At the right of its mark, at the left, or across it. */
const SIDES = [1, -1, 0];

/** The first place that is so far off that the name is joined to its mark. */
const FAR = 3 * SIDES.length;

/** How far beside its mark a name begins. */
const BESIDE = 11;

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
