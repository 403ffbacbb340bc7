// Print folded code, too.
"use strict";

const folds = [...document.querySelectorAll("details")];
let opened = [];

addEventListener("beforeprint", () => {
  opened = folds.filter((fold) => !fold.open);
  opened.forEach((fold) => (fold.open = true));
});
addEventListener("afterprint", () => opened.forEach((fold) => (fold.open = false)));
