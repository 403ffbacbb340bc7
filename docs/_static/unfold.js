// Print folded code, too.
"use strict";

/** @type {NodeListOf<HTMLDetailsElement>} */
const folds = document.querySelectorAll("details.code");
let opened = [];

addEventListener("beforeprint", () => {
  opened = [...folds].filter((fold) => !fold.open);
  opened.forEach((fold) => (fold.open = true));
});
addEventListener("afterprint", () => opened.forEach((fold) => (fold.open = false)));
