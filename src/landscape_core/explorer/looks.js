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
  { colour: "#d55e00", dash: [], shape: "circle" },
  { colour: "#0072b2", dash: [9, 3, 2, 3], shape: "diamond" },
  { colour: "#cc79a7", dash: [2, 3], shape: "square" },
  { colour: "#009e73", dash: [8, 4], shape: "up" },
  { colour: "#e69f00", dash: [12, 3, 2, 3, 2, 3], shape: "down" },
  { colour: "#56b4e9", dash: [2, 6], shape: "plus" },
];

/**
 * Return a colour as the bytes of a pixel.
 * @param {string} colour as #rrggbb
 * @param {number} brightness from 0, black, to 1
 */
DropABall.pixel = (colour, brightness) => {
  const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) * brightness);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
};

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
    arrow: [[0, -r * 1.2], [r, r * 0.2], [r / 3, r * 0.2], [r / 3, r], [-r / 3, r], [-r / 3, r * 0.2], [-r, r * 0.2]],
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
 * Show at the edge of a map the way to a ball that has left it.
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @param {number} x
 * @param {number} y
 * @param {number} angle
 */
DropABall.drawArrow = (context, look, x, y, angle) => {
  context.save();
  context.translate(x, y);
  context.rotate(angle + Math.PI / 2);
  context.translate(0, 8);
  DropABall.drawBall(context, { ...look, shape: "arrow" }, 0, 0);
  context.restore();
};

/**
 * Writes x and y of an epoch into place, and says whether the point is shown.
 * @typedef {(a: number, b: number, cost: number, epoch: number, place: Float64Array) => boolean} Project
 */

/**
 * Mark where the reader points, and the way down from there.
 * @param {CanvasRenderingContext2D} context
 * @param {{pointed: [number, number, number] | null, steepest: Float64Array | null}} view
 * @param {Project} project
 */
DropABall.drawPointed = (context, { pointed, steepest }, project) => {
  const place = new Float64Array(2);
  const marks = new Path2D();
  let drawn = false;
  for (let i = 0; i < (steepest?.length ?? 0); i += 3) {
    const shown = project(steepest[i], steepest[i + 1], steepest[i + 2], 0, place);
    if (shown && drawn) {
      marks.lineTo(place[0], place[1]);
    } else if (shown) {
      marks.moveTo(place[0], place[1]);
    }
    drawn = shown;
  }
  if (pointed && project(...pointed, 0, place)) {
    marks.moveTo(place[0] + 6, place[1]);
    marks.arc(place[0], place[1], 6, 0, 2 * Math.PI);
  }
  for (const [width, colour] of /** @type {[number, string][]} */ ([[4, "#000000"], [2, DropABall.OUTLINE]])) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke(marks);
  }
};

/** What balls have travelled in one view, drawn on as they go. */
DropABall.Traces = class {
  constructor() {
    this.place = new Float64Array(2);
    this.forget();
  }

  /** Begin afresh, since all places have changed. */
  forget() {
    /** @type {WeakMap<Ball, {path: Path2D, epoch: number, drawn: boolean, x: number, y: number}>} */
    this.traces = new WeakMap();
  }

  /**
   * Bring the paths of all balls to an epoch, leaving out what would not be seen.
   * @param {Ball[]} balls
   * @param {number} epoch
   * @param {Project} project
   * @returns {Path2D[]}
   */
  follow(balls, epoch, project) {
    return balls.map((ball) => {
      const last = Math.min(epoch, ball.known);
      let trace = this.traces.get(ball);
      if (!trace || trace.epoch > last) {
        trace = { path: new Path2D(), epoch: -1, drawn: false, x: 0, y: 0 };
        this.traces.set(ball, trace);
      }
      this.extend(trace, ball.path, last, project);
      return trace.path;
    });
  }

  /**
   * @param {{path: Path2D, epoch: number, drawn: boolean, x: number, y: number}} trace
   * @param {Float64Array} points
   * @param {number} last
   * @param {Project} project
   */
  extend(trace, points, last, project) {
    const { path } = trace;
    for (let e = trace.epoch + 1; e <= last; e++) {
      const shown = project(points[3 * e], points[3 * e + 1], points[3 * e + 2], e, this.place);
      const [x, y] = this.place;
      if (shown && !trace.drawn) {
        path.moveTo((trace.x = x), (trace.y = y));
      } else if (shown && (e === last || Math.abs(x - trace.x) + Math.abs(y - trace.y) > 1.5)) {
        path.lineTo((trace.x = x), (trace.y = y));
      }
      trace.drawn = shown;
    }
    trace.epoch = last;
  }
};
