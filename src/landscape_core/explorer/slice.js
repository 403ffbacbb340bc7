// Any two weights into one unit of the article's network: their plane, its landscape, its critical points.
"use strict";

/**
 * A weight is given by its layer, the unit that it leads into, and its input.
 * @typedef {{seed: number, digits: number, a: number[], b: number[]}} Slice
 */

/**
 * What a worker is told: to compute what some of a slice's digits make, or to put together what all of them do.
 * @typedef {object} SliceOrder
 * @property {number[]} window
 * @property {number} points along each side of the grid
 * @property {{slice: Slice, file: string, samples: number, from: number, to: number}} [share]
 * @property {SlicePart[]} [parts]
 */

/**
 * The plane of some digits, and its costs on the grid, row by row.
 * @typedef {{plane: PlaneConstants, costs: Float64Array}} SlicePart
 */

/**
 * What it says: how far it is, or what does not work, or the result.
 * @typedef {{progress?: string, trouble?: string, part?: SlicePart, critical?: CriticalPoint[]}} SliceReport
 */

/** What a worker does for a slice: it reports how far it is, and then the result. */
DropABall.computeSlice = () => {
  const say = (/** @type {string} */ progress) => postMessage({ progress });
  const compute = async (/** @type {SliceOrder} */ { window, points, share, parts }) => {
    const [a, b] = [0, 2].map((i) =>
      Array.from({ length: points }, (_, k) => window[i] + ((window[i + 1] - window[i]) * k) / (points - 1)),
    );
    /** @type {SliceReport} */
    const report = {};
    if (share) {
      const { slice, file, samples, from, to } = share;
      say("drawing the network");
      const weights = DropABall.drawWeights(slice.seed);
      const { images, labels } = await DropABall.unpackDigits(file, samples, from, to);
      const plane = DropABall.makePlane(weights, images, labels, slice, say);
      report.part = { plane, costs: DropABall.landscape(new DropABall.Model(plane), a, b, say) };
    } else {
      say("looking for critical points");
      report.part = DropABall.join(parts);
      const { plane, costs } = report.part;
      report.critical = DropABall.searchCritical(new DropABall.Model(plane), a, b, costs);
    }
    postMessage(report, { transfer: [report.part.plane.constants.buffer, report.part.costs.buffer] });
  };
  addEventListener("message", (/** @type {MessageEvent<SliceOrder>} */ { data }) => {
    compute(data).catch((error) => postMessage({ trouble: error.message }));
  });
};

/**
 * Put together what the shares of the digits make.
 * @param {SlicePart[]} parts
 * @returns {SlicePart}
 */
DropABall.join = (parts) => {
  const planes = parts.map(({ plane }) => plane);
  const samples = planes.reduce((sum, plane) => sum + plane.samples, 0);
  const terms = Math.max(...planes.map((plane) => plane.terms));
  const constants = new Float64Array((3 + terms) * samples);
  let before = 0;
  for (const plane of planes) {
    for (const i of [0, 1, 2]) {
      constants.set(plane.constants.subarray(i * plane.samples, (i + 1) * plane.samples), i * samples + before);
    }
    for (let n = 0; n < plane.samples; n++) {
      const from = 3 * plane.samples + n * plane.terms;
      constants.set(plane.constants.subarray(from, from + plane.terms), 3 * samples + (before + n) * terms);
    }
    before += plane.samples;
  }
  const share = (/** @type {PlaneConstants} */ plane) => plane.samples / samples;
  return {
    plane: {
      function: planes[0].function,
      activation: "",
      samples,
      base: planes.reduce((sum, plane) => sum + share(plane) * plane.base, 0),
      terms,
      constants,
    },
    costs: parts[0].costs.map((_, i) => parts.reduce((sum, { plane, costs }) => sum + share(plane) * costs[i], 0)),
  };
};

/**
 * Unpack some digits of a file: all pixels, then all labels, compressed, in base 64.
 * @param {string} file
 * @param {number} samples in the file
 * @param {number} from the first one wanted
 * @param {number} to the one after the last
 * @returns {Promise<{images: Float64Array, labels: Uint8Array}>}
 */
