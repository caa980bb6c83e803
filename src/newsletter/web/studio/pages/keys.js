// @ts-check
// One key for what an editor does all day. Letters are told by where they lie on the keyboard, so that they also work
// while Hangul is typed. In a field and on the desk every key is text; and all of them can be turned off (WCAG 2.2, 2.1.4).

import { turnFinding, turnMarks } from "./findings.js";
import { onLetter } from "./frames.js";
import { keep, kept } from "./keep.js";
import { turnPanel } from "./panels.js";
import { turnWidth } from "./widths.js";

/** @typedef {{ key: string, code: string, shift: boolean }} Pressed */

const IN_FIELDS = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable], #desk";

const help = () => /** @type {HTMLDialogElement | null} */ (document.getElementById("help"));
const click = (/** @type {string} */ id) => document.getElementById(id)?.click();

/** @type {Record<string, (shift: boolean) => void>} */
const ACTIONS = {
  Digit1: () => click("tab-letter"),
  Digit2: () => click("tab-text"),
  Digit3: () => click("tab-source"),
  Digit4: () => click("tab-message"),
  Digit5: () => click("tab-headers"),
  KeyW: (shift) => turnWidth(shift ? -1 : 1),
  KeyD: turnLook,
  KeyI: () => click("images"),
  KeyM: turnMarks,
  KeyN: () => turnFinding(1),
  KeyP: () => turnFinding(-1),
  BracketRight: () => turnPanel(1, false),
  BracketLeft: () => turnPanel(-1, false),
};

function turnLook() {
  const looks = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[name=look]")]);
  if (looks.length) looks[(looks.findIndex((one) => one.checked) + 1) % looks.length].click();
}

/** @param {Pressed} pressed @returns {boolean} Whether it was one of ours. */
function press({ key, code, shift }) {
  if (key === "?") help()?.showModal();
  else if (key === "/") document.getElementById("as")?.focus();
  else if (code in ACTIONS && (!shift || code === "KeyW")) ACTIONS[code](shift);
  else return false;
  return true;
}

const turnedOn = () => kept("keys", "on") === "on";

/** Follow the keyboard, also where the letter has the focus. */
export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !turnedOn() || help()?.open) return;
    if (event.target instanceof Element && event.target.closest(IN_FIELDS)) return;
    if (press({ key: event.key, code: event.code, shift: event.shiftKey })) event.preventDefault();
  });
  onLetter("key", ({ key, code, shift }) => {
    if (turnedOn()) press({ key: String(key), code: String(code), shift: Boolean(shift) });
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("#help-button")) help()?.showModal();
  });
  const box = document.getElementById("keys-on");
  if (!(box instanceof HTMLInputElement)) return;
  box.checked = turnedOn();
  box.addEventListener("change", () => keep("keys", box.checked ? "on" : "off"));
}
