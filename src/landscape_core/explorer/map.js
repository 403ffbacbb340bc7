// The surface from above: filled contours, critical points, paths, and a cross-hair to choose a start with.
"use strict";

DropABall.Map = class {
  /**
   * @param {HTMLElement} element holds two canvases, the ground and what moves on it
   * @param {object} actions
   * @param {(a: number, b: number) => void} actions.drop called with the start that the reader chooses
   * @param {(index: number, start: [number, number]) => void} actions.bring called when a ball is to start there
   * @param {(a: number, b: number, spoken: boolean) => void} actions.point called with where the reader points
   * @param {() => void} actions.leave called when the reader points elsewhere
   * @param {() => void} actions.changed called when the cross-hair has moved
   */
  constructor(element, { drop, bring, point, leave, changed }) {
    const [ground, moving] = element.querySelectorAll("canvas");
    this.element = element;
    this.ground = new DropABall.Screen(ground);
    this.moving = new DropABall.Screen(moving);
    /** @type {[number, number] | null} */
    this.cross = null;
    this.picture = document.createElement("canvas");
    this.left = 0; // the room for the numbers of b
    this.stale = false; // whether the ground is to be drawn afresh
    this.traces = new DropABall.Traces();
    this.names = new DropABall.Names();
    /** @type {Colouring} */
    this.colouring = null;
    /** @type {Basins | null} */
    this.basins = null; // painted in the place of the colours
    /** @type {[number, number, number] | null} */
    this.pointed = null; // where the reader points, with the cost there
    /** @type {Float64Array | null} */
    this.steepest = null; // the way down from there
    this.drop = drop;
    this.bring = bring;
    this.point = point;
    this.leave = leave;
    this.changed = changed;
    /** @type {PointerEvent | null} */
    this.pressed = null;
    element.addEventListener("pointerdown", (event) => (this.pressed = event));
    element.addEventListener("click", (event) => {
      const at = this.at(event);
      const { pressed } = this;
      // A drag is no click.
      if (at && pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) < 5) {
        this.setCross(null);
        this.drop(...at);
        this.point(...at, false); // who taps has not pointed before
      }
    });
    element.addEventListener("pointermove", (event) => {
      const at = this.at(event);
      if (at) {
        this.point(...at, false);
      }
    });
    // A finger leaves with each tap: what it has pointed at stays.
    element.addEventListener("pointerleave", ({ pointerType }) => pointerType !== "touch" && this.leave());
    element.addEventListener("keydown", (event) => this.key(event));
    // The cross-hair is for the keyboard: who clicks or taps has chosen a place already.
    element.addEventListener("focus", () => element.matches(":focus-visible") && this.moveCross(0, 0));
    element.addEventListener("blur", () => {
      this.setCross(null);
      this.leave();
    });
  }

  /** @param {Surface} surface */
  show(surface) {
    this.surface = surface;
    const [, , b0, b1] = surface.window;
    this.left = Math.max(46, 22 + this.ground.widest(DropABall.ticks(b0, b1).map(DropABall.printTick)));
    this.basins = null;
  }

  /**
   * Give the ground its colours.
   * @param {Colouring} colouring
   */
  paint(colouring) {
    this.colouring = colouring;
    this.stale = true;
  }

  /** The rectangle of the window on the canvas. */
  get frame() {
    const { left } = this;
    const bottom = 34;
    const top = 8;
    const right = 10;
    return {
      left,
      top,
      width: this.ground.width - left - right,
      height: this.ground.height - top - bottom,
    };
  }

  /**
   * Return where on the canvas a point of the plane is.
   * @param {number} a
   * @param {number} b
   * @returns {[number, number]}
   */
  place(a, b) {
    const { left, top, width, height } = this.frame;
    const [a0, a1, b0, b1] = this.surface.window;
    return [left + ((a - a0) / (a1 - a0)) * width, top + ((b1 - b) / (b1 - b0)) * height];
  }

  /**
   * Return the point of the plane under the pointer, as a round one.
   * @param {MouseEvent} event
   * @returns {[number, number] | null} null beside the map
   */
  at(event) {
    const [a, b] = this.plane(event);
    return this.surface.shows(a, b) ? this.surface.round(a, b) : null;
  }

  /**
   * Return the point of the map that is nearest to the pointer, as a round one.
   * @param {MouseEvent} event
   * @returns {[number, number]}
   */
  nearest(event) {
    return this.surface.round(...this.plane(event));
  }

  /**
   * @param {MouseEvent} event
   * @returns {[number, number]} coordinates under the pointer, also beside the map
   */
  plane(event) {
    const box = this.element.getBoundingClientRect();
    const { left, top, width, height } = this.frame;
    const [a0, a1, b0, b1] = this.surface.window;
    return [
      a0 + ((event.clientX - box.left - left) / width) * (a1 - a0),
      b1 - ((event.clientY - box.top - top) / height) * (b1 - b0),
    ];
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (DropABall.forBrowser(event)) {
      return;
    }
    const far = event.shiftKey ? 10 : 1;
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    if (event.key in ways) {
      this.moveCross(...ways[event.key]);
    } else if (event.key === "Enter" || event.key === " ") {
      this.drop(...(this.cross ?? this.middle));
    } else if (event.key >= "1" && event.key <= "9") {
      this.bring(Number(event.key) - 1, this.cross ?? this.middle);
    } else {
      return;
    }
    event.preventDefault();
  }

  /**
   * @param {number} a steps, of a half each where the window is 10 to 100 wide
   * @param {number} b
   */
  moveCross(a, b) {
    const [x, y] = this.cross ?? this.middle;
    const { fine } = this.surface;
    this.setCross(this.surface.round(x + (50 * a) / fine[0], y + (50 * b) / fine[1]));
    this.point(...this.cross, true);
  }

  /** @param {[number, number] | null} cross */
  setCross(cross) {
    this.cross = cross;
    this.changed();
  }

  /** @returns {[number, number]} */
  get middle() {
    const [a0, a1, b0, b1] = this.surface.window;
    return this.surface.round((a0 + a1) / 2, (b0 + b1) / 2, 100);
  }

  drawGround() {
    const { context } = this.ground;
    const { left, top, width, height } = this.frame;
    const { window: [a0, a1, b0, b1], names } = this.surface;
    this.stale = false;
    this.traces.forget();
    this.ground.clear();
    if (width <= 0 || height <= 0) {
      return; // the page is not laid out yet
    }
    this.drawBands();
    context.drawImage(this.picture, left, top, width, height);
    this.drawLetters();
    context.strokeRect(left, top, width, height);
    context.textAlign = "center";
    context.textBaseline = "top";
    const texts = DropABall.ticks(a0, a1).map((a) => ({ text: DropABall.printTick(a), x: this.place(a, b0)[0] }));
    texts.forEach(({ x }) => context.fillRect(x - 0.5, top + height, 1, 4));
    this.ground.writeBelow(texts, top + height + 6);
    context.fillText(names[0], left + width / 2, top + height + 20);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const b of DropABall.ticks(b0, b1)) {
      const [, y] = this.place(a0, b);
      context.fillRect(left - 4, y - 0.5, 4, 1);
      context.fillText(DropABall.printTick(b), left - 6, y);
    }
    context.save();
    context.translate(7, top + height / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText(names[1], 0, 0);
    context.restore();
    for (const { a, b, kind } of this.surface.critical) {
      DropABall.drawCritical(context, kind, ...this.place(a, b));
    }
  }

  /** Name the basins where they are. */
  drawLetters() {
    const { context } = this.ground;
    context.textAlign = "center";
    context.textBaseline = "middle";
    this.basins?.basins.forEach(({ cell }, i) => {
      const { size } = this.basins;
      const { left, top, width, height } = this.frame;
      const [x, y] = [(cell % size) + 0.5, size - Math.floor(cell / size) - 0.5];
      DropABall.writeName(context, DropABall.letter(i), left + (x / size) * width, top + (y / size) * height);
    });
    context.fillStyle = this.ground.ink("foreground-primary");
    context.strokeStyle = this.ground.ink("foreground-border");
    context.lineWidth = 1;
  }

  /** Paint each pixel by the level in its middle, which is linear between the points of the grid. */
  drawBands() {
    const { points } = this.surface;
    const { levels } = this.colouring;
    // Twice as many pixels as the page has: its edges are smooth then, without further care.
    const fine = Math.max(window.devicePixelRatio, 2);
    const [width, height] = [Math.ceil(this.frame.width * fine), Math.ceil(this.frame.height * fine)];
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const colours = Uint32Array.from(this.colouring.colours, (colour) => DropABall.pixel(colour, 1));
    // Basins keep the bands of cost, in shades of their colours.
    const lands = this.basins?.basins.map(({ colour }) =>
      colours.map((_, band) => DropABall.pixel(colour, 0.75 + (0.25 * band) / (colours.length - 1))),
    );
    const last = points - 1;
    const across = Float64Array.from({ length: width }, (_, column) => ((column + 0.5) / width) * last);
    const between = new Float64Array(points); // levels between two rows of the grid
    for (let row = 0; row < height; row++) {
      const y = (1 - (row + 0.5) / height) * last;
      const j = Math.floor(y);
      for (let i = 0; i < points; i++) {
        const south = levels[j * points + i];
        between[i] = south + (levels[(j + 1) * points + i] - south) * (y - j);
      }
      for (let column = 0; column < width; column++) {
        const x = across[column];
        const i = x | 0; // its whole part, several times as quick as Math.floor
        const level = between[i] + (between[i + 1] - between[i]) * (x - i);
        const band = Math.min((level * colours.length) | 0, colours.length - 1);
        const shades = lands ? lands[this.basins.owners[this.cellAt(column / width, 1 - row / height)]] : colours;
        pixels[row * width + column] = shades[band];
      }
    }
    this.picture.width = width;
    this.picture.height = height;
    this.picture.getContext("2d").putImageData(image, 0, 0);
  }

  /**
   * The cell of the basins' starts at a place.
   * @param {number} x from 0, left, to 1
   * @param {number} y from 0, below, to 1
   */
  cellAt(x, y) {
    const { size } = this.basins;
    return Math.min(Math.floor(y * size), size - 1) * size + Math.floor(x * size);
  }

  /**
   * @param {Ball[]} balls
   * @param {number} epoch
   */
  drawMoving(balls, epoch) {
    const { context } = this.moving;
    const { left, top, width, height } = this.frame;
    const { surface } = this;
    const [a0, a1, b0, b1] = surface.window;
    this.moving.clear();
    /** @type {Project} */
    const project = (a, b, _cost, _epoch, place) => {
      place[0] = left + ((a - a0) / (a1 - a0)) * width;
      place[1] = top + ((b1 - b) / (b1 - b0)) * height;
      return surface.shows(a, b);
    };
    DropABall.drawPointed(context, this, project);
    DropABall.drawPaths(context, this.traces.follow(balls, epoch, project));
    balls.forEach(({ settings: { start } }, i) => {
      if (surface.shows(...start)) {
        DropABall.drawBall(context, { ...DropABall.looks[i], shape: "circle" }, ...this.place(...start), 2.5);
      }
    });
    const several = new Set(balls.map((ball) => ball.settings.optimizer)).size > 1;
    const marks = balls.map((ball, i) => {
      const { a, b } = ball.at(epoch);
      const [x, y] = this.place(...surface.clamp(a, b));
      const name = DropABall.optimizerNames[ball.settings.optimizer];
      return { a, b, x, y, text: several ? `${i + 1} ${name}` : String(i + 1), gone: !surface.shows(a, b) };
    });
    DropABall.spreadGone(this.frame, marks);
    marks.forEach(({ a, b, x, y, gone }, i) => {
      if (!gone) {
        DropABall.drawBall(context, DropABall.looks[i], x, y);
      } else if (!Number.isNaN(a + b)) {
        const [farX, farY] = this.place(a, b);
        DropABall.drawArrow(context, DropABall.looks[i], x, y, Math.atan2(farY - y, farX - x));
      }
    });
    this.names.draw(context, this.frame, marks);
    if (this.cross) {
      const [x, y] = this.place(...this.cross);
      for (const [line, colour] of /** @type {[number, string][]} */ ([[4, "#000000"], [2, "#ffffff"]])) {
        context.lineWidth = line;
        context.strokeStyle = colour;
        context.beginPath();
        context.moveTo(x - 14, y);
        context.lineTo(x + 14, y);
        context.moveTo(x, y - 14);
        context.lineTo(x, y + 14);
        context.stroke();
      }
    }
  }
};
