// Show the theme that the reader chose last, before anything is drawn.
"use strict";
document.body.dataset.theme = localStorage.getItem("theme") || "auto";
