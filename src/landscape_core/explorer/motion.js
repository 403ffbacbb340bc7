// Time: which epoch is shown, and how it moves on.
"use strict";

const LONGEST = 100; // milliseconds that one frame may move the balls on; a page out of sight has none
const SLIDER = 1000; // positions of the slider

DropABall.Motion = class {
  /**
   * @param {InstanceType<typeof DropABall.Cards>} cards
   * @param {() => void} changed called when a frame is to be drawn
   */
  constructor(cards, changed) {
    this.cards = cards;
    this.changed = changed;
    this.epoch = 0;
    this.playing = false;
    this.progress = 0; // from 0 to 1, while playing
    this.before = 0; // when the last frame was drawn, while playing
    this.unsaid = false; // whether readers who listen are to be told where the balls are
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.seconds = /** @type {HTMLSelectElement} */ (DropABall.element("seconds")); // from the first epoch to the last
    this.slider = /** @type {HTMLInputElement} */ (DropABall.element("slider"));
    this.text = DropABall.element("epoch");
    this.switch = DropABall.element("play");
    DropABall.button("play", () => (this.playing ? this.pause() : this.play()));
    DropABall.button("step", () => this.go(this.epoch + 1));
    DropABall.button("rewind", () => this.go(0));
    DropABall.button("end", () => this.go(this.cards.last));
    this.slider.addEventListener("input", () => this.go(this.epochAt(this.slider.valueAsNumber)));
    this.slider.addEventListener("keydown", (event) => this.slide(event));
    this.calm.addEventListener("change", () => this.playing && this.calm.matches && this.go(this.cards.last));
  }

  play() {
    const { last, balls } = this.cards;
    if (!balls.length) {
      DropABall.warn("There is no ball: click on the map, or add one.");
    } else if (this.calm.matches) {
      this.go(last);
    } else {
      if (this.epoch >= last) {
        this.epoch = 0;
      }
      this.playing = true;
      this.progress = Math.sqrt(this.epoch / last);
      this.before = performance.now();
      this.changed();
    }
  }

  pause() {
    this.playing = false;
    DropABall.announce(`Paused at epoch ${DropABall.group(this.epoch)}.`);
    this.changed();
  }

  /**
   * Stop and show an epoch.
   * @param {number} epoch
   */
  go(epoch) {
    this.playing = false;
    this.epoch = Math.min(Math.max(epoch, 0), this.cards.last);
    this.unsaid = true;
    this.changed();
  }

  /** Stop at the first epoch, in silence. */
  restart() {
    this.playing = false;
    this.epoch = 0;
    this.changed();
  }

  /**
   * The epoch at a position of the slider, whose first half is for the first quarter of the way.
   * @param {number} position
   */
  epochAt(position) {
    return Math.round(this.cards.last * (position / SLIDER) ** 2);
  }

  /** The slider's position for the epoch that is shown. */
  get position() {
    return Math.round(SLIDER * Math.sqrt(this.epoch / this.cards.last));
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

  /**
   * Move on by the time that has passed, but not past what is computed.
   * @param {number} now
   */
  roll(now) {
    const { last, known } = this.cards;
    this.progress += Math.min(Math.max(now - this.before, 0), LONGEST) / 1000 / Number(this.seconds.value);
    this.progress = Math.min(this.progress, 1, Math.sqrt((known + 1) / last));
    this.before = now;
    this.epoch = Math.min(Math.floor(last * this.progress ** 2 + 1e-6), known);
    if (this.epoch === last) {
      this.playing = false;
      this.unsaid = true;
    }
  }

  /** Write which epoch is shown. */
  write() {
    const action = this.playing ? "Pause" : "Play";
    // Even the same text would be laid out afresh, in every frame.
    if (this.switch.textContent !== action) {
      this.switch.textContent = action;
    }
    this.slider.value = String(this.position);
    const epoch = DropABall.group(this.epoch);
    this.slider.setAttribute("aria-valuetext", epoch);
    this.text.textContent = `epoch ${epoch}`;
  }
};
