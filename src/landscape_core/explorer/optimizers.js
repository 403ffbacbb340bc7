// The six optimizers of the core, update for update.
"use strict";

/**
 * The gradient at (a, b), as a pair.
 * @typedef {(a: number, b: number) => [number, number]} Slope
 */

/**
 * Moves the pair of weights by one update.
 * @typedef {(weights: [number, number], slope: Slope) => void} Step
 */

/**
 * For each optimizer, a function that makes a fresh one with the given learning rate, and with what else
 * it is set to by the names that the core gives it.
 * @type {Record<string, (rate: number, knobs?: Record<string, number>) => Step>}
 */
DropABall.optimizers = {
  GradientDescent: (rate) => (weights, slope) => {
    const gradient = slope(weights[0], weights[1]);
    for (const i of [0, 1]) {
      weights[i] += -rate * gradient[i];
    }
  },

  Momentum: (rate, { momentum = 0.9 } = {}) => {
    const velocity = [0, 0];
    return (weights, slope) => {
      const gradient = slope(weights[0], weights[1]);
      for (const i of [0, 1]) {
        velocity[i] = momentum * velocity[i] - rate * gradient[i];
        weights[i] += velocity[i];
      }
    };
  },

  Nesterov: (rate, { momentum = 0.9 } = {}) => {
    const velocity = [0, 0];
    return (weights, slope) => {
      const carried = [momentum * velocity[0], momentum * velocity[1]];
      const gradient = slope(weights[0] + carried[0], weights[1] + carried[1]);
      for (const i of [0, 1]) {
        velocity[i] = carried[i] - rate * gradient[i];
        weights[i] += velocity[i];
      }
    };
  },

  AdaGrad: (rate, { epsilon = 1e-10 } = {}) => {
    const squares = [0, 0];
    return (weights, slope) => {
      const gradient = slope(weights[0], weights[1]);
      for (const i of [0, 1]) {
        squares[i] += gradient[i] * gradient[i];
        weights[i] += (-rate * gradient[i]) / (Math.sqrt(squares[i]) + epsilon);
      }
    };
  },

  RMSProp: (rate, { decay = 0.9, epsilon = 1e-8 } = {}) => {
    const squares = [0, 0];
    return (weights, slope) => {
      const gradient = slope(weights[0], weights[1]);
      for (const i of [0, 1]) {
        squares[i] = decay * squares[i] + (1 - decay) * gradient[i] * gradient[i];
        weights[i] += (-rate * gradient[i]) / (Math.sqrt(squares[i]) + epsilon);
      }
    };
  },

  Adam: (rate, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}) => {
    const mean = [0, 0];
    const squares = [0, 0];
    let t = 0;
    return (weights, slope) => {
      t += 1;
      const gradient = slope(weights[0], weights[1]);
      for (const i of [0, 1]) {
        mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
        squares[i] = beta2 * squares[i] + (1 - beta2) * gradient[i] * gradient[i];
        const root = Math.sqrt(squares[i] / (1 - beta2 ** t));
        weights[i] += (-rate * (mean[i] / (1 - beta1 ** t))) / (root + epsilon);
      }
    };
  },
};
