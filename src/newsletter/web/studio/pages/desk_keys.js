// @ts-check
// Keys of the desk: undo and redo where no field of text has its own, and from a field to its place in the letter.

import { showInLetter } from "./desk_letter.js";
import { announce } from "./desk_status.js";
import { word } from "./desk_words.js";

/** @import { Desk } from "./desk_session.js" */

const TEXT = "input[type=text], input[type=search], input[type=number], textarea";
/** Have an undo of their own. So has a field of Markdown; of what it has nothing left of the desk hears. */

/** @type {Element | null} The field that was written in last. */
let field = null;
/** The paragraph in it that the cursor was in. */
let paragraph = "";

/** @param {(way: "undo" | "redo") => void} step @param {() => Desk | null} now */
export function deskKeys(step, now) {
  const form = document.getElementById("desk-form");
  const button = document.getElementById("desk-find");
  document.addEventListener("keydown", (event) => {
    if (!now() || event.isComposing || !(event.target instanceof Element)) return;
    const withControl = event.ctrlKey || event.metaKey;
    if (event.code === "Enter" && event.altKey && !withControl && form?.contains(event.target)) {
      event.preventDefault();
      show(now());
    }
    if (!withControl || event.altKey || event.target.closest(TEXT) || event.target.closest("dialog")) return;
    const isRedo = event.shiftKey ? event.code === "KeyZ" : event.code === "KeyY";
    if (!isRedo && (event.code !== "KeyZ" || event.shiftKey)) return;
    event.preventDefault();
    step(isRedo ? "redo" : "undo");
  });
  button?.addEventListener("click", () => {
    if (show(now())) document.body.classList.add("looking");
  });
  form?.addEventListener("focusin", ({ target }) => {
    field = target instanceof Element ? target.closest(".desk-field") : null;
    paragraph = "";
    button?.setAttribute("aria-disabled", String(!field));
    const line = document.getElementById("desk-help-line");
    if (line) line.textContent = field?.querySelector(".desk-help")?.textContent ?? "";
  });
  document.addEventListener("selectionchange", () => {
    if (field?.contains(document.activeElement)) paragraph = atCursor();
  });
}

function atCursor() {
  const active = document.activeElement;
  if (active instanceof HTMLTextAreaElement) {
    const before = active.value.slice(0, active.selectionStart).split("\n");
    return before[before.length - 1] + active.value.slice(active.selectionStart).split("\n")[0];
  }
  const node = document.getSelection()?.anchorNode;
  const element = node instanceof Element ? node : node?.parentElement;
  return element?.closest(".cm-line")?.textContent ?? "";
}

/** @param {Desk | null} desk @returns {boolean} Whether there is something to look for. */
function show(desk) {
  const spot = desk && [...desk.spots].find((one) => one.box && one.element === field);
  const isThere = Boolean(spot && showInLetter(desk, spot, paragraph));
  if (!isThere) announce(word("not_in_letter"));
  return isThere;
}
