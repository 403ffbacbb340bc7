// A ball: where it starts, how it moves, and the path it takes.
"use strict";

/** @typedef {InstanceType<typeof DropABall.Walk>} Walk */
/** @typedef {InstanceType<typeof DropABall.Ball>} Ball */

/** The way of an optimizer down a surface, computed step by step. */
DropABall.Walk = class {
  /**
   * @param {Settings} settings
   * @param {Model} model
   */
  constructor(settings, model) {
    this.model = model;
    this.step = DropABall.optimizers[settings.optimizer](settings.rate, settings.knobs);
    /** @type {[number, number]} */
    this.weights = [...settings.start];
    this.left = settings.epochs;
    this.here = new Float64Array(3); // cost and gradient where the walk stands
    model.slope(...this.weights, this.here);
    this.batch = settings.batch < model.samples ? settings.batch : 0;
    this.order = Uint32Array.from({ length: this.batch && model.samples }, (_, n) => n);
    this.draw32 = this.batch && DropABall.mersenneTwister(settings.seed);
    // The gradient where the walk stands is known from the moment that its cost was.
    /** @type {Slope} */
    this.slope = (a, b) => {
      if (a !== this.weights[0] || b !== this.weights[1]) {
        model.slope(a, b, this.here);
      }
      return [this.here[1], this.here[2]];
    };
  }

  /**
   * Walk on, for as long as there is time, and a little in any case: a busy machine leaves none.
   * @param {number} deadline as `performance.now()` tells it
   * @returns {Float64Array} a, b and the cost of that very point, for every epoch walked
   */
  advance(deadline) {
    const path = [];
    do {
      for (let epochs = Math.min(this.left, this.batch ? 1 : 10); epochs; epochs--) {
        if (this.batch) {
          this.walkBatches();
        } else {
          this.step(this.weights, this.slope);
        }
        this.model.slope(...this.weights, this.here);
        path.push(...this.weights, this.here[0]);
        this.left -= 1;
      }
    } while (this.left && performance.now() < deadline);
    return Float64Array.from(path);
  }

  /** Make one update for each batch of the samples, in an order that is drawn afresh. */
  walkBatches() {
    DropABall.shuffle(this.order, this.draw32);
    for (let from = 0; from < this.order.length; from += this.batch) {
      const part = this.model.take(this.order.subarray(from, from + this.batch));
      this.step(this.weights, (a, b) => {
        part.slope(a, b, this.here);
        return [this.here[1], this.here[2]];
      });
    }
  }
};

/** The path of a walk as far as it is known, for all that is drawn. */
DropABall.Ball = class {
  /**
   * @param {Settings} settings
   * @param {Model} model
   */
  constructor(settings, model) {
    this.settings = settings;
    /** For every epoch a, b and the cost of that very point. */
    this.path = new Float64Array(3 * (settings.epochs + 1));
    this.known = -1; // the last epoch that is known
    this.low = Infinity; // the lowest and the highest cost of those
    this.high = -Infinity;
    const [a, b] = settings.start;
    this.add([a, b, model.taylor(a, b).cost]);
  }

  /** @returns {boolean} whether the whole path is known */
  get complete() {
    return this.known === this.settings.epochs;
  }

  /**
   * Take in the next epochs.
   * @param {ArrayLike<number>} path a, b and cost of each
   */
  add(path) {
    this.path.set(path, 3 * (this.known + 1));
    this.known += path.length / 3;
    for (let i = 2; i < path.length; i += 3) {
      if (Number.isFinite(path[i])) {
        this.low = Math.min(this.low, path[i]);
        this.high = Math.max(this.high, path[i]);
      }
    }
  }

  /**
   * Return where the ball is at an epoch, or at the last one that is known.
   * @param {number} epoch
   * @returns {{epoch: number, a: number, b: number, cost: number}}
   */
  at(epoch) {
    const e = Math.min(epoch, this.known);
    const [a, b, cost] = this.path.subarray(3 * e, 3 * e + 3);
    return { epoch: e, a, b, cost };
  }
};
