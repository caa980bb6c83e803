// @ts-check
// Findings at their places in the form: fetched when all is saved and the letter is there.

import { same } from "./desk_data.js";
import { foundNote } from "./desk_fields.js";
import { ask } from "./desk_talk.js";
import { letterSettled } from "./frames.js";

/** @import { Finding } from "./desk_types.js" */
/** @import { Desk } from "./desk_session.js" */
/** @import { Card } from "./desk_card.js" */

const QUIET = 250;
/** Milliseconds after the last change until findings are asked for. */

let pressed = false;
/** @type {Array<() => void>} */
let waiting = [];

/** @returns {Promise<void>} Done when no button of a mouse and no finger is down: what is pressed shall not move away. */
const released = () => new Promise((done) => (pressed ? waiting.push(done) : done()));

function press() {
  pressed = true;
}

function release() {
  pressed = false;
  // The click itself comes after it.
  const all = waiting;
  waiting = [];
  setTimeout(() => all.forEach((done) => done()));
}

document.addEventListener("pointerdown", press, true);
for (const word of ["pointerup", "pointercancel", "dragend"]) document.addEventListener(word, release, true);

export class Findings {
  /** @type {Finding[]} */
  #all = [];
  #timer = 0;
  #version = "";

  /** @param {Desk} desk @param {HTMLElement} place Where what has no place of its own is told. @param {() => Card[]} cards */
  constructor(desk, place, cards) {
    this.desk = desk;
    this.place = place;
    this.cards = cards;
  }

  /** Something was changed; look again in a moment. */
  later() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#look(), QUIET);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  async #look() {
    await letterSettled();
    const { slug, version } = this.desk.opened;
    if (this.desk.isUnsaved || version === this.#version) return;
    try {
      const { status, body } = await ask("findings", { issue: slug });
      if (status !== 200 || !Array.isArray(body) || this.desk.opened.version !== version) return;
      this.#version = version;
      this.#all = body;
      await released();
      this.show();
    } catch (error) {
      // A lost server is told of elsewhere.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** Put each at the field it is about, or at the nearest thing around it. */
  show() {
    /** @type {Map<import("./desk_session.js").Spot, Finding[]>} */
    const found = new Map([...this.desk.spots].map((spot) => [spot, []]));
    /** @type {Finding[]} */
    const general = [];
    for (const one of this.#all) {
      let [nearest, depth] = [/** @type {Finding[]} */ (general), 0];
      for (const [spot, own] of found) {
        const path = spot.path();
        if (path.length > depth && same(path, one.path.slice(0, path.length))) [nearest, depth] = [own, path.length];
      }
      // What is wrong with subscribers or settings is told in the panel.
      const isElsewhere = nearest === general && Boolean(one.place) && !one.place?.startsWith(this.desk.opened.file);
      if (!isElsewhere) nearest.push(one);
    }
    for (const [spot, own] of found) spot.tell(own);
    this.place.replaceChildren(...general.map(foundNote));
    this.cards().forEach((card, index) => {
      const inside = this.#all.filter((one) => same(one.path.slice(0, 2), ["sections", index]));
      const errors = inside.filter((one) => one.severity === "error").length;
      card.count(errors, inside.length - errors);
    });
  }
}
