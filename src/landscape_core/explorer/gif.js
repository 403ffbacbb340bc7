// GIFs, written by a worker: one palette, and of each frame what has changed, compressed.
"use strict";

/**
 * What the worker is told: the picture from which the palette is taken, then one frame after the other with
 * its time in hundredths of a second, and nothing at the end.
 * @typedef {{pixels: Uint8ClampedArray, width: number, height: number, delay?: number}} GifFrame
 */

/** What the worker does; it answers each frame, and in the end with the file. */
DropABall.writeGif = () => {
  /** @type {number[]} */
  const bytes = [];
  /** @type {Uint8Array} */
  let indexOf; // of the nearest colour of the palette, for each colour of 15 bits
  /** @type {Uint8Array | null} */
  let before = null; // the picture before, as indices
  const UNCHANGED = 255; // the index that lets it show
  const word = (/** @type {number} */ value) => bytes.push(value & 255, value >> 8);
  const text = (/** @type {string} */ letters) => bytes.push(...[...letters].map((one) => one.charCodeAt(0)));
  const short = (/** @type {Uint8ClampedArray} */ pixels, /** @type {number} */ i) =>
    ((pixels[i] >> 3) << 10) | ((pixels[i + 1] >> 3) << 5) | (pixels[i + 2] >> 3);

  /** @param {GifFrame} picture */
  const begin = ({ pixels, width, height }) => {
    const counts = new Uint32Array(1 << 15);
    const sums = [0, 1, 2].map(() => new Float64Array(1 << 15));
    for (let i = 0; i < pixels.length; i += 4) {
      const colour = short(pixels, i);
      counts[colour] += 1;
      sums.forEach((sum, part) => (sum[colour] += pixels[i + part]));
    }
    const often = [...counts.keys()].filter((colour) => counts[colour]).sort((x, y) => counts[y] - counts[x]);
    const palette = often.slice(0, UNCHANGED).map((colour) => sums.map((sum) => Math.round(sum[colour] / counts[colour])));
    indexOf = Uint8Array.from(counts, (_, colour) => {
      const own = [colour >> 10, (colour >> 5) & 31, colour & 31].map((part) => part * 8 + 4);
      let [best, least] = [0, Infinity];
      palette.forEach((other, i) => {
        const distance = own.reduce((sum, part, k) => sum + (part - other[k]) ** 2, 0);
        [best, least] = distance < least ? [i, distance] : [best, least];
      });
      return best;
    });
    text("GIF89a");
    word(width);
    word(height);
    bytes.push(0xf7, 0, 0); // 256 colours for all frames
    for (let i = 0; i < 256; i++) {
      bytes.push(...(palette[i] ?? [0, 0, 0]));
    }
    bytes.push(0x21, 0xff, 11);
    text("NETSCAPE2.0");
    bytes.push(3, 1, 0, 0, 0); // again and again
  };

  /** @param {GifFrame} picture */
  const add = ({ pixels, width, height, delay }) => {
    const indices = Uint8Array.from({ length: width * height }, (_, i) => indexOf[short(pixels, 4 * i)]);
    let [left, top, right, bottom] = before ? [width, height, 0, 0] : [0, 0, width - 1, height - 1];
    for (let i = 0; before && i < indices.length; i++) {
      if (indices[i] !== before[i]) {
        const [x, y] = [i % width, Math.floor(i / width)];
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
    }
    if (left > right) {
      [left, top, right, bottom] = [0, 0, 0, 0]; // nothing has changed, but time passes
    }
    bytes.push(0x21, 0xf9, 4, before ? 5 : 4); // what is not changed shows the frame before
    word(delay);
    bytes.push(UNCHANGED, 0, 0x2c);
    [left, top, right - left + 1, bottom - top + 1].forEach(word);
    bytes.push(0, 8);
    const part = new Uint8Array((right - left + 1) * (bottom - top + 1));
    for (let y = top, k = 0; y <= bottom; y++) {
      for (let i = y * width + left; i <= y * width + right; i++) {
        part[k++] = before && indices[i] === before[i] ? UNCHANGED : indices[i];
      }
    }
    compress(part);
    before = indices;
  };

  /**
   * Write indices as Lempel, Ziv and Welch compress them, in blocks of 255 bytes.
   * @param {Uint8Array} indices
   */
  const compress = (indices) => {
    const next = new Uint16Array(4096 * 256); // the code of a known sequence and one more index
    const [clear, end] = [256, 257];
    let size = 9;
    let known = 258;
    let [bits, count] = [0, 0];
    /** @type {number[]} */
    const block = [];
    const flush = () => {
      bytes.push(block.length, ...block);
      block.length = 0;
    };
    const put = (/** @type {number} */ code) => {
      bits |= code << count;
      for (count += size; count >= 8; count -= 8) {
        block.push(bits & 255);
        bits >>>= 8;
        if (block.length === 255) {
          flush();
        }
      }
    };
    put(clear);
    let code = indices[0];
    for (let i = 1; i < indices.length; i++) {
      const longer = code * 256 + indices[i];
      if (next[longer]) {
        code = next[longer];
        continue;
      }
      put(code);
      if (known < 4096) {
        next[longer] = known++;
        size = known > 1 << size ? size + 1 : size;
      } else {
        put(clear);
        next.fill(0);
        [known, size] = [258, 9];
      }
      code = indices[i];
    }
    put(code);
    put(end);
    size = 7;
    put(0); // what is left of the last byte
    if (block.length) {
      flush();
    }
    bytes.push(0);
  };

  addEventListener("message", (/** @type {MessageEvent<GifFrame | null>} */ { data }) => {
    if (!data) {
      bytes.push(0x3b);
      postMessage(Uint8Array.from(bytes));
      return;
    }
    if (data.delay) {
      add(data);
    } else {
      begin(data);
    }
    postMessage(null);
  });
};
