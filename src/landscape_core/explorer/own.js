// Slices of the reader's own: what an address says of them, the digits they need, and their surfaces.
"use strict";

/**
 * Read what an address says of a slice.
 * @param {string | null} seed
 * @param {string | null} digits
 * @param {string | null} a layer, unit and input
 * @param {string | null} b
 * @returns {Slice}
 */
DropABall.readSlice = (seed, digits, a, b) => {
  /** @param {string} what @param {string | null} text */
  const weight = (what, text) => {
    const parts = (text ?? "").split(",");
    if (parts.length !== 3) {
      throw new Error(
        `The weight ${what} “${parts.join(",").slice(0, 40)}” does not work: give layer, unit and input, as in ${what}=2,5,250.`,
      );
    }
    const layer = DropABall.readWhole(parts[0], `layer of weight ${what}`, 0, DropABall.sizes.length - 2);
    return [
      layer,
      DropABall.readWhole(parts[1], `unit of weight ${what}`, 0, DropABall.sizes[layer + 1] - 1),
      DropABall.readWhole(parts[2], `input of weight ${what}`, 0, DropABall.sizes[layer] - 1),
    ];
  };
  const slice = {
    seed: DropABall.readWhole(seed ?? "135", "seed", 0, 2 ** 32 - 1),
    digits: DropABall.readWhole(digits ?? "100", "number of digits", 1, 10000),
    a: weight("a", a),
    b: weight("b", b),
  };
  if (slice.a[0] !== slice.b[0] || slice.a[1] !== slice.b[1]) {
    throw new Error("The weights a and b lead into two units: give two weights with the same layer and unit.");
  }
  if (slice.a[2] === slice.b[2]) {
    throw new Error("The weights a and b are the same: give two with different inputs.");
  }
  return slice;
};

/**
 * Return the entry of a slice of the reader's own, as if it were in the catalogue.
 * @param {Slice} slice
 * @returns {Entry}
 */
DropABall.entryOf = (slice) => ({
  name: "own",
  group: "A slice of your own",
  title:
    `seed ${slice.seed}, ${DropABall.group(slice.digits)} digits, ` +
    `weights (${slice.a.join(", ")}) and (${slice.b.join(", ")})`,
  slice,
  rate: slice.a[0] === DropABall.sizes.length - 2 ? 20 : 100,
  epochs: 1000,
  starts: [
    [-9, 15],
    [12, 12],
    [6, -9],
  ],
});

/** The window of a slice of one's own: the article's. */
const WINDOW = /** @type {[number, number, number, number]} */ ([-15, 17, -15, 18]);
const POINTS = 97; // along each side of its grid
const FEW = 250; // digits for which another worker is not worth its start

{
  /** @type {Map<number, string>} */
  const digits = new Map();

  /**
   * Take in digits; their file calls this.
   * @param {number} count
   * @param {string} file pixels and labels, compressed, in base 64
   */
  DropABall.takeDigits = (count, file) => digits.set(count, file);

  /**
   * Load digits.
   * @param {number} count
   * @returns {Promise<string>} pixels and labels, compressed, in base 64
   * @throws {Error} if their file does not come
   */
  DropABall.loadDigits = async (count) => {
    if (!digits.has(count)) {
      await DropABall.run(`digits${count}.js`);
    }
    if (!digits.has(count)) {
      throw new Error("The digits could not be loaded: check the connection, and try again.");
    }
    return digits.get(count);
  };

  /**
   * Let a worker compute something.
   * @param {Worker} worker
   * @param {Partial<SliceOrder>} order
   * @param {(progress: string) => void} say
   * @param {Transferable[]} [transfer]
   * @returns {Promise<SliceReport>}
   * @throws {Error} if it cannot
   */
  DropABall.ask = (worker, order, say, transfer = []) =>
    new Promise((resolve, reject) => {
      worker.onerror = ({ message }) =>
        reject(new Error(`The slice cannot be computed here, since a worker does not run. ${message ?? ""}`));
      worker.onmessage = (/** @type {MessageEvent<SliceReport>} */ { data }) => {
        if (data.progress) {
          say(data.progress);
        } else if (data.trouble) {
          reject(new Error(data.trouble));
        } else {
          resolve(data);
        }
      };
      worker.postMessage({ window: WINDOW, points: POINTS, ...order }, transfer);
    });

  /**
   * Compute a surface of the reader's own.
   * @param {Slice} slice
   * @param {(progress: string) => void} say
   * @param {AbortSignal} signal ends the computation
   * @returns {Promise<Surface>}
   * @throws {Error} if the digits do not come, or it was ended
   */
  DropABall.compute = async (slice, say, signal) => {
    const samples = [100, 1000, 10000].find((count) => count >= slice.digits);
    say("loading the digits");
    const end = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const file = await Promise.race([DropABall.loadDigits(samples), end]);
    const shares = Math.min(navigator.hardwareConcurrency || 1, Math.ceil(slice.digits / FEW));
    const workers = Array.from({ length: shares }, () => DropABall.hire("computeSlice"));
    const limit = (/** @type {number} */ i) => Math.round((i * slice.digits) / shares);
    const orders = workers.map((worker, i) =>
      DropABall.ask(worker, { share: { slice, file, samples, from: limit(i), to: limit(i + 1) } }, i ? () => {} : say),
    );
    try {
      const parts = (await Promise.race([Promise.all(orders), end])).map(({ part }) => part);
      const buffers = parts.flatMap(({ plane, costs }) => [plane.constants.buffer, costs.buffer]);
      const { part, critical } = await Promise.race([DropABall.ask(workers[0], { parts }, say, buffers), end]);
      const { plane, costs } = part;
      const [low, high] = [Math.min, Math.max].map((choose) => costs.reduce((one, other) => choose(one, other)));
      if (low === high) {
        throw new Error(
          "These two weights change nothing, since their inputs are 0 for all of these digits: choose other inputs.",
        );
      }
      const [a, b] = [slice.a, slice.b].map((weight) => `(${weight.join(", ")})`);
      return new DropABall.Surface({
        plane,
        names: [`a, weight ${a}`, `b, weight ${b}`],
        code: `plane = WeightPlane(Network.random(seed=${slice.seed}), load_mnist(${slice.digits}), a=${a}, b=${b})`,
        imports: ["Network", "WeightPlane", "load_mnist"],
        window: WINDOW,
        range: [low, high],
        levels: Float32Array.from(costs, (cost) => (cost - low) / (high - low)),
        critical,
        proven: false,
      });
    } finally {
      workers.forEach((worker) => worker.terminate());
    }
  };
}
