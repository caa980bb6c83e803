// @ts-check
// What a button of a text field asks before it writes: where a link leads, whose name is to stand there. It opens under
// the buttons, has the focus, and gives it back to the text; Escape writes nothing.

import { gridField } from "./grid_field.js";
import { chipText, mergeField, nameOf } from "./text_fields.js";

/** @typedef {import("./text_fields.js").Words} Words */
/** @typedef {{ place: HTMLElement, words: Words, id: string, back: () => void }} Around */

/** @param {string} kind @param {Record<string, string>} [said] @param {(Element | string)[]} children @returns {any} */
function made(kind, said = {}, ...children) {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(said)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @type {(() => void) | null} Only one is open at a time. */
let closeOpen = null;

/**
 * @param {Around} around @param {string} title @param {HTMLButtonElement} button @param {HTMLElement} content @param {HTMLElement} first
 * @param {HTMLButtonElement | null} done What writes it. @param {() => void} [keep] Done before it is left by a click elsewhere: what much was typed into is not lost by that.
 */
function open({ place, words, id, back }, title, button, content, first, done, keep) {
  closeOpen?.();
  const heading = made("p", { id: `${id}-title`, class: "popover-title" }, title);
  const away = made("button", { type: "button", class: "plain" }, words.close);
  const box = made("div", { class: "text-popover", role: "dialog", "aria-labelledby": heading.id }, heading, content, made("div", { class: "popover-ends" }, ...(done ? [done] : []), away));
  const outside = (/** @type {Event} */ event) => {
    if (!(event.target instanceof Node) || box.contains(event.target) || button.contains(event.target)) return;
    close();
    keep?.();
  };
  const close = () => {
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("focusin", outside, true);
    button.setAttribute("aria-expanded", "false");
    box.remove();
    if (closeOpen === close) closeOpen = null;
  };
  const leave = () => {
    close();
    back();
  };
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    event.stopPropagation();
    event.preventDefault();
    leave();
  });
  away.addEventListener("click", leave);
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("focusin", outside, true);
  button.setAttribute("aria-expanded", "true");
  place.append(box);
  closeOpen = close;
  first.focus();
  return leave;
}

/** @param {HTMLElement} place Close what is open in it. */
export function closeIn(place) {
  if (place.querySelector(".text-popover")) closeOpen?.();
}

/** @param {HTMLFormElement} form @param {string} words @returns {HTMLButtonElement} It stands outside of the form, beside the one that leaves. */
const submits = (form, words) => made("button", { type: "submit", form: form.id }, words);

/** @param {string} id @param {string} label @param {string} value @param {string} kind */
function line(id, label, value, kind) {
  const input = made("input", { id, type: kind, autocomplete: "off", spellcheck: "false" });
  input.value = value;
  return [made("label", { for: id }, label), input];
}

/** @param {Around} around @param {HTMLButtonElement} button @param {{ words: string, address: string }} link @param {(words: string, address: string) => void} write */
export function askLink(around, button, link, write) {
  const { words, id } = around;
  const [addressLabel, address] = line(`${id}-address`, words.link_address, link.address, "text");
  address.inputMode = "url";
  const [wordsLabel, shown] = line(`${id}-words`, words.link_words, link.words, "text");
  const form = made("form", { id: `${id}-form` }, addressLabel, address, wordsLabel, shown);
  const leave = open(around, words.link, button, form, address, submits(form, words.apply));
  const finish = (/** @type {string} */ to) => {
    leave();
    write(shown.value.trim() || to, to);
  };
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
    const typed = address.value.trim();
    if (typed) finish(withScheme(typed));
    else leave();
  });
  if (link.address) {
    const gone = made("button", { type: "button" }, words.unlink);
    gone.addEventListener("click", () => finish(""));
    form.append(gone);
  }
}

/** @param {string} typed @returns {string} What has no scheme is an address of the web, or of a person. */
export function withScheme(typed) {
  if (/^(?:[a-z][a-z0-9+.-]*:|#|\/|\{\{)/i.test(typed)) return typed;
  return /^[^\s@/]+@[^\s@/]+$/.test(typed) ? `mailto:${typed}` : `https://${typed}`;
}

/**
 * @param {Around} around @param {HTMLButtonElement} button @param {string[][] | undefined} there The table at the cursor.
 * @param {(cells: string[][]) => void} write Cells of the names and of all rows; of a new table or of what became of it.
 */
export function askTable(around, button, there, write) {
  const { words, id } = around;
  const form = made("div", { class: "popover-table" });
  const [columns, ...rows] = there ?? [];
  const grid = gridField(form, { columns: columns ?? [], rows, label: `${id}-title`, words, onChange: () => {} });
  const done = made("button", { type: "button" }, words.apply);
  const keep = () => write([grid.value.columns, ...grid.value.rows]);
  done.addEventListener("click", () => {
    leave();
    keep();
  });
  const leave = open(around, there ? words.table_change : words.table, button, form, form, done, keep);
  grid.focus(0, 0);
}

/**
 * @param {Around} around @param {HTMLButtonElement} button @param {{ key: string, sample: string }[]} fields
 * @param {import("./text_fields.js").FieldAt | undefined} there The one at the cursor, whose default can be changed.
 * @param {(text: string) => void} write
 */
export function askField(around, button, fields, there, write) {
  const { words, id } = around;
  const list = made("div", { class: "popover-list" });
  for (const { key, sample } of fields) {
    const choice = made("button", { type: "button" }, nameOf(key, words));
    if (sample) choice.append(made("span", { class: "sample" }, ` ${words.sample.replace("{sample}", sample)}`));
    choice.addEventListener("click", () => {
      leave();
      write(mergeField(key, words[key.replace("subscriber.", "default_")] ?? ""));
    });
    list.append(choice);
  }
  const content = made("div", {}, list);
  let done = null;
  let first = /** @type {HTMLElement | null} */ (list.querySelector("button"));
  if (there) {
    const [label, fallback] = line(`${id}-default`, words.merge_default, there.default ?? "", "text");
    const form = made("form", { id: `${id}-form` }, made("p", {}, chipText(there, words)), label, fallback);
    done = submits(form, words.apply);
    form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      event.stopPropagation();
      leave();
      write(mergeField(there.key, fallback.value.trim()));
    });
    content.replaceChildren(form);
    first = fallback;
  }
  const leave = open(around, there ? words.merge_change : words.merge, button, content, first ?? button, done);
}