DropABall.unpackDigits = async (file, samples, from, to) => {
  const [inputs] = DropABall.sizes;
  // Written straight into the stream: on a disk, WebKit reads no blobs.
  const { writable, readable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  writer.write(new Uint8Array(DropABall.decode(file)));
  writer.close();
  const bytes = new Uint8Array(await new Response(readable).arrayBuffer());
  const images = Float64Array.from(bytes.subarray(from * inputs, to * inputs), (pixel) => Math.fround(pixel / 255));
  return { images, labels: bytes.slice(samples * inputs + from, samples * inputs + to) };
};

/**
 * Multiply each row of inputs with each row of weights.
 * @param {Float64Array} inputs
 * @param {Float64Array} weights
 * @param {number} width of a row
 * @returns {Float64Array} for each row of inputs one number for each row of weights
 */
DropABall.multiply = (inputs, weights, width) => {
  const [rows, units] = [inputs.length / width, weights.length / width];
  const result = new Float64Array(rows * units);
  for (let n = 0; n < rows; n++) {
    const from = n * width;
    let unit = 0;
    // Four sums at a time: one would wait for each of its own additions.
    for (; unit + 3 < units; unit += 4) {
      let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
      for (let i = from, w = unit * width; i < from + width; i++, w++) {
        const input = inputs[i];
        sum0 += input * weights[w];
        sum1 += input * weights[w + width];
        sum2 += input * weights[w + 2 * width];
        sum3 += input * weights[w + 3 * width];
      }
      result[n * units + unit] = sum0;
      result[n * units + unit + 1] = sum1;
      result[n * units + unit + 2] = sum2;
      result[n * units + unit + 3] = sum3;
    }
    for (; unit < units; unit++) {
      let sum = 0;
      for (let i = from, w = unit * width; i < from + width; i++, w++) {
        sum += inputs[i] * weights[w];
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
    const others = multiply(inputs, weights[layer], width).map(sigmoid);
    for (let i = unit; i < others.length; i += sizes[layer + 1]) {
      others[i] = 0.5;
    }
    const sums = DropABall.expandSums(weights.slice(layer + 1), others, unit, say);
    const { terms, length } = DropABall.expandCost(sums, labels);
    const constants = new Float64Array(lines.length + terms.length);
    constants.set(lines);
    constants.set(terms, lines.length);
    return { function: "series", activation: "", samples, base: 0, terms: length, constants };
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
  return { function: "squared sigmoid", activation: "", samples, base: base / samples, terms: 0, constants };
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
  const { samples, c, h, g, base, terms, series } = model;
  const columns = a.length;
  const spare = 4 * Math.ceil(columns / 4); // four points at a time, as in `multiply`
  const row = new Float64Array(spare);
  const sums = new Float64Array(spare * b.length);
  for (let n = 0; n < samples; n++) {
    if (n % 50 === 0) {
      say(`computing the surface, ${Math.round((100 * n) / samples)} %`);
    }
    // No colour and no printed digit of the map shows what the last terms add.
    let last = (n + 1) * terms - 1;
    for (let rest = 0; last > n * terms && (rest += Math.abs(series[last])) < 1e-9; ) {
      last--;
    }
    // 1 / (1 + exp(u + v)) = exp(−u) / (exp(−u) + exp(v)) takes one exponential for each row and each column.
    a.forEach((value, i) => (row[i] = Math.exp(-c[n] - value * h[n])));
    for (let j = 0; j < b.length; j++) {
      const v = Math.exp(b[j] * g[n]);
      for (let i = 0, at = j * spare; i < spare; i += 4, at += 4) {
        const e0 = row[i] / (row[i] + v);
        const e1 = row[i + 1] / (row[i + 1] + v);
        const e2 = row[i + 2] / (row[i + 2] + v);
        const e3 = row[i + 3] / (row[i + 3] + v);
        if (!terms) {
          sums[at] += e0 * e0;
          sums[at + 1] += e1 * e1;
          sums[at + 2] += e2 * e2;
          sums[at + 3] += e3 * e3;
          continue;
        }
        // Clenshaw's recurrence, with 2t = 4e − 2
        const t0 = 4 * e0 - 2;
        const t1 = 4 * e1 - 2;
        const t2 = 4 * e2 - 2;
        const t3 = 4 * e3 - 2;
        let [sum0, above0, sum1, above1, sum2, above2, sum3, above3] = [0, 0, 0, 0, 0, 0, 0, 0];
        for (let k = last; k > n * terms; k--) {
          const term = series[k];
          const next0 = term - above0 + t0 * sum0;
          const next1 = term - above1 + t1 * sum1;
          const next2 = term - above2 + t2 * sum2;
          const next3 = term - above3 + t3 * sum3;
          above0 = sum0;
          above1 = sum1;
          above2 = sum2;
          above3 = sum3;
          sum0 = next0;
          sum1 = next1;
          sum2 = next2;
          sum3 = next3;
        }
        const term = series[n * terms];
        sums[at] += term - above0 + (t0 / 2) * sum0;
        sums[at + 1] += term - above1 + (t1 / 2) * sum1;
        sums[at + 2] += term - above2 + (t2 / 2) * sum2;
        sums[at + 3] += term - above3 + (t3 / 2) * sum3;
      }
    }
  }
  return Float64Array.from({ length: columns * b.length }, (_, i) => {
    const [j, at] = [Math.floor(i / columns), i % columns];
    return base + sums[j * spare + at] / samples;
  });
};

/**
 * Look for critical points by Newton's method, from each cell of the grid across which both slopes change their sign.
 * @param {Model} model
 * @param {number[]} a
 * @param {number[]} b
 * @param {Float64Array} costs
 * @returns {CriticalPoint[]}
 */
DropABall.searchCritical = (model, a, b, costs) => {
  const columns = a.length;
  /** Differentiate at one of some places in a row, by the parabola through three of them. */
  const differentiate = (/** @type {(k: number) => number} */ costAt, /** @type {number} */ k, /** @type {number} */ last) => {
    if (k === 0) {
      return 4 * costAt(1) - 3 * costAt(0) - costAt(2);
    }
    return k < last ? costAt(k + 1) - costAt(k - 1) : 3 * costAt(last) - 4 * costAt(last - 1) + costAt(last - 2);
  };
  const slopes = (/** @type {number} */ i, /** @type {number} */ j) => [
    differentiate((k) => costs[j * columns + k], i, columns - 1),
    differentiate((k) => costs[k * columns + i], j, b.length - 1),
  ];
  const side = a.at(-1) - a[0];
  /** @type {CriticalPoint[]} */
  const found = [];
  for (let j = 0; j < b.length - 1; j++) {
    for (let i = 0; i < columns - 1; i++) {
      const corners = [slopes(i, j), slopes(i + 1, j), slopes(i, j + 1), slopes(i + 1, j + 1)];
      // A slope that nearly changes its sign may do so, since differences are no derivatives.
      const turns = [0, 1].every((k) => {
        const [low, high] = [Math.min, Math.max].map((choose) => choose(...corners.map((one) => one[k])));
        return low < (high - low) / 4 && high > (low - high) / 4;
      });
      let [x, y] = [(a[i] + a[i + 1]) / 2, (b[j] + b[j + 1]) / 2];
      for (let tries = 0; turns && tries < 30; tries++) {
        const { cost, a: byA, b: byB, aa, ab, bb } = model.taylor(x, y);
        const determinant = aa * bb - ab * ab;
        const [dx, dy] = [(ab * byB - bb * byA) / determinant, (ab * byA - aa * byB) / determinant];
        [x, y] = [x + dx, y + dy];
        if (!(x >= a[0] && x <= a.at(-1) && y >= b[0] && y <= b.at(-1))) {
          break;
        }
        if (Math.hypot(dx, dy) < 1e-9 * side) {
          // A single digit's surface is level along lines, where rounding alone would tell one point from the next.
          const bent = Math.abs(determinant) > 1e-9 * (Math.abs(aa * bb) + ab * ab);
          if (bent && !found.some((point) => Math.hypot(point.a - x, point.b - y) < 1e-6 * side)) {
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
