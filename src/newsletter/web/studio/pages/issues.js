// @ts-check
// The list of issues: the one on the screen is marked, its state stands beside its name at the top, and a word finds others.

import { onFresh } from "./live.js";
import { onPanel } from "./panels.js";

const links = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#issue-states a")]);

function markCurrent() {
  const slug = /** @type {HTMLSelectElement | null} */ (document.getElementById("issue"))?.value;
  const chip = document.getElementById("issue-state");
  for (const link of links()) {
    const current = link.dataset.slug === slug;
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (!current || !chip) continue;
    chip.textContent = link.dataset.words ?? "";
    chip.className = `chip ${link.dataset.state}`;
  }
}

function filter() {
  const field = document.getElementById("issue-filter");
  const words = field instanceof HTMLInputElement ? field.value.trim().toLowerCase() : "";
  for (const link of links()) {
    if (link.parentElement) link.parentElement.hidden = !link.textContent?.toLowerCase().includes(words);
  }
}

/** Follow the panel of issues. */
export function issues() {
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.id === "issue-filter") filter();
  });
  onPanel("issues", () => {
    filter();
    markCurrent();
  });
  onFresh(markCurrent);
}
