// What takes long: one thing at a time, whose progress is shown, and which can be cancelled.
"use strict";

DropABall.Job = class {
  constructor() {
    this.progress = DropABall.element("progress");
    this.cancel = DropABall.element("cancel");
    /** @type {AbortController | null} */
    this.ending = null; // of what is being done
    /** @type {HTMLElement} */
    this.asked = null; // where the reader was when it began
    this.cancel.addEventListener("click", () => {
      this.ending.abort();
      DropABall.announce("Cancelled.");
    });
  }

  get busy() {
    return this.ending !== null;
  }

  /**
   * Do something in the place of what is being done.
   * @template T
   * @param {string} what
   * @param {(say: (progress: string) => void, signal: AbortSignal) => Promise<T>} work
   * @returns {Promise<T | null>} null if it was cancelled, or something else is done instead
   */
  async run(what, work) {
    this.ending?.abort();
    const ending = new AbortController();
    this.ending = ending;
    this.asked = /** @type {HTMLElement} */ (document.activeElement);
    this.show("");
    const say = (/** @type {string} */ progress) => this.ending === ending && this.show(`${what}: ${progress} …`);
    try {
      const result = await work(say, ending.signal);
      return ending.signal.aborted ? null : result;
    } catch (error) {
      if (ending.signal.aborted) {
        return null;
      }
      throw error;
    } finally {
      if (this.ending === ending) {
        this.ending = null;
        this.show("");
      }
    }
  }

  /** @param {string} progress */
  show(progress) {
    if (!progress && document.activeElement === this.cancel) {
      this.asked.focus();
    }
    this.progress.textContent = progress;
    this.cancel.hidden = !progress;
  }
};
