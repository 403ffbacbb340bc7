// The balls of the page, each with its card: how they are dropped, moved, raced and removed.
"use strict";

const READING = 120; // milliseconds between two changes of the numbers on a card, while playing
const PREVIEW = 6; // milliseconds for the path of a ball whose start is being dragged

DropABall.Cards = class {
  /**
   * @param {object} actions
   * @param {() => void} actions.changed called when the reader has changed the balls, which stand at their starts then
   * @param {() => void} actions.play called when they are to roll
   * @param {(ball: Ball) => void} actions.walked called when more of a ball's path is known
   */
  constructor({ changed, play, walked }) {
    this.changed = changed;
    this.play = play;
    this.walkers = new DropABall.Walkers(walked, (message) =>
      DropABall.warn(`The paths cannot be computed here, since a worker does not run. ${message ?? ""}`),
    );
    this.template = /** @type {HTMLTemplateElement} */ (DropABall.element("card"));
    this.list = /** @type {Card[]} */ ([]);
    /** @type {Entry} */
    this.entry = null; // of the surface
    /** @type {Surface} */
    this.surface = null;
    this.wrote = 0; // when the numbers of a card last changed, while playing
    this.turn = 0; // whose turn it is to have them changed
    DropABall.button("race", () => this.race());
    DropABall.button("clear", () => this.replace([]));
    DropABall.button("reset", () => this.replace(DropABall.firstBalls(this.entry)));
  }

  get balls() {
    return this.list.map((card) => card.ball);
  }

  get settings() {
    return this.list.map((card) => card.settings);
  }

  /** The last epoch of any ball. */
  get last() {
    return Math.max(1, ...this.settings.map(({ epochs }) => epochs));
  }

  /** The epoch up to which all paths are known. */
  get known() {
    return Math.min(...this.balls.map((ball) => (ball.complete ? this.last : ball.known)));
  }

  /**
   * Change to another surface.
   * @param {Entry} entry
   * @param {Surface} surface
   * @param {Settings[]} settings
   */
  show(entry, surface, settings) {
    this.entry = entry;
    this.surface = surface;
    this.walkers.show(surface.plane);
    this.fill(settings);
  }

  /**
   * Put other balls in the place of these.
   * @param {Settings[]} settings
   */
  replace(settings) {
    this.fill(settings);
    this.changed();
    DropABall.announce(settings.length ? `${settings.length} balls at their starts.` : "There is no ball now.");
  }

  /** @param {Settings[]} settings */
  fill(settings) {
    this.list.forEach((card) => this.walkers.stop(card.ball));
    this.list = settings.map((one) => this.make(one));
    this.arrange();
  }

  /**
   * Make a card, and let its ball be computed.
   * @param {Settings} settings
   */
  make(settings) {
    const card = new DropABall.Card(this.template, settings, {
      suggest: (optimizer) => DropABall.suggestedRate(this.entry, optimizer),
      change: () => {
        this.start(card);
        this.changed();
        this.play();
      },
      remove: () => {
        this.walkers.stop(card.ball);
        DropABall.announce(`${card.title.textContent} removed.`);
        this.list = this.list.filter((other) => other !== card);
        this.arrange();
        this.changed();
        DropABall.element("add").focus();
      },
    });
    card.fields.batch.disabled = card.fields.seed.disabled = !this.surface.divisible;
    this.start(card);
    return card;
  }

  /**
   * Let a card's ball be computed with the settings that it has now.
   * @param {Card} card
   */
  start(card) {
    this.walkers.stop(card.ball);
    card.ball = new DropABall.Ball(card.settings, this.surface.model);
    this.walkers.start(card.ball);
  }

  /** Give each card its number and its place on the page. */
  arrange() {
    this.list.forEach((card, i) => card.number(i));
    DropABall.element("cards").replaceChildren(...this.list.map((card) => card.element));
    DropABall.element("legend").replaceChildren(...this.list.map((card) => card.line));
    const full = this.list.length >= DropABall.MOST_BALLS;
    /** @type {HTMLButtonElement} */ (DropABall.element("add")).disabled = full;
  }

  /**
   * Show where a ball would go from another start, as far as that is computed within a frame.
   * @param {number} index
   * @param {[number, number]} start
   */
  move(index, start) {
    const card = this.list[index];
    this.walkers.stop(card.ball);
    card.moveTo(start);
    card.ball = new DropABall.Ball(card.settings, this.surface.model);
    card.ball.add(new DropABall.Walk(card.settings, this.surface.model).advance(performance.now() + PREVIEW));
  }

  /**
   * Let a ball start elsewhere.
   * @param {number} index
   * @param {[number, number]} start
   * @returns {boolean} whether there is such a ball
   */
  bring(index, start) {
    DropABall.warn("");
    const card = this.list[index];
    if (!card) {
      DropABall.warn(`There is no ball ${index + 1}: there are ${this.list.length}.`);
      return false;
    }
    card.moveTo(start);
    this.start(card);
    this.changed();
    return true;
  }

  /**
   * Drop one more ball, with the settings of the last one.
   * @param {[number, number]} start
   */
  drop(start) {
    DropABall.warn("");
    if (this.list.length === DropABall.MOST_BALLS) {
      DropABall.warn(`There are ${DropABall.MOST_BALLS} balls already: remove one first.`);
      return;
    }
    const like = this.settings.at(-1) ?? DropABall.firstBalls(this.entry)[0];
    this.list.push(this.make({ ...like, start }));
    this.arrange();
    this.changed();
    this.play();
    const [a, b] = this.surface.printPoint(...start, 6);
    DropABall.announce(`Ball ${this.list.length} dropped at a = ${a}, b = ${b}.`);
  }

  /** Let all six optimizers start from where the first ball does. */
  race() {
    const { start, epochs } = this.settings[0] ?? DropABall.firstBalls(this.entry)[0];
    this.replace(
      Object.keys(DropABall.optimizers).map((optimizer) => ({
        start,
        optimizer,
        rate: DropABall.suggestedRate(this.entry, optimizer),
        epochs,
      })),
    );
    this.play();
  }

  /**
   * Write on all cards where their balls are; while playing, on one at a time, so that it can be read.
   * @param {number} epoch
   * @param {boolean} playing
   * @param {number} now
   */
  write(epoch, playing, now) {
    if (!playing) {
      this.list.forEach((card) => card.write(epoch, this.surface, false));
    } else if (now - this.wrote > READING / this.list.length) {
      this.wrote = now;
      this.turn = (this.turn + 1) % this.list.length;
      this.list[this.turn].write(epoch, this.surface, true);
    }
  }
};
