// What lies below a hidden unit, as a Chebyshev series in the unit's output, as the core has it.
"use strict";

/**
 * Chebyshev series of the same length, one after the other.
 * @typedef {{terms: Float64Array, length: number}} SeriesRows
 */

/** The ellipses around [−1, 1] on which functions are bounded, by the sum of their half-axes. */
DropABall.ellipses = [100, 30, 10, 6, 5, 4.5, 4, 3.5, 3, 2.5, 2, 1.7, 1.5, 1.4, 1.3, 1.25, 1.2, 1.15, 1.1, 1.07, 1.05];

/**
 * Bound |σ(z)| where the imaginary part of z is at most so large.
 * @param {number} height
 */
DropABall.sigmoidBound = (height) => {
  if (height <= Math.PI / 2) {
    return 1;
  }
  return height < Math.PI ? 1 / Math.sin(height) : Infinity;
};

/**
 * Return at how many Chebyshev points a function has to be known. On Bernstein's ellipse, whose half-axes add up
 * to ρ, it is at most some M; its coefficients are then at most 2 M ρ⁻ᵏ, each of which counts twice.
 * @param {(rho: number) => number} bound M
 * @returns {number}
 */
DropABall.countNodes = (bound) => {
  const allowed = 1e-15;
  let fewest = Infinity;
  for (const rho of DropABall.ellipses) {
    fewest = Math.min(fewest, Math.log((4 * bound(rho)) / (allowed * (1 - 1 / rho))) / Math.log(rho));
  }
  if (!(fewest < 1500)) {
    throw new Error("The cost is no smooth enough function of this unit’s output: choose another unit.");
  }
  return Math.max(4, Math.ceil(fewest));
};

/**
 * The places of Chebyshev points, and the matrix that turns values there into a series.
 * @param {number} count
 */
DropABall.chebyshevPoints = (count) => {
  const angle = (/** @type {number} */ j) => (Math.PI * (j + 0.5)) / count;
  return {
    places: Float64Array.from({ length: count }, (_, j) => Math.cos(angle(j))),
    matrix: Float64Array.from({ length: count * count }, (_, i) => {
      const [k, j] = [Math.floor(i / count), i % count];
      return ((k ? 2 : 1) / count) * Math.cos(k * angle(j));
    }),
  };
};

/**
 * The matrix that turns a series into values.
 * @param {number} length of the series
 * @param {Float64Array} places
 */
DropABall.chebyshevValues = (length, places) =>
  Float64Array.from({ length: places.length * length }, (_, i) =>
    Math.cos((i % length) * Math.acos(places[Math.floor(i / length)])),
  );

/**
 * Integrate series.
 * @param {SeriesRows} series
 * @param {Float64Array} middles the integral of each at 0
 * @returns {SeriesRows} with one term more
 */
DropABall.integrate = ({ terms, length }, middles) => {
  const longer = length + 1;
  const result = new Float64Array(middles.length * longer);
  middles.forEach((middle, row) => {
    const term = (/** @type {number} */ k) => (k < length ? terms[row * length + k] : 0);
    const first = row * longer;
    result[first] = middle;
    for (let k = 1; k < longer; k++) {
      const one = ((k === 1 ? 2 : 1) * term(k - 1) - term(k + 1)) / (2 * k);
      result[first + k] = one;
      result[first] -= one * [1, 0, -1, 0][k % 4]; // the polynomial of order k at 0
    }
  });
  return { terms: result, length: longer };
};

/**
 * Expand the sums that enter the outputs by t, where the unit's own output is (1 + t) / 2: their slopes, and their
 * values at 0.
 * @param {Float64Array[]} deeper the weights of the layers after the unit's
 * @param {Float64Array} others what enters the first of these layers, where t is 0
 * @param {number} unit
 * @param {(progress: string) => void} say
 * @returns {{slopes: SeriesRows, middles: Float64Array}} for each sample one row for each output
 */
