// Any two weights into one unit of the article's network: their plane, its landscape, its critical points.
"use strict";

/**
 * A weight is given by its layer, the unit that it leads into, and its input.
 * @typedef {{seed: number, digits: number, a: number[], b: number[]}} Slice
 */

/**
 * What a worker is told to compute.
 * @typedef {{slice: Slice, file: ArrayBuffer, samples: number, window: number[], points: number}} SliceOrder
 */

/**
 * What it says: how far it is, or what does not work, or the result.
 * @typedef {object} SliceReport
 * @property {string} [progress]
 * @property {string} [trouble]
 * @property {PlaneConstants} [plane]
 * @property {Float64Array} [costs] on the grid
 * @property {CriticalPoint[]} [critical]
 */

/** What a worker does for a slice: it reports how far it is, and then the result. */
DropABall.computeSlice = () => {
  const compute = async (/** @type {SliceOrder} */ order) => {
    const { slice, file, samples, window, points } = order;
    const say = (/** @type {string} */ progress) => postMessage({ progress });
    say("drawing the network");
    const weights = DropABall.drawWeights(slice.seed);
    const { images, labels } = await DropABall.unpackDigits(file, samples, slice.digits);
    const plane = DropABall.makePlane(weights, images, labels, slice, say);
    const model = new DropABall.Model(plane);
    const [a, b] = [0, 2].map((i) =>
      Array.from({ length: points }, (_, k) => window[i] + ((window[i + 1] - window[i]) * k) / (points - 1)),
    );
    const costs = DropABall.landscape(model, a, b, say);
    say("looking for critical points");
    postMessage({ plane, costs, critical: DropABall.searchCritical(model, a, b, costs) });
  };
  addEventListener("message", (/** @type {MessageEvent<SliceOrder>} */ { data }) => {
    compute(data).catch((error) => postMessage({ trouble: error.message }));
  });
};

/**
 * Unpack the first digits of a file: all pixels, then all labels, compressed.
 * @param {ArrayBuffer} file
 * @param {number} samples in the file
 * @param {number} wanted
 * @returns {Promise<{images: Float64Array, labels: Uint8Array}>}
 */
DropABall.unpackDigits = async (file, samples, wanted) => {
  const [inputs] = DropABall.sizes;
  // Written straight into the stream: on a disk, WebKit reads no blobs.
  const { writable, readable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  writer.write(new Uint8Array(file));
  writer.close();
  const bytes = new Uint8Array(await new Response(readable).arrayBuffer());
  const images = Float64Array.from(bytes.subarray(0, wanted * inputs), (pixel) => Math.fround(pixel / 255));
  return { images, labels: bytes.slice(samples * inputs, samples * inputs + wanted) };
};

/**
 * Multiply each row of inputs with each row of weights.
 * @param {Float64Array} inputs
 * @param {Float64Array} weights
 * @param {number} width of a row
 * @returns {Float64Array}
 */
DropABall.multiply = (inputs, weights, width) => {
  const [rows, units] = [inputs.length / width, weights.length / width];
  const result = new Float64Array(rows * units);
  for (let n = 0; n < rows; n++) {
    for (let unit = 0; unit < units; unit++) {
      let sum = 0;
      for (let k = 0, i = n * width, w = unit * width; k < width; k++) {
        sum += inputs[i + k] * weights[w + k];
      }
      result[n * units + unit] = sum;
    }
  }
  return result;
};

/**
 * Return what two weights leave of the network, as the core's planes have it.
 * @param {Float64Array[]} weights
 * @param {Float64Array} images
 * @param {Uint8Array} labels
 * @param {Slice} slice
 * @param {(progress: string) => void} say
 * @returns {PlaneConstants}
 */
DropABall.makePlane = (weights, images, labels, { a, b }, say) => {
  const { sizes, multiply } = DropABall;
  const samples = labels.length;
  const [layer, unit] = a;
  const width = sizes[layer];
  const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));
  say("passing the digits through the network");
  const inputs = weights
    .slice(0, layer)
    .reduce((inputs, w, below) => multiply(inputs, w, sizes[below]).map(sigmoid), images);
  const row = weights[layer].slice(unit * width, (unit + 1) * width);
  row[a[2]] = 0;
  row[b[2]] = 0;
  const z = multiply(inputs, row, width);
  const lines = Float64Array.from({ length: 3 * samples }, (_, i) => {
    const n = i % samples;
    return -[z[n], inputs[n * width + a[2]], inputs[n * width + b[2]]][Math.floor(i / samples)];
  });
  if (layer < weights.length - 1) {
    const series = DropABall.expandBelow(weights, inputs, labels, layer, unit, say);
    const constants = new Float64Array(lines.length + series.length);
    constants.set(lines);
    constants.set(series, lines.length);
    return { function: "series", samples, base: 0, terms: series.length / samples, constants };
  }
  const units = sizes.at(-1);
  let base = 0;
  multiply(inputs, weights[layer], width).forEach((z, i) => {
    const [n, output] = [Math.floor(i / units), i % units];
    if (output !== unit) {
      base += sigmoid(labels[n] === output ? -z : z) ** 2;
    }
  });
  const constants = Float64Array.from(lines, (value, i) => (labels[i % samples] === unit ? -value : value));
  return { function: "squared sigmoid", samples, base: base / samples, terms: 0, constants };
};

