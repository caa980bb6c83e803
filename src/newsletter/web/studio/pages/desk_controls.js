// @ts-check
// What a person writes in, by the kind of a field: text, a choice, a tick, a day and an hour, a colour, a grid.

import { freshId, make } from "./desk_build.js";
import { at } from "./desk_data.js";
import { figuresOf, onDroppedText } from "./desk_figures.js";
import { focus } from "./desk_look.js";
import { withPicture } from "./desk_picture.js";
import { plainField } from "./desk_plain_field.js";
import { tell } from "./desk_talk.js";
import { word } from "./desk_words.js";
import { gridField } from "./grid_field.js";
import { textField } from "./text_field.js";

/** @import { Control } from "./desk_box.js" */
/** @import { Data, Field } from "./desk_types.js" */

/**
 * @typedef {object} Around What a control needs to know.
 * @property {Field} field
 * @property {HTMLElement} slot Where it goes.
 * @property {string} issue Its slug.
 * @property {string} label Id of its visible label.
 * @property {string} help Ids of what describes it.
 * @property {Array<{ key: string, sample: string }>} mergeFields
 * @property {(atOnce?: boolean) => void} typed
 * @property {() => Data | undefined} lineBreaks How the issue has single line breaks.
 * @property {() => Data | undefined} own What stands there in the issue's own language.
 * @property {(key: string) => Data | undefined} beside What stands in another field of the same part.
 * @property {() => string} version Of the file.
 */

const MOMENT = /^(\d{4}-\d\d-\d\d)(?:([Tt ])(\d\d:\d\d)(:[\d.]+)?\s?(Z|z|[+-]\d\d:?\d\d)?)?$/;
const COLOUR = /^#[0-9a-f]{6}$/i;

/** @param {Data | undefined} value */
const asText = (value) => (typeof value === "string" ? value : "");

/** @param {Around} around @returns {Control} */
export function controlOf(around) {
  /** @type {Record<string, (around: Around) => Control>} */
  const kinds = { lines, choice, flag, moment, colour, grid, picture, focus, crop };
  return (kinds[around.field.kind] ?? text)(around);
}

/** @param {Around} around @returns {Control} */
function text({ field, slot, label, help, mergeFields, lineBreaks, typed }) {
  const isMany = field.kind === "text";
  /** @type {Record<string, string>} */
  const modes = { number: field.choices ? "text" : "numeric", address: "url", picture: "url" };
  const options = { value: "", label, help, lines: /** @type {"one" | "many"} */ (isMany ? "many" : "one"), onChange: () => typed() };
  const isRich = isMany || field.markdown || (field.merge && field.kind === "line");
  const rich = { markdown: Boolean(field.markdown), mergeFields: field.merge ? mergeFields : [] };
  const box = isRich
    ? textField(slot, { ...options, ...rich, onPasteHtml: (html) => cleaned(html, lineBreaks() ?? "join") })
    : plainField(slot, { ...options, inputmode: modes[field.kind] });
  return {
    show: (value) => {
      box.value = asText(value).replace(/\n$/, "");
    },
    read: (before) => {
      const said = isMany ? tidy(box.value) : tidy(box.value).replace(/[\n\t]+/g, " ");
      // Several lines stand under `|`, and so does what may become several; what stood on one line stays there.
      const isBlock = isMany && (typeof before !== "string" || before.endsWith("\n") || said.includes("\n"));
      return said ? said + (isBlock ? "\n" : "") : null;
    },
    focus: () => box.focus(),
    destroy: () => box.destroy(),
    isComposing: () => box.isComposing,
    select: (from, to) => box.select(from, to),
  };
}

/** @param {Around} around @returns {Control} */
const picture = (around) => withPicture(around, text);

/** @param {Around} around @returns {Control} The ratios that most pictures are cut to; another one that the file has stays. */
function crop(around) {
  const choices = [
    { value: "16:9", label: word("crop_wide") },
    { value: "4:3", label: word("crop_usual") },
    { value: "1:1", label: word("crop_square") },
    { value: "3:4", label: word("crop_tall") },
  ];
  return choice({ ...around, field: { ...around.field, choices } });
}

/** @param {string} html @param {Data} breaks @returns {Promise<{ markdown: string, told: string[] }>} */
async function cleaned(html, breaks) {
  const { status, body } = await tell("clean", { html, line_breaks: breaks });
  if (status !== 200) throw new Error(String(status));
  return body;
}

/** @param {string} value With the line ends that a file has, and nothing around it. */
const tidy = (value) => value.replace(/\r\n?|[\u2028\u2029]/g, "\n").trim();

/** @param {Around} around @returns {Control} One entry on each line. */
function lines({ slot, label, help, typed }) {
  const box = plainField(slot, { value: "", label, help, lines: "many", onChange: () => typed() });
  return {
    show: (value) => {
      box.value = Array.isArray(value) ? value.map((one) => asText(one).replaceAll("\n", " ").trim()).join("\n") : asText(value);
    },
    read: () => {
      const said = tidy(box.value).split("\n").map((line) => line.trim()).filter(Boolean);
      return said.length ? said : null;
    },
    focus: () => box.focus(),
    destroy: () => box.destroy(),
    isComposing: () => box.isComposing,
  };
}

