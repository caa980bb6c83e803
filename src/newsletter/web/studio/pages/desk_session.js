// @ts-check
// One issue on the desk: its data with all that was typed, the fields that show it, and the way to the server.

import { at, changed } from "./desk_data.js";
import { freshId } from "./desk_build.js";
import { Saver, WINDOW } from "./desk_saving.js";
import { ask } from "./desk_talk.js";

/** @import { Change, Clash, Data, Finding, Form, Opened, Path } from "./desk_types.js" */
/** @import { Box } from "./desk_box.js" */
/** @import { State } from "./desk_saving.js" */

/**
 * @typedef {object} Spot A field or a section, as findings and clicks look for it.
 * @property {() => Path} path
 * @property {HTMLElement} element
 * @property {string} label
 * @property {Box} [box]
 * @property {(found: Finding[]) => void} tell
 * @property {() => void} reveal
 */

/**
 * @typedef {object} Watcher
 * @property {(opened: Opened) => void} opened The file is another one by now.
 * @property {(state: State, why: string) => void} state
 * @property {(clashes: Clash[]) => void} clash
 * @property {() => void} changed Something was changed here.
 * @property {() => void} grown There are fields that were not there before.
 * @property {(why: string) => void} refused
 */

export class Desk {
  /** @type {Set<Box>} */
  boxes = new Set();
  /** @type {Set<Spot>} */
  spots = new Set();
  /** Language that is written beside the issue's own; empty: none. */
  second = "";
  /** @type {() => void} */
  update = () => {};
  #isStale = false;

  /** @param {Form} form @param {Opened} opened @param {Watcher} watcher */
  constructor(form, opened, watcher) {
    this.form = form;
    this.opened = opened;
    this.watcher = watcher;
    /** @type {Data} */
    this.data = opened.data ?? {};
    this.saver = new Saver(opened, {
      opened: (now, pending) => this.#take(now, pending),
      state: (state, why) => watcher.state(state === "saved" && this.isWrittenIn ? "saving" : state, why),
      refused: (job, why) => {
        this.#refuse(job.changes);
        watcher.refused(why);
      },
      clash: (clashes) => watcher.clash(clashes),
    });
  }

  /** Whether something is typed that the server does not have. */
  get isUnsaved() {
    return this.saver.isBusy || this.isWrittenIn || [...this.boxes].some((box) => box.isRefused);
  }

  get isWrittenIn() {
    return [...this.boxes].some((box) => box.isDirty || box.control?.isComposing());
  }

  /** @param {Path} path */
  at(path) {
    return at(this.data, path);
  }

  /** Somebody is typing: what comes of it is known in a moment. */
  typed() {
    if (!this.saver.isBusy) this.watcher.state(this.isWrittenIn ? "saving" : "saved", "");
  }

  /**
   * @param {Change[]} changes @param {string} [group] @param {Box} [from] The field in which they were typed.
   * @param {string} [version] Of the file that was seen there, where that is not the one of now.
   */
  change(changes, group = freshId("step"), from = undefined, version = undefined) {
    if (!from) this.flush();
    this.data = changes.reduce(changed, this.data);
    this.saver.change(changes, group, version);
    this.watcher.changed();
    this.update();
  }

  /** Hand over all that is being typed. */
  flush() {
    for (const box of this.boxes) box.commit();
  }

  /** @param {"undo" | "redo"} way */
  step(way) {
    this.flush();
    for (const box of this.boxes) {
      box.endStep();
      box.isRefused = false;
    }
    this.saver.step(way);
  }

  /** Look at the file again; while somebody writes, that waits until it is saved, which brings the file with it. */
  async look() {
    this.#isStale = true;
    if (this.isWrittenIn || this.saver.isBusy) return;
    this.#isStale = false;
    const { version } = this.opened;
    try {
      const { status, body } = await ask("issue", { issue: this.opened.slug, window: WINDOW });
      if (status !== 200 || body.version === version) return;
      if (this.isWrittenIn || this.saver.isBusy || this.opened.version !== version) this.#isStale = true;
      else {
        this.saver.opened = body;
        this.#take(body, []);
      }
    } catch (error) {
      // A lost server is told of elsewhere, and looked for again.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** @param {Opened} opened @param {Change[]} pending */
  #take(opened, pending) {
    if (opened.merged && opened.data) {
      const next = pending.reduce(changed, /** @type {Data} */ (opened.data));
      for (const box of this.boxes) box.changing(this.opened.version, next);
    }
    this.opened = opened;
    if (opened.data) this.data = pending.reduce(changed, /** @type {Data} */ (opened.data));
    this.watcher.opened(opened);
    if (opened.data) this.update();
    if (this.#isStale && !this.isUnsaved) this.look();
  }

  /** @param {Change[]} changes What the server will not take stays where it was typed, and the data are the file's. */
  #refuse(changes) {
    const places = new Set(changes.map((change) => JSON.stringify(change.path)));
    for (const box of this.boxes) {
      const isOwn = places.has(JSON.stringify(box.path())) && !box.isDirty;
      if (isOwn) box.isRefused = true;
    }
    if (this.opened.data) this.data = this.saver.pending.reduce(changed, /** @type {Data} */ (this.opened.data));
    this.update();
  }

  /** Its fields are gone; what was typed in them is still saved. */
  destroy() {
    this.update = () => {};
    for (const box of [...this.boxes]) box.destroy();
    this.spots.clear();
  }
}
