// The page as a part of another one: with ?embed in its address, views and motion alone are shown.
"use strict";

DropABall.embed = () => {
  if (!new URLSearchParams(location.search).has("embed")) {
    return;
  }
  document.documentElement.classList.add("ball-embed");
  const link = /** @type {HTMLAnchorElement} */ (DropABall.element("whole"));
  // The state of this very moment: the address follows each change.
  const follow = () => (link.href = location.pathname + location.hash);
  for (const moment of ["focus", "pointerdown", "mouseenter"]) {
    link.addEventListener(moment, follow);
  }
  follow();
  // The page around it may be given another theme.
  addEventListener("storage", ({ key, newValue }) => {
    if (key === "theme") {
      document.body.dataset.theme = newValue || "auto";
    }
  });
};
