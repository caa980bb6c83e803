// @ts-check
// The sections of an issue: their order, adding, copying, hiding and deleting them, by pointer and by keyboard.

import { Card } from "./desk_card.js";
import { make, textButton } from "./desk_build.js";
import { at } from "./desk_data.js";
import { dragged } from "./desk_drag.js";
import { matched } from "./desk_parts.js";
import { choosePalette } from "./desk_palette.js";
import { announce } from "./desk_status.js";
import { word } from "./desk_words.js";

/** @import { Data, Place } from "./desk_types.js" */
/** @import { Desk } from "./desk_session.js" */
/** @import { View } from "./desk_fields.js" */

const PATH = ["sections"];

/** @param {Desk} desk @param {Place} root @param {Set<number>} opened Which are unfolded from the start. @returns {View & { cards: () => Card[] }} */
export function sectionsView(desk, root, opened) {
  const place = { parent: root, key: "sections" };
  const list = make("ol", { class: "desk-cards" });
  const element = make("section", { class: "desk-sections", "aria-labelledby": "desk-sections-title" });
  element.append(make("h3", { id: "desk-sections-title", class: "desk-title" }, word("sections")), list);
  /** @type {Card[]} */
  let cards = [];
  const there = () => /** @type {Data[]} */ (at(desk.data, PATH) ?? []);
  const typeOf = (/** @type {Data} */ datum) => String(at(datum, ["type"]) ?? "");
  const doing = { move, copy, hide, remove, drag };

  /** @param {number} index @param {string} type */
  function made(index, type) {
    return new Card(desk, desk.form.sections.find((one) => one.type === type), type, { parent: place, key: index }, doing);
  }

  /** @param {Card} card */
  const nameOf = (card) => [card.known?.label ?? card.kind, card.name.textContent].filter(Boolean).join(" · ");

  /** @param {Card} card @param {number} by */
  function move(card, by) {
    const index = cards.indexOf(card);
    moveTo(card, index + by);
  }

  /** @param {Card} card @param {number} to */
  function moveTo(card, to) {
    const index = cards.indexOf(card);
    if (to < 0 || to >= cards.length) return announce(word(to < 0 ? "is_first" : "is_last"));
    if (to === index) return;
    const focused = document.activeElement;
    desk.flush();
    cards.splice(to, 0, ...cards.splice(index, 1));
    arrange();
    desk.change([{ op: "move", path: PATH, index, to }]);
    if (focused instanceof HTMLElement && card.element.contains(focused)) focused.focus();
    card.element.scrollIntoView({ block: "nearest" });
    announce(word("moved", { number: to + 1 }));
  }

  /** @param {Card} card */
  function copy(card) {
    desk.flush();
    const index = cards.indexOf(card);
    desk.change([{ op: "copy", path: PATH, index, to: index + 1 }]);
    cards[index + 1].focus();
    announce(word("copied", { what: nameOf(card) }));
  }

  /** @param {Card} card */
  function hide(card) {
    const path = [...PATH, cards.indexOf(card), "hidden"];
    const wasHidden = card.isHidden;
    desk.change([wasHidden ? { op: "remove_key", path } : { op: "set", path, value: "true" }]);
    announce(word(wasHidden ? "shown" : "hidden", { what: nameOf(card) }));
  }

  /** @param {Card} card */
  function remove(card) {
    desk.flush();
    const index = cards.indexOf(card);
    const what = nameOf(card);
    card.destroy();
    cards.splice(index, 1);
    arrange();
    desk.change([{ op: "remove", path: PATH, index }]);
    announce(word("deleted", { what }), () => desk.step("undo"));
    (cards[index]?.fold ?? /** @type {HTMLElement | null} */ (list.querySelector(".desk-between button")))?.focus();
  }

  /** @param {Card} card @param {PointerEvent} event */
  function drag(card, event) {
    dragged(event, card.element, cards.map((one) => one.element), (to) => moveTo(card, to));
  }

  /** @param {number} index @param {HTMLElement} opener */
  async function add(index, opener) {
    const kind = await choosePalette(desk.form.sections);
    if (!kind) return opener.focus();
    desk.change([{ op: "insert", path: PATH, index, value: structuredClone(kind.fresh) }]);
    cards[index].enter();
    announce(word("added", { what: kind.label, number: index + 1 }));
  }

  /** @param {number} index */
  function between(index) {
    const label = index === cards.length ? word("add_section") : word("add_section_at", { number: index + 1 });
    const isLast = index === cards.length;
    const button = textButton(isLast ? label : "", () => add(index, button), { class: "desk-button desk-add", "aria-label": label, title: label }, "add");
    return make("li", { class: isLast ? "desk-between desk-last" : "desk-between" }, button);
  }

  /** Put the cards in their order, and a way to add one before each and at the end. */
  function arrange() {
    for (const old of list.querySelectorAll(".desk-between, .desk-card")) {
      if (old.classList.contains("desk-between") || !cards.some((card) => card.element === old)) old.remove();
    }
    cards.forEach((card, index) => {
      card.place.key = index;
      if (list.children[index] !== card.element) list.insertBefore(card.element, list.children[index] ?? null);
    });
    for (const [index, card] of cards.entries()) card.element.before(between(index));
    list.append(between(cards.length));
  }

  function update() {
    const now = there();
    const kept = matched(cards, now, typeOf);
    for (const card of cards) if (!kept.includes(card)) card.destroy();
    const next = now.map((datum, index) => kept[index] ?? made(index, typeOf(datum)));
    const isSame = next.length === cards.length && next.every((card, index) => card === cards[index]);
    cards = next;
    if (!isSame || !list.children.length) arrange();
    cards.forEach((card, index) => {
      card.said = now[index];
      card.update();
    });
  }

  update();
  for (const index of opened) cards[index]?.unfold(true);
  return {
    element,
    update,
    cards: () => cards,
    focus: () => cards[0]?.focus(),
    destroy: () => cards.forEach((card) => card.destroy()),
  };
}