/**
 * Expand the cost below a hidden unit as a Chebyshev series in its output, scaled to [−1, 1]. The slope
 * is interpolated and integrated, so that derivatives are right to their own last digits.
 * @param {Float64Array[]} weights
 * @param {Float64Array} inputs of the unit's layer
 * @param {Uint8Array} labels
 * @param {number} layer
 * @param {number} unit
 * @param {(progress: string) => void} say
 * @returns {Float64Array} the series sample by sample
 */
DropABall.expandBelow = (weights, inputs, labels, layer, unit, say) => {
  const { sizes, multiply } = DropABall;
  const samples = labels.length;
  const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));
  const units = sizes[layer + 1];
  const others = multiply(inputs, weights[layer], sizes[layer]).map(sigmoid);
  for (let n = 0; n < samples; n++) {
    others[n * units + unit] = 0.5;
  }
  const [after, ...deeper] = weights.slice(layer + 1);
  const middle = multiply(others, after, units);
  const below = sizes[layer + 2];
  const half = Float64Array.from({ length: below }, (_, k) => after[k * units + unit] / 2);
  const [z, dz] = [0, 1].map(() => sizes.slice(layer + 2).map((size) => new Float64Array(size)));
  // The cost of the first samples and its slope, where the unit's output is (1 + t) / 2.
  const costAt = (/** @type {number} */ t, /** @type {number} */ count) => {
    const [cost, slope] = [new Float64Array(count), new Float64Array(count)];
    for (let n = 0; n < count; n++) {
      for (let k = 0; k < below; k++) {
        z[0][k] = middle[n * below + k] + t * half[k];
        dz[0][k] = half[k];
      }
      deeper.forEach((w, i) => {
        const [width, from, to, dFrom, dTo] = [z[i].length, z[i], z[i + 1], dz[i], dz[i + 1]];
        for (let k = 0; k < width; k++) {
          const h = sigmoid(from[k]);
          from[k] = h;
          dFrom[k] *= h * (1 - h);
        }
        for (let unit = 0; unit < to.length; unit++) {
          let [sum, slope] = [0, 0];
          for (let k = 0, at = unit * width; k < width; k++) {
            sum += w[at + k] * from[k];
            slope += w[at + k] * dFrom[k];
          }
          to[unit] = sum;
          dTo[unit] = slope;
        }
      });
      const [outputs, slopes] = [z.at(-1), dz.at(-1)];
      for (let output = 0; output < outputs.length; output++) {
        const sign = labels[n] === output ? -1 : 1;
        const e = sigmoid(sign * outputs[output]);
        cost[n] += e * e;
        slope[n] += 2 * sign * e * e * (1 - e) * slopes[output];
      }
    }
    return { cost, slope };
  };
  // The terms of the slope of the first samples, interpolated at Chebyshev points; null if these are too few.
  const expand = (/** @type {number} */ nodes, /** @type {number} */ count) => {
    const slopes = Array.from({ length: nodes }, (_, j) => {
      say(`expanding what lies below the unit, ${Math.round((100 * j) / nodes)} %`);
      return costAt(Math.cos((Math.PI * (j + 0.5)) / nodes), count).slope;
    });
    const terms = slopes.map((_, k) => {
      const term = new Float64Array(count);
      slopes.forEach((slope, j) => {
        const factor = ((k ? 2 : 1) / nodes) * Math.cos((Math.PI * k * (j + 0.5)) / nodes);
        slope.forEach((value, n) => (term[n] += factor * value));
      });
      return term;
    });
    const most = terms.map((term) => term.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0));
    const dust = 1e-14 * Math.max(...most);
    if (Math.max(...most.slice(-4)) > dust) {
      return null; // they fall geometrically, so that the last ones bound what is cut off
    }
    return terms.slice(0, most.findLastIndex((size) => size > dust) + 1);
  };
  // A few samples tell how many nodes it takes, nearly always.
  const nodes = [16, 24, 32, 48, 64, 96, 128];
  const first = nodes.findIndex((count) => expand(count, Math.min(samples, 20)));
  for (const count of first < 0 ? [] : nodes.slice(first)) {
    const terms = expand(count, samples);
    if (terms) {
      return DropABall.integrate(terms, costAt(0, samples).cost);
    }
  }
  throw new Error("The cost is no smooth enough function of this unit’s output: choose another unit.");
};

