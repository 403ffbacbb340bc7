// The exact cost of a plane, its gradient and its Hessian, from the constants that the core exports.
"use strict";

/**
 * What `export_plane` of the core returns.
 * @typedef {{samples: number, base: number, terms: number, constants: string}} PlaneConstants
 */

/**
 * The cost and its derivatives at one point.
 * @typedef {{cost: number, a: number, b: number, aa: number, ab: number, bb: number}} Taylor
 */

/** @typedef {InstanceType<typeof DropABall.Model>} Model */

/**
 * Decode bytes from base 64.
 * @param {string} text
 * @returns {ArrayBuffer}
 */
DropABall.decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;

DropABall.Model = class {
  /** @param {PlaneConstants} plane */
  constructor(plane) {
    const { samples, base, terms } = plane;
    const numbers = new Float64Array(DropABall.decode(plane.constants));
    this.samples = samples;
    this.base = base;
    this.c = numbers.subarray(0, samples);
    this.h = numbers.subarray(samples, 2 * samples);
    this.g = numbers.subarray(2 * samples, 3 * samples);
    this.terms = terms;
    this.series = numbers.subarray(3 * samples);
    this.first = this.differentiate(this.series);
    this.second = this.differentiate(this.first);
    this.sums = new Float64Array(2);
  }

  /**
   * Compute the cost and its gradient.
   * @param {number} a
   * @param {number} b
   * @param {Float64Array} result receives J, then its derivatives by a and by b
   */
  slope(a, b, result) {
    const { samples, c, h, g, terms, sums } = this;
    let cost = 0;
    let byA = 0;
    let byB = 0;
    for (let n = 0; n < samples; n++) {
      const e = 1 / (1 + Math.exp(c[n] + a * h[n] + b * g[n]));
      let slope = e * (e - 1);
      if (terms) {
        this.evaluate(this.series, this.first, n, 2 * e - 1);
        cost += sums[0];
        slope *= sums[1];
      } else {
        cost += e * e;
        slope *= 2 * e;
      }
      byA += slope * h[n];
      byB += slope * g[n];
    }
    result[0] = this.base + cost / samples;
    result[1] = byA / samples;
    result[2] = byB / samples;
  }

  /**
   * Compute the cost with its first and second derivatives.
   * @param {number} a
   * @param {number} b
   * @returns {Taylor}
   */
  taylor(a, b) {
    const { samples, c, h, g, terms, sums } = this;
    const result = { cost: 0, a: 0, b: 0, aa: 0, ab: 0, bb: 0 };
    for (let n = 0; n < samples; n++) {
      const e = 1 / (1 + Math.exp(c[n] + a * h[n] + b * g[n]));
      const de = e * (e - 1); // by the exponent
      let [value, first, second] = [e * e, 2 * e, 2]; // F and its derivatives by e
      if (terms) {
        this.evaluate(this.series, this.first, n, 2 * e - 1);
        [value, first] = sums;
        this.evaluate(this.first, this.second, n, 2 * e - 1);
        second = sums[1];
      }
      const slope = first * de;
      const curvature = second * de * de + first * de * (2 * e - 1);
      result.cost += value;
      result.a += slope * h[n];
      result.b += slope * g[n];
      result.aa += curvature * h[n] * h[n];
      result.ab += curvature * h[n] * g[n];
      result.bb += curvature * g[n] * g[n];
    }
    for (const key of /** @type {(keyof Taylor)[]} */ (Object.keys(result))) {
      result[key] /= samples;
    }
    result.cost += this.base;
    return result;
  }

  /**
   * Sum two Chebyshev series of one sample by Clenshaw's recurrence, which takes little longer than one.
   * @param {Float64Array} one
   * @param {Float64Array} other
   * @param {number} n
   * @param {number} t
   */
  evaluate(one, other, n, t) {
    const from = n * this.terms;
    const twice = 2 * t;
    let above1 = 0;
    let above2 = 0;
    let sum1 = 0;
    let sum2 = 0;
    for (let k = from + this.terms - 1; k > from; k--) {
      const next1 = one[k] - above1 + sum1 * twice;
      const next2 = other[k] - above2 + sum2 * twice;
      above1 = sum1;
      above2 = sum2;
      sum1 = next1;
      sum2 = next2;
    }
    this.sums[0] = one[from] - above1 + sum1 * t;
    this.sums[1] = other[from] - above2 + sum2 * t;
  }

  /**
   * Differentiate every sample's Chebyshev series in t = 2e − 1 by e.
   * @param {Float64Array} series
   * @returns {Float64Array} with 0 for the last term of each
   */
  differentiate(series) {
    const result = new Float64Array(series.length);
    for (let from = 0; from < series.length; from += this.terms) {
      let above = 0;
      let last = 0;
      for (let k = this.terms - 2; k >= 0; k--) {
        const next = above + 4 * (k + 1) * series[from + k + 1];
        above = last;
        last = next;
        result[from + k] = k ? next : next / 2;
      }
    }
    return result;
  }
};