/** @param {Around} around @returns {Control} What leaving it out stands for is chosen by leaving it out. */
function choice({ field, slot, label, help, typed }) {
  const none = field.default ? word("default", { words: field.default }) : word("unsaid");
  const absent = field.absent ?? "";
  const box = make("select", { "aria-labelledby": label, "aria-describedby": help, class: "desk-text" });
  const offered = (field.choices ?? []).map((one) => new Option(one.label, one.value));
  box.append(...(field.required || absent ? [] : [new Option(none, "")]), ...offered);
  box.addEventListener("change", () => typed(true));
  slot.append(box);
  return {
    show: (value) => {
      const said = asText(value) || absent;
      if (said && ![...box.options].some((one) => one.value === said)) box.append(new Option(said, said));
      box.value = said;
    },
    read: (before) => (box.value === absent && before !== absent ? null : box.value || null),
    focus: () => box.focus(),
    destroy: () => box.remove(),
    isComposing: () => false,
  };
}

/** @param {Around} around @returns {Control} */
function flag({ field, slot, label, help, typed }) {
  const absent = field.absent ?? "false";
  const box = make("input", { type: "checkbox", "aria-labelledby": label, "aria-describedby": help, class: "desk-check" });
  box.addEventListener("change", () => typed(true));
  slot.append(box);
  return {
    show: (value) => {
      box.checked = (asText(value).toLowerCase() || absent) === "true";
    },
    read: (before) => {
      const said = String(box.checked);
      if (asText(before).toLowerCase() === said) return before ?? null;
      return said === absent ? null : said;
    },
    focus: () => box.focus(),
    destroy: () => box.remove(),
    isComposing: () => false,
  };
}

/** @param {Around} around @returns {Control} A day, and an hour that may be left out; the offset stays as it was written. */
function moment({ slot, label, help, typed }) {
  const day = make("input", { type: "date", min: "1900-01-01", max: "2999-12-31", "aria-labelledby": label, "aria-describedby": help, class: "desk-text" });
  const hourId = freshId("hour");
  const hour = make("input", { type: "time", "aria-labelledby": `${label} ${hourId}`, "aria-describedby": help, class: "desk-text" });
  const odd = make("input", { type: "text", "aria-labelledby": label, "aria-describedby": help, class: "desk-text", hidden: true });
  const row = make("div", { class: "desk-row" }, day, make("span", { id: hourId, class: "hidden" }, word("hour")), hour, odd);
  let [sign, rest] = ["T", ""];
  for (const one of [day, hour, odd]) one.addEventListener("input", () => (one.validity.badInput ? undefined : typed()));
  slot.append(row);
  return {
    show: (value) => {
      const said = asText(value).trim();
      const parts = MOMENT.exec(said);
      odd.hidden = !said || Boolean(parts);
      day.hidden = hour.hidden = !odd.hidden;
      odd.value = said;
      [day.value, hour.value] = [parts?.[1] ?? "", parts?.[3] ?? ""];
      [sign, rest] = [parts?.[2] ?? "T", `${parts?.[4] ?? ""}${parts?.[5] ?? ""}`];
    },
    read: (before) => {
      if (!odd.hidden) return odd.value.trim() || null;
      if (!day.value) return day.validity.badInput && typeof before === "string" ? before : null;
      return hour.value ? `${day.value}${sign}${hour.value.slice(0, 5)}${rest}` : day.value;
    },
    focus: () => (odd.hidden ? day : odd).focus(),
    destroy: () => row.remove(),
    isComposing: () => false,
  };
}

/** @param {Around} around @returns {Control} */
function colour(around) {
  const row = make("div", { class: "desk-row" });
  const picker = make("input", { type: "color", "aria-label": word("colour"), class: "desk-colour" });
  around.slot.append(row);
  const inner = text({ ...around, slot: row, typed: (atOnce) => {
    follow();
    around.typed(atOnce);
  } });
  row.append(picker);
  picker.addEventListener("input", () => {
    inner.show(picker.value);
    around.typed();
  });
  function follow() {
    const said = inner.read(undefined);
    if (typeof said === "string" && COLOUR.test(said)) picker.value = said;
  }
  return {
    ...inner,
    show: (value) => {
      inner.show(value);
      follow();
    },
    destroy: () => row.remove(),
  };
}

/** @param {Around} around @returns {Control} */
function grid({ slot, label, help, typed, own }) {
  const box = gridField(slot, { columns: ["", ""], rows: [["", ""]], label, help, onChange: () => typed() });
  onDroppedText(slot, async (text) => {
    const made = await figuresOf("table", text);
    if (!made) return;
    box.value = made;
    typed(true);
  });
  return {
    show: (value) => {
      const shape = own();
      const said = (/** @type {number} */ row, /** @type {number} */ column) => asText(at(value, [row, column]));
      const rows = Array.isArray(shape) ? shape.map((cells, row) => [...cells].map((_, column) => said(row, column))) : [];
      box.value = rows.length ? { columns: rows[0], rows: rows.slice(1) } : { columns: ["", ""], rows: [["", ""]] };
    },
    read: () => {
      const said = [box.value.columns, ...box.value.rows];
      return said.flat().some((cell) => cell.trim()) ? said : null;
    },
    focus: () => box.focus(),
    destroy: () => box.destroy(),
    isComposing: () => box.isComposing,
  };
}
