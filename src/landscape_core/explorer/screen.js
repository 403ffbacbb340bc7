// A canvas that is sharp on every display and takes its ink from the page's theme.
"use strict";

DropABall.Screen = class {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.width = 0;
    this.height = 0;
    this.fit();
  }

  /**
   * Take on the size that the page gives the canvas.
   * @returns {boolean} whether it has changed
   */
  fit() {
    const { clientWidth, clientHeight } = this.canvas;
    const scale = Math.max(window.devicePixelRatio, 1);
    const [width, height] = [Math.round(clientWidth * scale), Math.round(clientHeight * scale)];
    const changed = width !== this.canvas.width || height !== this.canvas.height;
    if (changed) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.width = clientWidth;
    this.height = clientHeight;
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    return changed;
  }

  /** Wipe everything, and set the page's type. */
  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
    this.setType();
    this.context.fillStyle = this.ink("foreground-primary");
    this.context.strokeStyle = this.ink("foreground-border");
    this.context.lineWidth = 1;
  }

  setType() {
    this.context.font = `12px ${getComputedStyle(this.canvas).fontFamily}`;
  }

  /**
   * Return how wide the widest of some texts is.
   * @param {string[]} texts
   */
  widest(texts) {
    this.setType();
    return Math.max(...texts.map((text) => this.context.measureText(text).width));
  }

  /**
   * Write texts below an axis: all of each on the canvas, and none over the one before.
   * @param {{text: string, x: number}[]} texts from left to right
   * @param {number} y
   */
  writeBelow(texts, y) {
    let free = 0;
    for (const { text, x } of texts) {
      const half = this.context.measureText(text).width / 2;
      const middle = Math.min(x, this.width - half);
      if (middle - half >= free) {
        this.context.fillText(text, middle, y);
        free = middle + half + 6;
      }
    }
  }

  /**
   * Return a colour of the theme.
   * @param {string} name
   */
  ink(name) {
    return getComputedStyle(this.canvas).getPropertyValue(`--color-${name}`);
  }
};

/**
 * Whether keys are for the browser, as Alt with the left arrow is: back to the page before.
 * @param {KeyboardEvent} event
 */
DropABall.forBrowser = ({ altKey, ctrlKey, metaKey }) => altKey || ctrlKey || metaKey;

/**
 * Return round numbers between two ends, some five of them.
 * @param {number} from
 * @param {number} to
 * @returns {number[]}
 */
DropABall.ticks = (from, to) => {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const result = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; i++) {
    result.push(i * step + 0); // and not −0
  }
  return result;
};

/**
 * Write a tick's number: neighbours differ in whichever digit it may be.
 * @param {number} value
 */
DropABall.printTick = (value) => DropABall.print(value, 14);

/**
 * How many digits tell numbers of a range apart that differ by a hundredth of it.
 * @param {number} low
 * @param {number} high
 */
DropABall.digitsFor = (low, high) => {
  const power = (/** @type {number} */ value) => Math.floor(Math.log10(value));
  return 3 + Math.max(power(Math.max(Math.abs(low), Math.abs(high))) - power(high - low || Infinity), 0);
};

/**
 * Write a number with a true minus sign and without the dust of floating point.
 * @param {number} value
 * @param {number} [digits] significant ones
 */
DropABall.print = (value, digits = 6) => {
  const short = Number(value.toPrecision(Math.min(digits, 17)));
  const size = Math.abs(short);
  const text = size && (size < 1e-4 || size >= 1e9) ? short.toExponential() : String(short);
  return text.replaceAll("-", "−");
};

/**
 * Write a whole number with commas between its thousands; toLocaleString takes 50 ms when first asked.
 * @param {number} count
 */
DropABall.group = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
