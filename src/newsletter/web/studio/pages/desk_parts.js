// @ts-check
// Parts of an issue or a section: a picture, a button; and lists of them, such as research cards and events.

import { freshId, iconButton, make, textButton } from "./desk_build.js";
import { at, clearing, pathOf, same } from "./desk_data.js";
import { fieldsView } from "./desk_fields.js";
import { takeFigures } from "./desk_figures.js";
import { takePictureAt } from "./desk_files.js";
import { announce } from "./desk_status.js";
import { word } from "./desk_words.js";

/** @import { Data, Field, Place } from "./desk_types.js" */
/** @import { Desk } from "./desk_session.js" */
/** @import { View } from "./desk_fields.js" */

/** @param {Desk} desk @param {Field} field */
const fieldsOf = (desk, field) => desk.form.parts[field.of ?? ""] ?? [];

/** @param {Desk} desk @param {Field} field @param {Place} place @returns {View} One part, which may not be there yet. */
export function partView(desk, field, place) {
  const element = make("div", { class: "desk-part", "data-key": field.key });
  /** @type {View | null} */
  let inside = null;
  const add = textButton(word("add_part", { label: field.label }), () => open().focus(), { class: "desk-button desk-add" }, "add");
  const remove = iconButton("remove", word("remove_part", { label: field.label }), () => {
    desk.flush();
    const changes = clearing(desk.data, pathOf(place));
    close();
    if (changes.length) desk.change(changes);
    add.focus();
  });

  function open() {
    if (inside) return inside;
    inside = fieldsView(desk, fieldsOf(desk, field), place);
    const id = freshId("legend");
    const legend = make("div", { class: "desk-legend" }, make("span", { id }, field.label), field.required ? null : remove);
    element.replaceChildren(make("div", { role: "group", "aria-labelledby": id, class: "desk-set" }, legend, inside.element));
    return inside;
  }

  function close() {
    inside?.destroy();
    inside = null;
    element.replaceChildren(add);
  }

  function update() {
    const isThere = at(desk.data, pathOf(place)) !== undefined;
    // What was opened to be filled in stays, though nothing of it is written yet.
    if (isThere) open().update();
    else if (inside && wasThere) close();
    wasThere = isThere;
  }

  let wasThere = false;
  close();
  if (field.of === "Image") takePictureAt(desk, place, element);
  if (field.required) open();
  update();
  return { element, update, focus: () => (inside ? inside.focus() : add.focus()), destroy: () => inside?.destroy() };
}

/** @typedef {{ place: Place, view: View, element: HTMLElement, said: Data | undefined, name: HTMLElement }} Item */

