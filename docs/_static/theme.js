// Show the theme that the reader chose last, before anything is drawn.
"use strict";
{
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // The reader keeps the site from storing anything.
  }
  document.body.dataset.theme = theme || "auto";
}
// Unpack the font of formulas, which has come with the styles, before they are drawn: no line moves then.
document.fonts.forEach((font) => font.load());
