// The chosen slice for neighbouring seeds, in small pictures to walk through.
"use strict";

DropABall.Atlas = class {
  /**
   * @param {HTMLDetailsElement} details
   * @param {() => Slice} slice what is chosen now; throws where that makes no sense
   * @param {(slice: Slice) => void} choose called with the slice whose picture the reader takes
   */
  constructor(details, slice, choose) {
    this.details = details;
    this.slice = slice;
    this.choose = choose;
    this.tiles = details.querySelector(".ball-tiles");
    this.wrong = details.querySelector(".ball-wrong");
    /** @type {Slice} */
    this.current = null;
    this.first = 0; // the seed of the first picture
    this.drawn = ""; // of what slice and seeds the pictures are
    /** @type {Worker[]} */
    this.workers = [];
    details.addEventListener("toggle", () => this.show());
    const [earlier, later] = details.querySelectorAll("button");
    earlier.addEventListener("click", () => this.walk(-DropABall.TILES));
    later.addEventListener("click", () => this.walk(DropABall.TILES));
  }

  /**
   * Go on to other seeds.
   * @param {number} seeds
   */
  walk(seeds) {
    this.first += seeds;
    this.draw();
  }

  /** Show the seeds around the chosen one, if they are not shown already. */
  show() {
    if (!this.details.open) {
      this.stop();
      this.drawn = "";
      return;
    }
    try {
      this.current = this.slice();
    } catch {
      return; // the form says what is wrong
    }
    const { seed } = this.current;
    if (!this.drawn || seed < this.first || seed >= this.first + DropABall.TILES) {
      this.first = seed - Math.floor(DropABall.TILES / 2);
    }
    this.draw();
  }

  /** Make the pictures, unless it is only another of them that is chosen. */
  draw() {
    this.first = Math.min(Math.max(this.first, 0), 2 ** 32 - DropABall.TILES);
    const slice = this.current;
    const drawn = JSON.stringify([this.first, { ...slice, seed: 0 }]);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.wrong.textContent = "";
      const seeds = Array.from({ length: DropABall.TILES }, (_, i) => this.first + i);
      this.tiles.replaceChildren(...seeds.map((seed) => this.makeTile(seed)));
      this.compute(slice, seeds).catch((error) => (this.wrong.textContent = error.message));
    }
    for (const [i, tile] of [...this.tiles.children].entries()) {
      tile.setAttribute("aria-current", String(this.first + i === slice.seed));
    }
  }

  /** @param {number} seed */
  makeTile(seed) {
    const tile = document.createElement("button");
    tile.type = "button";
    tile.append(document.createElement("canvas"), `seed ${seed}`, document.createElement("span"));
    tile.addEventListener("click", () => this.choose({ ...this.current, seed }));
    return tile;
  }

  stop() {
    this.workers.forEach((worker) => worker.terminate());
    this.workers = [];
  }

  /**
   * Let workers compute the pictures, each of them one after the other.
   * @param {Slice} slice
   * @param {number[]} seeds
   */
  async compute(slice, seeds) {
    this.stop();
    const samples = 100;
    const { drawn } = this;
    const file = await DropABall.loadDigits(samples);
    if (drawn !== this.drawn) {
      return; // the reader has walked on meanwhile
    }
    const to = Math.min(slice.digits, samples);
    const waiting = [...seeds.entries()];
    this.workers = Array.from({ length: navigator.hardwareConcurrency || 1 }, () => DropABall.hire("computeSlice"));
    await Promise.all(
      this.workers.map(async (worker) => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const [i, seed] = next;
          const share = { slice: { ...slice, seed }, file, samples, from: 0, to };
          const { part } = await DropABall.ask(worker, { share, points: DropABall.TILE_POINTS }, () => {});
          this.paint(this.tiles.children[i], part.costs);
        }
        worker.terminate();
      }),
    );
  }

  /**
   * @param {Element} tile
   * @param {Float64Array} costs row by row, with the lowest b first
   */
  paint(tile, costs) {
    const [low, high] = [Math.min(...costs), Math.max(...costs)];
    const points = DropABall.TILE_POINTS;
    const canvas = tile.querySelector("canvas");
    canvas.width = points;
    canvas.height = points;
    const image = new ImageData(points, points);
    const pixels = new Uint32Array(image.data.buffer);
    const colours = DropABall.colours.map((colour) => DropABall.pixel(colour, 1));
    costs.forEach((cost, at) => {
      const level = Math.floor(((cost - low) / (high - low || 1)) * colours.length);
      const row = points - 1 - Math.floor(at / points);
      pixels[row * points + (at % points)] = colours[Math.min(level, colours.length - 1)];
    });
    canvas.getContext("2d").putImageData(image, 0, 0);
    const texts = [low, high].map((cost) => DropABall.print(cost, DropABall.digitsFor(low, high)));
    tile.querySelector("span").textContent = `cost ${texts.join(" to ")}`;
  }
};

DropABall.TILES = 12; // seeds at a time
DropABall.TILE_POINTS = 65; // along each side of a picture
