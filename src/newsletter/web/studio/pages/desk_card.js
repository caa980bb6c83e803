// @ts-check
// A section as a card: its type and heading in the bar, what can be done with it, and its fields, which are made when it
// is unfolded for the first time.

import { freshId, icon, iconButton, make } from "./desk_build.js";
import { at, pathOf } from "./desk_data.js";
import { fieldsView, foundNote } from "./desk_fields.js";
import { takePictures } from "./desk_files.js";
import { word } from "./desk_words.js";

/** @import { Data, Finding, Place, SectionKind } from "./desk_types.js" */
/** @import { Desk } from "./desk_session.js" */
/** @import { View } from "./desk_fields.js" */

/**
 * @typedef {object} Doing What can be done with a card.
 * @property {(card: Card, by: number) => void} move
 * @property {(card: Card) => void} copy
 * @property {(card: Card) => void} hide
 * @property {(card: Card) => void} remove
 * @property {(card: Card, event: PointerEvent) => void} drag
 */

export class Card {
  /** @type {View | null} */
  #fields = null;
  /** @type {Data | undefined} */
  said;

  /** @param {Desk} desk @param {SectionKind | undefined} kind @param {string} type @param {Place} place @param {Doing} doing */
  constructor(desk, kind, type, place, doing) {
    const bodyId = freshId("body");
    this.desk = desk;
    this.kind = type;
    this.known = kind;
    this.place = place;
    this.name = make("span", { class: "desk-heading" });
    this.badge = make("span", { class: "count" });
    this.body = make("div", { id: bodyId, class: "desk-body", hidden: true });
    this.found = make("div", { class: "desk-found" });
    this.fold = make("button", { type: "button", id: freshId("fold"), class: "desk-fold", "aria-expanded": "false", "aria-controls": bodyId }, icon("fold"));
    this.fold.append(make("span", { class: "desk-type" }, kind?.label ?? type), " ", this.name, " ", this.badge);
    this.fold.addEventListener("click", () => this.unfold(this.body.hidden));
    this.handle = iconButton("handle", word("drag"), () => {}, { class: "desk-tool desk-handle" });
    this.handle.addEventListener("pointerdown", (event) => doing.drag(this, event));
    this.handle.addEventListener("keydown", (event) => step(event, false));
    this.hider = iconButton("hide", word("hide"), () => doing.hide(this), { "aria-pressed": "false" });
    this.tools = {
      up: iconButton("up", word("up"), () => doing.move(this, -1)),
      down: iconButton("down", word("down"), () => doing.move(this, 1)),
      copy: iconButton("copy", word("copy"), () => doing.copy(this)),
      remove: iconButton("remove", word("delete"), () => doing.remove(this)),
    };
    const { up, down, copy, remove } = this.tools;
    const tools = make("span", { class: "desk-tools", role: "group", "aria-labelledby": this.fold.id }, up, down, copy, this.hider, remove);
    const bar = make("div", { class: "desk-bar" }, this.handle, make("h3", {}, this.fold), tools);
    bar.addEventListener("keydown", (event) => step(event, true));
    this.element = make("li", { class: "desk-card", "data-type": type }, bar, this.body);

    /** @param {KeyboardEvent} event @param {boolean} withAlt */
    const step = (event, withAlt) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by || event.altKey !== withAlt || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      doing.move(this, by);
    };
    /** @type {import("./desk_session.js").Spot} */
    this.spot = { path: () => pathOf(place), element: this.element, label: kind?.label ?? type, tell: (all) => this.#tell(all), reveal: () => this.focus() };
    desk.spots.add(this.spot);
    takePictures(desk, this);
    this.update();
  }

  get isHidden() {
    return at(this.desk.data, [...pathOf(this.place), "hidden"]) === "true";
  }

  /** @param {boolean} open */
  unfold(open) {
    if (open && !this.#fields) {
      this.#fields = this.known ? fieldsView(this.desk, this.known.fields, this.place) : unknown();
      this.body.replaceChildren(this.found, this.#fields.element);
      this.desk.watcher.grown();
    }
    this.body.hidden = !open;
    this.fold.setAttribute("aria-expanded", String(open));
  }

  update() {
    const data = at(this.desk.data, pathOf(this.place));
    this.name.textContent = titleOf(data);
    this.element.classList.toggle("desk-hidden", this.isHidden);
    this.hider.setAttribute("aria-pressed", String(this.isHidden));
    this.#fields?.update();
  }

  focus() {
    this.unfold(true);
    this.fold.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Go into its first field. */
  enter() {
    this.unfold(true);
    this.#fields?.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {Finding[]} all */
  #tell(all) {
    this.found.replaceChildren(...all.map(foundNote));
  }

  /** @param {number} errors @param {number} warnings Of all that is in it. */
  count(errors, warnings) {
    this.badge.textContent = errors + warnings ? String(errors + warnings) : "";
    this.badge.className = `count ${errors ? "error" : "warning"}`;
    this.badge.title = errors + warnings ? word("found_here", { number: errors + warnings }) : "";
  }

  destroy() {
    this.desk.spots.delete(this.spot);
    this.#fields?.destroy();
  }
}

/** @param {Data | undefined} data Its heading, or else the first words of it. */
function titleOf(data) {
  if (!data || typeof data !== "object" || Array.isArray(data)) return "";
  const texts = ["heading", "title", "text", "body", "caption"].map((key) => data[key]);
  const said = texts.find((one) => typeof one === "string" && one.trim());
  return typeof said === "string" ? said.trim().split("\n")[0].slice(0, 80) : "";
}

/** @returns {View} A type that this version does not know. */
function unknown() {
  return { element: make("p", { class: "note" }, word("unknown_type")), update: () => {}, focus: () => {}, destroy: () => {} };
}
