// Random numbers as NumPy's legacy generator, RandomState, draws them.
"use strict";

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
 * @param {Uint32Array} order
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
