// What the drawings depend on besides their contents: size, theme, paper, and the pixels of the screen.
"use strict";

/**
 * Draw afresh whenever one of these changes.
 * @param {Element} views
 * @param {() => void} redraw
 */
DropABall.watchAppearance = (views, redraw) => {
  new ResizeObserver(redraw).observe(views);
  new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-theme"] });
  for (const medium of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(medium).addEventListener("change", redraw);
  }
  // The page may come to a screen with other pixels, and from there to a third.
  const watchPixels = () =>
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      "change",
      () => {
        redraw();
        watchPixels();
      },
      { once: true },
    );
  watchPixels();
};
