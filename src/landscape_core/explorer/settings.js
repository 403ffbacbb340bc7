// What a reader may choose for a ball, and how it is read from what was typed.
"use strict";

/**
 * What a reader chooses for a ball.
 * @typedef {object} Settings
 * @property {[number, number]} start
 * @property {string} optimizer
 * @property {number} rate
 * @property {number} epochs
 * @property {Record<string, number>} [knobs] what else the optimizer is set to, where that is unusual
 * @property {number} [batch] how many samples each step looks at, where these are not all
 * @property {number} [seed] for their order
 */

/**
 * What else optimizers are set to, with the usual values.
 * @type {Record<string, Record<string, number>>}
 */
DropABall.knobs = {
  GradientDescent: {},
  Momentum: { momentum: 0.9 },
  Nesterov: { momentum: 0.9 },
  AdaGrad: {},
  RMSProp: { decay: 0.9 },
  Adam: { beta1: 0.9, beta2: 0.999 },
};

/** All of their names. */
DropABall.knobNames = ["momentum", "decay", "beta1", "beta2"];

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
DropABall.suggestedRate = (entry, optimizer) => {
  const tenth = Number((entry.rate / 10).toPrecision(12)); // 0.23 and not 0.22999999999999998
  return (
    entry.rates?.[optimizer] ??
    {
      GradientDescent: entry.rate,
      Momentum: tenth,
      Nesterov: tenth,
      AdaGrad: 0.5,
      RMSProp: 0.02,
      Adam: 0.05,
    }[optimizer]
  );
};

/**
 * The optimizer with which a surface begins.
 * @param {Entry} entry
 */
DropABall.firstOptimizer = (entry) => entry.optimizer ?? "GradientDescent";

/**
 * The balls with which a surface begins.
 * @param {Entry} entry
 * @returns {Settings[]}
 */
DropABall.firstBalls = (entry) =>
  entry.starts.map((start) => ({
    start,
    optimizer: DropABall.firstOptimizer(entry),
    rate: DropABall.suggestedRate(entry, DropABall.firstOptimizer(entry)),
    epochs: entry.epochs,
    ...(entry.knobs && { knobs: entry.knobs }),
  }));

/**
 * Read a number, in full or not at all; the minus may be the one that the page prints.
 * @param {string} text
 * @param {string} what
 * @param {(value: number) => boolean} allowed
 * @param {string} range
 * @returns {number}
 */
DropABall.readNumber = (text, what, allowed, range) => {
  const plain = text.trim().replaceAll("−", "-");
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  if (!Number.isFinite(value) || !allowed(value)) {
    throw new Error(`The ${what} “${text.slice(0, 40)}” does not work: give ${range}.`);
  }
  return value;
};

/**
 * Read a whole number.
 * @param {string} text
 * @param {string} what
 * @param {number} least
 * @param {number} most
 * @param {string} [other] what else may be given
 */
DropABall.readWhole = (text, what, least, most, other = "") =>
  DropABall.readNumber(
    text,
    what,
    (value) => Number.isInteger(value) && value >= least && value <= most,
    `a whole number from ${least} to ${most}${other}`,
  );

/** @param {string} text */
DropABall.readCoordinate = (text) =>
  DropABall.readNumber(
    text,
    "start",
    (value) => Math.abs(value) <= DropABall.FARTHEST,
    `a number from −${DropABall.FARTHEST} to ${DropABall.FARTHEST}, with a point before its decimals`,
  );

/** @param {string} text */
DropABall.readRate = (text) =>
  DropABall.readNumber(
    text,
    "learning rate",
    (value) => value > 0 && value <= DropABall.HIGHEST_RATE,
    "a number above 0, a million at most, with a point before its decimals",
  );

/** @param {string} text */
DropABall.readEpochs = (text) =>
  DropABall.readWhole(text, "number of epochs", 0, DropABall.MOST_EPOCHS);

/**
 * Read what else an optimizer is set to.
 * @param {string} name
 * @param {string} text
 */
DropABall.readKnob = (name, text) =>
  DropABall.readNumber(
    text,
    DropABall.knobTexts[name],
    (value) => value >= 0 && value < 1,
    "a number from 0 to below 1, with a point before its decimals",
  );

/**
 * Set all else of an optimizer.
 * @param {string} optimizer
 * @param {(name: string, usual: number) => number} valueOf
 * @returns {Pick<Settings, "knobs">} nothing where all is as usual
 */
DropABall.setKnobs = (optimizer, valueOf) => {
  const all = Object.entries(DropABall.knobs[optimizer]).map(([name, usual]) => {
    return { name, usual, value: valueOf(name, usual) };
  });
  const unusual = all.filter(({ usual, value }) => value !== usual);
  return unusual.length ? { knobs: Object.fromEntries(unusual.map(({ name, value }) => [name, value])) } : {};
};

const ALL = "all"; // samples in a batch

/**
 * Read how many samples a step looks at.
 * @param {string | undefined} batch
 * @param {string | undefined} seed
 * @returns {Pick<Settings, "batch" | "seed">} nothing where these are all
 */
DropABall.readBatch = (batch = ALL, seed = "0") => {
  if (batch.trim() === ALL) {
    return {};
  }
  return {
    batch: DropABall.readWhole(batch, "batch size", 1, 10000, `, or “${ALL}”`),
    seed: DropABall.readWhole(seed, "seed of the batches", 0, 2 ** 32 - 1),
  };
};
