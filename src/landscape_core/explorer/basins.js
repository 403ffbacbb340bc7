// Basins: where balls from all over a surface end.
"use strict";

/**
 * @typedef {object} Basin
 * @property {string} name
 * @property {string} colour
 * @property {number} share of the starts
 * @property {number} cell of the starts, where the basin's letter stands best
 */

/**
 * The starts are the middles of size times size cells.
 * @typedef {{size: number, owners: Int8Array, basins: Basin[]}} Basins
 */

/**
 * Where a walk ends, and what it stands on there.
 * @typedef {{a: number, b: number, word: string}} End
 */

/**
 * Walk from the middles of all cells in some rows; a worker does this.
 * @param {Model} model
 * @param {{settings: Settings, ground: {window: number[], side: number, low: number, high: number}, size: number, rows: number[]}} order
 */
DropABall.walkRows = function* (model, { settings, ground, size, rows }) {
  const [a0, a1, b0, b1] = ground.window;
  for (const row of rows) {
    /** @type {End[]} */
    const ends = [];
    for (let column = 0; column < size; column++) {
      /** @type {[number, number]} */
      const start = [a0 + ((a1 - a0) * (column + 0.5)) / size, b0 + ((b1 - b0) * (row + 0.5)) / size];
      const walk = new DropABall.Walk({ ...settings, start }, model);
      while (walk.left) {
        walk.advance(Infinity);
      }
      const [a, b] = walk.weights;
      ends.push({ a, b, word: DropABall.judge(model, a, b, ground).word });
    }
    yield { row, ends };
  }
};

/** Colours that differ in lightness, too, and from those of the balls. */
const LAND = ["#77aadd", "#eedd88", "#ee8866", "#44bb99", "#ffaabb", "#bbcc33", "#99ddff", "#dddddd"];

/**
 * Tell apart where balls have ended: at one minimum or another, on flat ground here or there, or out of
 * the window.
 * @param {Surface} surface
 * @param {number} size
 * @param {End[]} ends one for each cell
 * @returns {Basins}
 */
DropABall.groupEnds = (surface, size, ends) => {
  const { side, window } = surface;
  /** @type {{word: string, cells: number[]}[]} */
  const groups = [];
  /** @type {Map<string, {word: string, cells: number[]}>} */
  const places = new Map();
  for (let cell = 0; cell < size * size; cell++) {
    let { a, b, word } = ends[cell];
    if (word !== "minimum" && !word.startsWith("out") && !surface.shows(a, b)) {
      word = `out of the window, ${a > window[1] ? "right" : a < window[0] ? "left" : b > window[3] ? "above" : "below"}`;
    }
    // Ends of one kind that are nearer than this belong together; those at one minimum are all near it.
    const reach = word === "minimum" ? 4 * DropABall.NEAR * side : side / 10;
    const [i, j] = word.startsWith("out") ? [0, 0] : [Math.floor(a / reach), Math.floor(b / reach)];
    const place = `${word} ${i} ${j}`;
    const near = [-1, 0, 1].flatMap((di) => [-1, 0, 1].map((dj) => places.get(`${word} ${i + di} ${j + dj}`)));
    const group = near.find(Boolean) ?? { word, cells: [] };
    if (!group.cells.length) {
      groups.push(group);
    }
    // What lies between two groups makes them one.
    for (const other of new Set(near)) {
      if (other && other !== group) {
        group.cells.push(...other.cells);
        groups.splice(groups.indexOf(other), 1);
        places.forEach((one, key) => one === other && places.set(key, group));
      }
    }
    group.cells.push(cell);
    places.set(place, group);
  }
  groups.sort((one, other) => other.cells.length - one.cells.length);
  if (groups.length > LAND.length) {
    const rest = groups.splice(LAND.length - 1);
    groups.push({ word: `${rest.length} other places`, cells: rest.flatMap(({ cells }) => cells) });
  }
  const owners = new Int8Array(size * size);
  const basins = groups.map(({ word, cells }, owner) => {
    cells.forEach((cell) => (owners[cell] = owner));
    const middle = (/** @type {(cell: number) => number} */ value) => cells.map(value).sort((x, y) => x - y)[cells.length >> 1];
    const [a, b] = surface.printPoint(middle((cell) => ends[cell].a), middle((cell) => ends[cell].b), 3);
    const [column, row] = [middle((cell) => cell % size), middle((cell) => Math.floor(cell / size))];
    const away = (/** @type {number} */ cell) => Math.hypot((cell % size) - column, Math.floor(cell / size) - row);
    const place = { minimum: ` at (${a}, ${b})`, flat: ` ground around (${a}, ${b})` }[word];
    return {
      name: DropABall.kinds.includes(word) ? word + (place ?? `, around (${a}, ${b})`) : word,
      colour: LAND[owner],
      share: cells.length / owners.length,
      cell: cells.reduce((best, cell) => (away(cell) < away(best) ? cell : best)),
    };
  });
  return { size, owners, basins };
};

DropABall.kinds = ["minimum", "saddle", "maximum", "flat", "kink", "descending"];

/**
 * Write a line of the legend.
 * @param {Basin} basin
 * @param {number} i
 */
DropABall.basinLine = ({ name, colour, share }, i) => {
  const line = document.createElement("li");
  const swatch = document.createElement("span");
  swatch.className = "ball-land";
  swatch.style.background = colour;
  swatch.textContent = DropABall.letter(i);
  line.append(swatch, `${name}: ${DropABall.print(100 * share, 2)} %`);
  return line;
};

/** @param {number} i */
DropABall.letter = (i) => String.fromCharCode(65 + i);
