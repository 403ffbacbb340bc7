// Workers that compute the paths, so that the page answers and moves meanwhile.
"use strict";

/** @typedef {{constants?: PlaneConstants, start?: number, settings?: Settings, stop?: number}} Order */

/** What a worker does: it walks all its balls on, a little at a time, so that it hears the next order. */
DropABall.work = () => {
  const SLICE = 25; // milliseconds between two reports
  /** @type {Model} */
  let model;
  /** @type {Map<number, Walk>} */
  const walks = new Map();
  const { port1, port2 } = new MessageChannel(); // the quickest way to be called again
  let called = false;
  const callAgain = () => {
    if (walks.size && !called) {
      called = true;
      port2.postMessage(null);
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
    } else if (settings) {
      walks.set(start, new DropABall.Walk(settings, model));
    } else {
      walks.delete(stop);
    }
    callAgain();
  });
};

DropABall.Walkers = class {
  /** @param {(ball: Ball) => void} walked called when more of a ball's path is known */
  constructor(walked) {
    // A page on a disk may not start a worker from a file, but from what it has loaded already.
    const parts = ["decode", "Model", "optimizers", "Walk", "work"].map(
      (name) => `DropABall.${name} = ${DropABall.source(DropABall[name])};`,
    );
    const program = new Blob(['"use strict"; class DropABall {}', ...parts, "DropABall.work();"]);
    const url = URL.createObjectURL(program);
    this.workers = Array.from({ length: Math.min(navigator.hardwareConcurrency || 1, DropABall.MOST_BALLS) }, () => {
      const worker = new Worker(url);
      worker.addEventListener("message", ({ data: [number, path] }) => {
        const ball = this.balls.get(number);
        if (ball) {
          ball.add(path);
          walked(ball);
        }
      });
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
 * Return the program text of a function, a class, or a table of functions.
 * @param {Function | Record<string, Function>} part
 * @returns {string}
 */
DropABall.source = (part) =>
  typeof part === "function"
    ? String(part)
    : `{ ${Object.entries(part).map(([name, one]) => `${name}: ${one}`).join(", ")} }`;
