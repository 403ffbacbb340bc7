// What a reader may choose for a ball, and how it is read from what was typed.
"use strict";

/**
 * What a reader chooses for a ball.
 * @typedef {{start: [number, number], optimizer: string, rate: number, epochs: number}} Settings
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
  entry.rates?.[optimizer] ??
  {
    GradientDescent: entry.rate,
    Momentum: entry.rate / 10,
    Nesterov: entry.rate / 10,
    AdaGrad: 0.5,
    RMSProp: 0.02,
    Adam: 0.05,
  }[optimizer];

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
 */
DropABall.readWhole = (text, what, least, most) =>
  DropABall.readNumber(
    text,
    what,
    (value) => Number.isInteger(value) && value >= least && value <= most,
    `a whole number from ${least} to ${most}`,
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
