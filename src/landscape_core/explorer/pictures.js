// What is shown, as pictures to take along: a still one, or all of the motion.
"use strict";

const FRAMES = 60; // of an animation, besides the first
const [DELAY, REST] = [10, 300]; // hundredths of a second for each of them, and for the last

/** @typedef {InstanceType<typeof DropABall.Screen>} Canvas */

/**
 * Draw both views side by side.
 * @param {{ground: Canvas, moving: Canvas}[]} views
 * @param {number} scale pixels for one of the page
 * @returns {HTMLCanvasElement}
 */
DropABall.drawViews = (views, scale) => {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(scale * views.reduce((sum, { ground }) => sum + ground.width, 0));
  canvas.height = Math.round(scale * Math.max(...views.map(({ ground }) => ground.height)));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  let left = 0;
  for (const { ground, moving } of views) {
    for (const screen of [ground, moving]) {
      context.drawImage(screen.canvas, left * scale, 0, screen.width * scale, screen.height * scale);
    }
    left += ground.width;
  }
  return canvas;
};

/**
 * Make an animation of the balls on their ways.
 * @param {{ground: Canvas, moving: Canvas, drawMoving: (balls: Ball[], epoch: number) => void}[]} views
 * @param {Ball[]} balls
 * @param {number} last
 * @param {(progress: string) => void} say
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 */
DropABall.animate = async (views, balls, last, say, signal) => {
  const worker = DropABall.hire("writeGif");
  const ask = (/** @type {GifFrame | null} */ frame) => {
    worker.postMessage(frame, frame ? [frame.pixels.buffer] : []);
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(`The GIF cannot be written here. ${message ?? ""}`));
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  /** @type {[number, number]} */
  let size;
  const draw = (/** @type {number} */ epoch) => {
    views.forEach((view) => view.drawMoving(balls, epoch));
    const canvas = DropABall.drawViews(views, 1);
    const { width, height } = canvas;
    size ??= [width, height];
    if (width !== size[0] || height !== size[1]) {
      throw new Error("The views have changed their size meanwhile: save the animation again.");
    }
    return { pixels: canvas.getContext("2d").getImageData(0, 0, width, height).data, width, height };
  };
  try {
    await ask(draw(last)); // it shows all colours
    for (let i = 0; i <= FRAMES; i++) {
      say(`${Math.round((100 * i) / FRAMES)} %`);
      // Slow at first and then ever faster, as on the page.
      const frame = draw(Math.round(last * (i / FRAMES) ** 2));
      await ask({ ...frame, delay: i < FRAMES ? DELAY : REST });
    }
    const file = /** @type {Uint8Array<ArrayBuffer>} */ (await ask(null));
    return new Blob([file], { type: "image/gif" });
  } finally {
    worker.terminate();
  }
};