DropABall.expandSums = ([after, last], others, unit, say) => {
  const { multiply, sizes } = DropABall;
  const outputs = sizes.at(-1);
  const units = after.length / (last ? last.length / outputs : outputs);
  const samples = others.length / units;
  const middles = multiply(others, after, units);
  const halves = Float64Array.from({ length: after.length / units }, (_, k) => after[k * units + unit] / 2);
  if (!last) {
    const slopes = Float64Array.from(middles, (_, i) => halves[i % outputs]);
    return { slopes: { terms: slopes, length: 1 }, middles };
  }
  // One more layer of sigmoids σ(m + t h): with exp(−m) for each sample and exp(−t h) for each place, none of
  // them takes an exponential of its own.
  const width = halves.length;
  const factors = last.map((w, i) => w * halves[i % width]);
  const steepest = halves.reduce((most, h) => Math.max(most, Math.abs(h)), 0);
  const weight = Math.max(
    ...Array.from({ length: outputs }, (_, o) =>
      factors.subarray(o * width, (o + 1) * width).reduce((sum, w) => sum + Math.abs(w), 0),
    ),
  );
  const nodes = DropABall.countNodes(
    (rho) => weight * DropABall.sigmoidBound((steepest * (rho - 1 / rho)) / 2) ** 2,
  );
  const { places, matrix } = DropABall.chebyshevPoints(nodes);
  const grown = Float64Array.from({ length: nodes * width }, (_, i) =>
    Math.exp(-places[Math.floor(i / width)] * halves[i % width]),
  );
  const slopes = new Float64Array(samples * outputs * nodes);
  const bends = new Float64Array(nodes * width);
  for (let n = 0; n < samples; n++) {
    if (n % 50 === 0) {
      say(`expanding what lies below the unit, ${Math.round((100 * n) / samples)} %`);
    }
    const own = middles.subarray(n * width, (n + 1) * width).map((m) => Math.exp(-m));
    for (let i = 0, k = 0; i < bends.length; i++) {
      const h = 1 / (1 + own[k] * grown[i]);
      bends[i] = h - h * h;
      k = k + 1 === width ? 0 : k + 1;
    }
    slopes.set(multiply(multiply(factors, bends, width), matrix, nodes), n * outputs * nodes);
  }
  const heights = middles.map((m) => 1 / (1 + Math.exp(-m)));
  return { slopes: { terms: slopes, length: nodes }, middles: multiply(heights, last, width) };
};

/**
 * Expand the cost by t. Its slope is interpolated and integrated, so that derivatives are right to their own last
 * digits.
 * @param {{slopes: SeriesRows, middles: Float64Array}} sums that enter the outputs
 * @param {Uint8Array} labels
 * @returns {SeriesRows} one row for each sample
 */
DropABall.expandCost = ({ slopes, middles }, labels) => {
  const { multiply, integrate, sizes } = DropABall;
  const outputs = sizes.at(-1);
  const samples = labels.length;
  const sums = integrate(slopes, middles);
  const [sizesOfSums, sizesOfSlopes] = [sums, slopes].map(({ terms }) => terms.map(Math.abs));
  /** @param {number} rho */
  const bound = (rho) => {
    const sines = Float64Array.from({ length: sums.length }, (_, k) => (rho ** k - rho ** -k) / 2);
    const cosines = Float64Array.from({ length: slopes.length }, (_, k) => (rho ** k + rho ** -k) / 2);
    const heights = multiply(sizesOfSums, sines, sums.length);
    const steepness = multiply(sizesOfSlopes, cosines, slopes.length);
    let most = 0;
    for (let n = 0; n < samples; n++) {
      let here = 0;
      for (let i = n * outputs; i < (n + 1) * outputs; i++) {
        here += 2 * DropABall.sigmoidBound(heights[i]) ** 3 * steepness[i];
      }
      most = Math.max(most, here);
    }
    return most;
  };
  const nodes = DropABall.countNodes(bound);
  const { places, matrix } = DropABall.chebyshevPoints(nodes);
  const [ofSums, ofSlopes] = [sums, slopes].map(({ length }) => DropABall.chebyshevValues(length, places));
  const costs = new Float64Array(samples);
  const result = new Float64Array(samples * nodes);
  const slope = new Float64Array(nodes);
  for (let n = 0; n < samples; n++) {
    const rows = (/** @type {SeriesRows} */ { terms, length }) =>
      terms.subarray(n * outputs * length, (n + 1) * outputs * length);
    const z = multiply(rows(sums), ofSums, sums.length);
    const dz = multiply(rows(slopes), ofSlopes, slopes.length);
    slope.fill(0);
    for (let output = 0, i = 0; output < outputs; output++) {
      const sign = labels[n] === output ? -1 : 1;
      costs[n] += (1 / (1 + Math.exp(-sign * middles[n * outputs + output]))) ** 2;
      for (let j = 0; j < nodes; j++, i++) {
        const e = 1 / (1 + Math.exp(-sign * z[i]));
        slope[j] += 2 * sign * e * e * (1 - e) * dz[i];
      }
    }
    result.set(multiply(slope, matrix, nodes), n * nodes);
  }
  return integrate(DropABall.shorten({ terms: result, length: nodes }), costs);
};

/**
 * Leave out the last terms that are but rounding errors in every series.
 * @param {SeriesRows} series
 * @returns {SeriesRows}
 */
DropABall.shorten = ({ terms, length }) => {
  const most = new Float64Array(length);
  terms.forEach((term, i) => (most[i % length] = Math.max(most[i % length], Math.abs(term))));
  const dust = 1e-14 * Math.max(...most);
  const kept = most.findLastIndex((size) => size > dust) + 1;
  return { terms: terms.filter((_, i) => i % length < kept), length: kept };
};
