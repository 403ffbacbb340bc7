// The form in which a reader chooses a slice: a seed, digits, and two weights into one unit.
"use strict";

/** Cells in a row, where so many units or pixels are drawn as a grid. */
const IN_A_ROW = { 784: 28, 50: 10, 500: 25, 10: 2 };

/** @typedef {{left: number, top: number, size: number, count: number}} Cells */

DropABall.Chooser = class {
  /**
   * @param {HTMLFormElement} form
   * @param {(slice: Slice) => void} choose
   */
  constructor(form, choose) {
    this.form = form;
    this.choose = choose;
    this.wrong = form.querySelector(".ball-wrong");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.read();
    });
    form.querySelector("button[type=button]").addEventListener("click", () => this.surprise());
    form.addEventListener("change", () => this.writeRanges());
    this.screen = new DropABall.Screen(form.querySelector("canvas"));
    this.screen.canvas.addEventListener("click", (event) => this.pick(event.offsetX, event.offsetY));
    this.turn = "a"; // which of the two inputs the next click is for
    /** @type {Float64Array} */
    this.ink = null; // of the pixels, on average
    const details = /** @type {HTMLDetailsElement} */ (form.parentElement);
    details.addEventListener("toggle", () => {
      this.draw();
      this.loadInk();
    });
    this.writeRanges();
  }

  /** Let the pixels show where digits have ink. */
  async loadInk() {
    if (this.ink) {
      return;
    }
    const count = 100;
    this.ink = new Float64Array(DropABall.sizes[0]);
    try {
      const { images } = await DropABall.unpackDigits(await DropABall.loadDigits(count), count, 0, count);
      images.forEach((value, i) => (this.ink[i % this.ink.length] += value / count));
      this.draw();
    } catch {
      this.ink = null; // the drawing does without
    }
  }

  /**
   * The number in a field, or −1.
   * @param {string} name
   */
  number(name) {
    return /^\d+$/.test(this.field(name).value) ? Number(this.field(name).value) : -1;
  }

  /**
   * Where the inputs are drawn, and where the units.
   * @returns {[Cells, Cells]}
   */
  get cells() {
    const [inputs, units] = DropABall.sizes.slice(this.number("layer"));
    const { width, height } = this.screen;
    return /** @type {[Cells, Cells]} */ (
      [inputs, units].map((count, side) => {
        const columns = IN_A_ROW[count];
        const rows = count / columns;
        const size = Math.min(height / rows, (0.45 * width) / columns, 20);
        return { left: side ? width - columns * size : 0, top: (height - rows * size) / 2, size, count };
      })
    );
  }

  /** Draw the layer: what enters it at the left, its units at the right, and the two weights between. */
  draw() {
    const { screen } = this;
    const { context } = screen;
    screen.fit();
    screen.clear();
    const [inputs, units] = this.cells;
    const middle = (/** @type {Cells} */ { left, top, size, count }, /** @type {number} */ i) => {
      const columns = IN_A_ROW[count];
      return [left + ((i % columns) + 0.5) * size, top + (Math.floor(i / columns) + 0.5) * size];
    };
    for (const cells of [inputs, units]) {
      for (let i = 0; i < cells.count; i++) {
        const [x, y] = middle(cells, i);
        context.globalAlpha = cells.count === DropABall.sizes[0] ? 0.1 + 0.9 * (this.ink?.[i] ?? 0) : 0.35;
        context.fillRect(x - cells.size / 2 + 0.5, y - cells.size / 2 + 0.5, cells.size - 1, cells.size - 1);
      }
    }
    context.globalAlpha = 1;
    const unit = this.number("unit");
    if (unit < 0 || unit >= units.count) {
      return;
    }
    const [toX, toY] = middle(units, unit);
    const chosen = ["a", "b"].map((text) => {
      const input = this.number(text);
      const [x, y] = input >= 0 && input < inputs.count ? middle(inputs, input) : [NaN, NaN];
      return { text, x, y };
    });
    const lines = chosen.map(({ x, y }) => {
      const line = new Path2D();
      line.moveTo(x, y);
      line.lineTo(toX, toY);
      return line;
    });
    DropABall.drawPaths(context, lines);
    chosen.forEach(({ x, y }, i) => DropABall.drawBall(context, DropABall.looks[i], x, y, 5));
    DropABall.drawBall(context, DropABall.looks[2], toX, toY, 5);
    new DropABall.Names().draw(context, { left: 0, top: 0, width: screen.width, height: screen.height }, chosen);
  }

  /**
   * Take the input or the unit at a place of the drawing; inputs are for a and b by turns.
   * @param {number} x
   * @param {number} y
   */
  pick(x, y) {
    this.cells.forEach(({ left, top, size, count }, side) => {
      const columns = IN_A_ROW[count];
      const [column, row] = [Math.floor((x - left) / size), Math.floor((y - top) / size)];
      if (column >= 0 && column < columns && row >= 0 && row < count / columns) {
        this.field(side ? "unit" : this.turn).value = String(row * columns + column);
        this.turn = side || this.turn === "b" ? "a" : "b";
      }
    });
    this.draw();
  }

  /** @param {string} name */
  field(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  /** Say how many units the layer has, and how many inputs each of them. */
  writeRanges() {
    const layer = Number(this.field("layer").value);
    const [inputs, units] = DropABall.sizes.slice(layer);
    this.form.querySelector(".ball-help").textContent =
      "Click on the drawing for a, b and the unit, or type them. " +
      `Units 0 to ${units - 1}, inputs 0 to ${inputs - 1}` +
      `${layer ? "" : ": the pixels row by row, 28 in each, as strong as their ink on average"}. ` +
      "More than 1,000 digits are 1.6 MB to load, and take longer.";
    this.draw();
  }

  /**
   * Show a slice in the form.
   * @param {Slice} slice
   */
  write({ seed, digits, a, b }) {
    const values = { seed, digits, layer: a[0], unit: a[1], a: a[2], b: b[2] };
    for (const [name, value] of Object.entries(values)) {
      this.field(name).value = String(value);
    }
    this.writeRanges();
  }

  /** The slice in the form, which throws where that is none. */
  get slice() {
    const [seed, digits, layer, unit, a, b] = ["seed", "digits", "layer", "unit", "a", "b"].map(
      (name) => this.field(name).value,
    );
    // A comma would pass for one more part of a weight.
    const weights = [a, b].map((input) => [layer, unit, input].map((part) => part.replaceAll(",", "’")).join(","));
    return DropABall.readSlice(seed, digits, weights[0], weights[1]);
  }

  read() {
    this.wrong.textContent = "";
    try {
      this.choose(this.slice);
    } catch (error) {
      this.wrong.textContent = error.message;
    }
  }

  /** Take any network, and any two weights into one of its units. */
  surprise() {
    /** @param {number} count */
    const below = (count) => Math.floor(Math.random() * count);
    const layer = below(DropABall.sizes.length - 1);
    const unit = below(DropABall.sizes[layer + 1]);
    // Of the pixels, those in the middle: at the edge there is no ink.
    const inputs = layer
      ? [...Array(DropABall.sizes[layer]).keys()]
      : Array.from({ length: 144 }, (_, i) => 28 * (8 + Math.floor(i / 12)) + 8 + (i % 12));
    const [first] = inputs.splice(below(inputs.length), 1);
    const second = inputs[below(inputs.length)];
    this.write({
      seed: below(2 ** 32),
      digits: Number(this.field("digits").value) || 100,
      a: [layer, unit, first],
      b: [layer, unit, second],
    });
    this.read();
  }
};
