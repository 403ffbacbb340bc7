// Workers that compute the paths, so that the page answers and moves meanwhile.
"use strict";

/** @typedef {{constants?: PlaneConstants, start?: number, settings?: Settings, stop?: number}} Order */

/** What a worker does: it walks all its balls on, a little at a time, so that it hears the next order. */
DropABall.work = () => {
  const SLICE = 25; // milliseconds between two reports
  const REST = 100; // milliseconds in which the page draws a new surface with all cores to itself
  /** @type {Model} */
  let model;
  /** @type {Map<number, Walk>} */
  const walks = new Map();
  const { port1, port2 } = new MessageChannel(); // the quickest way to be called again
  let called = false;
  let begin = 0;
  const call = () => port2.postMessage(null);
  const callAgain = () => {
    if (walks.size && !called) {
      called = true;
      const rest = begin - performance.now();
      if (rest > 0) {
        setTimeout(call, rest);
      } else {
        call();
      }
    }
  };
  port1.onmessage = () => {
    called = false;
    const time = SLICE / walks.size;
    for (const [ball, walk] of walks) {
      postMessage([ball, walk.advance(performance.now() + time)]);
      if (!walk.left) {
        walks.delete(ball);
      }
    }
    callAgain();
  };
  addEventListener("message", (/** @type {MessageEvent<Order>} */ { data }) => {
    const { constants, start, settings, stop } = data;
    if (constants) {
      model = new DropABall.Model(constants);
      walks.clear();
      begin = performance.now() + REST;
    } else if (settings) {
      walks.set(start, new DropABall.Walk(settings, model));
    } else {
      walks.delete(stop);
    }
    callAgain();
  });
};

DropABall.Walkers = class {
  /**
   * @param {(ball: Ball) => void} walked called when more of a ball's path is known
   * @param {(message: string) => void} failed called when a worker does not run
   */
  constructor(walked, failed) {
    // One core is left to the page, which draws meanwhile.
    const cores = Math.max((navigator.hardwareConcurrency || 1) - 1, 1);
    this.workers = Array.from({ length: Math.min(cores, DropABall.MOST_BALLS) }, () => {
      const worker = DropABall.hire("work");
      worker.addEventListener("message", ({ data: [number, path] }) => {
        const ball = this.balls.get(number);
        if (ball) {
          ball.add(path);
          walked(ball);
        }
      });
      worker.addEventListener("error", ({ message }) => failed(message));
      return worker;
    });
    /** @type {Map<number, Ball>} */
    this.balls = new Map();
    this.started = 0;
  }

  /**
   * Change to another surface; all balls are forgotten.
   * @param {PlaneConstants} constants
   */
  show(constants) {
    this.balls.clear();
    this.workers.forEach((worker) => worker.postMessage({ constants }));
  }

  /** @param {Ball} ball */
  start(ball) {
    const start = this.started++;
    this.balls.set(start, ball);
    this.workerOf(start).postMessage({ start, settings: ball.settings });
  }

  /** @param {Ball} ball */
  stop(ball) {
    for (const [stop, one] of this.balls) {
      if (one === ball) {
        this.balls.delete(stop);
        this.workerOf(stop).postMessage({ stop });
      }
    }
  }

  /** @param {number} number */
  workerOf(number) {
    return this.workers[number % this.workers.length];
  }
};

/**
 * Start a worker. A page on a disk may not start one from a file, but from what it has loaded already.
 * @param {"work" | "computeSlice" | "answer" | "writeGif"} task
 * @returns {Worker}
 */
DropABall.hire = (task) => {
  const text = (/** @type {unknown} */ part) => {
    if (typeof part === "function" || typeof part === "number") {
      return String(part);
    }
    if (Array.isArray(part)) {
      return JSON.stringify(part);
    }
    return `{ ${Object.entries(part).map(([name, one]) => `"${name}": ${one}`).join(", ")} }`;
  };
  const parts = PARTS.filter((name) => DropABall[name]).map((name) => `DropABall.${name} = ${text(DropABall[name])};`);
  const program = new Blob(['"use strict"; class DropABall {}', ...parts, `DropABall.${task}();`]);
  const url = URL.createObjectURL(program);
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
};

/** What workers need, as far as the page has it; these parts rest on nothing but each other. */
const PARTS = /** @type {const} */ ([
  ...["functions", "activations", "Model", "optimizers", "mersenneTwister", "shuffle", "Walk", "work"],
  ...["answer", "measure", "followSteepest", "NEAR", "LEVEL", "judge", "walkRows", "writeGif"],
  ...["sizes", "drawWeights", "decode", "unpackDigits", "multiply", "makePlane"],
  ...["ellipses", "sigmoidBound", "countNodes", "chebyshevPoints", "chebyshevValues", "integrate"],
  ...["expandSums", "expandCost", "shorten", "landscape", "join", "searchCritical", "computeSlice"],
]);
