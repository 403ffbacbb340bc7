// Surfaces: loaded when they are chosen, by scripts and not requests, since these also work from a disk.
"use strict";

/**
 * What the build writes for one surface.
 * @typedef {object} SurfaceFile
 * @property {Omit<PlaneConstants, "constants"> & {constants: string}} plane as the core exports it
 * @property {[string, string]} names of the axes
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

DropABall.Surface = class {
  /**
   * @param {object} parts
   * @param {PlaneConstants} parts.plane
   * @param {[string, string]} parts.names of the axes
   * @param {string} parts.code
   * @param {string[]} parts.imports
   * @param {[number, number, number, number]} parts.window
   * @param {[number, number]} parts.range
   * @param {Float32Array} parts.levels from 0 to 1
   * @param {CriticalPoint[]} parts.critical
   * @param {boolean} parts.proven
   */
  constructor({ plane, names, code, imports, window, range, levels, critical, proven }) {
    this.plane = plane;
    this.names = names;
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
    // Round numbers along each axis are so many to one: a hundred where the window is 10 to 100 wide.
    this.fine = [0, 2].map((i) => 10 ** Math.ceil(3 - Math.log10(window[i + 1] - window[i])));
    const [a0, a1, b0, b1] = window;
    this.digits = Math.max(DropABall.digitsFor(a0, a1), DropABall.digitsFor(b0, b1));
    this.costDigits = DropABall.digitsFor(...range);
    this.model = new DropABall.Model(plane);
  }

  /**
   * Write a point's coordinates.
   * @param {number} a
   * @param {number} b
   * @param {number} digits significant ones, or more where the window is small for its distance from 0
   */
  printPoint(a, b, digits) {
    return [a, b].map((value) => DropABall.print(value, Math.max(digits, this.digits)));
  }

  /**
   * Write a cost.
   * @param {number} cost
   * @param {number} digits significant ones, or more where the surface's range is small for its height
   */
  printCost(cost, digits) {
    return DropABall.print(cost, Math.max(digits, this.costDigits));
  }

  /** Whether there is a number for each sample, so that some of them can be taken: not for linear outputs. */
  get divisible() {
    return this.plane.function !== "square";
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

  /**
   * Return the nearest point with round numbers, inside the drawn window.
   * @param {number} a
   * @param {number} b
   * @param {number} [step] how many of the finest ones apart
   */
  round(a, b, step = 1) {
    const [x, y] = [a, b].map((value, i) => (Math.round((value * this.fine[i]) / step) * step) / this.fine[i]);
    return this.clamp(x, y);
  }
};

/**
 * Decode bytes from base 64.
 * @param {string} text
 * @returns {ArrayBuffer}
 */
DropABall.decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;

{
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);

  /**
   * Run a script of the folder with the surfaces.
   * @param {string} file
   */
  DropABall.run = async (file) => {
    const script = document.createElement("script");
    script.src = new URL(`../surfaces/${file}`, src).href;
    await new Promise((resolve) => {
      script.addEventListener("load", resolve);
      script.addEventListener("error", resolve);
      document.head.append(script);
    });
    script.remove();
  };

  /** @type {Map<string, Surface>} */
  const surfaces = new Map();

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
   * Load a surface.
   * @param {string} name
   * @returns {Promise<Surface>}
   * @throws {Error} if its file does not come, or is another one
   */
  DropABall.load = async (name) => {
    if (!surfaces.has(name)) {
      await DropABall.run(DropABall.catalogue.find((entry) => entry.name === name).file);
    }
    if (!surfaces.has(name)) {
      throw new Error(
        `The surface “${name}” could not be loaded: check the connection, and choose it again in the list above.`,
      );
    }
    return surfaces.get(name);
  };
}
