// @ts-check
// The panels while somebody writes: a row of tabs below the letter, unfolded by a tab and folded again by a button.

import { icon } from "./desk_build.js";

/** @param {boolean} open */
function turn(open) {
  document.body.classList.toggle("panels-open", open);
  document.getElementById("desk-panels")?.setAttribute("aria-expanded", String(open));
}

/** Follow the tabs and the button. */
export function deskPanels() {
  const button = document.getElementById("desk-panels");
  button?.append(icon("fold"));
  button?.addEventListener("click", () => turn(!document.body.classList.contains("panels-open")));
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest(".panels [role=tab]")) turn(true);
  });
}
