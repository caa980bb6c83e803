// @ts-check
// One field that is written in: what is typed goes to the desk after a short pause; what comes from elsewhere is shown,
// unless somebody is writing there.

import { at, clearing, listing, pathOf, same, setting } from "./desk_data.js";
import { freshId } from "./desk_build.js";

/** @import { Change, Data, Place } from "./desk_types.js" */
/** @import { Desk } from "./desk_session.js" */

/**
 * @typedef {object} Control What a person writes in.
 * @property {(value: Data | undefined) => void} show
 * @property {(before: Data | undefined) => Data | null} read What the file shall say; null: nothing. `before`: what it says now.
 * @property {() => void} focus
 * @property {() => void} destroy
 * @property {() => boolean} isComposing
 * @property {() => void} [refresh] Something else in the issue may have changed.
 * @property {(from: number, to: number) => void} [select]
 * @property {() => number} [cursor]
 */

const FIRST = 10;
const MORE = 120;
/** Milliseconds until a key is saved: the first one nearly at once, then what has come together. */
const REST = 400;
/** Milliseconds without saving after which a key is a first one. */
const STEP = 2000;
/** Milliseconds without a key after which what is typed is another step of undo. */

export class Box {
  #timer = 0;
  #step = "";
  #typed = 0;
  #saved = 0;
  /** @type {string | undefined} What the file was when somebody else changed it under what is being typed. */
  #seen;

  /** @param {Desk} desk @param {() => import("./desk_types.js").Path} path @param {boolean} required */
  constructor(desk, path, required) {
    this.desk = desk;
    this.path = path;
    this.required = required;
    this.isDirty = false;
    /** Whether the server would not take it; it stays until something else is typed. */
    this.isRefused = false;
    /** @type {Control | null} */
    this.control = null;
    desk.boxes.add(this);
  }

  /** Somebody has typed. @param {boolean} [atOnce] */
  typed(atOnce = false) {
    const now = performance.now();
    if (!this.#step || now - this.#typed > STEP) this.#step = freshId("step");
    this.#typed = now;
    this.isDirty = true;
    this.isRefused = false;
    this.desk.typed();
    if (atOnce) this.commit();
    else this.#timer ||= window.setTimeout(() => this.commit(), now - this.#saved > REST ? FIRST : MORE);
  }

  /** The file is about to be another one. @param {string} version What it was. @param {Data} next What it says then. */
  changing(version, next) {
    const isTyped = this.isDirty || this.control?.isComposing();
    if (isTyped && !same(at(this.desk.data, this.path()), at(next, this.path()))) this.#seen ??= version;
  }

  /** Hand what is typed to the desk. */
  commit() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.isDirty || !this.control) return;
    this.isDirty = false;
    this.#saved = performance.now();
    const seen = this.#seen;
    this.#seen = undefined;
    const { data } = this.desk;
    const before = at(data, this.path());
    const changes = this.#changes(data, before, this.control.read(before));
    if (changes.length) this.desk.change(changes, this.#step, this, seen);
    else this.desk.typed();
  }

  /** What is typed from now on is another step of undo. */
  endStep() {
    this.#step = "";
  }

  /** Show what the file says, where nobody is writing. */
  show() {
    this.control?.refresh?.();
    if (!this.control || this.isDirty || this.isRefused || this.control.isComposing()) return;
    const value = at(this.desk.data, this.path());
    if (!same(this.control.read(value) ?? undefined, value)) this.control.show(value);
  }

  /** What is typed and not yet handed over is gone with it: whoever takes it away has the desk flushed before. */
  destroy() {
    clearTimeout(this.#timer);
    this.desk.boxes.delete(this);
    this.control?.destroy();
  }

  /** @param {Data} data @param {Data | undefined} before @param {Data | null} value @returns {Change[]} */
  #changes(data, before, value) {
    const path = this.path();
    if (same(before, value ?? undefined)) return [];
    if (value === null && this.required && before !== undefined) return [{ op: "set", path, value: "" }];
    if (value === null) return clearing(data, path);
    if (!Array.isArray(value)) return setting(data, path, value);
    return path[0] === "translations" && Array.isArray(value[0]) ? cells(data, path, value) : listed(data, path, value);
  }
}

/** @param {Data} data @param {import("./desk_types.js").Path} path @param {Data[]} rows @returns {Change[]} In other words, a table has the rows that it has. */
function cells(data, path, rows) {
  const own = at(data, path.slice(2));
  const there = Array.isArray(own) ? own : [];
  return there.flatMap((row, index) =>
    [...row].flatMap((_, column) => {
      const place = [...path, index, column];
      const [now, said] = [at(data, place) ?? "", at(rows, [index, column]) ?? ""];
      return now === said ? [] : [/** @type {Change} */ ({ op: "set", path: place, value: said })];
    }),
  );
}

/** @param {Data} data @param {import("./desk_types.js").Path} path @param {Data[]} value @returns {Change[]} */
function listed(data, path, value) {
  return at(data, path) === undefined ? setting(data, path, value) : listing(data, path, value);
}
