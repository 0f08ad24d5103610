// What the worker read at an address goes where nobody has typed yet. Every page works without this file.
"use strict";

function fill() {
  const found = document.querySelector("#look-up[data-title]");
  if (!found) return;
  for (const name of ["title", "description"]) {
    const field = document.querySelector(`#id_${name}`);
    if (field && !field.value && field !== document.activeElement) field.value = found.dataset[name];
  }
}

document.addEventListener("htmx:afterSettle", fill);
