// @ts-check
// The fields of an issue, a section or a part: each with its label, its help, its finding, and what is written in; beside
// it, where another language is chosen, what it says there.

import { Box } from "./desk_box.js";
import { freshId, make } from "./desk_build.js";
import { controlOf } from "./desk_controls.js";
import { pathOf } from "./desk_data.js";
import { listView, partView } from "./desk_parts.js";
import { word } from "./desk_words.js";

/** @import { Field, Finding, Path, Place } from "./desk_types.js" */
/** @import { Desk, Spot } from "./desk_session.js" */

/**
 * @typedef {object} View Something that shows a place of the data.
 * @property {HTMLElement} element
 * @property {() => void} update The data have changed.
 * @property {() => void} focus
 * @property {() => void} destroy
 */

/** Fields that the desk shows in a way of its own, or that are no words of the issue. */
const ELSEWHERE = ["sections", "translations", "type", "hidden"];

/**
 * @param {Desk} desk @param {Field[]} fields @param {Place} place @param {Record<string, () => View>} [own] How fields of some keys are shown.
 * @returns {View}
 */
export function fieldsView(desk, fields, place, own = {}) {
  const element = make("div", { class: "desk-fields" });
  /** @type {View[]} */
  const views = [];
  const rest = make("div", { class: "desk-fields" });
  for (const field of fields) {
    if (ELSEWHERE.includes(field.key) && !own[field.key]) continue;
    const view = own[field.key]?.() ?? fieldView(desk, field, place);
    views.push(view);
    (field.usual || own[field.key] ? element : rest).append(view.element);
  }
  if (rest.children.length) element.append(make("details", { class: "desk-more" }, make("summary", {}, word("more")), rest));
  return {
    element,
    update: () => views.forEach((view) => view.update()),
    focus: () => views[0]?.focus(),
    destroy: () => views.forEach((view) => view.destroy()),
  };
}

/** @param {Desk} desk @param {Field} field @param {Place} parent @returns {View} */
function fieldView(desk, field, parent) {
  const place = { parent, key: field.key };
  if (field.kind === "part") return partView(desk, field, place);
  if (field.kind === "parts") return listView(desk, field, place);
  return leafView(desk, field, place);
}

/** @param {Desk} desk @param {Field} field @param {Place} place @returns {View} */
function leafView(desk, field, place) {
  const path = () => pathOf(place);
  const own = written(desk, field, path, path, field.label, desk.opened.language);
  if (!desk.second || !field.translatable) return own;
  const other = desk.second;
  const label = word("in_language", { label: field.label, language: languageName(other) });
  const pair = written(desk, { ...field, required: false, help: "" }, () => ["translations", other, ...path()], path, label, other);
  pair.element.classList.add("desk-other");
  return {
    element: make("div", { class: "desk-pair" }, own.element, pair.element),
    update: () => [own, pair].forEach((view) => view.update()),
    focus: own.focus,
    destroy: () => [own, pair].forEach((view) => view.destroy()),
  };
}

/** @param {string} language */
export function languageName(language) {
  return new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(language) ?? language;
}

/**
 * @param {Desk} desk @param {Field} field @param {() => Path} path @param {() => Path} ownPath In the issue's own language.
 * @param {string} label @param {string} language @returns {View}
 */
function written(desk, field, path, ownPath, label, language) {
  const [labelId, helpId, foundId] = ["label", "help", "found"].map(freshId);
  const box = new Box(desk, path, field.required);
  const name = make("span", { id: labelId, class: "desk-name" }, label);
  const help = make("p", { id: helpId, class: "desk-help", hidden: true }, helpOf(field));
  const found = make("div", { id: foundId, class: "desk-found" });
  const slot = make("div", { class: "desk-slot", lang: language });
  const head = make("div", { class: "desk-label" }, name, field.required && !field.may_be_empty ? make("span", { class: "desk-required" }, word("required")) : null);
  if (help.textContent) head.append(helpButton(help, labelId));
  const element = make("div", { class: "desk-field", "data-kind": field.kind, "data-key": field.key }, head, slot, help, found);
  const described = `${helpId} ${foundId}`;
  const mergeFields = desk.opened.merge_fields.map((one) => ({ ...one, key: one.key.replace(/\["(.*)"\]$/, (_, name) => `.${name.replace(/\\(.)/g, "$1")}`) }));
  const control = controlOf({
    field,
    slot,
    issue: desk.opened.slug,
    label: labelId,
    help: described,
    mergeFields,
    lineBreaks: () => desk.at(["line_breaks"]),
    own: () => desk.at(ownPath()),
    beside: (key) => desk.at([...ownPath().slice(0, -1), key]),
    version: () => desk.opened.version,
    typed: (atOnce) => box.typed(atOnce),
  });
  box.control = control;
  name.addEventListener("click", () => control.focus());
  element.addEventListener("focusout", () => {
    box.commit();
    box.endStep();
  });
  /** @type {Spot} */
  const spot = { path, element, label, box, tell: (all) => tellFound(found, slot, all), reveal: () => reveal(element, control.focus) };
  desk.spots.add(spot);
  box.show();
  return {
    element,
    update: () => box.show(),
    focus: control.focus,
    destroy: () => {
      desk.spots.delete(spot);
      box.destroy();
    },
  };
}

/** @param {Field} field */
function helpOf({ kind, help, examples }) {
  const [first] = examples ?? [];
  const example = typeof first === "string" && help ? word("example", { words: first }) : "";
  const how = kind === "lines" ? word("one_a_line") : "";
  return [help, how, example].filter(Boolean).join(" ");
}

/** @param {HTMLElement} help @param {string} label Id of what it explains. */
function helpButton(help, label) {
  const id = freshId("ask");
  const button = make("button", { type: "button", id, class: "desk-ask", "aria-label": word("help"), "aria-labelledby": `${label} ${id}`, "aria-expanded": "false", "aria-controls": help.id }, "?");
  button.addEventListener("click", () => {
    help.hidden = !help.hidden;
    button.setAttribute("aria-expanded", String(!help.hidden));
  });
  return button;
}

/** @param {HTMLElement} place @param {HTMLElement} slot @param {Finding[]} all */
function tellFound(place, slot, all) {
  place.replaceChildren(...all.map(foundNote));
  for (const input of slot.querySelectorAll("input, select, textarea, [contenteditable=true]")) {
    if (all.some((one) => one.severity === "error")) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

/** @param {Finding} one */
export function foundNote({ severity, words, hint }) {
  const kind = make("strong", {}, `${word(severity === "error" ? "error" : "warning")} `);
  return make("p", { class: `desk-note ${severity}` }, kind, words, hint ? make("span", { class: "desk-hint" }, ` ${hint}`) : null);
}

/** @param {HTMLElement} element @param {() => void} focus Unfold what it is in, and go there. */
export function reveal(element, focus) {
  for (let around = element.parentElement; around; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
  focus();
  element.scrollIntoView({ block: "nearest" });
}
