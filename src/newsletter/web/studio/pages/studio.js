// @ts-check
// The studio's page: what each part does is in a file of its own; here they are put together, and the choices at the top
// become an address, so that what is on the screen can be kept as a bookmark.

import { startDesk } from "./desk.js";
import { findings } from "./findings.js";
import { frames } from "./frames.js";
import { issues } from "./issues.js";
import { keepFolded } from "./keep.js";
import { keys } from "./keys.js";
import { go, live } from "./live.js";
import { panels } from "./panels.js";
import { proof } from "./proof.js";
import { readers } from "./readers.js";
import { review } from "./review.js";
import { widths } from "./widths.js";

/** @type {Record<string, string>} What an address need not say. */
const USUAL = { view: "letter", look: "light", images: "on" };

/** @param {HTMLFormElement} form Show what is chosen in it. */
function choose(form) {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    // An empty reader means the defaults; of all else an empty choice is none.
    if ((value || name === "as") && value !== USUAL[name]) asked.append(name, String(value));
  }
  for (const field of form.elements) {
    // From now on this is what the field holds, and a new page may change it.
    if (field instanceof HTMLInputElement && field.type !== "radio" && field.type !== "checkbox") {
      field.defaultValue = field.value;
    }
  }
  go(`?${asked}`);
}

document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || event.target.id !== "choose") return;
  event.preventDefault();
  choose(event.target);
});

document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  if (target.form?.id === "choose") choose(target.form);
});

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-view], a[data-stay]") : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const form = document.getElementById("choose");
  const view = document.getElementById("view");
  if (link.dataset.view && form instanceof HTMLFormElement && view instanceof HTMLInputElement) {
    // By way of the form, which knows what was chosen a moment ago and has not yet come back from the server.
    view.value = link.dataset.view;
    choose(form);
  } else go(link.href);
});

frames();
panels();
findings();
issues();
widths();
readers();
proof();
review();
keepFolded();
keys();
startDesk();
live();
