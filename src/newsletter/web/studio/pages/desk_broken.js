// @ts-check
// A file that cannot be read as an issue: its text with what is wrong in it, to be mended here.

import { make, textButton } from "./desk_build.js";
import { announce } from "./desk_status.js";
import { word } from "./desk_words.js";

/** @import { Opened } from "./desk_types.js" */
/** @import { Desk } from "./desk_session.js" */

/** @param {HTMLElement} place @param {Desk} desk @param {Opened} opened */
export function showBroken(place, desk, opened) {
  const present = fileArea(place);
  const isMine = present && present.dataset.saved !== present.value;
  const area = present ?? make("textarea", { id: "desk-file", class: "desk-file", spellcheck: "false", wrap: "off", "aria-labelledby": "desk-file-title", "aria-describedby": "desk-problem" });
  if (!isMine) area.value = opened.text ?? "";
  area.dataset.saved = opened.text ?? "";
  const { problem } = opened;
  const told = make("div", { id: "desk-problem", class: "problems" });
  if (problem) {
    told.append(make("p", {}, problem.words));
    if (problem.excerpt) told.append(make("pre", { tabindex: "0", role: "region", "aria-label": word("broken_place") }, problem.excerpt));
    if (problem.hint) told.append(make("p", {}, problem.hint));
    if (problem.line) told.append(textButton(word("to_line", { number: problem.line }), () => toLine(area, problem.line)));
  }
  const save = textButton(word("save_file"), () => {
    desk.saver.text(area.value);
    area.dataset.saved = area.value;
  }, { id: "desk-file-save" });
  const title = make("h3", { id: "desk-file-title" }, word("broken_title"));
  if (present) {
    place.querySelector("#desk-problem")?.replaceWith(told);
    announce(problem?.words ?? "");
    return;
  }
  document.getElementById("desk-find")?.setAttribute("aria-disabled", "true");
  announce(title.textContent ?? "");
  place.replaceChildren(make("section", { class: "desk-broken", "aria-labelledby": title.id }, title, make("p", {}, word("broken_what")), told, area, make("div", { class: "desk-ends" }, save)));
  area.addEventListener("keydown", (event) => {
    if (event.code !== "KeyS" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save.click();
  });
}

/** @param {HTMLElement} place @returns {HTMLTextAreaElement | null} */
const fileArea = (place) => place.querySelector("textarea.desk-file");

/** @param {HTMLTextAreaElement} area @param {number} line Counted from 1. */
function toLine(area, line) {
  const lines = area.value.split("\n");
  const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(from, from + (lines[line - 1] ?? "").length);
  const height = area.scrollHeight / Math.max(1, lines.length);
  area.scrollTop = Math.max(0, (line - 4) * height);
}

/** @param {HTMLElement} place Whether what is written there is not yet in the file. */
export function isBrokenUnsaved(place) {
  const area = fileArea(place);
  return Boolean(area && area.dataset.saved !== area.value);
}
