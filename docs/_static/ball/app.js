// The page: choose a surface, drop balls, roll them, read where they stand.
"use strict";

const DURATION = 10; // seconds from the first epoch to the last, slow at first and then ever faster
const ROLLING = 5; // milliseconds of each frame for computing while balls roll
const WAITING = 40; // and while the reader waits for the result
const READING = 120; // milliseconds between two changes of the numbers
const SLIDER = 1000; // positions of the slider

/** @param {string} name */
const element = (name) => document.getElementById(`ball-${name}`);

DropABall.App = class {
  constructor() {
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.balls = /** @type {Ball[]} */ ([]);
    this.epoch = 0;
    this.playing = false;
    this.progress = 0; // from 0 to 1, while playing
    this.asked = 0; // counts requests for a surface, so that a late one is known
    this.awake = false;
    this.turned = false;
    this.read = 0; // when the numbers last changed
    this.map = new DropABall.Map(
      element("map"),
      (a, b) => this.drop([a, b]),
      (a, b, spoken) => this.probe(a, b, spoken),
    );
    this.relief = new DropABall.Relief(element("relief"), () => {
      this.turned = true;
      this.wake();
    });
    this.curve = new DropABall.Curve(/** @type {HTMLCanvasElement} */ (element("curve")));
    this.slider = /** @type {HTMLInputElement} */ (element("slider"));
    this.surfaces = /** @type {HTMLSelectElement} */ (element("surface"));
    this.cards = element("cards");
    this.listSurfaces();
    this.listen();
    this.open(location.hash);
  }

  listSurfaces() {
    for (const group of new Set(DropABall.catalogue.map((entry) => entry.group))) {
      const list = document.createElement("optgroup");
      list.label = group;
      for (const { name, title } of DropABall.catalogue.filter((entry) => entry.group === group)) {
        list.append(new Option(title, name));
      }
      this.surfaces.append(list);
    }
  }

  listen() {
    /** @param {string} name @param {() => void} action */
    const button = (name, action) => element(name).addEventListener("click", action);
    button("play", () => (this.playing ? this.pause() : this.play()));
    button("step", () => this.go(this.epoch + 1));
    button("rewind", () => this.go(0));
    button("end", () => this.go(this.last));
    button("add", () => this.add());
    button("race", () => this.race());
    button("clear", () => this.setBalls([]));
    button("reset", () => this.show({ surface: this.entry.name, balls: DropABall.firstBalls(this.entry) }));
    button("link", () => this.copyLink());
    button("table", () => this.download());
    this.slider.addEventListener("input", () =>
      this.go(Math.round(this.last * (this.slider.valueAsNumber / SLIDER) ** 2)),
    );
    this.surfaces.addEventListener("change", () => this.choose(this.surfaces.value));
    element("map").addEventListener("change", () => this.wake());
    addEventListener("hashchange", () => this.open(location.hash));
    const redraw = () => this.redraw();
    new ResizeObserver(redraw).observe(element("views"));
    new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  }

  /** The catalogue's entry of the surface that is shown. */
  get entry() {
    return DropABall.catalogue.find((entry) => entry.name === this.surface.name);
  }

  /** The last epoch of any ball. */
  get last() {
    return Math.max(1, ...this.balls.map((ball) => ball.settings.epochs));
  }

  /**
   * Show what an address asks for.
   * @param {string} hash
   */
  async open(hash) {
    const first = DropABall.catalogue[0];
    const begin = { surface: first.name, balls: DropABall.firstBalls(first) };
    try {
      const state = DropABall.readLink(hash, DropABall.catalogue);
      if (state) {
        await this.show(state);
        this.go(this.last);
      } else if (!this.surface) {
        await this.show(begin);
      }
    } catch (error) {
      await this.show(begin);
      this.complain(`${error.message} Here is the page as it begins.`);
    }
  }

  /**
   * Show a surface with balls at their starts.
   * @param {State} state
   */
  async show(state) {
    this.complain("");
    const asked = ++this.asked;
    const surface = await DropABall.load(state.surface);
    if (asked !== this.asked) {
      return;
    }
    this.surface = surface;
    this.surfaces.value = surface.name;
    this.map.show(surface);
    this.relief.show(surface);
    element("low").textContent = DropABall.print(surface.low, 5);
    element("high").textContent = DropABall.print(surface.high, 5);
    this.drawScale();
    this.listCritical();
    this.setBalls(state.balls);
  }

  /**
   * Change to another surface; the balls keep their starts and take the learning rates that suit it.
   * @param {string} name
   */
  async choose(name) {
    const entry = DropABall.catalogue.find((candidate) => candidate.name === name);
    const balls = this.balls.map(({ settings }) => ({
      ...settings,
      rate: DropABall.suggestedRate(entry, settings.optimizer),
      epochs: entry.epochs,
    }));
    try {
      await this.show({ surface: name, balls });
      this.writeLink();
      this.say(`Surface: ${entry.group}, ${entry.title}. ${element("critical").textContent}`);
    } catch (error) {
      this.surfaces.value = this.surface.name;
      this.complain(error.message);
    }
  }

  /**
   * Put balls at their starts.
   * @param {Settings[]} settings
   */
  setBalls(settings) {
    this.balls = settings.map((one) => new DropABall.Ball(one, this.surface.model));
    this.playing = false;
    this.epoch = 0;
    this.cards.replaceChildren(...settings.map((one, i) => this.makeCard(one, i)));
    element("python").querySelector("pre").textContent = DropABall.writePython(this.surface, settings);
    /** @type {HTMLButtonElement} */ (element("add")).disabled = settings.length >= DropABall.MOST_BALLS;
    this.wake();
  }

  /** Put changed balls at their starts, and let them roll. */
  restart(/** @type {Settings[]} */ settings) {
    this.complain("");
    this.setBalls(settings);
    this.writeLink();
    this.play();
  }

  /**
   * The settings for one more ball: those of the last one.
   * @param {[number, number]} start
   * @returns {Settings}
   */
  like(start) {
    const { optimizer, rate, epochs } = this.balls.at(-1)?.settings ?? DropABall.firstBalls(this.entry)[0];
    return { start, optimizer, rate, epochs };
  }

  /** @param {[number, number]} start */
  drop(start) {
    if (this.balls.length === DropABall.MOST_BALLS) {
      this.complain(`There are ${DropABall.MOST_BALLS} balls already: remove one first.`);
      return;
    }
    this.restart([...this.balls.map((ball) => ball.settings), this.like(start)]);
    this.say(`Ball ${this.balls.length} dropped at a ${start[0]}, b ${start[1]}.`);
  }

  /** Add a ball in the middle and let the reader type its start. */
  add() {
    const [a0, a1, b0, b1] = this.surface.window;
    this.drop([Math.round((a0 + a1) / 2), Math.round((b0 + b1) / 2)]);
    this.cards.lastElementChild.querySelector("input").focus();
  }

  /** Let all six optimizers start from where the first ball does. */
  race() {
    const { start, epochs } = this.balls[0]?.settings ?? DropABall.firstBalls(this.entry)[0];
    this.restart(
      Object.keys(DropABall.optimizers).map((optimizer) => ({
        start,
        optimizer,
        rate: DropABall.suggestedRate(this.entry, optimizer),
        epochs,
      })),
    );
  }

  play() {
    if (!this.balls.length) {
      this.complain("There is no ball: click on the map, or add one.");
    } else if (this.calm.matches) {
      this.go(this.last);
    } else {
      if (this.epoch >= this.last) {
        this.epoch = 0;
      }
      this.playing = true;
      this.progress = Math.sqrt(this.epoch / this.last);
      this.before = performance.now();
      this.wake();
    }
  }

  pause() {
    this.playing = false;
    this.say(`Paused at epoch ${this.epoch}.`);
    this.wake();
  }

  /**
   * Stop and show an epoch.
   * @param {number} epoch
   */
  go(epoch) {
    this.playing = false;
    this.epoch = Math.min(epoch, this.last);
    this.announce = true;
    this.wake();
  }

  /** Draw the next frame, and more of them for as long as something changes. */
  wake() {
    if (!this.awake) {
      this.awake = true;
      requestAnimationFrame((now) => this.frame(now));
    }
  }

  /** @param {number} now */
  frame(now) {
    this.awake = false;
    if (!this.surface) {
      return;
    }
    const deadline = performance.now() + (this.playing ? ROLLING : WAITING);
    const behind = [...this.balls].sort((one, other) => one.known - other.known);
    behind.forEach((ball, i) => {
      const left = deadline - performance.now();
      ball.advance(performance.now() + left / (behind.length - i));
    });
    if (this.playing) {
      this.roll(now);
    }
    const ready = this.balls.every((ball) => ball.complete || ball.known >= this.epoch);
    if (this.turned) {
      this.turned = false;
      this.relief.drawGround();
    }
    this.map.drawMoving(this.balls, this.epoch);
    this.relief.drawMoving(this.balls, this.epoch);
    this.curve.draw(this.balls, this.epoch, this.last);
    if (!this.playing || now - this.read > READING) {
      this.read = now;
      this.write(ready);
    }
    if (this.announce && ready) {
      this.announce = false;
      this.say(`Epoch ${this.epoch}. ${[...this.cards.children].map((card) => this.summary(card)).join(" ")}`);
    }
    if (this.playing || !this.balls.every((ball) => ball.complete)) {
      this.wake();
    }
  }

  /**
   * Move on by the time that has passed, but not past what is computed.
   * @param {number} now
   */
  roll(now) {
    const { last } = this;
    const known = Math.min(...this.balls.map((ball) => (ball.complete ? last : ball.known)));
    this.progress += Math.max(now - this.before, 0) / 1000 / DURATION;
    this.progress = Math.min(this.progress, 1, Math.sqrt((known + 1) / last));
    this.before = now;
    this.epoch = Math.min(Math.floor(last * this.progress ** 2 + 1e-6), known);
    if (this.epoch === last) {
      this.playing = false;
      this.announce = true;
    }
  }

  /**
   * Write the numbers of the moment.
   * @param {boolean} ready whether every ball is computed as far as it is shown
   */
  write(ready) {
    element("play").textContent = this.playing ? "Pause" : "Play";
    this.slider.value = String(Math.round(SLIDER * Math.sqrt(this.epoch / this.last)));
    const epoch = `epoch ${this.epoch.toLocaleString("en")}`;
    this.slider.setAttribute("aria-valuetext", epoch);
    element("epoch").textContent = epoch;
    this.balls.forEach((ball, i) => this.writeCard(ball, this.cards.children[i], ready));
  }

  /**
   * @param {Ball} ball
   * @param {Element} card
   * @param {boolean} ready
   */
  writeCard(ball, card, ready) {
    const output = card.querySelector("output");
    const standing = /** @type {HTMLElement} */ (card.querySelector(".ball-standing"));
    if (!ready) {
      output.textContent = `computing, epoch ${ball.known.toLocaleString("en")} …`;
      standing.textContent = "";
      return;
    }
    const { epoch, a, b, cost } = ball.at(this.epoch);
    Object.assign(output.dataset, { a, b, cost, epoch });
    output.textContent =
      `epoch ${epoch.toLocaleString("en")}: ` +
      `a = ${DropABall.print(a, 9)}, b = ${DropABall.print(b, 9)}, cost ${DropABall.print(cost, 12)}`;
    const here = this.surface.model.taylor(a, b);
    const { norm, eigenvalues, word } = DropABall.judge(here, this.surface.side, this.surface.high - this.surface.low);
    const strong = document.createElement("strong");
    strong.textContent = word;
    const outside = this.surface.shows(a, b) ? "" : " It has left the drawn window.";
    const [low, high] = eigenvalues.map((value) => DropABall.print(value, 4));
    standing.dataset.norm = String(norm);
    standing.dataset.eigenvalues = eigenvalues.join(",");
    standing.replaceChildren(
      strong,
      `: ${DropABall.meanings[word]}. Gradient norm ${DropABall.print(norm, 4)}, ` +
        `Hessian eigenvalues ${low} and ${high}.${outside}`,
    );
  }

  /** @param {Element} card */
  summary(card) {
    const name = card.querySelector("legend").textContent.trim();
    return `${name}: ${card.querySelector("output").textContent}, ${card.querySelector("strong")?.textContent}.`;
  }

  /**
   * Make the card on which the reader sees and sets a ball.
   * @param {Settings} settings
   * @param {number} index
   */
  makeCard(settings, index) {
    const template = /** @type {HTMLTemplateElement} */ (element("card"));
    const card = /** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild;
    card.querySelector("legend span").textContent = `Ball ${index + 1}`;
    const swatch = /** @type {HTMLCanvasElement} */ (card.querySelector("canvas"));
    const context = swatch.getContext("2d");
    context.scale(2, 2);
    DropABall.drawPaths(context, [new Path2D("M2 10H42")], index);
    DropABall.drawBall(context, DropABall.looks[index], 22, 10, 6);
    const [a, b, rate, epochs] = card.querySelectorAll("input");
    const optimizer = card.querySelector("select");
    for (const [name, text] of Object.entries(DropABall.optimizerNames)) {
      optimizer.append(new Option(text, name));
    }
    a.value = String(settings.start[0]);
    b.value = String(settings.start[1]);
    optimizer.value = settings.optimizer;
    rate.value = String(settings.rate);
    epochs.value = String(settings.epochs);
    optimizer.addEventListener("change", () => {
      rate.value = String(DropABall.suggestedRate(this.entry, optimizer.value));
    });
    card.addEventListener("change", (event) => {
      const changed = this.balls.map((ball) => ball.settings);
      try {
        changed[index] = {
          start: [DropABall.readCoordinate(a.value), DropABall.readCoordinate(b.value)],
          optimizer: optimizer.value,
          rate: DropABall.readRate(rate.value),
          epochs: DropABall.readEpochs(epochs.value),
        };
      } catch (error) {
        this.complain(error.message);
        return;
      }
      const fields = [...card.querySelectorAll("input, select")];
      const field = fields.indexOf(/** @type {Element} */ (document.activeElement));
      this.restart(changed);
      if (field >= 0) {
        /** @type {HTMLElement} */ (this.cards.children[index].querySelectorAll("input, select")[field]).focus();
      }
    });
    card.querySelector("button").setAttribute("aria-label", `Remove ball ${index + 1}`);
    card.querySelector("button").addEventListener("click", () => {
      this.setBalls(this.balls.filter((_, i) => i !== index).map((ball) => ball.settings));
      this.writeLink();
      this.say(`Ball ${index + 1} removed.`);
      element("add").focus();
    });
    return card;
  }

  /** Say in words which critical points are marked. */
  listCritical() {
    const points = this.surface.file.critical.map(
      ({ a, b, cost, kind }) =>
        `${kind} at (${DropABall.print(a, 4)}, ${DropABall.print(b, 4)}), cost ${DropABall.print(cost, 6)}`,
    );
    element("critical").textContent = points.length
      ? `Where the gradient vanishes in this window: ${points.join("; ")}.`
      : "Nowhere in this window does the gradient vanish: there is no minimum, maximum or saddle.";
  }

  /** Draw the colours from low to high. */
  drawScale() {
    const screen = new DropABall.Screen(/** @type {HTMLCanvasElement} */ (element("scale")));
    const { colours } = this.surface.file;
    colours.forEach((colour, i) => {
      screen.context.fillStyle = colour;
      screen.context.fillRect((i * screen.width) / colours.length, 0, screen.width, screen.height);
    });
  }

  /** Draw everything afresh, after a change of size or theme. */
  redraw() {
    for (const { ground, moving } of [this.map, this.relief]) {
      ground.fit();
      moving.fit();
    }
    this.curve.screen.fit();
    if (this.surface) {
      this.map.drawGround();
      this.relief.drawGround();
      this.drawScale();
      this.wake();
    }
  }

  /**
   * Show the cost where the reader points.
   * @param {number} a
   * @param {number} b
   * @param {boolean} spoken
   */
  probe(a, b, spoken) {
    if (!this.surface) {
      return;
    }
    const { cost } = this.surface.model.taylor(a, b);
    const text = `a = ${DropABall.print(a)}, b = ${DropABall.print(b)}, cost ${DropABall.print(cost, 7)}`;
    element("probe").textContent = text;
    if (spoken) {
      this.say(text);
    }
  }

  writeLink() {
    const balls = this.balls.map((ball) => ball.settings);
    history.replaceState(null, "", DropABall.writeLink({ surface: this.surface.name, balls }));
  }

  async copyLink() {
    this.writeLink();
    try {
      await navigator.clipboard.writeText(location.href);
      this.tell("Link copied.");
    } catch {
      this.tell("The address of this page is the link: copy it from the address bar.");
    }
  }

  /** Give the reader the paths as a file, once they are complete. */
  download() {
    this.balls.forEach((ball) => ball.advance(Infinity));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([DropABall.writeTable(this.balls)], { type: "text/csv" }));
    link.download = "drop-a-ball.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    this.tell("Table downloaded.");
  }

  /**
   * Tell readers who listen what happened.
   * @param {string} text
   */
  say(text) {
    element("live").textContent = text;
  }

  /**
   * Tell all readers what happened.
   * @param {string} text
   */
  tell(text) {
    element("told").textContent = text;
  }

  /**
   * Tell all readers what does not work.
   * @param {string} text
   */
  complain(text) {
    element("trouble").textContent = text;
  }
};

DropABall.app = new DropABall.App();
