// The surface in three dimensions: a block cut out of the landscape, drawn pixel by pixel with a depth buffer.
"use strict";

const HEIGHT = 0.42; // half of the block's, whose ground reaches from −1 to 1
const FLOOR = -HEIGHT - 0.12;
const SHADES = 64;
const HOME = { azimuth: -10, elevation: 30 };

/**
 * A corner of a triangle on the screen: its place, its depth, and what colours it.
 * @typedef {{x: number, y: number, depth: number, band: number, shade: number}} Corner
 */

DropABall.Relief = class {
  /**
   * @param {HTMLElement} element holds two canvases, the ground and what moves on it
   * @param {object} actions
   * @param {() => void} actions.turned called when the point of view has changed
   * @param {(a: number, b: number) => void} actions.point called with where the reader points
   * @param {() => void} actions.leave called when the reader points elsewhere
   */
  constructor(element, { turned, point, leave }) {
    const [ground, moving] = element.querySelectorAll("canvas");
    this.element = element;
    this.ground = new DropABall.Screen(ground);
    this.moving = new DropABall.Screen(moving);
    this.picture = document.createElement("canvas");
    this.stale = false; // whether the ground is to be drawn afresh
    this.traces = new DropABall.Traces();
    this.turned = turned;
    this.azimuth = HOME.azimuth;
    this.elevation = HOME.elevation;
    /** @type {[number, number, number] | null} */
    this.pointed = null; // where the reader points, with the cost there
    /** @type {Float64Array | null} */
    this.steepest = null; // the way down from there
    element.addEventListener("pointermove", (event) => {
      const at = event.buttons ? null : this.at(event);
      if (at) {
        point(...at);
      } else {
        leave();
      }
    });
    element.addEventListener("pointerleave", leave);
    element.addEventListener("pointerdown", (event) => this.grab(event));
    element.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * @param {Surface} surface
   * @param {(level: number, surface: Surface) => number} heightOf from 0 to 1, at a level of cost
   */
  show(surface, heightOf) {
    this.surface = surface;
    this.heightOf = heightOf;
    this.stale = true;
    // Every other point of the grid makes a mesh that is fine enough.
    const n = (this.n = (surface.points + 1) / 2);
    this.level = this.everyOther(surface.levels).map((level) => heightOf(level, surface));
    // Light falls from the left and from above, fixed to the block.
    this.shade = this.level.map((_, i) => {
      const [row, column] = [Math.floor(i / n), i % n];
      const west = this.level[i - (column ? 1 : 0)];
      const east = this.level[i + (column < n - 1 ? 1 : 0)];
      const south = this.level[i - (row ? n : 0)];
      const north = this.level[i + (row < n - 1 ? n : 0)];
      const [dx, dy] = [((east - west) * HEIGHT * n) / 2, ((north - south) * HEIGHT * n) / 2];
      const light = (0.45 * dx + 0.35 * dy + 0.82) / Math.hypot(dx, dy, 1);
      return Math.min(Math.max(0.45 + 0.65 * light, 0.4), 1);
    });
  }

  /**
   * Give the block its colours.
   * @param {Colouring} colouring
   */
  paint({ levels, colours }) {
    this.band = this.everyOther(levels);
    this.palette = colours.map((colour) => shades(colour));
    this.stale = true;
  }

  /**
   * Take every other point of a grid, along both sides.
   * @param {Float32Array} levels
   */
  everyOther(levels) {
    const { points } = this.surface;
    const n = (points + 1) / 2;
    return Float32Array.from({ length: n * n }, (_, i) => levels[2 * (Math.floor(i / n) * points + (i % n))]);
  }

  /** @param {PointerEvent} event */
  grab(event) {
    if (event.button || !event.isPrimary) {
      return;
    }
    this.element.setPointerCapture(event.pointerId);
    const { azimuth, elevation } = this;
    let [x, y] = [event.clientX, event.clientY];
    const end = new AbortController();
    /** @param {"pointermove" | "pointercancel" | "lostpointercapture"} name @param {(event: PointerEvent) => void} act */
    const on = (name, act) => this.element.addEventListener(name, act, { signal: end.signal });
    on("pointermove", (to) => {
      if (to.pointerId === event.pointerId) {
        this.turn((x - to.clientX) / 2, (to.clientY - y) / 2);
        [x, y] = [to.clientX, to.clientY];
      }
    });
    // It was not for the block: the reader scrolls or enlarges the page.
    on("pointercancel", () => this.turn(azimuth - this.azimuth, elevation - this.elevation));
    on("lostpointercapture", () => end.abort());
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (DropABall.forBrowser(event)) {
      return;
    }
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [5, 0], ArrowRight: [-5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] };
    if (event.key in ways) {
      this.turn(...ways[event.key]);
    } else if (event.key === "Home") {
      this.turn(HOME.azimuth - this.azimuth, HOME.elevation - this.elevation);
    } else {
      return;
    }
    event.preventDefault();
  }

  /**
   * Turn the block.
   * @param {number} azimuth degrees to add
   * @param {number} elevation degrees to add
   */
  turn(azimuth, elevation) {
    this.azimuth = (this.azimuth + azimuth) % 360;
    this.elevation = Math.min(Math.max(this.elevation + elevation, 5), 90);
    this.stale = true;
    this.turned();
  }

  /** Work out how the block stands before the reader; called before anything is projected. */
  aim() {
    const [azimuth, elevation] = [this.azimuth, this.elevation].map((angle) => (angle * Math.PI) / 180);
    const { width, height } = this.ground;
    this.sinA = Math.sin(azimuth);
    this.cosA = Math.cos(azimuth);
    this.sinE = Math.sin(elevation);
    this.cosE = Math.cos(elevation);
    // The floor is a square of two, seen from any side; below it there is room for the names of the axes.
    const tall = 2 * Math.SQRT2 * this.sinE + (HEIGHT - FLOOR) * this.cosE;
    this.scale = Math.max(Math.min(width / 2.95, (height - 40) / tall), 0);
    this.x0 = width / 2;
    this.y0 = height / 2;
  }

  /**
   * Return x, y and depth of a point of the block.
   * @param {number} u from −1 to 1 along a
   * @param {number} v from −1 to 1 along b
   * @param {number} z
   * @returns {[number, number, number]}
   */
  project(u, v, z) {
    const across = v * this.cosA - u * this.sinA;
    const towards = u * this.cosA + v * this.sinA;
    return [
      this.x0 + this.scale * across,
      this.y0 - this.scale * (z * this.cosE - towards * this.sinE),
      towards * this.cosE + z * this.sinE,
    ];
  }

  drawGround() {
    const { ground, picture } = this;
    const { context } = ground;
    this.stale = false;
    this.traces.forget();
    ground.clear();
    this.aim();
    // Twice as many pixels as the page has: its edges are smooth then, without further care.
    const fine = Math.max(window.devicePixelRatio, 2);
    const [width, height] = [Math.round(ground.width * fine), Math.round(ground.height * fine)];
    if (!width || !height) {
      return; // the page is not laid out yet
    }
    this.fine = fine;
    if (picture.width !== width || picture.height !== height || !this.pixels) {
      picture.width = width;
      picture.height = height;
      this.pixels = new ImageData(width, height);
      this.colour = new Uint32Array(this.pixels.data.buffer);
      this.depth = new Float32Array(width * height);
    }
    this.colour.fill(0);
    this.depth.fill(-Infinity);
    this.drawTop(fine);
    this.drawSides(fine);
    picture.getContext("2d").putImageData(this.pixels, 0, 0);
    context.drawImage(picture, 0, 0, ground.width, ground.height);
    this.drawNames();
  }

  /** @param {number} fine */
  drawTop(fine) {
    const { n } = this;
    /** @type {Corner[]} */
    const corners = [];
    for (let i = 0; i < n * n; i++) {
      const [u, v] = [((i % n) / (n - 1)) * 2 - 1, (Math.floor(i / n) / (n - 1)) * 2 - 1];
      const [x, y, depth] = this.project(u, v, (this.level[i] * 2 - 1) * HEIGHT);
      corners.push({
        x: x * fine,
        y: y * fine,
        depth,
        band: this.band[i] * this.palette.length,
        shade: this.shade[i] * (SHADES - 1),
      });
    }
    for (let row = 0; row < n - 1; row++) {
      for (let column = 0; column < n - 1; column++) {
        const i = row * n + column;
        this.fill(corners[i], corners[i + 1], corners[i + n], this.palette);
        this.fill(corners[i + 1], corners[i + n + 1], corners[i + n], this.palette);
      }
    }
  }

  /** @param {number} fine */
  drawSides(fine) {
    const { n } = this;
    const rock = [shades("#8a8f98")];
    for (const [first, step, shade] of [[0, 1, 45], [n * (n - 1), 1, 52], [0, n, 38], [n - 1, n, 59]]) {
      /** @type {[Corner, Corner] | null} */
      let before = null;
      for (let k = 0; k < n; k++) {
        const i = first + k * step;
        const [u, v] = [((i % n) / (n - 1)) * 2 - 1, (Math.floor(i / n) / (n - 1)) * 2 - 1];
        const pair = [(this.level[i] * 2 - 1) * HEIGHT, FLOOR].map((z) => {
          const [x, y, depth] = this.project(u, v, z);
          return { x: x * fine, y: y * fine, depth, band: 0, shade };
        });
        const [top, foot] = pair;
        if (before) {
          this.fill(before[0], top, before[1], rock);
          this.fill(top, foot, before[1], rock);
        }
        before = [top, foot];
      }
    }
  }

  /**
   * Fill a triangle, where nothing nearer covers it.
   * @param {Corner} p
   * @param {Corner} q
   * @param {Corner} r
   * @param {Uint32Array[]} palette
   */
  fill(p, q, r, palette) {
    const { colour, depth } = this;
    const { width, height } = this.pixels;
    const area = (q.x - p.x) * (r.y - p.y) - (r.x - p.x) * (q.y - p.y);
    if (Math.abs(area) < 1e-9) {
      return;
    }
    // Every quantity is linear on the screen: a value at p and a slope along x and along y.
    const [qx, qy, rx, ry] = [(r.y - p.y) / area, (p.x - r.x) / area, (p.y - q.y) / area, (q.x - p.x) / area];
    const depthX = (q.depth - p.depth) * qx + (r.depth - p.depth) * rx;
    const depthY = (q.depth - p.depth) * qy + (r.depth - p.depth) * ry;
    const bandX = (q.band - p.band) * qx + (r.band - p.band) * rx;
    const bandY = (q.band - p.band) * qy + (r.band - p.band) * ry;
    const shadeX = (q.shade - p.shade) * qx + (r.shade - p.shade) * rx;
    const shadeY = (q.shade - p.shade) * qy + (r.shade - p.shade) * ry;
    const top = Math.max(Math.ceil(Math.min(p.y, q.y, r.y) - 0.5), 0);
    const bottom = Math.min(Math.ceil(Math.max(p.y, q.y, r.y) - 0.5), height);
    const highest = palette.length - 1;
    const edges = [[p, q], [q, r], [r, p]];
    for (let row = top; row < bottom; row++) {
      const y = row + 0.5;
      let left = Infinity;
      let right = -Infinity;
      for (const [from, to] of edges) {
        if (from.y > y !== to.y > y) {
          const x = from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x);
          left = Math.min(left, x);
          right = Math.max(right, x);
        }
      }
      const begin = Math.max(Math.ceil(left - 0.5), 0);
      const end = Math.min(Math.ceil(right - 0.5), width);
      const dx = begin + 0.5 - p.x;
      const dy = y - p.y;
      let z = p.depth + dx * depthX + dy * depthY;
      let band = p.band + dx * bandX + dy * bandY;
      let shade = p.shade + dx * shadeX + dy * shadeY;
      for (let i = row * width + begin; i < row * width + end; i++) {
        if (z > depth[i]) {
          depth[i] = z;
          const level = band < 0 ? 0 : band > highest ? highest : band | 0; // its whole part
          colour[i] = palette[level][shade < 0 ? 0 : shade > SHADES - 1 ? SHADES - 1 : shade | 0];
        }
        z += depthX;
        band += bandX;
        shade += shadeX;
      }
    }
  }

  /** Name the axes along the two edges of the floor that are nearest to the reader. */
  drawNames() {
    const { context } = this.ground;
    const [a0, a1, b0, b1] = this.surface.window;
    const u = this.cosA > 0 ? 1 : -1;
    const v = this.sinA > 0 ? 1 : -1;
    context.textBaseline = "middle";
    context.textAlign = "center";
    for (const [text, x, y] of /** @type {[string, number, number][]} */ ([
      [`a = ${DropABall.printTick(a0)}`, -0.85, v * 1.2],
      [`a = ${DropABall.printTick(a1)}`, 0.85, v * 1.2],
      [`b = ${DropABall.printTick(b0)}`, u * 1.2, -0.85],
      [`b = ${DropABall.printTick(b1)}`, u * 1.2, 0.85],
    ])) {
      const [left, top] = this.project(x, y, FLOOR);
      const half = context.measureText(text).width / 2;
      context.fillText(
        text,
        Math.min(Math.max(left, half), this.ground.width - half),
        Math.min(top + 4, this.ground.height - 8),
      );
    }
    for (const { a, b, cost, kind } of this.surface.critical) {
      const [x, y, depth] = this.place(a, b, cost);
      if (this.sees(x, y, depth)) {
        DropABall.drawCritical(context, kind, x, y);
      }
    }
  }

  /**
   * Return where a point of the surface is on the canvas.
   * @param {number} a
   * @param {number} b
   * @param {number} cost
   */
  place(a, b, cost) {
    const [a0, a1, b0, b1] = this.surface.window;
    const { low, high } = this.surface;
    const level = this.heightOf(Math.min(Math.max((cost - low) / (high - low), 0), 1), this.surface);
    return this.project(
      ((a - a0) / (a1 - a0)) * 2 - 1,
      ((b - b0) / (b1 - b0)) * 2 - 1,
      (level * 2 - 1) * HEIGHT,
    );
  }

  /**
   * Tell whether nothing of the block stands before a point of its surface.
   * @param {number} x
   * @param {number} y
   * @param {number} depth
   */
  sees(x, y, depth) {
    const [column, row] = [Math.floor(x * this.fine), Math.floor(y * this.fine)];
    // The mesh and the true surface differ a little.
    return !(this.depth?.[row * this.pixels.width + column] > depth + 0.06);
  }

  /**
   * Return the point of the surface under the pointer: what is drawn there has a depth, and so a place.
   * @param {MouseEvent} event
   * @returns {[number, number] | null} null beside the surface
   */
  at(event) {
    const box = this.element.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const depth = this.depth?.[Math.floor(y * this.fine) * this.pixels.width + Math.floor(x * this.fine)];
    if (!Number.isFinite(depth)) {
      return null;
    }
    const across = (x - this.x0) / this.scale;
    const up = (this.y0 - y) / this.scale;
    const towards = depth * this.cosE - up * this.sinE;
    const [u, v] = [towards * this.cosA - across * this.sinA, across * this.cosA + towards * this.sinA];
    const [a0, a1, b0, b1] = this.surface.window;
    const [a, b] = [a0 + ((u + 1) / 2) * (a1 - a0), b0 + ((v + 1) / 2) * (b1 - b0)];
    const { cost } = this.surface.model.taylor(a, b);
    // The sides of the block have depth, too.
    const [, , surfaceDepth] = this.place(a, b, cost);
    return this.surface.shows(a, b) && surfaceDepth < depth + 0.06 ? this.surface.round(a, b) : null;
  }

  /**
   * @param {Ball[]} balls
   * @param {number} epoch
   */
  drawMoving(balls, epoch) {
    const { context } = this.moving;
    const { surface } = this;
    this.moving.clear();
    this.aim();
    /** @type {Project} */
    const project = (a, b, cost, _epoch, place) => {
      const [x, y, depth] = this.place(a, b, cost);
      [place[0], place[1]] = [x, y];
      return surface.shows(a, b) && this.sees(x, y, depth);
    };
    DropABall.drawPointed(context, this, project);
    DropABall.drawPaths(context, this.traces.follow(balls, epoch, project));
    balls.forEach((ball, i) => {
      const { a, b, cost } = ball.at(epoch);
      const [x, y, depth] = this.place(...surface.clamp(a, b), cost);
      if (this.sees(x, y, depth)) {
        DropABall.drawBall(context, DropABall.looks[i], x, y);
      }
    });
  }
};

/**
 * Return a colour from black to itself, as pixels have it.
 * @param {string} colour as #rrggbb
 */
const shades = (colour) =>
  Uint32Array.from({ length: SHADES }, (_, i) => DropABall.pixel(colour, i / (SHADES - 1)));
