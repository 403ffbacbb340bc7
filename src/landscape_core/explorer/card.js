// The card on which a reader sees and sets a ball, and the ball's line in the legend of the map.
"use strict";

/** @typedef {InstanceType<typeof DropABall.Card>} Card */

DropABall.Card = class {
  /**
   * @param {HTMLTemplateElement} template
   * @param {Settings} settings
   * @param {object} actions
   * @param {(optimizer: string) => number} actions.suggest the learning rate for an optimizer
   * @param {(card: Card) => void} actions.change called when the settings have changed
   * @param {(card: Card) => void} actions.remove
   */
  constructor(template, settings, actions) {
    this.settings = settings;
    /** @type {Ball} */
    this.ball = null;
    const card = /** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild;
    this.element = card;
    this.line = document.createElement("li");
    this.line.append(document.createElement("canvas"), document.createElement("span"));
    this.title = card.querySelector("legend span");
    this.output = card.querySelector("output");
    this.standing = /** @type {HTMLElement} */ (card.querySelector(".ball-standing"));
    this.wrong = card.querySelector(".ball-wrong");
    const [a, b, rate, epochs, batch, seed] = card.querySelectorAll("input");
    const optimizer = card.querySelector("select");
    this.fields = { a, b, optimizer, rate, epochs, batch, seed };
    this.knobs = card.querySelector(".ball-knobs");
    for (const [name, text] of Object.entries(DropABall.optimizerNames)) {
      optimizer.append(new Option(text, name));
    }
    a.value = String(settings.start[0]);
    b.value = String(settings.start[1]);
    optimizer.value = settings.optimizer;
    rate.value = String(settings.rate);
    epochs.value = String(settings.epochs);
    batch.value = String(settings.batch ?? batch.value);
    seed.value = String(settings.seed ?? seed.value);
    /** @type {HTMLDetailsElement} */ (card.querySelector("details")).open = !!(settings.batch || settings.knobs);
    this.showKnobs(settings.knobs);
    optimizer.addEventListener("change", () => {
      rate.value = String(actions.suggest(optimizer.value));
      this.showKnobs();
    });
    card.addEventListener("change", () => {
      if (this.read()) {
        actions.change(this);
      }
    });
    card.querySelector("button").addEventListener("click", () => actions.remove(this));
  }

  /**
   * Take another start.
   * @param {[number, number]} start
   */
  moveTo(start) {
    this.settings = { ...this.settings, start };
    [this.fields.a.value, this.fields.b.value] = start.map(String);
  }

  /**
   * Show a field for all else that the optimizer is set to.
   * @param {Record<string, number>} [knobs] those that are not as usual
   */
  showKnobs(knobs = {}) {
    this.knobs.replaceChildren(
      ...Object.entries(DropABall.knobs[this.fields.optimizer.value]).map(([name, usual]) => {
        const label = document.createElement("label");
        const field = document.createElement("input");
        field.type = "text";
        field.name = name;
        field.autocomplete = "off";
        field.inputMode = "decimal";
        field.value = String(knobs[name] ?? usual);
        label.append(DropABall.knobTexts[name], field);
        return label;
      }),
    );
  }

  /**
   * Take over what was typed; a field that makes no sense is marked and keeps its text, and its setting.
   * @returns {boolean} whether a setting has changed
   */
  read() {
    const before = this.settings;
    /** @type {string[]} */
    const troubles = [];
    /**
     * @template T
     * @param {HTMLInputElement} field
     * @param {(text: string) => T} read
     * @param {T} usual
     */
    const value = (field, read, usual) => {
      let result = usual;
      let trouble = "";
      try {
        result = read(field.value);
      } catch (error) {
        trouble = error.message;
        troubles.push(trouble);
      }
      field.setAttribute("aria-invalid", String(trouble !== ""));
      return result;
    };
    const { a, b, optimizer, rate, epochs, batch, seed } = this.fields;
    /** @type {[number, number]} */
    const start = [
      value(a, DropABall.readCoordinate, before.start[0]),
      value(b, DropABall.readCoordinate, before.start[1]),
    ];
    this.settings = {
      start,
      optimizer: optimizer.value,
      rate: value(rate, DropABall.readRate, before.rate),
      epochs: value(epochs, DropABall.readEpochs, before.epochs),
      ...DropABall.setKnobs(optimizer.value, (name, usual) => {
        const field = /** @type {HTMLInputElement} */ (this.knobs.querySelector(`[name=${name}]`));
        return value(field, (text) => DropABall.readKnob(name, text), before.knobs?.[name] ?? usual);
      }),
      ...value(batch, (text) => DropABall.readBatch(text), before.batch ? { batch: before.batch } : {}),
    };
    if (this.settings.batch) {
      const read = (/** @type {string} */ text) => DropABall.readBatch("1", text).seed;
      this.settings.seed = value(seed, read, before.seed ?? 0);
    }
    this.wrong.textContent = troubles.join(" ");
    this.describe();
    return JSON.stringify(this.settings) !== JSON.stringify(before);
  }

  /**
   * Give the card its number, and with it a look.
   * @param {number} index from 0
   */
  number(index) {
    this.index = index;
    this.title.textContent = `Ball ${index + 1}`;
    this.element.querySelector("button").setAttribute("aria-label", `Remove ball ${index + 1}`);
    this.wrong.id = `ball-wrong-${index + 1}`;
    this.describe();
    for (const canvas of [this.element, this.line].map((element) => element.querySelector("canvas"))) {
      canvas.className = "ball-swatch";
      canvas.width = 88;
      canvas.height = 40;
      const context = canvas.getContext("2d");
      context.scale(2, 2);
      DropABall.drawPaths(context, [new Path2D("M2 10H42")], index);
      DropABall.drawBall(context, DropABall.looks[index], 22, 10, 6);
    }
  }

  /** Let the fields that make no sense, and no others, be read out with what is wrong. */
  describe() {
    for (const field of this.element.querySelectorAll("input")) {
      if (field.getAttribute("aria-invalid") === "true") {
        field.setAttribute("aria-describedby", this.wrong.id);
      } else {
        field.removeAttribute("aria-describedby");
      }
    }
  }

  /**
   * Write where the ball is and what it stands on.
   * @param {number} epoch
   * @param {Surface} surface
   * @param {boolean} moving whether the numbers are about to change: fewer digits can be read then
   */
  write(epoch, surface, moving) {
    const { ball, output, standing } = this;
    const name = DropABall.optimizerNames[this.settings.optimizer];
    const e = Math.min(epoch, this.settings.epochs);
    if (ball.known < e) {
      output.textContent = `computing, epoch ${DropABall.group(ball.known)} …`;
      standing.textContent = "";
      return;
    }
    const place = ball.at(e);
    const { a, b, cost } = place;
    Object.assign(output.dataset, { a, b, cost, epoch: e });
    const [few, many] = moving ? [5, 5] : [9, 12];
    output.textContent = `epoch ${DropABall.group(e)}: ${DropABall.writePlace(surface, place, few, many)}`;
    const inside = surface.shows(a, b);
    this.line.lastElementChild.textContent = `${this.index + 1} ${name}${inside ? "" : ", out of the window"}`;
    const { norm, eigenvalues, word } = DropABall.judge(surface.model, a, b, surface);
    const strong = document.createElement("strong");
    strong.textContent = word;
    const [low, high] = eigenvalues.map((value) => DropABall.print(value, 4));
    standing.dataset.norm = String(norm);
    standing.dataset.eigenvalues = eigenvalues.join(",");
    standing.replaceChildren(
      strong,
      `: ${DropABall.meanings[word]}. Gradient norm ${DropABall.print(norm, 4)}, ` +
        `Hessian eigenvalues ${low} and ${high}.${inside ? "" : " It has left the drawn window."}`,
    );
  }

  /** The ball in one sentence, for those who listen. */
  get summary() {
    return `${this.title.textContent}: ${this.output.textContent}, ${this.standing.querySelector("strong")?.textContent}.`;
  }
};
