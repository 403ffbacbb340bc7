// A GIF taken apart, so that any of its frames can be shown; browsers themselves only play it.
"use strict";

/**
 * One frame as the file has it: a rectangle of numbers of colours, laid over what is there already.
 * @typedef {object} Patch
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {boolean} interlaced
 * @property {Uint8Array} palette red, green, blue of each colour
 * @property {number} transparent the colour that leaves what is there, or −1
 * @property {boolean} wiped whether the rectangle is emptied before the next frame
 * @property {number} milliseconds for which it is shown
 * @property {number} codeSize bits of a colour's number
 * @property {Uint8Array} data compressed
 * @property {Uint8Array} [numbers] of the colours of its pixels, once they have been unpacked
 */

class Gif {
  /** @param {Uint8Array} bytes of the file */
  constructor(bytes) {
    if (String.fromCharCode(...bytes.subarray(0, 3)) !== "GIF") {
      throw new Error("This is no GIF.");
    }
    this.bytes = bytes;
    this.place = 6;
    this.width = this.short();
    this.height = this.short();
    this.patches = /** @type {Patch[]} */ ([]);
    this.picture = new ImageData(this.width, this.height);
    this.pixels = new Uint32Array(this.picture.data.buffer);
    this.shown = -1; // the frame that the picture shows
    this.read();
  }

  byte() {
    return this.bytes[this.place++];
  }

  short() {
    return this.byte() | (this.byte() << 8);
  }

  /** @param {number} length */
  take(length) {
    return this.bytes.subarray(this.place, (this.place += length));
  }

  /**
   * The palette that a set of flags announces, or another one.
   * @param {number} flags
   * @param {Uint8Array} other
   */
  palette(flags, other) {
    return flags & 0x80 ? this.take(3 << ((flags & 7) + 1)) : other;
  }

  /** The bytes of a chain of blocks, each of which begins with its length. */
  chain() {
    const blocks = [];
    for (let length = this.byte(); length; length = this.byte()) {
      blocks.push(this.take(length));
    }
    const whole = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
    let end = 0;
    for (const block of blocks) {
      whole.set(block, end);
      end += block.length;
    }
    return whole;
  }

  /** Find all frames. */
  read() {
    const flags = this.byte();
    this.take(2);
    const common = this.palette(flags, new Uint8Array(0));
    let control = { wiped: false, milliseconds: 0, transparent: -1 };
    for (let kind = this.byte(); kind === 0x21 || kind === 0x2c; kind = this.byte()) {
      if (kind === 0x2c) {
        const [left, top, width, height, packed] = [this.short(), this.short(), this.short(), this.short(), this.byte()];
        const palette = this.palette(packed, common);
        const interlaced = Boolean(packed & 0x40);
        const codeSize = this.byte();
        this.patches.push({ left, top, width, height, interlaced, palette, codeSize, data: this.chain(), ...control });
      } else if (this.byte() === 0xf9) {
        const [packed, low, high, transparent] = this.chain();
        control = {
          wiped: ((packed >> 2) & 7) === 2,
          milliseconds: 10 * (low | (high << 8)),
          transparent: packed & 1 ? transparent : -1,
        };
      } else {
        this.chain(); // a comment, or how often to repeat
      }
    }
  }

  /**
   * Bring the picture to a frame.
   * @param {number} frame
   * @returns {ImageData}
   */
  show(frame) {
    if (frame < this.shown) {
      this.shown = -1;
      this.pixels.fill(0);
    }
    while (this.shown < frame) {
      const before = this.patches[this.shown];
      if (before?.wiped) {
        for (let y = before.top; y < before.top + before.height; y++) {
          this.pixels.fill(0, y * this.width + before.left, y * this.width + before.left + before.width);
        }
      }
      this.shown += 1;
      this.paint(this.patches[this.shown]);
    }
    return this.picture;
  }

  /** @param {Patch} patch */
  paint(patch) {
    const { pixels } = this;
    const { left, top, width, height, palette, transparent } = patch;
    const colours = new Uint32Array(256);
    for (let i = 0; i < palette.length / 3; i++) {
      colours[i] = (255 << 24) | (palette[3 * i + 2] << 16) | (palette[3 * i + 1] << 8) | palette[3 * i];
    }
    const numbers = (patch.numbers ??= unpack(patch));
    const passes = patch.interlaced ? [[0, 8], [4, 8], [2, 4], [1, 2]] : [[0, 1]];
    let i = 0;
    for (const [first, step] of passes) {
      for (let y = first; y < height; y += step) {
        const from = (top + y) * this.width + left;
        for (let at = from; at < from + width; at++) {
          const number = numbers[i++];
          if (number !== transparent) {
            pixels[at] = colours[number];
          }
        }
      }
    }
  }
}

/**
 * Undo the compression of a frame, which is LZW.
 * @param {Patch} patch
 * @returns {Uint8Array} the number of each pixel's colour
 */
function unpack({ width, height, codeSize, data }) {
  const result = new Uint8Array(width * height);
  const clear = 1 << codeSize;
  // A code stands for a run of pixels that has been written before: where it began, and how long it is.
  const begins = new Int32Array(4097);
  const lengths = new Int32Array(4097);
  let [codes, size, bits, count, written] = [clear + 2, codeSize + 1, 0, 0, 0];
  let last = -1; // where the run before this one began
  for (let place = 0; written < result.length; ) {
    while (count < size) {
      bits |= data[place++] << count;
      count += 8;
      if (place > data.length) {
        return result; // the file ends too early
      }
    }
    const code = bits & ((1 << size) - 1);
    bits >>>= size;
    count -= size;
    if (code === clear + 1) {
      break;
    }
    if (code === clear) {
      [codes, size, last] = [clear + 2, codeSize + 1, -1];
      continue;
    }
    // Each code but the first after a clear makes a new one: the run before, and the first pixel of this.
    if (last >= 0 && codes < 4096) {
      begins[codes] = last;
      lengths[codes] = written - last + 1;
      codes += 1;
    }
    const begin = written;
    if (code < clear) {
      result[written++] = code;
    } else {
      for (let from = begins[code], left = lengths[code]; left > 0; left--) {
        result[written++] = result[from++];
      }
    }
    if (codes === 1 << size && size < 12) {
      size += 1;
    }
    last = begin;
  }
  return result;
}
