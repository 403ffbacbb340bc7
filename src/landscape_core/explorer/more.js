// More to see of a surface: what the colours stand for, how the block rises, and where balls end.
"use strict";

/** Cells along each side from which balls walk: coarse at first, and then ever finer. */
const SIZES = [8, 16, 32, 64];

DropABall.More = class {
  /**
   * @param {HTMLElement} element with the controls
   * @param {InstanceType<typeof DropABall.Map>} map
   * @param {InstanceType<typeof DropABall.Relief>} relief
   * @param {object} actions
   * @param {() => void} actions.changed called when there is something new to be drawn
   * @param {() => void} actions.chosen called when the reader has chosen something
   */
  constructor(element, map, relief, { changed, chosen }) {
    const [colours, height, ball] = element.querySelectorAll("select");
    this.controls = { colours, height, ball };
    this.legend = DropABall.element("ends");
    this.cancel = element.querySelector("button");
    this.said = element.querySelector("span");
    this.map = map;
    this.relief = relief;
    this.changed = changed;
    this.surveyor = new DropABall.Surveyor(); // for the colours
    /** @type {InstanceType<typeof DropABall.Surveyor>[]} */
    this.walkers = []; // for where balls end
    /** @type {Surface} */
    this.surface = null;
    /** @type {Settings[]} */
    this.settings = [];
    this.like = 0; // which of them those have that end where the colours say
    this.walked = ""; // for which settings the ends are shown
    colours.addEventListener("change", () => {
      this.colour();
      chosen();
    });
    height.addEventListener("change", () => {
      this.raise();
      chosen();
    });
    ball.addEventListener("change", () => {
      this.like = ball.selectedIndex;
      this.colour();
      chosen();
    });
    this.cancel.addEventListener("click", () => {
      this.stop("Stopped.");
      colours.focus(); // the button is gone
    });
  }

  /** What the reader has chosen, as the address has it. */
  get view() {
    const { colours, height } = this.controls;
    const like = String(colours.value === "ends" ? this.like + 1 : 1);
    return { colours: colours.value, height: height.value, like };
  }

  /**
   * Choose for the reader, before a surface is shown.
   * @param {View} view
   */
  set view({ colours, height, like }) {
    this.like = Number(like) - 1;
    this.controls.colours.value = colours;
    this.controls.height.value = height;
  }

  /**
   * Change to another surface.
   * @param {Surface} surface
   */
  show(surface) {
    this.surface = surface;
    this.measured = null;
    this.walked = "";
    this.map.show(surface);
    this.relief.show(surface, DropABall.heights[this.controls.height.value]);
    if (this.controls.colours.value !== "cost") {
      this.paint(DropABall.colourCost(surface)); // until the others are computed
    }
    this.colour();
  }

  /**
   * Take note of other balls.
   * @param {Settings[]} settings
   */
  follow(settings) {
    const place = settings.indexOf(this.settings[this.like]); // another one where one before it is gone
    this.like = place < 0 ? Math.max(Math.min(this.like, settings.length - 1), 0) : place;
    this.settings = settings;
    const { ball } = this.controls;
    ball.replaceChildren(
      ...settings.map(({ optimizer }, i) => new Option(`${i + 1} ${DropABall.optimizerNames[optimizer]}`)),
    );
    ball.selectedIndex = this.like;
    if (this.controls.colours.value === "ends") {
      this.colour();
    }
  }

  /** Give the colours the meaning that the reader has chosen. */
  async colour() {
    const { surface } = this;
    const what = this.controls.colours.value;
    this.controls.ball.parentElement.hidden = what !== "ends";
    if (what === "ends") {
      await this.showEnds();
      return;
    }
    this.stop("");
    this.walked = "";
    this.map.basins = null;
    if (what === "cost") {
      this.paint(DropABall.colourCost(surface));
      return;
    }
    const { window, points } = surface;
    if (!this.measured) {
      this.said.textContent = "Computing …";
      await this.surveyor.ask(surface.plane, "measure", { window, points }, (measured) => {
        this.measured = measured;
        this.said.textContent = "";
      });
    }
    if (this.measured && surface === this.surface && what === this.controls.colours.value) {
      this.paint((what === "slope" ? DropABall.colourSlope : DropABall.colourBend)(this.measured));
    }
  }

  /** Give the block the height that the reader has chosen. */
  raise() {
    this.relief.show(this.surface, DropABall.heights[this.controls.height.value]);
    this.changed();
  }

  /** @param {Colouring} colouring */
  paint(colouring) {
    this.map.paint(colouring);
    this.relief.paint(colouring);
    this.drawScale();
    this.legend.replaceChildren();
    this.changed();
  }

  /** Draw the colours from low to high, and say what they stand for. */
  drawScale() {
    const { colours, title, low, high } = this.map.colouring;
    const text = (/** @type {string} */ name, /** @type {string} */ text) =>
      (DropABall.element(name).textContent = text);
    const digits = Math.max(DropABall.digitsFor(low, high), 5);
    text("low", `${title} ${DropABall.print(low, digits)}`);
    text("high", DropABall.print(high, digits));
    const screen = new DropABall.Screen(/** @type {HTMLCanvasElement} */ (DropABall.element("scale")));
    colours.forEach((colour, i) => {
      screen.context.fillStyle = colour;
      screen.context.fillRect((i * screen.width) / colours.length, 0, screen.width / colours.length + 1, screen.height);
    });
  }

  /** Paint where balls from everywhere end, ever more finely. */
  async showEnds() {
    const { surface } = this;
    const { window, side, low, high } = surface;
    const settings = this.settings[this.like];
    const { start: _, ...rest } = settings ?? { start: null };
    const wanted = JSON.stringify(rest);
    if (!settings || wanted === this.walked) {
      return;
    }
    this.stop("");
    this.map.basins = null; // of other balls
    this.paint(DropABall.colourCost(surface));
    this.walked = wanted;
    this.cancel.hidden = false;
    const count = Math.max((navigator.hardwareConcurrency || 1) - 1, 1);
    const walkers = (this.walkers = Array.from({ length: count }, () => new DropABall.Surveyor()));
    for (const size of SIZES) {
      /** @type {End[]} */
      const ends = [];
      let rows = 0;
      const parts = walkers.map((walker, k) => {
        const own = [...Array(size).keys()].filter((row) => row % count === k);
        const order = { settings, ground: { window, side, low, high }, size, rows: own };
        return walker.ask(surface.plane, "walkRows", order, (/** @type {{row: number, ends: End[]}} */ done) => {
          done.ends.forEach((end, column) => (ends[size * done.row + column] = end));
          rows += 1;
          this.said.textContent = `Balls from ${size} × ${size} starts: ${Math.round((100 * rows) / size)} % …`;
        });
      });
      if (!(await Promise.all(parts)).every(Boolean) || walkers !== this.walkers) {
        return; // given up
      }
      const basins = DropABall.groupEnds(surface, size, ends);
      this.map.basins = basins;
      this.map.stale = true;
      this.legend.replaceChildren(...basins.basins.map(DropABall.basinLine));
      this.changed();
    }
    this.stop(`Ends of balls from ${SIZES.at(-1)} × ${SIZES.at(-1)} starts: ${this.map.basins.basins.length}.`);
  }

  /**
   * End what is being computed for the colours.
   * @param {string} text what to say of it
   */
  stop(text) {
    this.walkers.forEach((walker) => walker.stop());
    this.walkers = [];
    this.surveyor.stop();
    this.cancel.hidden = true;
    this.said.textContent = text;
    if (text) {
      DropABall.announce(text);
    }
  }
};