/** @param {Desk} desk @param {Field} field @param {Place} place @returns {View} A list; its last item may not be written yet. */
export function listView(desk, field, place) {
  const list = make("ol", { class: "desk-list" });
  const id = freshId("legend");
  /** @type {Item[]} */
  let items = [];
  const add = textButton(word("add_part", { label: field.entry ?? field.label }), addItem, { class: "desk-button desk-add" }, "add");
  const element = make(
    "div",
    { role: "group", "aria-labelledby": id, class: "desk-part", "data-key": field.key },
    make("div", { class: "desk-legend" }, make("span", { id }, field.label)),
    list,
    add,
  );
  const there = () => /** @type {Data[]} */ (at(desk.data, pathOf(place)) ?? []);

  /** @param {Data | undefined} said @returns {Item} */
  function made(said) {
    const own = { parent: place, key: items.length };
    const view = fieldsView(desk, fieldsOf(desk, field), own);
    const name = make("span", { class: "desk-number", id: freshId("item") });
    const item = { place: own, view, said, name, element: make("li") };
    const tools = make(
      "span",
      { class: "desk-tools" },
      iconButton("up", word("up"), () => move(item, -1), { "data-way": "up" }),
      iconButton("down", word("down"), () => move(item, 1), { "data-way": "down" }),
      iconButton("remove", word("delete"), () => remove(item)),
    );
    const legend = make("div", { class: "desk-legend" }, name, tools);
    item.element.append(make("div", { class: "desk-set", role: "group", "aria-labelledby": `${id} ${name.id}` }, legend, view.element));
    return item;
  }

  function addItem() {
    desk.flush();
    const last = items[items.length - 1];
    if (items.length > there().length) last.view.focus();
    else if (field.fresh && fieldsOf(desk, field).some((one) => one.may_be_empty)) {
      // What may be empty has to be there all the same.
      desk.change([{ op: "insert", path: pathOf(place), index: there().length, value: field.fresh }]);
      items[items.length - 1].view.focus();
    } else {
      const item = made(undefined);
      items.push(item);
      place_();
      item.view.focus();
    }
  }

  /** @param {Item} item @param {number} by */
  function move(item, by) {
    const index = items.indexOf(item);
    const to = index + by;
    if (to < 0 || to >= there().length || index >= there().length) return;
    desk.flush();
    items.splice(to, 0, ...items.splice(index, 1));
    place_();
    desk.change([{ op: "move", path: pathOf(place), index, to }]);
    announce(word("moved", { number: to + 1 }));
    /** @type {HTMLElement | null} */ (item.element.querySelector(`[data-way=${by < 0 ? "up" : "down"}]`))?.focus();
  }

  /** @param {Item} item */
  function remove(item) {
    desk.flush();
    const index = items.indexOf(item);
    const isWritten = index < there().length;
    const path = pathOf(place);
    item.view.destroy();
    items.splice(index, 1);
    place_();
    if (isWritten) desk.change(there().length === 1 && !field.required ? clearing(desk.data, path) : [{ op: "remove", path, index }]);
    announce(word("deleted", { what: `${field.entry ?? field.label} ${index + 1}` }), isWritten ? () => desk.step("undo") : undefined);
    (items[index]?.view ?? { focus: () => add.focus() }).focus();
  }

  /** Put the items in their order, and tell each where it is. */
  function place_() {
    items.forEach((item, index) => {
      item.place.key = index;
      item.name.textContent = String(index + 1);
      if (list.children[index] !== item.element) list.insertBefore(item.element, list.children[index] ?? null);
    });
    while (list.children.length > items.length) list.lastElementChild?.remove();
    add.hidden = Boolean(field.most && items.length >= field.most);
  }

  function update() {
    const now = there();
    const unwritten = items.filter((item) => item.said === undefined && items.indexOf(item) >= now.length);
    const kept = matched(items.filter((item) => !unwritten.includes(item)), now);
    for (const item of items) if (!kept.includes(item) && !unwritten.includes(item)) item.view.destroy();
    items = [];
    for (const [index, said] of now.entries()) items.push(kept[index] ?? made(said));
    items.push(...unwritten);
    place_();
    items.forEach((item, index) => {
      item.said = now[index];
      item.view.update();
    });
  }

  if (field.of === "ChartItem") takeFigures(desk, place, element);
  update();
  return { element, update, focus: () => (items[0]?.view ?? { focus: () => add.focus() }).focus(), destroy: () => items.forEach((item) => item.view.destroy()) };
}

/**
 * For each datum the item that shows it already: one that said the same, or else the one of its place.
 * @template {{ said: Data | undefined, kind?: string }} T
 * @param {T[]} items @param {Data[]} data @param {(datum: Data) => string} [kindOf] @returns {Array<T | undefined>}
 */
export function matched(items, data, kindOf = () => "") {
  const free = new Set(items);
  const take = (/** @type {T | undefined} */ item) => {
    if (item) free.delete(item);
    return item;
  };
  const equal = data.map((datum) => take([...free].find((item) => same(item.said, datum))));
  return equal.map((found, index) => {
    if (found) return found;
    const own = items[index];
    return free.has(own) && (own.kind ?? "") === kindOf(data[index]) ? take(own) : undefined;
  });
}
