// @ts-check
// The value of a text field: what it was given, what is told of it, and when. Nothing is told and nothing from outside is
// written while a syllable is being composed: half of one is no text, and a change under an input method breaks it. What
// comes meanwhile waits, and is then merged with what was typed.

import { ChangeSet, diff, Transaction } from "./editor_core.js";
import { refresh } from "./text_look.js";

/** @typedef {any} View CodeMirror's EditorView; the vendored bundle has no types. */

/** How many steps `diff` may take before it is content with a coarse answer; what a person changes needs some dozens. */
const MOST_STEPS = 2_000;

/** @param {string} from @param {string} to @returns {any} The change that makes one of the other, as few characters as there are. */
function difference(from, to) {
  const changes = diff(from, to, { scanLimit: MOST_STEPS }).map((/** @type {any} */ { fromA, toA, fromB, toB }) => ({
    from: fromA,
    to: toA,
    insert: to.slice(fromB, toB),
  }));
  return ChangeSet.of(changes, from.length, "\n");
}

const lineEnds = (/** @type {string} */ text) => text.replace(/\r\n?/g, "\n");

/** What stands in the editor, and what a file has in its place: there a text of several lines ends with a line end. */
export class FieldValue {
  /** @param {string} value @param {boolean} isMany @param {(value: string) => void} onChange */
  constructor(value, isMany, onChange) {
    this.isMany = isMany;
    this.onChange = onChange;
    /** @type {View} */
    this.view = null;
    /** @type {string | null} The value that came while a syllable was being composed. */
    this.waiting = null;
    /** @type {(() => void)[]} */
    this.afterwards = [];
    /** @type {any} What was written here since a value was given; null: nothing. */
    this.since = null;
    this.given = value;
    this.told = value;
    this.ending = "";
    this.shownFirst = "";
    this.take(value);
  }

  /** @param {string} value */
  take(value) {
    this.given = this.told = value;
    this.ending = this.isMany ? (/\n*$/.exec(lineEnds(value))?.[0] ?? "") : "";
    this.shownFirst = lineEnds(value).slice(0, lineEnds(value).length - this.ending.length);
    this.since = null;
  }

  /** @returns {string} Exactly what was given, as long as it was not changed; without a syllable that is not whole. */
  get() {
    return this.view.compositionStarted ? this.told : this.here();
  }

  /** @returns {string} With it. */
  here() {
    const shown = this.view.state.doc.toString();
    if (shown === this.shownFirst) return this.given;
    return shown && shown + this.ending;
  }

  /** @param {string} value */
  set(value) {
    if (this.view.compositionStarted) {
      this.waiting = value;
      return;
    }
    if (value === this.here()) {
      this.take(value);
      return;
    }
    this.take(value);
    this.write(difference(this.view.state.doc.toString(), this.shownFirst));
  }

  /** @param {any} changes Of somebody else: not to be undone here. */
  write(changes) {
    this.isOutside = true;
    this.view.dispatch({ changes, annotations: [Transaction.addToHistory.of(false), Transaction.remote.of(true)] });
    this.isOutside = false;
  }

  /** @param {any} update CodeMirror's ViewUpdate. */
  follow({ docChanged, changes }) {
    if (!docChanged || this.isOutside) return;
    this.since = this.since ? this.since.compose(changes) : changes;
    if (!this.view.compositionStarted) this.tell();
  }

  tell() {
    const value = this.here();
    if (value === this.told) return;
    this.told = value;
    this.onChange(value);
  }

  /** A syllable is whole. Another may begin at once, so what it wrote is told now; all else waits until none is. */
  composed() {
    queueMicrotask(() => queueMicrotask(() => this.view && this.tell()));
    setTimeout(() => this.settle(), 0);
  }

  /** @param {() => void} ready Done at once, or when no syllable is being composed any more. */
  whenNotComposing(ready) {
    if (this.view.compositionStarted) this.afterwards.push(ready);
    else ready();
  }

  settle() {
    if (!this.view || this.view.compositionStarted) return;
    this.view.dispatch({ effects: refresh.of(null) });
    this.tell();
    if (this.waiting !== null) this.merge(this.waiting);
    for (const ready of this.afterwards.splice(0)) ready();
  }

  /** @param {string} value What came, made of the value before; what was typed since is kept on top of it. */
  merge(value) {
    this.waiting = null;
    const [base, mine] = [this.shownFirst, this.since];
    this.take(value);
    const theirs = difference(base, this.shownFirst);
    this.write(mine ? theirs.map(mine) : theirs);
    this.tell();
  }
}
