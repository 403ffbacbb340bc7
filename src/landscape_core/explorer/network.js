// The article's network, drawn from any seed as NumPy's legacy generator draws it.
"use strict";

/** The number of inputs, then of units in each layer. */
DropABall.sizes = [784, 50, 500, 10];

/**
 * Draw all weights of a network from a standard normal distribution, layer after layer, row after row,
 * by Marsaglia's polar method, as `RandomState.standard_normal` does.
 * @param {number} seed from 0 to 2³² − 1
 * @returns {Float64Array[]} for each layer one row of weights for each unit
 */
DropABall.drawWeights = (seed) => {
  const draw32 = DropABall.mersenneTwister(seed);
  const uniform = () => ((draw32() >>> 5) * 67108864 + (draw32() >>> 6)) / 9007199254740992;
  let spare = NaN;
  const normal = () => {
    if (!Number.isNaN(spare)) {
      const result = spare;
      spare = NaN;
      return result;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        spare = factor * x;
        return factor * y;
      }
    }
  };
  return DropABall.sizes.slice(1).map((units, layer) => {
    const weights = new Float64Array(units * DropABall.sizes[layer]);
    return weights.map(normal);
  });
};
