// @ts-check
// How a text field shows its text: emphasis as emphasis with its marks pale, and merge fields as chips that are walked over
// and deleted as one. While a syllable is being composed nothing here changes, since the browser's input method holds on to
// the text node it writes into; `refresh` catches up when it is done.

import { Decoration, EditorView, StateEffect, StateField, WidgetType } from "./editor_core.js";
import { chipText } from "./text_fields.js";
import { marksIn } from "./text_marks.js";

/** @typedef {import("./text_fields.js").FieldAt} FieldAt */
/** @typedef {import("./text_fields.js").Words} Words */

export const refresh = StateEffect.define();

class Chip extends WidgetType {
  /** @param {FieldAt} field @param {string} text */
  constructor(field, text) {
    super();
    this.field = field;
    this.text = text;
  }

  /** @param {Chip} other */
  eq(other) {
    return other.text === this.text && other.field.key === this.field.key;
  }

  toDOM() {
    const chip = document.createElement("span");
    chip.className = "merge-chip";
    chip.textContent = this.text;
    return chip;
  }

  ignoreEvent() {
    return false;
  }
}

/** @param {any} doc @param {{ markdown: boolean, lines: "one" | "many", words: Words }} how */
function look(doc, { markdown, lines, words }) {
  const marks = marksIn(doc, { blocks: lines === "many", markdown });
  const covered = (/** @type {{ from: number, to: number }} */ span) =>
    marks.fields.some(({ from, to }) => span.from < to && span.to > from && (span.from > from || span.to < to));
  const chips = marks.fields.map((field) =>
    Decoration.replace({ widget: new Chip(field, chipText(field, words)), field }).range(field.from, field.to),
  );
  const shown = [
    ...marks.spans.filter((span) => !covered(span)).map(({ kind, from, to }) => Decoration.mark({ class: `md-${kind}` }).range(from, to)),
    ...marks.lines.map(({ kind, from }) => Decoration.line({ class: `md-line md-${kind}` }).range(from)),
  ];
  return { marks, shown: Decoration.set(shown, true), chips: Decoration.set(chips, true) };
}

/**
 * @param {{ markdown: boolean, lines: "one" | "many", words: Words }} how @param {() => boolean} isComposing
 * @returns {any} The field of the state, as an extension: what was found in the text is in its `marks`.
 */
export function lookOf(how, isComposing) {
  /** @typedef {any} Any CodeMirror's; the vendored bundle has no types. */
  return StateField.define({
    create: (/** @type {Any} */ state) => look(state.doc, how),
    update(/** @type {Any} */ value, /** @type {Any} */ transaction) {
      const isStale = transaction.effects.some((/** @type {Any} */ one) => one.is(refresh));
      if (!transaction.docChanged && !isStale) return value;
      if (!isStale && isComposing()) {
        const { marks, shown, chips } = value;
        return { marks, shown: shown.map(transaction.changes), chips: chips.map(transaction.changes) };
      }
      return look(transaction.newDoc, how);
    },
    provide: (/** @type {Any} */ field) => [
      EditorView.decorations.from(field, (/** @type {Any} */ { shown }) => shown),
      EditorView.decorations.from(field, (/** @type {Any} */ { chips }) => chips),
      EditorView.atomicRanges.of((/** @type {Any} */ view) => view.state.field(field).chips),
    ],
  });
}
