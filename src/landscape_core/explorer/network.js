// The article's network, drawn from any seed as NumPy's legacy generator draws it.
"use strict";

/** The number of inputs, then of units in each layer. */
DropABall.sizes = [784, 50, 500, 10];

/**
 * The Mersenne Twister, MT19937, seeded as `numpy.random.RandomState` seeds it.
 * @param {number} seed from 0 to 2³² − 1
 * @returns {() => number} the next 32 random bits
 */
DropABall.mersenneTwister = (seed) => {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i++) {
    const before = state[i - 1] ^ (state[i - 1] >>> 30);
    state[i] = Math.imul(1812433253, before) + i;
  }
  let next = 624;
  return () => {
    if (next === 624) {
      next = 0;
      for (let i = 0; i < 624; i++) {
        const bits = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff);
        state[i] = state[(i + 397) % 624] ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
      }
    }
    let bits = state[next++];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  };
};

/**
 * Put numbers in another order, as `RandomState.shuffle` does.
 * @param {Uint16Array} order
 * @param {() => number} draw32
 */
DropABall.shuffle = (order, draw32) => {
  for (let i = order.length - 1; i > 0; i--) {
    const mask = 2 ** (32 - Math.clz32(i)) - 1;
    let j = draw32() & mask;
    while (j > i) {
      j = draw32() & mask;
    }
    [order[i], order[j]] = [order[j], order[i]];
  }
};

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
