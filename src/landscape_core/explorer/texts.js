// What the page says and gives away: its words, the table of the paths, the same in Python, a frame for other pages.
"use strict";

/**
 * Write where something is, and the cost of that very point.
 * @param {Surface} surface
 * @param {{a: number, b: number, cost: number}} place
 * @param {number} digits of a and b
 * @param {number} costDigits
 */
DropABall.writePlace = (surface, { a, b, cost }, digits, costDigits) => {
  const [textA, textB] = surface.printPoint(a, b, digits);
  return `a = ${textA}, b = ${textB}, cost ${surface.printCost(cost, costDigits)}`;
};

/**
 * Write the paths as a table.
 * @param {Ball[]} balls
 * @returns {string} comma-separated, with a header
 */
DropABall.writeTable = (balls) => {
  const rows = [`ball,optimizer,learning_rate,${DropABall.knobNames.join(",")},batch,batch_seed,epoch,a,b,cost`];
  balls.forEach(({ settings, path, known }, i) => {
    const { optimizer, rate, batch = "all", seed = "" } = settings;
    // What an optimizer does not have stays empty.
    const knobs = { ...DropABall.knobs[optimizer], ...settings.knobs };
    const name = [i + 1, optimizer, rate, ...DropABall.knobNames.map((knob) => knobs[knob] ?? ""), batch, seed].join(",");
    for (let e = 0; e <= known; e++) {
      rows.push(`${name},${e},${path[3 * e]},${path[3 * e + 1]},${path[3 * e + 2]}`);
    }
  });
  return `${rows.join("\n")}\n`;
};

/**
 * Write the Python that walks the same paths.
 * @param {Surface} surface
 * @param {Settings[]} balls
 * @returns {string}
 */
DropABall.writePython = (surface, balls) => {
  const names = new Set([...surface.imports, "descend", ...balls.map((ball) => ball.optimizer)]);
  const batches = balls.some(({ batch }) => batch);
  const runs = balls.map(({ start, optimizer, rate, epochs, knobs = {}, batch = "None", seed = 0 }) => {
    const settings = [rate, ...Object.entries(knobs).map(([name, value]) => `${name}=${value}`)];
    const parts = [`(${start.join(", ")})`, `${optimizer}(${settings.join(", ")})`, epochs];
    return `    (${[...parts, ...(batches ? [batch, seed] : [])].join(", ")}),`;
  });
  return [
    "from landscape_core import (",
    ...[...names].sort().map((name) => `    ${name},`),
    ")",
    "",
    surface.code,
    `for start, optimizer, epochs${batches ? ", batch, seed" : ""} in [`,
    ...runs,
    "]:",
    `    descent = descend(plane, start, optimizer, epochs${batches ? ", batch=batch, seed=seed" : ""})`,
    "    print(descent.weights[-1, 0], descent.cost[-1, 0])",
    "",
  ].join("\n");
};

/**
 * Write the frame in which another page shows what is shown here.
 * @param {string} address of this page, with its state
 * @returns {string} HTML
 */
DropABall.writeFrame = (address) => {
  const url = new URL(address);
  url.search = "?embed";
  const source = url.href.replaceAll("&", "&amp;");
  return `<iframe src="${source}" title="Balls on a loss landscape" width="720" height="420"></iframe>`;
};

/**
 * Say in words which critical points of a surface are marked.
 * @param {Surface} surface
 */
DropABall.listCritical = (surface) => {
  const { critical, proven } = surface;
  const kinds = ["minimum", "saddle", "maximum", "degenerate"].map((kind) => {
    const count = critical.filter((point) => point.kind === kind).length;
    return count && `${count} ${count > 1 ? (DropABall.plurals[kind] ?? kind) : kind}`;
  });
  const found = kinds.filter(Boolean).join(", ");
  const nowhere = "Nowhere in this window does the gradient vanish: there is no minimum, maximum or saddle.";
  if (proven) {
    DropABall.element("critical-count").textContent = found
      ? `Where the gradient vanishes in this window: ${found}`
      : nowhere;
  } else {
    DropABall.element("critical-count").textContent =
      `Where the gradient vanishes in this window (searched, not proven): ${found || "found nowhere"}`;
  }
  DropABall.element("critical-list").replaceChildren(
    ...critical.map(({ a, b, cost, kind }) => {
      const item = document.createElement("li");
      item.textContent = `${kind} at (${surface.printPoint(a, b, 4).join(", ")}), cost ${surface.printCost(cost, 6)}`;
      return item;
    }),
  );
};

/**
 * Show Python in the colours that the site's code has.
 * @param {Element} element
 * @param {string} code
 */
DropABall.showPython = (element, code) => {
  const parts = code.split(/\b(from|import|for|in)\b|(\bprint\b)|((?<![\w.])-?\d[\d.]*(?:e[-+]?\d+)?)/);
  element.replaceChildren(
    ...parts.map((part, i) => {
      // Three groups and the text between them take turns.
      const style = ["", "k", "nb", "mi"][i % 4];
      if (!style || !part) {
        return part ?? "";
      }
      const span = document.createElement("span");
      span.className = style;
      span.textContent = part;
      return span;
    }),
  );
};

/** The optimizers' names as text. */
DropABall.optimizerNames = {
  GradientDescent: "gradient descent",
  Momentum: "momentum",
  Nesterov: "Nesterov",
  AdaGrad: "AdaGrad",
  RMSProp: "RMSProp",
  Adam: "Adam",
};

/**
 * What else they are set to, as text.
 * @type {Record<string, string>}
 */
DropABall.knobTexts = { momentum: "momentum", decay: "decay", beta1: "β₁", beta2: "β₂" };

/** What each verdict means. */
DropABall.meanings = {
  minimum: "the gradient all but vanishes, and the surface bends upwards every way",
  saddle: "the gradient all but vanishes, and the surface bends upwards one way and downwards another",
  maximum: "the gradient all but vanishes, and the surface bends downwards every way",
  flat: "hardly any slope",
  kink: "the slope jumps close by, where two smooth parts of the surface meet",
  descending: "there is a way down from here",
  "out of the range of numbers": "take a smaller learning rate",
};

/** What several critical points of a kind are called. */
DropABall.plurals = { minimum: "minima", saddle: "saddles", maximum: "maxima", degenerate: "degenerate" };
