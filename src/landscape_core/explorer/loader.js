// Surfaces: loaded when they are chosen, by scripts and not requests, since these also work from a disk; or
// computed, where the slice is the reader's own.
"use strict";

/**
 * What the build writes for one surface.
 * @typedef {object} SurfaceFile
 * @property {Omit<PlaneConstants, "constants"> & {constants: string}} plane as the core exports it
 * @property {string} code the Python that makes the plane
 * @property {string[]} imports the names that the code needs
 * @property {[number, number, number, number]} window from a, to a, from b, to b
 * @property {[number, number]} range lowest and highest cost
 * @property {string} levels from 0, the lowest cost, to 65535, the highest, on a square grid, row by row
 * @property {CriticalPoint[]} critical
 * @property {boolean} proven whether there are no others in the window
 */

/** @typedef {{a: number, b: number, cost: number, kind: string}} CriticalPoint */

/** @typedef {InstanceType<typeof DropABall.Surface>} Surface */

/** The window of a slice of one's own: the article's. */
const WINDOW = /** @type {[number, number, number, number]} */ ([-15, 17, -15, 18]);
const POINTS = 97; // along each side of its grid

DropABall.Surface = class {
  /**
   * @param {object} parts
   * @param {PlaneConstants} parts.plane
   * @param {string} parts.code
   * @param {string[]} parts.imports
   * @param {[number, number, number, number]} parts.window
   * @param {[number, number]} parts.range
   * @param {Float32Array} parts.levels from 0 to 1
   * @param {CriticalPoint[]} parts.critical
   * @param {boolean} parts.proven
   */
  constructor({ plane, code, imports, window, range, levels, critical, proven }) {
    this.plane = plane;
    this.code = code;
    this.imports = imports;
    this.window = window;
    this.low = range[0];
    this.high = range[1];
    this.levels = levels;
    this.points = Math.sqrt(levels.length);
    this.critical = critical;
    this.proven = proven;
    this.side = Math.max(window[1] - window[0], window[3] - window[2]);
    this.model = new DropABall.Model(plane);
  }

  /**
   * Tell whether a point lies inside the drawn window.
   * @param {number} a
   * @param {number} b
   */
  shows(a, b) {
    const [a0, a1, b0, b1] = this.window;
    return a >= a0 && a <= a1 && b >= b0 && b <= b1;
  }

  /**
   * Return the nearest point inside the drawn window.
   * @param {number} a
   * @param {number} b
   * @returns {[number, number]}
   */
  clamp(a, b) {
    const [a0, a1, b0, b1] = this.window;
    return [Math.min(Math.max(a, a0), a1), Math.min(Math.max(b, b0), b1)];
  }
};

/**
 * Decode bytes from base 64.
 * @param {string} text
 * @returns {ArrayBuffer}
 */
DropABall.decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;

{
  const folder = new URL("../surfaces/", /** @type {HTMLScriptElement} */ (document.currentScript).src);

  /** @type {Map<string, Surface>} */
  const surfaces = new Map();

  /** @type {Map<number, ArrayBuffer>} */
  const digits = new Map();

  /**
   * Take in a surface; its file calls this.
   * @param {string} name
   * @param {SurfaceFile} file
   */
  DropABall.register = (name, file) => {
    surfaces.set(
      name,
      new DropABall.Surface({
        ...file,
        plane: { ...file.plane, constants: new Float64Array(DropABall.decode(file.plane.constants)) },
        levels: Float32Array.from(new Uint16Array(DropABall.decode(file.levels)), (level) => level / 65535),
      }),
    );
  };

  /**
   * Take in digits; their file calls this.
   * @param {number} count
   * @param {string} file pixels and labels, compressed, in base 64
   */
  DropABall.takeDigits = (count, file) => digits.set(count, DropABall.decode(file));

  /**
   * Run a script of the folder.
   * @param {string} file
   */
  const run = async (file) => {
    const script = document.createElement("script");
    script.src = new URL(file, folder).href;
    await new Promise((resolve) => {
      script.addEventListener("load", resolve);
      script.addEventListener("error", resolve);
      document.head.append(script);
    });
    script.remove();
  };

  /**
   * Load a surface.
   * @param {string} name
   * @returns {Promise<Surface>}
   * @throws {Error} if its file does not come, or is another one
   */
  DropABall.load = async (name) => {
    if (!surfaces.has(name)) {
      await run(DropABall.catalogue.find((entry) => entry.name === name).file);
    }
    if (!surfaces.has(name)) {
      throw new Error(
        `The surface “${name}” could not be loaded: check the connection, and choose it again in the list above.`,
      );
    }
    return surfaces.get(name);
  };

  /**
   * Load digits.
   * @param {number} count
   * @returns {Promise<ArrayBuffer>} pixels and labels, compressed
   * @throws {Error} if their file does not come
   */
  DropABall.loadDigits = async (count) => {
    if (!digits.has(count)) {
      await run(`digits${count}.js`);
    }
    if (!digits.has(count)) {
      throw new Error("The digits could not be loaded: check the connection, and try again.");
    }
    return digits.get(count);
  };

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
    const file = await DropABall.loadDigits(samples);
    signal.throwIfAborted();
    const worker = DropABall.hire("computeSlice");
    const end = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    /** @type {Promise<SliceReport>} */
    const done = new Promise((resolve, reject) => {
      worker.addEventListener("error", ({ message }) =>
        reject(new Error(`The slice cannot be computed here, since a worker does not run. ${message ?? ""}`)),
      );
      worker.addEventListener("message", (/** @type {MessageEvent<SliceReport>} */ { data }) => {
        if (data.progress) {
          say(data.progress);
        } else if (data.trouble) {
          reject(new Error(data.trouble));
        } else {
          resolve(data);
        }
      });
    });
    worker.postMessage({ slice, file, samples, window: WINDOW, points: POINTS });
    try {
      const { plane, costs, critical } = await Promise.race([done, end]);
      const [low, high] = [Math.min, Math.max].map((choose) => costs.reduce((one, other) => choose(one, other)));
      if (low === high) {
        throw new Error(
          "These two weights change nothing, since their inputs are 0 for all of these digits: choose other inputs.",
        );
      }
      const [a, b] = [slice.a, slice.b].map((weight) => `(${weight.join(", ")})`);
      return new DropABall.Surface({
        plane,
        code: `plane = WeightPlane(Network.random(seed=${slice.seed}), load_mnist(${slice.digits}), a=${a}, b=${b})`,
        imports: ["Network", "WeightPlane", "load_mnist"],
        window: WINDOW,
        range: [low, high],
        levels: Float32Array.from(costs, (cost) => (cost - low) / (high - low)),
        critical,
        proven: false,
      });
    } finally {
      worker.terminate();
    }
  };
}
