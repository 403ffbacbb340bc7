// Let the keyboard reach what scrolls sideways.
"use strict";

const regions = ".highlight pre, .table-wrapper, .math-wrapper, .sig-wrap";

function updateRegion(region) {
  if (region.scrollWidth > region.clientWidth) {
    region.tabIndex = 0;
  } else {
    region.removeAttribute("tabindex");
  }
}

const observer = new ResizeObserver((entries) => entries.forEach((entry) => updateRegion(entry.target)));
document.querySelectorAll(regions).forEach((region) => observer.observe(region));
