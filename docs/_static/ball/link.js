// The state of the page in its address: #surface=…&start=a,b&optimizer=…&lr=…&epochs=…
"use strict";

/**
 * @typedef {{surface: string, balls: Settings[]}} State
 */

/**
 * @typedef {{name: string, group: string, title: string, rate: number, epochs: number,
 *            starts: [number, number][]}} Entry
 */

DropABall.MOST_BALLS = 6;
DropABall.MOST_EPOCHS = 10000;
DropABall.FARTHEST = 1000;
DropABall.HIGHEST_RATE = 1e6;

/**
 * The learning rate that suits an optimizer on a surface, for a start.
 * @param {Entry} entry
 * @param {string} optimizer
 * @returns {number}
 */
DropABall.suggestedRate = (entry, optimizer) =>
  ({
    GradientDescent: entry.rate,
    Momentum: entry.rate / 10,
    Nesterov: entry.rate / 10,
    AdaGrad: 0.5,
    RMSProp: 0.02,
    Adam: 0.05,
  })[optimizer];

/**
 * The balls with which a surface begins.
 * @param {Entry} entry
 * @returns {Settings[]}
 */
DropABall.firstBalls = (entry) =>
  entry.starts.map((start) => ({
    start,
    optimizer: "GradientDescent",
    rate: entry.rate,
    epochs: entry.epochs,
  }));

/**
 * Read a number, in full or not at all.
 * @param {string} text
 * @param {string} what
 * @param {(value: number) => boolean} allowed
 * @param {string} range
 * @returns {number}
 */
DropABall.readNumber = (text, what, allowed, range) => {
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN;
  if (!Number.isFinite(value) || !allowed(value)) {
    throw new Error(`The ${what} “${text.slice(0, 40)}” does not work: give ${range}.`);
  }
  return value;
};

/** @param {string} text */
DropABall.readStart = (text) => {
  const parts = text.split(",");
  if (parts.length !== 2) {
    throw new Error(`The start “${text.slice(0, 40)}” does not work: give two numbers, as in start=-9,15.`);
  }
  return /** @type {[number, number]} */ (parts.map(DropABall.readCoordinate));
};

/** @param {string} text */
DropABall.readCoordinate = (text) =>
  DropABall.readNumber(
    text,
    "start",
    (value) => Math.abs(value) <= DropABall.FARTHEST,
    `numbers from −${DropABall.FARTHEST} to ${DropABall.FARTHEST}`,
  );

/** @param {string} text */
DropABall.readRate = (text) =>
  DropABall.readNumber(
    text,
    "learning rate",
    (value) => value > 0 && value <= DropABall.HIGHEST_RATE,
    "a number above 0, a million at most",
  );

/** @param {string} text */
DropABall.readEpochs = (text) =>
  DropABall.readNumber(
    text,
    "number of epochs",
    (value) => Number.isInteger(value) && value >= 0 && value <= DropABall.MOST_EPOCHS,
    `a whole number from 0 to ${DropABall.MOST_EPOCHS.toLocaleString("en")}`,
  );

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
  const name = link.get("surface") ?? catalogue[0].name;
  const entry = catalogue.find((candidate) => candidate.name === name);
  if (!entry) {
    const names = catalogue.map((candidate) => candidate.name).join(", ");
    throw new Error(`There is no surface “${name.slice(0, 40)}”: choose one of ${names}.`);
  }
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
  const starts = link.has("start") ? link.getAll("start").map(DropABall.readStart) : entry.starts;
  if (starts.length > DropABall.MOST_BALLS) {
    throw new Error(`The link has ${starts.length} starts: the page shows ${DropABall.MOST_BALLS} balls at most.`);
  }
  const balls = starts.map((start, i) => {
    const optimizer = optimizers[i] ?? optimizers.at(-1) ?? "GradientDescent";
    return {
      start,
      optimizer,
      rate: rates[i] ?? rates.at(-1) ?? DropABall.suggestedRate(entry, optimizer),
      epochs: epochs[i] ?? epochs.at(-1) ?? entry.epochs,
    };
  });
  return { surface: name, balls };
};

/**
 * Write the state as it stands in an address.
 * @param {State} state
 * @returns {string} with its #
 */
DropABall.writeLink = (state) => {
  const { balls } = state;
  /** @param {(ball: Settings) => string | number} value */
  const values = (value) => {
    const all = balls.map(value);
    return all.every((one) => one === all[0]) ? all.slice(0, 1) : all;
  };
  const parts = [`surface=${state.surface}`];
  parts.push(...balls.map(({ start }) => `start=${start.join(",")}`));
  parts.push(...values((ball) => ball.optimizer).map((name) => `optimizer=${name}`));
  parts.push(...values((ball) => ball.rate).map((rate) => `lr=${rate}`));
  parts.push(...values((ball) => ball.epochs).map((count) => `epochs=${count}`));
  return `#${parts.join("&")}`;
};