/**
 * Integrate Chebyshev series.
 * @param {Float64Array[]} terms for each order those of all samples
 * @param {Float64Array} middle the integral of each sample at 0
 * @returns {Float64Array} the series sample by sample, with one term more
 */
DropABall.integrate = (terms, middle) => {
  const length = terms.length + 1;
  const result = new Float64Array(middle.length * length);
  middle.forEach((value, n) => {
    const term = (/** @type {number} */ k) => terms[k]?.[n] ?? 0;
    const series = result.subarray(n * length, (n + 1) * length);
    series[0] = value;
    for (let k = 1; k < length; k++) {
      series[k] = ((k === 1 ? 2 : 1) * term(k - 1) - term(k + 1)) / (2 * k);
      series[0] -= series[k] * [1, 0, -1, 0][k % 4]; // the polynomial of order k at 0
    }
  });
  return result;
};

/**
 * Compute the cost on a grid.
 * @param {Model} model
 * @param {number[]} a
 * @param {number[]} b
 * @param {(progress: string) => void} say
 * @returns {Float64Array} row by row, with one row for each b
 */
DropABall.landscape = (model, a, b, say) => {
  const { samples, c, h, g, base, terms } = model;
  const result = new Float64Array(a.length * b.length);
  // 1 / (1 + exp(u + v)) = exp(−u) / (exp(−u) + exp(v)) takes one exponential for each row and each column.
  const columns = a.map((value) => c.map((_, n) => Math.exp(-c[n] - value * h[n])));
  b.forEach((value, j) => {
    say(`computing the surface, ${Math.round((100 * j) / b.length)} %`);
    const row = g.map((factor) => Math.exp(value * factor));
    columns.forEach((column, i) => {
      let sum = 0;
      for (let n = 0; n < samples; n++) {
        const e = column[n] / (column[n] + row[n]);
        sum += terms ? model.seriesAt(n, 2 * e - 1) : e * e;
      }
      result[j * a.length + i] = base + sum / samples;
    });
  });
  return result;
};

/**
 * Look for critical points by Newton's method, from where the gradient on the grid is smallest around.
 * @param {Model} model
 * @param {number[]} a
 * @param {number[]} b
 * @param {Float64Array} costs
 * @returns {CriticalPoint[]}
 */
DropABall.searchCritical = (model, a, b, costs) => {
  const columns = a.length;
  const steepness = (/** @type {number} */ i, /** @type {number} */ j) => {
    const at = j * columns + i;
    return Math.hypot(costs[at + 1] - costs[at - 1], costs[at + columns] - costs[at - columns]);
  };
  const side = a.at(-1) - a[0];
  /** @type {CriticalPoint[]} */
  const found = [];
  for (let j = 2; j < b.length - 2; j++) {
    for (let i = 2; i < columns - 2; i++) {
      const here = steepness(i, j);
      const least = [-1, 0, 1].every((dj) => [-1, 0, 1].every((di) => here <= steepness(i + di, j + dj)));
      let [x, y] = [a[i], b[j]];
      for (let tries = 0; least && tries < 30; tries++) {
        const { cost, a: byA, b: byB, aa, ab, bb } = model.taylor(x, y);
        const determinant = aa * bb - ab * ab;
        const [dx, dy] = [(ab * byB - bb * byA) / determinant, (ab * byA - aa * byB) / determinant];
        [x, y] = [x + dx, y + dy];
        if (!(x >= a[0] && x <= a.at(-1) && y >= b[0] && y <= b.at(-1))) {
          break;
        }
        if (Math.hypot(dx, dy) < 1e-9 * side) {
          if (!found.some((point) => Math.hypot(point.a - x, point.b - y) < 1e-6 * side)) {
            const kind = determinant < 0 ? "saddle" : aa > 0 ? "minimum" : "maximum";
            found.push({ a: x, b: y, cost, kind });
          }
          break;
        }
      }
    }
  }
  return found;
};
