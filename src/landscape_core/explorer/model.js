// The exact cost of a plane, its gradient and its Hessian, from the constants that the core exports.
"use strict";

/**
 * What `export_plane` of the core returns, with the numbers decoded.
 * @typedef {object} PlaneConstants
 * @property {string} function
 * @property {string} activation
 * @property {number} samples
 * @property {number} base
 * @property {number} terms
 * @property {Float64Array} constants
 */

/**
 * The cost and its derivatives at one point.
 * @typedef {{cost: number, a: number, b: number, aa: number, ab: number, bb: number}} Taylor
 */

/** @typedef {InstanceType<typeof DropABall.Model>} Model */

/**
 * The functions F(x) that are the same for every sample: each writes F, F′ and F″.
 * @type {Record<string, (x: number, result: Float64Array) => void>}
 */
DropABall.functions = {
  "squared sigmoid": (x, result) => {
    const exp = Math.exp(x);
    const e = 1 / (1 + exp);
    const square = e * e;
    const slope = -2 * square * (exp < 1 ? exp * e : 1 - e); // in all its digits where e is nearly 1
    result[0] = square;
    result[1] = slope;
    result[2] = slope * (3 * e - 2);
  },
  softplus: (x, result) => {
    const e = 1 / (1 + Math.exp(x));
    result[0] = Math.max(-x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    result[1] = -e;
    result[2] = e * (1 - e);
  },
  square: (x, result) => {
    result[0] = x * x;
    result[1] = 2 * x;
    result[2] = 2;
  },
};

/**
 * The activations φ(z) of the core: each writes φ, φ′ and φ″.
 * @type {Record<string, (z: number, result: Float64Array) => void>}
 */
DropABall.activations = {
  sigmoid: (z, result) => {
    const exp = Math.exp(-Math.abs(z));
    result[0] = (z < 0 ? exp : 1) / (1 + exp);
    result[1] = exp / (1 + exp) ** 2;
    result[2] = -result[1] * Math.tanh(z / 2);
  },
  tanh: (z, result) => {
    const exp = Math.exp(-2 * Math.abs(z));
    result[0] = Math.tanh(z);
    result[1] = (4 * exp) / (1 + exp) ** 2;
    result[2] = -2 * result[0] * result[1];
  },
  relu: (z, result) => {
    result[0] = Math.max(z, 0);
    result[1] = z > 0 ? 1 : 0;
    result[2] = 0;
  },
  softplus: (z, result) => {
    const exp = Math.exp(-Math.abs(z));
    result[0] = Math.max(z, 0) + Math.log1p(exp);
    result[1] = (z < 0 ? exp : 1) / (1 + exp);
    result[2] = exp / (1 + exp) ** 2;
  },
  gelu: (z, result) => {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    // The normal distribution, after G. Marsaglia, Evaluating the normal distribution, J. Stat. Softw. 11, 2004.
    let below = z > 0 ? 1 : 0;
    if (Math.abs(z) < 9) {
      let sum = 0;
      for (let i = 3, term = z; sum !== sum + term; i += 2) {
        sum += term;
        term *= (z * z) / i;
      }
      below = 1 / 2 + density * sum;
    }
    result[0] = z * below;
    result[1] = below + z * density;
    result[2] = density * (2 - z * z);
  },
  identity: (z, result) => {
    result[0] = z;
    result[1] = 1;
    result[2] = 0;
  },
};

DropABall.Model = class {
  /** @param {PlaneConstants} plane */
  constructor(plane) {
    const { samples, base, terms, constants, activation } = plane;
    this.samples = samples;
    this.base = base;
    this.c = constants.subarray(0, samples);
    this.h = constants.subarray(samples, 2 * samples);
    this.g = constants.subarray(2 * samples, 3 * samples);
    this.terms = terms;
    this.series = constants.subarray(3 * samples); // or what else each sample has of its own
    this.first = this.differentiate(this.series);
    this.second = this.differentiate(this.first);
    this.sums = new Float64Array(2);
    this.sample = new Float64Array(3); // F, F′ and F″ of one sample
    this.activation = DropABall.activations[activation];
    this.profile = DropABall.functions[plane.function] ?? (this.activation ? this.complete : this.expand);
    this.squares = plane.function === "squared sigmoid";
    this.kinked = activation === "relu"; // all others are smooth
  }

  /**
   * Return the model of a part of the samples, for the slope alone.
   * @param {ArrayLike<number>} some their numbers
   * @returns {Model}
   */
  take(some) {
    const { terms } = this;
    const pick = (/** @type {Float64Array} */ all, width = 1) => {
      const result = new Float64Array(some.length * width);
      for (let i = 0; i < result.length; i++) {
        result[i] = all[width === 1 ? some[i] : some[Math.floor(i / width)] * width + (i % width)];
      }
      return result;
    };
    const [c, h, g] = [this.c, this.h, this.g].map((all) => pick(all));
    const [series, first] = [this.series, this.first].map((all) => pick(all, terms));
    return Object.assign(Object.create(DropABall.Model.prototype), this, { samples: some.length, c, h, g, series, first });
  }

  /**
   * Compute the cost and its gradient.
   * @param {number} a
   * @param {number} b
   * @param {Float64Array} result receives J, then its derivatives by a and by b
   */
  slope(a, b, result) {
    const { samples, c, h, g, sample, squares } = this;
    let cost = 0;
    let byA = 0;
    let byB = 0;
    if (squares) {
      // The article's own function: a loop without calls and without memory takes half the time.
      for (let n = 0; n < samples; n++) {
        const exp = Math.exp(c[n] + a * h[n] + b * g[n]);
        const e = 1 / (1 + exp);
        const slope = -2 * e * e * (exp < 1 ? exp * e : 1 - e);
        cost += e * e;
        byA += slope * h[n];
        byB += slope * g[n];
      }
    } else {
      for (let n = 0; n < samples; n++) {
        this.profile(c[n] + a * h[n] + b * g[n], sample, n, false);
        cost += sample[0];
        byA += sample[1] * h[n];
        byB += sample[1] * g[n];
      }
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
    const { samples, c, h, g, sample } = this;
    const result = { cost: 0, a: 0, b: 0, aa: 0, ab: 0, bb: 0 };
    for (let n = 0; n < samples; n++) {
      this.profile(c[n] + a * h[n] + b * g[n], sample, n, true);
      result.cost += sample[0];
      result.a += sample[1] * h[n];
      result.b += sample[1] * g[n];
      result.aa += sample[2] * h[n] * h[n];
      result.ab += sample[2] * h[n] * g[n];
      result.bb += sample[2] * g[n] * g[n];
    }
    for (const key of /** @type {(keyof Taylor)[]} */ (Object.keys(result))) {
      result[key] /= samples;
    }
    result.cost += this.base;
    return result;
  }

  /**
   * The function of one sample that is a Chebyshev series in t = 2e − 1.
   * @param {number} x
   * @param {Float64Array} result
   * @param {number} n
   * @param {boolean} twice whether the second derivative is wanted, too
   */
  expand(x, result, n, twice) {
    const { sums } = this;
    const exp = Math.exp(x);
    const e = 1 / (1 + exp);
    const rest = exp < 1 ? exp * e : 1 - e; // 1 − e, in all its digits where e is nearly 1
    const t = 2 * e - 1;
    const dt = -2 * e * rest;
    this.evaluate(this.series, this.first, n, t);
    result[0] = sums[0];
    result[1] = sums[1] * dt;
    if (twice) {
      const slope = sums[1];
      this.evaluate(this.second, this.second, n, t);
      result[2] = sums[0] * dt * dt + slope * dt * t;
    }
  }

  /**
   * The function of one sample that is a parabola in its unit's output: q (φ(−x) + p)².
   * @param {number} x
   * @param {Float64Array} result
   * @param {number} n
   */
  complete(x, result, n) {
    this.activation(-x, result);
    const u = result[0] + this.series[2 * n];
    const q = this.series[2 * n + 1];
    result[0] = q * u * u;
    result[2] = 2 * q * (result[1] * result[1] + u * result[2]);
    result[1] *= -2 * q * u;
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
   * Sum the Chebyshev series of one sample.
   * @param {number} n
   * @param {number} t
   */
  seriesAt(n, t) {
    const { series, terms } = this;
    const from = n * terms;
    let above = 0;
    let sum = 0;
    for (let k = from + terms - 1; k > from; k--) {
      const next = series[k] - above + 2 * t * sum;
      above = sum;
      sum = next;
    }
    return series[from] - above + t * sum;
  }

  /**
   * Differentiate every sample's Chebyshev series by t.
   * @param {Float64Array} series
   * @returns {Float64Array} with 0 for the last term of each
   */
  differentiate(series) {
    const result = new Float64Array(series.length);
    for (let from = 0; from < series.length; from += this.terms) {
      let above = 0;
      let last = 0;
      for (let k = this.terms - 2; k >= 0; k--) {
        const next = above + 2 * (k + 1) * series[from + k + 1];
        above = last;
        last = next;
        result[from + k] = k ? next : next / 2;
      }
    }
    return result;
  }
};
