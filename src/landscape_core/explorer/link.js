// The state of the page in its address: #surface=… or #seed=…&n=…&a=…&b=…, then start=a,b&optimizer=…&lr=…&epochs=…
"use strict";

/**
 * What the colours show, how the block rises, and which ball those are like that colour it by where they end.
 * Neither the epoch nor the pace is part of it: a link brings the ends, and who follows it plays them anew.
 * @typedef {{colours: string, height: string, like: string}} View
 */

/**
 * @typedef {{entry: Entry, balls: Settings[], view: View}} State
 */

/**
 * What the catalogue says of a surface.
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} group
 * @property {string} title
 * @property {string} [file] its address beside the catalogue's
 * @property {Slice} [slice] what is to be computed, where it is the reader's own
 * @property {number} rate the learning rate that suits gradient descent
 * @property {string} [optimizer] with which it begins, where that is another
 * @property {Record<string, number>} [knobs] what else it is set to, where that is unusual
 * @property {Record<string, number>} [rates] of optimizers for which others than the usual suit it
 * @property {number} epochs
 * @property {[number, number][]} starts of the balls with which it begins
 */

const SLICE_KEYS = ["seed", "n", "a", "b"];
const KEYS = [
  ...["surface", ...SLICE_KEYS, "start", "optimizer", "lr", "epochs"],
  ...[...DropABall.knobNames, "batch", "batchseed"],
  ...["colours", "height", "like"],
];
const ONCE = ["surface", ...SLICE_KEYS, "colours", "height", "like"];

/**
 * What can be seen of a surface; the first of each is usual.
 * @type {Record<keyof View, string[]>}
 */
const VIEWS = {
  colours: ["cost", "slope", "bend", "ends"],
  height: ["range", "logarithmic", "full"],
  like: ["1", "2", "3", "4", "5", "6"],
};
const NO_BALL = "none"; // in the place of a start

/** @param {string} text */
DropABall.readStart = (text) => {
  const parts = text.split(",");
  if (parts.length !== 2) {
    throw new Error(`The start “${text.slice(0, 40)}” does not work: give two numbers, as in start=-9,15, or start=${NO_BALL} alone.`);
  }
  return /** @type {[number, number]} */ (parts.map(DropABall.readCoordinate));
};

/**
 * Read the state from an address. The first optimizer, lr and epochs belong to the first start, and so
 * on; the last of each holds for all further starts.
 * @param {string} hash with or without its #
 * @param {Entry[]} catalogue
 * @returns {State | null} null where the address says nothing about balls
 * @throws {Error} whose message tells the reader what is wrong
 */
DropABall.readLink = (hash, catalogue) => {
  if (!hash.includes("=")) {
    return null;
  }
  const link = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
  for (const key of link.keys()) {
    if (!KEYS.includes(key)) {
      throw new Error(`The link’s “${key.slice(0, 40)}” means nothing here: choose one of ${KEYS.join(", ")}.`);
    }
  }
  const twice = ONCE.find((key) => link.getAll(key).length > 1);
  if (twice) {
    throw new Error(`The link has “${twice}” ${link.getAll(twice).length} times: give it once.`);
  }
  const entry = DropABall.readEntry(link, catalogue);
  const optimizers = link.getAll("optimizer").map((text) => {
    const plain = text.toLowerCase().replace(/[^a-z]/g, "");
    const found = Object.keys(DropABall.optimizers).find((known) => known.toLowerCase() === plain);
    if (!found) {
      const names = Object.keys(DropABall.optimizers).join(", ");
      throw new Error(`There is no optimizer “${text.slice(0, 40)}”: choose one of ${names}.`);
    }
    return found;
  });
  const rates = link.getAll("lr").map(DropABall.readRate);
  const epochs = link.getAll("epochs").map(DropABall.readEpochs);
  const texts = link.getAll("start");
  let { starts } = entry;
  if (texts.length) {
    starts = texts.join() === NO_BALL ? [] : texts.map(DropABall.readStart);
  }
  if (starts.length > DropABall.MOST_BALLS) {
    throw new Error(`The link has ${starts.length} starts: the page shows ${DropABall.MOST_BALLS} balls at most.`);
  }
  const balls = starts.map((start, i) => {
    const optimizer = optimizers[i] ?? optimizers.at(-1) ?? DropABall.firstOptimizer(entry);
    const textOf = (/** @type {string} */ name) => link.getAll(name)[i] ?? link.getAll(name).at(-1);
    return {
      start,
      optimizer,
      rate: rates[i] ?? rates.at(-1) ?? DropABall.suggestedRate(entry, optimizer),
      epochs: epochs[i] ?? epochs.at(-1) ?? entry.epochs,
      ...DropABall.setKnobs(optimizer, (name, usual) => DropABall.readKnob(name, textOf(name) ?? String(usual))),
      ...DropABall.readBatch(textOf("batch"), textOf("batchseed")),
    };
  });
  const view = DropABall.readView(link);
  if (Number(view.like) > Math.max(balls.length, 1)) {
    throw new Error(`The link’s like=${view.like} does not work: give the number of one of its balls, ${balls.length} at most.`);
  }
  return { entry, balls, view };
};

