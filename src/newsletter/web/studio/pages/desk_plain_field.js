// @ts-check
// A field of plain text: of one line, or of several that grows with what is in it. It is made and used as text_field.js
// is; addresses, numbers and the like need no more.

import { make } from "./desk_build.js";

/**
 * @typedef {object} TextField
 * @property {string} value
 * @property {() => void} focus
 * @property {(from: number, to: number) => void} select
 * @property {() => void} destroy
 * @property {boolean} isComposing
 */

/**
 * @typedef {object} TextOptions
 * @property {string} value
 * @property {string} label Id of the visible label.
 * @property {string} help Ids of what describes it.
 * @property {"one" | "many"} lines
 * @property {(value: string) => void} onChange Never called while a syllable is being composed.
 * @property {string} [inputmode]
 */

/** @param {HTMLElement} place @param {TextOptions} options @returns {TextField} */
export function plainField(place, { value, label, help, lines, onChange, inputmode }) {
  const attributes = { "aria-labelledby": label, "aria-describedby": help, autocomplete: "off", class: "desk-text" };
  const box =
    lines === "one"
      ? make("input", { type: "text", inputmode, spellcheck: inputmode ? "false" : null, ...attributes })
      : make("textarea", { rows: "1", ...attributes });
  let composing = false;
  /** @type {string | null} What came while a syllable was being composed. */
  let waiting = null;
  box.value = value;
  box.addEventListener("compositionstart", () => {
    composing = true;
  });
  box.addEventListener("compositionend", () => {
    composing = false;
    if (waiting !== null && box.value === value) put(waiting);
    waiting = null;
    tell();
  });
  box.addEventListener("input", tell);
  place.append(box);

  function tell() {
    if (composing || box.value === value) return;
    value = box.value;
    onChange(value);
  }

  /** @param {string} next With the cursor where the text round it is the same. */
  function put(next) {
    if (next === box.value) return;
    const [before, from, to] = [box.value, box.selectionStart ?? 0, box.selectionEnd ?? 0];
    value = next;
    box.value = next;
    if (document.activeElement !== box) return;
    const moved = (/** @type {number} */ place) => (next.startsWith(before.slice(0, place)) ? place : Math.max(0, next.length - (before.length - place)));
    box.setSelectionRange(moved(from), moved(to));
  }

  return {
    get value() {
      return box.value;
    },
    set value(next) {
      if (composing) waiting = next;
      else put(next);
    },
    get isComposing() {
      return composing;
    },
    focus: () => box.focus(),
    select: (from, to) => {
      box.focus();
      box.setSelectionRange(from, to);
    },
    destroy: () => box.remove(),
  };
}
