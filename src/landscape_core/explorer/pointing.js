// Where the reader points: the cost there, the same place in both views, and the way down from it.
"use strict";

DropABall.Pointing = class {
  /**
   * @param {InstanceType<typeof DropABall.Map>} map
   * @param {InstanceType<typeof DropABall.Relief>} relief
   * @param {() => void} changed called when there is something new to be drawn
   */
  constructor(map, relief, changed) {
    this.views = [map, relief];
    this.changed = changed;
    this.reading = DropABall.element("probe");
    this.wanted = /** @type {HTMLInputElement} */ (DropABall.element("steepest")); // whether the way down is to be seen
    this.ending = DropABall.element("downhill");
    this.guide = new DropABall.Surveyor();
    /** @type {Surface} */
    this.surface = null;
    /** @type {[number, number, number] | null} */
    this.place = null; // a, b and cost where the reader points
    this.spoken = false; // whether that was done by keys
    this.wanted.addEventListener("change", () => this.leave());
  }

  /**
   * Change to another surface.
   * @param {Surface} surface
   */
  show(surface) {
    this.surface = surface;
    this.leave();
  }

  /**
   * Point at a place.
   * @param {number} a
   * @param {number} b
   * @param {boolean} spoken whether readers who listen are to be told what is there
   */
  point(a, b, spoken) {
    const { cost } = this.surface.model.taylor(a, b);
    this.reading.textContent = DropABall.writePlace(this.surface, { a, b, cost }, 6, 7);
    this.spoken = spoken;
    if (spoken) {
      DropABall.announce(this.reading.textContent);
    }
    this.mark([a, b, cost]);
    this.follow();
  }

  /** Point nowhere. */
  leave() {
    if (this.guide.busy) {
      this.guide.stop();
    }
    this.mark(null);
    this.drawPath(null);
    this.ending.textContent = "";
  }

  /** @param {[number, number, number] | null} place */
  mark(place) {
    this.place = place;
    this.views.forEach((view) => (view.pointed = place));
    this.changed();
  }

  /** @param {Float64Array | null} path */
  drawPath(path) {
    this.views.forEach((view) => (view.steepest = path));
    this.changed();
  }

  /** Show the way down if it is wanted, one after the other where the reader points on. */
  async follow() {
    if (!this.wanted.checked || this.guide.busy) {
      return;
    }
    const { place } = this;
    const { plane, side } = this.surface;
    const order = { start: place.slice(0, 2), side };
    const answered = await this.guide.ask(plane, "followSteepest", order, (path) => {
      this.drawPath(path);
      this.tellEnd(path.slice(-3), this.spoken && this.place === place);
    });
    if (answered && this.place !== place) {
      this.follow();
    }
  }

  /**
   * Say where the way down ends, in the words that balls have.
   * @param {Float64Array} end a, b and cost
   * @param {boolean} spoken
   */
  tellEnd([a, b, cost], spoken) {
    const { word } = DropABall.judge(this.surface.model, a, b, this.surface);
    this.ending.textContent = `It ends at ${DropABall.writePlace(this.surface, { a, b, cost }, 6, 7)}: ${word}.`;
    if (spoken) {
      DropABall.announce(`The path of steepest descent: ${this.ending.textContent}`);
    }
  }
};
