// The form in which a reader chooses a slice: a seed, digits, and two weights into one unit.
"use strict";

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
    this.writeRanges();
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
      `Units 0 to ${units - 1}, inputs 0 to ${inputs - 1}` +
      `${layer ? "" : ": the pixels row by row, 28 in each"}. ` +
      "More than 1,000 digits are 1.6 MB to load, and take longer.";
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

  read() {
    const [seed, digits, layer, unit, a, b] = ["seed", "digits", "layer", "unit", "a", "b"].map(
      (name) => this.field(name).value,
    );
    this.wrong.textContent = "";
    try {
      // A comma would pass for one more part of a weight.
      const weights = [a, b].map((input) => [layer, unit, input].map((part) => part.replaceAll(",", "’")).join(","));
      this.choose(DropABall.readSlice(seed, digits, weights[0], weights[1]));
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