/**
 * Read what is to be seen.
 * @param {URLSearchParams} link
 * @returns {View}
 */
DropABall.readView = (link) => {
  const [colours, height, like] = /** @type {(keyof View)[]} */ (["colours", "height", "like"]).map((key) => {
    const value = link.get(key) ?? VIEWS[key][0];
    if (!VIEWS[key].includes(value)) {
      throw new Error(`The link’s ${key}=${value.slice(0, 40)} is not known: choose one of ${VIEWS[key].join(", ")}.`);
    }
    return value;
  });
  return { colours, height, like };
};

/**
 * Read which surface an address asks for.
 * @param {URLSearchParams} link
 * @param {Entry[]} catalogue
 * @returns {Entry}
 */
DropABall.readEntry = (link, catalogue) => {
  const name = link.get("surface");
  if (SLICE_KEYS.some((key) => link.has(key))) {
    if (name !== null) {
      throw new Error("The link names a surface and a slice: choose one of the two.");
    }
    if (!DropABall.readSlice) {
      throw new Error(`This page shows one surface: leave ${SLICE_KEYS.join(", ")} out of the link.`);
    }
    const [seed, digits, a, b] = SLICE_KEYS.map((key) => link.get(key));
    return DropABall.entryOf(DropABall.readSlice(seed, digits, a, b));
  }
  const entry = name === null ? catalogue[0] : catalogue.find((candidate) => candidate.name === name);
  if (!entry) {
    const names = catalogue.map((candidate) => candidate.name).join(", ");
    throw new Error(`There is no surface “${name.slice(0, 40)}”: choose one of ${names}.`);
  }
  return entry;
};

/**
 * Write the state as it stands in an address.
 * @param {State} state
 * @returns {string} with its #
 */
DropABall.writeLink = (state) => {
  const { entry, balls, view } = state;
  /** @param {(ball: Settings) => string | number} value */
  const values = (value) => {
    const all = balls.map(value);
    return all.every((one) => one === all[0]) ? all.slice(0, 1) : all;
  };
  const parts = [`surface=${entry.name}`];
  if (entry.slice) {
    const { seed, digits, a, b } = entry.slice;
    parts.splice(0, 1, `seed=${seed}`, `n=${digits}`, `a=${a.join(",")}`, `b=${b.join(",")}`);
  }
  parts.push(...(balls.length ? balls.map(({ start }) => `start=${start.join(",")}`) : [`start=${NO_BALL}`]));
  parts.push(...values((ball) => ball.optimizer).map((name) => `optimizer=${name}`));
  parts.push(...values((ball) => ball.rate).map((rate) => `lr=${rate}`));
  parts.push(...values((ball) => ball.epochs).map((count) => `epochs=${count}`));
  // What is as usual for all of them is not worth a word.
  for (const name of DropABall.knobNames) {
    if (balls.some(({ knobs }) => knobs && name in knobs)) {
      const usual = (/** @type {Settings} */ { optimizer }) => DropABall.knobs[optimizer][name] ?? 0;
      parts.push(...values((ball) => ball.knobs?.[name] ?? usual(ball)).map((value) => `${name}=${value}`));
    }
  }
  if (balls.some(({ batch }) => batch)) {
    parts.push(...values((ball) => ball.batch ?? "all").map((batch) => `batch=${batch}`));
    parts.push(...values((ball) => ball.seed ?? 0).map((seed) => `batchseed=${seed}`));
  }
  for (const key of /** @type {(keyof View)[]} */ (Object.keys(VIEWS))) {
    if (view[key] !== VIEWS[key][0]) {
      parts.push(`${key}=${view[key]}`);
    }
  }
  return `#${parts.join("&")}`;
};
