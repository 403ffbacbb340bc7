// How balls, paths and critical points look; dashes and shapes tell them apart where colour cannot.
"use strict";

/**
 * @typedef {{colour: string, dash: number[], shape: string}} Look
 */

/**
 * One look for each ball, as the figures of the site have them.
 * @type {Look[]}
 */
DropABall.looks = [
  { colour: "#d55e00", dash: [8, 4], shape: "circle" },
  { colour: "#0072b2", dash: [9, 3, 2, 3], shape: "diamond" },
  { colour: "#cc79a7", dash: [2, 3], shape: "square" },
  { colour: "#009e73", dash: [], shape: "up" },
  { colour: "#e69f00", dash: [12, 3, 2, 3, 2, 3], shape: "down" },
  { colour: "#56b4e9", dash: [2, 6], shape: "plus" },
];

DropABall.OUTLINE = "#ffffff";

/**
 * Trace a shape around a point.
 * @param {CanvasRenderingContext2D} context
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
DropABall.traceShape = (context, shape, x, y, r) => {
  const t = r / 3;
  /** @type {Record<string, [number, number][]>} */
  const corners = {
    diamond: [[0, -r * 1.2], [r * 1.2, 0], [0, r * 1.2], [-r * 1.2, 0]],
    square: [[-r, -r], [r, -r], [r, r], [-r, r]],
    up: [[0, -r * 1.2], [r * 1.1, r * 0.9], [-r * 1.1, r * 0.9]],
    down: [[0, r * 1.2], [r * 1.1, -r * 0.9], [-r * 1.1, -r * 0.9]],
    plus: [
      [-t, -r], [t, -r], [t, -t], [r, -t], [r, t], [t, t], [t, r], [-t, r], [-t, t], [-r, t], [-r, -t], [-t, -t],
    ],
  };
  context.beginPath();
  if (shape === "circle") {
    context.arc(x, y, r, 0, 2 * Math.PI);
  } else {
    corners[shape].forEach(([dx, dy]) => context.lineTo(x + dx, y + dy));
    context.closePath();
  }
};

/**
 * Draw a ball.
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @param {number} x
 * @param {number} y
 * @param {number} [r]
 */
DropABall.drawBall = (context, look, x, y, r = 7) => {
  DropABall.traceShape(context, look.shape, x, y, r);
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = DropABall.OUTLINE;
  context.stroke();
  context.fillStyle = look.colour;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = "#000000";
  context.stroke();
};

/**
 * Draw the paths of all balls so that they show on any ground, and through the gaps of each other.
 * @param {CanvasRenderingContext2D} context
 * @param {Path2D[]} paths
 * @param {number} [first] the ball to which the first path belongs
 */
DropABall.drawPaths = (context, paths, first = 0) => {
  context.lineJoin = "round";
  context.lineWidth = 4.5;
  context.strokeStyle = DropABall.OUTLINE;
  paths.forEach((path) => context.stroke(path));
  context.lineWidth = 2.5;
  paths.forEach((path, i) => {
    const { colour, dash } = DropABall.looks[first + i];
    context.strokeStyle = colour;
    context.setLineDash(dash);
    context.stroke(path);
  });
  context.setLineDash([]);
};

/**
 * Mark a critical point: a minimum with a ring, a saddle with a cross, a maximum with a triangle.
 * @param {CanvasRenderingContext2D} context
 * @param {string} kind
 * @param {number} x
 * @param {number} y
 */
DropABall.drawCritical = (context, kind, x, y) => {
  const r = 5;
  if (kind === "saddle") {
    context.beginPath();
    context.moveTo(x - r, y - r);
    context.lineTo(x + r, y + r);
    context.moveTo(x - r, y + r);
    context.lineTo(x + r, y - r);
  } else {
    DropABall.traceShape(context, { minimum: "circle", maximum: "up" }[kind] ?? "square", x, y, r);
  }
  for (const [width, colour] of /** @type {[number, string][]} */ ([[5, "#000000"], [2.5, DropABall.OUTLINE]])) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
};

/**
 * Trace what a ball has travelled, leaving out what would not be seen.
 * @param {Ball} ball
 * @param {number} epoch the last one to trace
 * @param {(a: number, b: number, cost: number, epoch: number, place: Float64Array) => boolean} project
 *   writes x and y into place, and says whether the point is shown
 * @returns {Path2D}
 */
DropABall.tracePath = (ball, epoch, project) => {
  const path = new Path2D();
  const place = new Float64Array(2);
  const last = Math.min(epoch, ball.known);
  let drawn = false;
  let x = 0;
  let y = 0;
  for (let e = 0; e <= last; e++) {
    const i = 3 * e;
    if (!project(ball.path[i], ball.path[i + 1], ball.path[i + 2], e, place)) {
      drawn = false;
    } else if (!drawn) {
      path.moveTo((x = place[0]), (y = place[1]));
      drawn = true;
    } else if (e === last || Math.abs(place[0] - x) + Math.abs(place[1] - y) > 1.5) {
      path.lineTo((x = place[0]), (y = place[1]));
    }
  }
  return path;
};
