// Show the surface that a link to the explorer leads to on the page itself, once its reader asks for it.
"use strict";

/**
 * Return a fold in which the explorer appears when it is opened first.
 * @param {HTMLAnchorElement} link
 */
function turnYourself(link) {
  const fold = document.createElement("details");
  fold.className = "turn";
  const summary = document.createElement("summary");
  summary.textContent = `Turn it yourself: ${link.textContent}`;
  fold.append(summary);
  const show = () => {
    const frame = document.createElement("iframe");
    frame.src = link.href.replace("#", "?embed#");
    frame.title = link.textContent;
    fold.append(frame);
  };
  fold.addEventListener("toggle", show, { once: true });
  return fold;
}

document.querySelectorAll("article p:has(a[href*='drop_a_ball.html#'])").forEach((paragraph) => {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = paragraph.querySelectorAll("a[href*='drop_a_ball.html#']");
  paragraph.after(...[...links].map(turnYourself));
});
