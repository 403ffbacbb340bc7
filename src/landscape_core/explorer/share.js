// What readers take along: the link to what they see, the paths as a table, a picture, an animation.
"use strict";

DropABall.Share = class {
  /**
   * @param {InstanceType<typeof DropABall.Cards>} cards
   * @param {[InstanceType<typeof DropABall.Map>, InstanceType<typeof DropABall.Relief>]} views
   * @param {InstanceType<typeof DropABall.Job>} job
   * @param {object} actions
   * @param {() => void} actions.link called when the address is to hold what is shown
   * @param {() => void} actions.changed called when the views are to be drawn
   */
  constructor(cards, views, job, { link, changed }) {
    this.cards = cards;
    this.views = views;
    this.job = job;
    this.changed = changed;
    DropABall.button("link", () => {
      link();
      this.copy("Link", location.href);
    });
    DropABall.button("frame", () => {
      link();
      this.copy("Code", DropABall.writeFrame(location.href));
    });
    DropABall.button("table", () => this.saveTable());
    DropABall.button("picture", () => this.savePicture());
    DropABall.button("animation", () => this.saveAnimation());
  }

  /**
   * @param {string} what it is
   * @param {string} text
   */
  async copy(what, text) {
    try {
      await navigator.clipboard.writeText(text);
      DropABall.notice(`${what} copied.`);
    } catch {
      DropABall.notice(`${what} to copy: ${text}`);
    }
  }

  /**
   * Wait until all paths are complete.
   * @returns {Promise<Ball[] | null>} null if there are none, or the reader has changed the balls meanwhile
   */
  async complete() {
    const { balls } = this.cards;
    if (!balls.length) {
      DropABall.warn("There is no ball, and so no path: click on the map, or add one.");
      return null;
    }
    DropABall.notice("The paths are being computed …");
    while (!balls.every((ball) => ball.complete)) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (balls.some((ball, i) => ball !== this.cards.balls[i])) {
        DropABall.notice("");
        return null;
      }
    }
    DropABall.notice("");
    return balls;
  }

  async saveTable() {
    const balls = await this.complete();
    if (balls) {
      this.save(new Blob([DropABall.writeTable(balls)], { type: "text/csv" }), "csv", "Table");
    }
  }

  /** Save both views as they are. */
  savePicture() {
    DropABall.drawViews(this.views, Math.max(devicePixelRatio, 1)).toBlob((blob) => {
      this.save(blob, "png", "Picture");
    });
  }

  /** Save both views with the balls on their ways. */
  async saveAnimation() {
    const balls = await this.complete();
    if (!balls || this.job.busy) {
      return; // something else is being computed, and says so
    }
    try {
      const blob = await this.job.run("Your animation", (say, signal) =>
        DropABall.animate(this.views, balls, this.cards.last, say, signal),
      );
      if (blob) {
        this.save(blob, "gif", "Animation");
      }
    } catch (error) {
      DropABall.warn(error.message);
    } finally {
      this.changed();
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
    DropABall.notice(`${what} downloaded.`);
  }
};
