// Animations under the reader's control: a button that plays and pauses, and a slider over the
// frames. Nothing moves, and no GIF is loaded, before the reader asks for it.
"use strict";

class Player {
  constructor(element) {
    this.element = element;
    this.stage = element.querySelector(".stage");
    this.names = JSON.parse(element.dataset.frames);
    this.last = this.names.length - 1;
    this.frame = this.last;
    this.run = 0; // counts plays and pauses, so that an old loop knows it is over
    this.playing = false;
    this.build();
    const follow = () => this.reset();
    new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
  }

  build() {
    const controls = document.createElement("div");
    controls.className = "controls";
    controls.setAttribute("role", "group");
    controls.setAttribute("aria-label", "Animation");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    this.slider = document.createElement("input");
    this.slider.type = "range";
    this.slider.max = String(this.last);
    this.slider.setAttribute("aria-label", "Frame");
    this.slider.addEventListener("input", () => this.seek(this.slider.valueAsNumber));
    this.name = document.createElement("span");
    this.name.className = "name";
    controls.append(this.button, this.slider, this.name);
    this.stage.after(controls);
    this.update();
  }

  update() {
    this.button.textContent = this.playing ? "Pause" : "Play";
    this.slider.value = String(this.frame);
    this.slider.setAttribute("aria-valuetext", this.names[this.frame]);
    this.name.textContent = this.names[this.frame];
  }

  // The variant that belongs to the page's theme.
  shown(selector) {
    return [...this.element.querySelectorAll(selector)].find(
      (element) => getComputedStyle(element).display !== "none",
    );
  }

  /**
   * The animation, taken apart.
   * @returns {Promise<Gif>}
   */
  load() {
    this.loading ??= readGif(this.shown(".gif a").href).then((bytes) => new Gif(bytes));
    return this.loading;
  }

  /**
   * Show a frame.
   * @param {number} frame
   * @returns {Promise<number>} the milliseconds for which it is to be seen
   */
  async show(frame) {
    const loading = this.load();
    const gif = await loading;
    if (loading !== this.loading) {
      return 0; // the theme has changed meanwhile
    }
    if (!this.canvas) {
      this.canvas = document.createElement("canvas");
      this.canvas.width = gif.width;
      this.canvas.height = gif.height;
      this.canvas.setAttribute("aria-hidden", "true");
      this.stage.append(this.canvas);
    }
    this.canvas.getContext("2d").putImageData(gif.show(frame), 0, 0);
    this.frame = frame;
    this.update();
    return gif.patches[frame].milliseconds;
  }

  async play() {
    const run = ++this.run;
    this.playing = true;
    this.update();
    let frame = this.frame === this.last ? 0 : this.frame;
    let due = performance.now();
    try {
      while (run === this.run) {
        due = Math.max(due, performance.now() - 100) + (await this.show(frame));
        if (frame === this.last) {
          this.pause();
          return;
        }
        frame += 1;
        await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Error} error */
  fail(error) {
    this.loading = null;
    this.pause();
    this.name.textContent = `The animation cannot be shown: ${error.message}.`;
  }

  pause() {
    this.run += 1;
    this.playing = false;
    this.update();
  }

  seek(frame) {
    if (this.playing) {
      this.pause();
    }
    this.wanted = frame;
    this.slider.setAttribute("aria-valuetext", this.names[frame]);
    if (!this.seeking) {
      this.seeking = this.follow()
        .catch((error) => this.fail(error))
        .finally(() => (this.seeking = null));
    }
  }

  // A slider moves faster than frames are decoded: go to the latest one asked for.
  async follow() {
    while (this.frame !== this.wanted) {
      await this.show(this.wanted);
    }
  }

  reset() {
    this.pause();
    this.frame = this.last;
    this.loading = null;
    this.canvas?.remove();
    this.canvas = null;
    this.update();
  }
}

/**
 * The bytes of a GIF. They are also in a script beside it, which hands them over with its element: a
 * page that is read from a disk may load a script, but read no other file.
 * @param {string} url of the GIF
 * @returns {Promise<Uint8Array>}
 */
async function readGif(url) {
  const script = document.createElement("script");
  script.src = `${url}.js`;
  const loaded = new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error("its file does not load"));
  });
  document.head.append(script);
  await loaded.finally(() => script.remove());
  return Uint8Array.from(atob(script.dataset.gif ?? ""), (character) => character.charCodeAt(0));
}

document.querySelectorAll(".animation").forEach((element) => new Player(element));
