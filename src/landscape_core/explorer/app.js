// The page: choose a surface, drop balls, roll them, read where they stand.
"use strict";

const LONGEST = 100; // milliseconds that one frame may move the balls on; a page out of sight has none
const READING = 120; // milliseconds between two changes of the numbers on a card, while playing
const PREVIEW = 6; // milliseconds for the path of a ball whose start is being dragged
const SLIDER = 1000; // positions of the slider

/** @param {string} name */
const element = (name) => document.getElementById(`ball-${name}`);

DropABall.App = class {
  constructor() {
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.cards = /** @type {Card[]} */ ([]);
    this.epoch = 0;
    this.playing = false;
    this.progress = 0; // from 0 to 1, while playing
    this.before = 0; // when the last frame was drawn, while playing
    this.awake = false; // whether a frame is asked for
    /** @type {Entry} */
    this.entry = null; // of the surface that is shown
    /** @type {AbortController} */
    this.ending = null; // ends what is being loaded or computed
    this.unsaid = false; // whether to announce the numbers once they are there
    this.wrote = 0; // when the numbers of a card last changed
    this.turn = 0; // whose turn it is to have them changed
    /** @type {Surface} */
    this.surface = null;
    this.walkers = new DropABall.Walkers(
      (ball) => this.walked(ball),
      (message) => this.warn(`The paths cannot be computed here, since a worker does not run. ${message ?? ""}`),
    );
    this.map = new DropABall.Map(element("map"), {
      drop: (a, b) => this.drop([a, b]),
      bring: (index, start) => this.bring(index, start),
      point: (a, b, spoken) => this.probe(a, b, spoken),
      leave: () => this.more.point(null),
      changed: () => this.wake(),
    });
    new DropABall.Starts(this.map, {
      balls: () => this.balls,
      move: (index, start) => this.move(index, start),
      moved: (index) => this.bring(index, this.settings[index].start),
    });
    this.relief = new DropABall.Relief(element("relief"), {
      turned: () => this.wake(),
      point: (a, b) => this.probe(a, b, false),
      leave: () => this.more.point(null),
    });
    this.more = new DropABall.More(element("more"), this.map, this.relief, {
      changed: () => this.wake(),
      chosen: () => this.writeLink(),
    });
    this.curve = new DropABall.Curve(/** @type {HTMLCanvasElement} */ (element("curve")));
    this.seconds = /** @type {HTMLSelectElement} */ (element("seconds")); // from the first epoch to the last
    this.slider = /** @type {HTMLInputElement} */ (element("slider"));
    this.choice = DropABall.Choice && new DropABall.Choice((entry) => this.choose(entry)); // not on a page of one surface
    this.listen();
    this.open(location.hash);
  }

  listen() {
    /** @param {string} name @param {() => void} action */
    const button = (name, action) =>
      element(name).addEventListener("click", () => {
        this.warn("");
        this.notice("");
        action();
      });
    button("play", () => (this.playing ? this.pause() : this.play()));
    button("step", () => this.go(this.epoch + 1));
    button("rewind", () => this.go(0));
    button("end", () => this.go(this.last));
    button("add", () => this.add());
    button("race", () => this.race());
    button("clear", () => this.setBalls([], true));
    button("reset", () => this.setBalls(DropABall.firstBalls(this.entry), true));
    button("link", () => this.copyLink());
    button("table", () => this.download());
    button("picture", () => this.savePicture());
    button("animation", () => this.saveAnimation());
    this.slider.addEventListener("input", () => this.go(this.epochAt(this.slider.valueAsNumber)));
    this.slider.addEventListener("keydown", (event) => this.slide(event));
    element("cancel").addEventListener("click", () => {
      this.ending.abort();
      if (!this.surface) {
        this.open(""); // who gives up the very first surface gets one all the same
      }
    });
    addEventListener("hashchange", () => this.open(location.hash));
    document.addEventListener("visibilitychange", () => this.wake());
    this.calm.addEventListener("change", () => this.playing && this.calm.matches && this.go(this.last));
    const redraw = () => this.redraw();
    new ResizeObserver(redraw).observe(element("views"));
    new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    matchMedia("print").addEventListener("change", redraw);
    this.watchDensity();
  }

  /** Draw afresh when the page comes to a screen with other pixels. */
  watchDensity() {
    const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    density.addEventListener(
      "change",
      () => {
        this.redraw();
        this.watchDensity();
      },
      { once: true },
    );
  }

  get balls() {
    return this.cards.map((card) => card.ball);
  }

  get settings() {
    return this.cards.map((card) => card.settings);
  }

  /** The last epoch of any ball. */
  get last() {
    return Math.max(1, ...this.settings.map(({ epochs }) => epochs));
  }

  /**
   * Show what an address asks for.
   * @param {string} hash
   */
  async open(hash) {
    const [first] = DropABall.catalogue;
    const begin = { entry: first, balls: DropABall.firstBalls(first), view: DropABall.readView(new URLSearchParams()) };
    const show = (/** @type {State} */ state) => this.show(state.entry, () => state);
    try {
      const state = DropABall.readLink(hash, DropABall.catalogue);
      if (!state && this.surface) {
        return;
      }
      if ((await show(state ?? begin)) && state) {
        this.go(this.last);
      }
    } catch (error) {
      const here = await show(begin).then(
        () => " Here is the page as it begins.",
        () => "",
      );
      this.warn(error.message + here);
    }
  }

  /**
   * Show a surface with balls at their starts.
   * @param {Entry} entry
   * @param {() => Omit<State, "entry">} state what else is to be shown, asked when the surface is there
   * @returns {Promise<boolean>} false if the reader has asked for another meanwhile, or for none
   * @throws {Error} if the surface cannot be loaded
   */
  async show(entry, state) {
    this.warn("");
    this.ending?.abort();
    const ending = (this.ending = new AbortController());
    this.choice?.show(entry);
    element("stage").inert = !this.surface;
    const slow = setTimeout(() => this.notice(entry.slice ? "Computing …" : "Loading the surface …"), 300);
    /** @type {Omit<State, "entry">} */
    let wanted;
    try {
      const say = (/** @type {string} */ progress) => this.ending === ending && this.tellProgress(progress);
      const surface = await (entry.slice
        ? DropABall.compute(entry.slice, say, ending.signal)
        : DropABall.load(entry.name));
      ending.signal.throwIfAborted();
      wanted = state();
      if (!surface.divisible && wanted.balls.some(({ batch }) => batch)) {
        throw new Error("This surface keeps no number for each sample, so that there are no batches: leave “batch” out.");
      }
      this.surface = surface;
      this.entry = entry;
    } catch (error) {
      if (this.ending === ending && this.entry) {
        this.choice?.show(this.entry);
      }
      if (ending.signal.aborted) {
        return false;
      }
      throw error;
    } finally {
      clearTimeout(slow);
      if (this.ending === ending) {
        this.notice("");
        element("progress").textContent = "";
        element("cancel").hidden = true;
        element("stage").inert = !this.surface;
      }
    }
    const { surface } = this;
    this.walkers.show(surface.plane);
    this.more.view = wanted.view;
    this.more.show(surface);
    this.listCritical();
    this.setBalls(wanted.balls);
    return true;
  }

  /** @param {string} progress */
  tellProgress(progress) {
    element("progress").textContent = `Your slice: ${progress} …`;
    element("cancel").hidden = false;
  }

  /**
   * Change to another surface; the balls keep their starts and take the learning rates that suit it.
   * @param {Entry} entry
   */
  async choose(entry) {
    // Until the surface is there, the reader may drop more balls, and choose other colours.
    const state = () => ({
      balls: this.surface
        ? this.settings.map((settings) => ({
            ...settings,
            rate: DropABall.suggestedRate(entry, settings.optimizer),
            epochs: entry.epochs,
          }))
        : DropABall.firstBalls(entry),
      view: this.more.view,
    });
    try {
      if (await this.show(entry, state)) {
        this.writeLink();
        this.announce(`Surface: ${entry.group}, ${entry.title}. ${element("critical").textContent}`);
      }
    } catch (error) {
      this.warn(error.message);
    }
  }

  /**
   * Put other balls at their starts.
   * @param {Settings[]} settings
   * @param {boolean} [linked] whether the address is to say so
   */
  setBalls(settings, linked = false) {
    this.cards.forEach((card) => this.walkers.stop(card.ball));
    this.cards = settings.map((one) => this.makeCard(one));
    this.ballsChanged();
    if (linked) {
      this.writeLink();
    }
  }

  /**
   * Make a card, and let its ball be computed.
   * @param {Settings} settings
   */
  makeCard(settings) {
    const card = new DropABall.Card(/** @type {HTMLTemplateElement} */ (element("card")), settings, {
      suggest: (optimizer) => DropABall.suggestedRate(this.entry, optimizer),
      change: () => {
        this.walkers.stop(card.ball);
        this.startBall(card);
        this.ballsChanged();
        this.writeLink();
        this.play();
      },
      remove: () => {
        this.walkers.stop(card.ball);
        this.cards = this.cards.filter((other) => other !== card);
        this.announce(`${card.title.textContent} removed.`);
        this.ballsChanged();
        this.writeLink();
        element("add").focus();
      },
    });
    card.fields.batch.disabled = card.fields.seed.disabled = !this.surface.divisible;
    this.startBall(card);
    return card;
  }

  /** @param {Card} card */
  startBall(card) {
    card.ball = new DropABall.Ball(card.settings, this.surface.model);
    this.walkers.start(card.ball);
  }

  /**
   * Show where a ball would go from another start, as far as that is computed within a frame.
   * @param {number} index
   * @param {[number, number]} start
   */
  move(index, start) {
    const card = this.cards[index];
    this.playing = false;
    this.walkers.stop(card.ball);
    card.moveTo(start);
    card.ball = new DropABall.Ball(card.settings, this.surface.model);
    card.ball.add(new DropABall.Walk(card.settings, this.surface.model).advance(performance.now() + PREVIEW));
    this.wake();
  }

  /**
   * Let a ball start elsewhere, and show the same epoch as before.
   * @param {number} index
   * @param {[number, number]} start
   */
  bring(index, start) {
    const card = this.cards[index];
    if (!card) {
      this.warn(`There is no ball ${index + 1}: there are ${this.cards.length}.`);
      return;
    }
    const { epoch } = this;
    this.walkers.stop(card.ball);
    card.moveTo(start);
    this.startBall(card);
    this.ballsChanged();
    this.go(epoch);
    this.writeLink();
  }

  /** Show the balls that there are now, at their starts. */
  ballsChanged() {
    this.playing = false;
    this.epoch = 0;
    this.cards.forEach((card, i) => card.number(i));
    /** @param {string} name @param {Element[]} wanted */
    const list = (name, wanted) => {
      const list = element(name);
      if (wanted.length !== list.children.length || wanted.some((one, i) => one !== list.children[i])) {
        list.replaceChildren(...wanted);
      }
    };
    list("cards", this.cards.map((card) => card.element));
    list("legend", this.cards.map((card) => card.line));
    DropABall.showPython(element("python").querySelector("pre"), DropABall.writePython(this.surface, this.settings));
    this.more.follow(this.settings);
    /** @type {HTMLButtonElement} */ (element("add")).disabled = this.cards.length >= DropABall.MOST_BALLS;
    this.wake();
  }

  /**
   * Drop one more ball, with the settings of the last one.
   * @param {[number, number]} start
   */
  drop(start) {
    this.warn("");
    if (this.cards.length === DropABall.MOST_BALLS) {
      this.warn(`There are ${DropABall.MOST_BALLS} balls already: remove one first.`);
      return;
    }
    const like = this.settings.at(-1) ?? DropABall.firstBalls(this.entry)[0];
    this.cards.push(this.makeCard({ ...like, start }));
    this.ballsChanged();
    this.writeLink();
    this.play();
    const [a, b] = start.map((value) => DropABall.print(value));
    this.announce(`Ball ${this.cards.length} dropped at a = ${a}, b = ${b}.`);
  }

  /** Add a ball in the middle and let the reader type its start. */
  add() {
    this.drop(this.map.middle);
    this.cards.at(-1).fields.a.focus();
  }

  /** Let all six optimizers start from where the first ball does. */
  race() {
    const { start, epochs } = this.settings[0] ?? DropABall.firstBalls(this.entry)[0];
    this.setBalls(
      Object.keys(DropABall.optimizers).map((optimizer) => ({
        start,
        optimizer,
        rate: DropABall.suggestedRate(this.entry, optimizer),
        epochs,
      })),
      true,
    );
    this.play();
  }

  play() {
    if (!this.cards.length) {
      this.warn("There is no ball: click on the map, or add one.");
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
    this.announce(`Paused at epoch ${this.epoch}.`);
    this.wake();
  }

  /**
   * Stop and show an epoch.
   * @param {number} epoch
   */
  go(epoch) {
    this.playing = false;
    this.epoch = Math.min(Math.max(epoch, 0), this.last);
    this.unsaid = true;
    this.wake();
  }

  /**
   * The epoch at a position of the slider, whose first half is for the first quarter of the way.
   * @param {number} position
   */
  epochAt(position) {
    return Math.round(this.last * (position / SLIDER) ** 2);
  }

  /** The slider's position for the epoch that is shown. */
  get position() {
    return Math.round(SLIDER * Math.sqrt(this.epoch / this.last));
  }

  /**
   * Move by one position of the slider, or by one epoch where that is more.
   * @param {KeyboardEvent} event
   */
  slide(event) {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (way && !DropABall.forBrowser(event)) {
      event.preventDefault();
      const epoch = this.epochAt(this.position + way);
      this.go((epoch - this.epoch) * way > 0 ? epoch : this.epoch + way);
    }
  }

  /** Draw the next frame, and more of them for as long as something changes. */
  wake() {
    if (!this.awake && !document.hidden && this.surface) {
      this.awake = true;
      requestAnimationFrame((now) => this.frame(now));
    }
  }

  /**
   * Draw what is new of a ball's path, if anything of it is to be seen.
   * @param {Ball} ball
   */
  walked(ball) {
    if (this.waiting || ball.complete) {
      this.wake();
    }
  }

  /** Whether a ball is not computed as far as it is to be shown. */
  get waiting() {
    return this.balls.some((ball) => !ball.complete && ball.known < this.epoch);
  }

  /** @param {number} now */
  frame(now) {
    this.awake = false;
    if (this.playing) {
      this.roll(now);
    }
    const { balls } = this;
    const views = [this.map, this.relief];
    views.find((view) => view.stale)?.drawGround(); // one in a frame: both would keep the reader waiting
    const current = views.filter((view) => !view.stale);
    current.forEach((view) => view.drawMoving(balls, this.epoch));
    this.curve.draw(balls, this.epoch, this.last);
    this.writeEpoch();
    if (!this.playing) {
      this.cards.forEach((card) => card.write(this.epoch, this.surface, false));
    } else if (now - this.wrote > READING / this.cards.length) {
      this.wrote = now;
      this.turn = (this.turn + 1) % this.cards.length;
      this.cards[this.turn].write(this.epoch, this.surface, true);
    }
    if (this.unsaid && !this.waiting) {
      this.unsaid = false;
      this.announce(`Epoch ${this.epoch}. ${this.cards.map((card) => card.summary).join(" ")}`);
    }
    if (this.playing || current.length < views.length) {
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
    this.progress += Math.min(Math.max(now - this.before, 0), LONGEST) / 1000 / Number(this.seconds.value);
    this.progress = Math.min(this.progress, 1, Math.sqrt((known + 1) / last));
    this.before = now;
    this.epoch = Math.min(Math.floor(last * this.progress ** 2 + 1e-6), known);
    if (this.epoch === last) {
      this.playing = false;
      this.unsaid = true;
    }
  }

  writeEpoch() {
    const action = this.playing ? "Pause" : "Play";
    // Even the same text would be laid out afresh, in every frame.
    if (element("play").textContent !== action) {
      element("play").textContent = action;
    }
    this.slider.value = String(this.position);
    const epoch = `epoch ${this.epoch.toLocaleString("en")}`;
    this.slider.setAttribute("aria-valuetext", epoch);
    element("epoch").textContent = epoch;
  }

  /** Say in words which critical points are marked. */
  listCritical() {
    const { critical } = this.surface;
    const kinds = ["minimum", "saddle", "maximum", "degenerate"].map((kind) => {
      const count = critical.filter((point) => point.kind === kind).length;
      return count && `${count} ${count > 1 ? (DropABall.plurals[kind] ?? kind) : kind}`;
    });
    const found = kinds.filter(Boolean).join(", ");
    const nowhere = "Nowhere in this window does the gradient vanish: there is no minimum, maximum or saddle.";
    if (this.surface.proven) {
      element("critical-count").textContent = found ? `Where the gradient vanishes in this window: ${found}` : nowhere;
    } else {
      element("critical-count").textContent =
        `Where the gradient vanishes in this window (searched, not proven): ${found || "found nowhere"}`;
    }
    element("critical-list").replaceChildren(
      ...critical.map(({ a, b, cost, kind }) => {
        const item = document.createElement("li");
        item.textContent = `${kind} at (${DropABall.print(a, 4)}, ${DropABall.print(b, 4)}), cost ${DropABall.print(cost, 6)}`;
        return item;
      }),
    );
  }

  /** Draw everything afresh, after a change of size or theme. */
  redraw() {
    for (const { ground, moving } of [this.map, this.relief]) {
      ground.fit();
      moving.fit();
    }
    this.curve.screen.fit();
    this.choice?.chooser.draw();
    if (this.surface) {
      this.map.drawGround();
      this.relief.drawGround();
      this.more.drawScale();
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
    const { cost } = this.surface.model.taylor(a, b);
    const text = `a = ${DropABall.print(a)}, b = ${DropABall.print(b)}, cost ${DropABall.print(cost, 7)}`;
    element("probe").textContent = text;
    this.more.point([a, b]);
    if (spoken) {
      this.announce(text);
    }
  }

  writeLink() {
    try {
      history.replaceState(null, "", DropABall.writeLink({ entry: this.entry, balls: this.settings, view: this.more.view }));
    } catch {
      // A page in a frame without an address of its own cannot change it.
    }
  }

  async copyLink() {
    this.writeLink();
    try {
      await navigator.clipboard.writeText(location.href);
      this.notice("Link copied.");
    } catch {
      this.notice("The address of this page is the link: copy it from the address bar.");
    }
  }

  /**
   * Wait until all paths are complete.
   * @returns {Promise<Ball[] | null>} null if there are none, or the reader has changed the balls meanwhile
   */
  async complete() {
    const { balls } = this;
    if (!balls.length) {
      this.warn("There is no ball, and so no path: click on the map, or add one.");
      return null;
    }
    this.notice("The paths are being computed …");
    while (!balls.every((ball) => ball.complete)) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (balls.some((ball, i) => ball !== this.balls[i])) {
        this.notice("");
        return null;
      }
    }
    this.notice("");
    return balls;
  }

  /** Give the reader the paths as a file. */
  async download() {
    const balls = await this.complete();
    if (balls) {
      this.save(new Blob([DropABall.writeTable(balls)], { type: "text/csv" }), "csv", "Table");
    }
  }

  /** Give the reader both views as a file. */
  savePicture() {
    DropABall.drawViews([this.map, this.relief], Math.max(devicePixelRatio, 1)).toBlob((blob) => {
      this.save(blob, "png", "Picture");
    });
  }

  /** Give the reader the balls on their ways as a file. */
  async saveAnimation() {
    const balls = await this.complete();
    if (!balls || !element("cancel").hidden) {
      return; // something else is being computed, and says so
    }
    const { last } = this;
    const ending = (this.ending = new AbortController());
    const say = (/** @type {string} */ progress) => {
      element("progress").textContent = `Your animation: ${progress} …`;
      element("cancel").hidden = false;
    };
    try {
      this.save(await DropABall.animate([this.map, this.relief], balls, last, say, ending.signal), "gif", "Animation");
    } catch (error) {
      if (!ending.signal.aborted) {
        this.warn(error.message);
      }
    } finally {
      if (this.ending === ending) {
        element("progress").textContent = "";
        element("cancel").hidden = true;
      }
      this.wake();
    }
  }

  /**
   * Give the reader a file.
   * @param {Blob} blob
   * @param {string} ending of its name
   * @param {string} what it is
   */
  save(blob, ending, what) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `drop-a-ball.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    this.notice(`${what} downloaded.`);
  }

  /**
   * Tell readers who listen what happened.
   * @param {string} text
   */
  announce(text) {
    element("live").textContent = text;
  }

  /**
   * Tell all readers what happened.
   * @param {string} text
   */
  notice(text) {
    element("told").textContent = text;
  }

  /**
   * Tell all readers what does not work.
   * @param {string} text
   */
  warn(text) {
    element("trouble").textContent = text;
  }
};

DropABall.embed();
DropABall.app = new DropABall.App();
