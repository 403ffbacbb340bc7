// Surfaces, loaded when they are chosen; scripts and not requests, since these also work from a disk.
"use strict";

/**
 * What the build writes for one surface.
 * @typedef {object} SurfaceFile
 * @property {PlaneConstants} plane
 * @property {string} code the Python that makes the plane
 * @property {string[]} imports the names that the code needs
 * @property {[number, number, number, number]} window from a, to a, from b, to b
 * @property {[number, number]} range lowest and highest cost
 * @property {{corners: string, lengths: number[][]}} bands for each level the outlines of what lies above it
 * @property {string[]} colours of the bands, from low to high
 * @property {string} heights of the mesh, float32, row by row
 * @property {number} mesh points along each side
 * @property {{a: number, b: number, cost: number, kind: string}[]} critical
 */

/** @typedef {InstanceType<typeof DropABall.Surface>} Surface */

DropABall.Surface = class {
  /**
   * @param {string} name
   * @param {SurfaceFile} file
   */
  constructor(name, file) {
    this.name = name;
    this.file = file;
    this.window = file.window;
    this.low = file.range[0];
    this.high = file.range[1];
    this.side = Math.max(file.window[1] - file.window[0], file.window[3] - file.window[2]);
    this.model = new DropABall.Model(file.plane);
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

{
  const folder = new URL("../surfaces/", /** @type {HTMLScriptElement} */ (document.currentScript).src);

  /** @type {Map<string, Surface>} */
  const loaded = new Map();

  /**
   * Take in a surface; its file calls this.
   * @param {string} name
   * @param {SurfaceFile} file
   */
  DropABall.register = (name, file) => {
    loaded.set(name, new DropABall.Surface(name, file));
  };

  /**
   * Load a surface.
   * @param {string} name
   * @returns {Promise<Surface>}
   * @throws {Error} if its file does not come, or is another one
   */
  DropABall.load = async (name) => {
    if (!loaded.has(name)) {
      const { file } = DropABall.catalogue.find((entry) => entry.name === name);
      const script = document.createElement("script");
      script.src = new URL(file, folder).href;
      await new Promise((resolve) => {
        script.addEventListener("load", resolve);
        script.addEventListener("error", resolve);
        document.head.append(script);
      });
      script.remove();
    }
    if (!loaded.has(name)) {
      throw new Error(
        `The surface “${name}” could not be loaded: check the connection, and choose it again in the list above.`,
      );
    }
    return loaded.get(name);
  };
}
