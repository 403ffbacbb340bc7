// A ball: where it starts, how it moves, and the path it takes.
"use strict";

/**
 * What a reader chooses for a ball.
 * @typedef {{start: [number, number], optimizer: string, rate: number, epochs: number}} Settings
 */

/** @typedef {InstanceType<typeof DropABall.Ball>} Ball */

DropABall.Ball = class {
  /**
   * @param {Settings} settings
   * @param {Model} model
   */
  constructor(settings, model) {
    this.settings = settings;
    this.model = model;
    this.step = DropABall.optimizers[settings.optimizer](settings.rate);
    /** @type {[number, number]} */
    this.weights = [...settings.start];
    /** For every epoch a, b and the cost of that very point. */
    this.path = new Float64Array(3 * (settings.epochs + 1));
    this.known = 0; // how many epochs of the path are computed
    this.here = new Float64Array(3);
    this.keep();
  }

  /** @returns {boolean} whether the whole path is computed */
  get complete() {
    return this.known === this.settings.epochs;
  }

  /** Write down where the ball is. */
  keep() {
    const [a, b] = this.weights;
    this.model.slope(a, b, this.here);
    this.path.set([a, b, this.here[0]], 3 * this.known);
  }

  /**
   * Compute the path on, for as long as there is time.
   * @param {number} deadline as `performance.now()` tells it
   */
  advance(deadline) {
    // The gradient where the ball stands is known from the moment that its cost was written down.
    const slope = (/** @type {number} */ a, /** @type {number} */ b) => {
      if (a !== this.weights[0] || b !== this.weights[1]) {
        this.model.slope(a, b, this.here);
      }
      return /** @type {[number, number]} */ ([this.here[1], this.here[2]]);
    };
    while (!this.complete && performance.now() < deadline) {
      const pause = Math.min(this.known + 10, this.settings.epochs);
      while (this.known < pause) {
        this.step(this.weights, slope);
        this.known += 1;
        this.keep();
      }
    }
  }

  /**
   * Return where the ball is at an epoch, or at its last one.
   * @param {number} epoch
   * @returns {{epoch: number, a: number, b: number, cost: number}}
   */
  at(epoch) {
    const e = Math.min(epoch, this.settings.epochs);
    const [a, b, cost] = this.path.subarray(3 * e, 3 * e + 3);
    return { epoch: e, a, b, cost };
  }
};
