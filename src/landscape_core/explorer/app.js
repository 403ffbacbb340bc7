// The page: a surface, balls on it, and an epoch; all that is drawn follows from these.
"use strict";

DropABall.App = class {
  constructor() {
    /** @type {Entry} */
    this.entry = null; // of the surface that is shown
    /** @type {Surface} */
    this.surface = null;
    this.awake = false; // whether a frame is asked for
    const wake = () => this.wake();
    this.job = new DropABall.Job();
    this.cards = new DropABall.Cards({
      changed: () => {
        this.followBalls();
        this.writeLink();
      },
      play: () => this.motion.play(),
      walked: (ball) => (ball.complete || this.waiting) && this.wake(),
    });
    this.motion = new DropABall.Motion(this.cards, wake);
    this.map = new DropABall.Map(DropABall.element("map"), {
      drop: (a, b) => this.cards.drop([a, b]),
      bring: (index, start) => this.bring(index, start),
      point: (a, b, spoken) => this.pointing.point(a, b, spoken),
      leave: () => this.pointing.leave(),
      changed: wake,
    });
    new DropABall.Starts(this.map, {
      balls: () => this.cards.balls,
      move: (index, start) => {
        this.motion.playing = false;
        this.cards.move(index, start);
        this.wake();
      },
      moved: (index) => this.bring(index, this.cards.settings[index].start),
    });
    this.relief = new DropABall.Relief(DropABall.element("relief"), {
      turned: wake,
      point: (a, b) => this.pointing.point(a, b, false),
      leave: () => this.pointing.leave(),
    });
    this.pointing = new DropABall.Pointing(this.map, this.relief, wake);
    this.curve = new DropABall.Curve(/** @type {HTMLCanvasElement} */ (DropABall.element("curve")));
    this.more = new DropABall.More(DropABall.element("more"), this.map, this.relief, {
      changed: wake,
      chosen: () => this.writeLink(),
    });
    new DropABall.Share(this.cards, [this.map, this.relief], this.job, {
      link: () => this.writeLink(),
      changed: wake,
    });
    this.choice = DropABall.Choice && new DropABall.Choice((entry) => this.choose(entry)); // not on a page of one surface
    DropABall.button("add", () => {
      this.cards.drop(this.map.middle);
      this.cards.list.at(-1).fields.a.focus(); // for who wants to type its start
    });
    this.job.cancel.addEventListener("click", () => {
      if (this.surface) {
        this.writeLink(); // a link may have asked for what is given up
      } else {
        this.open(""); // who gives up the very first surface gets one all the same
      }
    });
    addEventListener("hashchange", () => this.open(location.hash));
    document.addEventListener("visibilitychange", wake);
    DropABall.watchAppearance(DropABall.element("views"), () => this.redraw());
    this.open(location.hash);
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
      if (await show(state ?? begin)) {
        if (state) {
          this.motion.go(this.cards.last);
        }
        if (location.hash !== hash) {
          this.writeLink(); // the reader has given up what it asked for, or changed the balls meanwhile
        }
      }
    } catch (error) {
      const here = await show(begin).then(
        () => " Here is the page as it begins.",
        () => "",
      );
      DropABall.warn(error.message + here);
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
    DropABall.warn("");
    this.choice?.show(entry);
    const slow = setTimeout(() => DropABall.notice(entry.slice ? "Computing …" : "Loading the surface …"), 300);
    const load = async (/** @type {(progress: string) => void} */ say, /** @type {AbortSignal} */ signal) => {
      const surface = await (entry.slice ? DropABall.compute(entry.slice, say, signal) : DropABall.load(entry.name));
      const wanted = state();
      if (!surface.divisible && wanted.balls.some(({ batch }) => batch)) {
        throw new Error("This surface keeps no number for each sample, so that there are no batches: leave “batch” out.");
      }
      return { surface, ...wanted };
    };
    try {
      const found = await this.job.run("Your slice", load);
      if (!found) {
        return false;
      }
      this.entry = entry;
      this.surface = found.surface;
      this.pointing.show(found.surface);
      this.more.view = found.view;
      this.more.show(found.surface);
      DropABall.listCritical(found.surface);
      this.cards.show(entry, found.surface, found.balls);
      this.followBalls();
      DropABall.element("stage").inert = false;
      return true;
    } finally {
      clearTimeout(slow);
      if (!this.job.busy) {
        DropABall.notice("");
        if (this.entry && this.entry !== entry) {
          this.choice?.show(this.entry);
        }
      }
    }
  }

  /**
   * Change to another surface; the balls keep their starts and take the learning rates that suit it.
   * @param {Entry} entry
   */
  async choose(entry) {
    // Until the surface is there, the reader may drop more balls, and choose other colours.
    const state = () => ({
      balls: this.surface
        ? this.cards.settings.map((settings) => ({
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
        DropABall.announce(
          `Surface: ${entry.group}, ${entry.title}. ${DropABall.element("critical").textContent}`,
        );
      }
    } catch (error) {
      DropABall.warn(error.message);
    }
  }

  /** Show the balls that there are now, at their starts. */
  followBalls() {
    const { settings } = this.cards;
    this.motion.restart();
    DropABall.showPython(
      DropABall.element("python").querySelector("pre"),
      DropABall.writePython(this.surface, settings),
    );
    this.more.follow(settings);
  }

  /**
   * Let a ball start elsewhere, and show the same epoch as before.
   * @param {number} index
   * @param {[number, number]} start
   */
  bring(index, start) {
    const { epoch } = this.motion;
    if (this.cards.bring(index, start)) {
      this.motion.go(epoch);
    }
  }

  /** Let the address hold what is shown. */
  writeLink() {
    const state = { entry: this.entry, balls: this.cards.settings, view: this.more.view };
    try {
      history.replaceState(null, "", DropABall.writeLink(state));
    } catch {
      // A page in a frame without an address of its own cannot change it.
    }
  }

  /** Draw the next frame, and more of them for as long as something changes. */
  wake() {
    if (!this.awake && !document.hidden && this.surface) {
      this.awake = true;
      requestAnimationFrame((now) => this.frame(now));
    }
  }

  /** Whether a ball is not computed as far as it is to be shown. */
  get waiting() {
    return this.cards.known < this.motion.epoch;
  }

  /** @param {number} now */
  frame(now) {
    const { cards, motion } = this;
    this.awake = false;
    if (motion.playing) {
      motion.roll(now);
    }
    const { epoch, playing } = motion;
    const views = [this.map, this.relief];
    views.find((view) => view.stale)?.drawGround(); // one in a frame: both would keep the reader waiting
    this.drawBalls();
    motion.write();
    cards.write(epoch, playing, now);
    if (motion.unsaid && !this.waiting) {
      motion.unsaid = false;
      DropABall.announce(cards.list.map((card) => card.summary).join(" ") || "There is no ball.");
    }
    if (playing || views.some((view) => view.stale)) {
      this.wake();
    }
  }

  /** Draw the balls where the ground is drawn, and what they cost. */
  drawBalls() {
    const { balls, last } = this.cards;
    const { epoch } = this.motion;
    [this.map, this.relief].filter((view) => !view.stale).forEach((view) => view.drawMoving(balls, epoch));
    this.curve.draw(balls, epoch, last);
  }

  /** Draw everything afresh. */
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
      this.drawBalls(); // at once, too: on paper there is no next frame
      this.wake();
    }
  }
};

DropABall.embed();
DropABall.app = new DropABall.App();
