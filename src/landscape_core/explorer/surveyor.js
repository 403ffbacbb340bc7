// A worker that answers questions about one plane, one after the other.
"use strict";

/**
 * What is asked: the name of a generator of reports, and what it is to be given.
 * @typedef {{plane?: PlaneConstants, task?: "measure" | "followSteepest" | "walkRows", order?: any}} Question
 */

/** What such a worker does. */
DropABall.answer = () => {
  /** @type {Model} */
  let model;
  addEventListener("message", (/** @type {MessageEvent<Question>} */ { data: { plane, task, order } }) => {
    if (plane) {
      model = new DropABall.Model(plane);
      return;
    }
    for (const report of DropABall[task](model, order)) {
      postMessage(report);
    }
    postMessage(null);
  });
};

DropABall.Surveyor = class {
  constructor() {
    /** @type {Worker} */
    this.worker = null;
    /** @type {PlaneConstants} */
    this.plane = null;
    this.stop();
  }

  /**
   * Ask something; what was asked before is given up.
   * @param {PlaneConstants} plane
   * @param {Question["task"]} task
   * @param {object} order
   * @param {(report: any) => void} report called with each report
   * @returns {Promise<boolean>} whether the answer is complete: false if it was given up
   */
  ask(plane, task, order, report) {
    if (this.busy) {
      this.stop();
    }
    if (!this.worker) {
      this.worker = DropABall.hire("answer");
    }
    if (this.plane !== plane) {
      this.plane = plane;
      this.worker.postMessage({ plane });
    }
    this.busy = true;
    return new Promise((resolve) => {
      this.end = resolve;
      this.worker.onmessage = ({ data }) => {
        if (data !== null) {
          report(data);
          return;
        }
        this.busy = false;
        resolve(true);
      };
      this.worker.onerror = () => this.stop(); // who needs a worker to roll balls is told there
      this.worker.postMessage({ task, order });
    });
  }

  /** Give up. */
  stop() {
    this.worker?.terminate();
    this.worker = null;
    this.plane = null;
    this.busy = false;
    this.end?.(false);
  }
};
