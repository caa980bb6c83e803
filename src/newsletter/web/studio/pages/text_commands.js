// @ts-check
// What the buttons and keys of a text field write: marks round words, marks before lines, and the next item of a list.
// Everything is written as a person would type it, and one undo takes it back.

import { EditorSelection } from "./editor_core.js";
import { marksIn } from "./text_marks.js";

/** @typedef {any} View CodeMirror's EditorView; the vendored bundle has no types. */

const ITEM = /^(\s*)(?:([-+*])|(\d{1,9})([.)]))(\s+)(\[[ xX]\]\s+)?/;
const QUOTE = /^( {0,3}> ?)+/;
const LEAD = /^(?:\s*(?:[-+*]|\d{1,9}[.)])\s+|(?: {0,3}> ?)+| {0,3}#{1,6}\s+|\s+)/;

const spansOf = (/** @type {View} */ view) => marksIn(view.state.doc, { blocks: true, markdown: true }).spans;

/** @param {View} view @param {"strong" | "em"} kind @returns {import("./text_inline.js").Span | undefined} Emphasis round the selection. */
export function emphasisAt(view, kind) {
  const { from, to } = view.state.selection.main;
  const width = kind === "strong" ? 2 : 1;
  return spansOf(view).find(
    (span) =>
      (span.kind === kind || (kind === "em" && span.kind === "slanted")) && span.from - width <= from && span.to + width >= to,
  );
}

/** @param {View} view @returns {{ from: number, to: number, words: string, address: string } | undefined} The link at the cursor. */
export function linkAt(view) {
  const { from, to } = view.state.selection.main;
  const text = view.state.doc.toString();
  const spans = spansOf(view);
  for (const { kind, from: start, to: end } of spans) {
    if (kind !== "link" || text[start - 1] !== "[" || start - 1 > from) continue;
    const address = spans.find((one) => one.kind === "address" && one.from === end + 2);
    if (address && address.to + 1 >= to) {
      return { from: start - 1, to: address.to + 1, words: text.slice(start, end), address: text.slice(address.from, address.to) };
    }
  }
  return undefined;
}

/** @param {View} view @param {object} change @param {string} [event] */
function write(view, change, event = "input") {
  view.dispatch(view.state.update(change, { scrollIntoView: true, userEvent: event }));
}

/** @param {"strong" | "em"} kind @returns {(view: View) => boolean} */
export function toggle(kind) {
  const mark = kind === "strong" ? "**" : "*";
  return (view) => {
    const there = emphasisAt(view, kind);
    const { main } = view.state.selection;
    if (there) {
      const changes = [
        { from: there.from - mark.length, to: there.from },
        { from: there.to, to: there.to + mark.length },
      ];
      write(view, { changes }, "delete");
      return true;
    }
    if (main.empty) {
      const isAhead = view.state.sliceDoc(main.from, main.from + mark.length) === mark;
      const isOpen = view.state.sliceDoc(main.from - mark.length, main.from) === mark;
      // Pressed twice with nothing typed between: as if it had not been pressed.
      const changes =
        isAhead && isOpen
          ? { from: main.from - mark.length, to: main.from + mark.length }
          : { from: main.from, insert: mark + mark };
      const at = isAhead && isOpen ? main.from - mark.length : main.from + mark.length;
      write(view, { changes, selection: EditorSelection.cursor(at) });
      return true;
    }
    const changes = [];
    for (const { from, to } of linesOf(view)) {
      // Emphasis never begins or ends with a space, nor before the mark of an item, and is no longer than its line.
      const start = Math.max(from + (LEAD.exec(view.state.sliceDoc(from, to))?.[0].length ?? 0), main.from);
      const words = view.state.sliceDoc(start, Math.min(to, main.to));
      if (!words.trim()) continue;
      const [first, last] = [start + words.length - words.trimStart().length, start + words.trimEnd().length];
      changes.push({ from: first, insert: mark }, { from: last, insert: mark });
    }
    const written = view.state.changes(changes);
    const selection = EditorSelection.single(written.mapPos(main.from, 1), written.mapPos(main.to, -1));
    write(view, { changes: written, selection });
    return true;
  };
}

/** @param {View} view @returns {{ from: number, to: number, text: string }[]} The lines of the selection. */
function linesOf(view) {
  const { doc, selection } = view.state;
  const [first, last] = [doc.lineAt(selection.main.from).number, doc.lineAt(selection.main.to).number];
  return Array.from({ length: last - first + 1 }, (_, place) => doc.line(first + place));
}

/** @param {"item" | "number" | "quote"} kind @returns {(view: View) => boolean} */
export function toggleLines(kind) {
  const has = { item: /^\s*[-+*]\s+/, number: /^\s*\d{1,9}[.)]\s+/, quote: QUOTE }[kind];
  const other = kind === "quote" ? /^/ : /^\s*(?:[-+*]|\d{1,9}[.)])\s+/;
  return (view) => {
    const all = linesOf(view);
    const lines = all.filter(({ text }) => text.trim() || all.length === 1);
    const isOn = lines.every(({ text }) => has.test(text));
    const changes = lines.map(({ from, text }, place) => {
      const old = ((isOn ? has : other).exec(text) ?? [""])[0];
      const mark = isOn ? "" : { item: "- ", number: `${place + 1}. `, quote: "> " }[kind];
      return { from, to: from + old.length, insert: mark };
    });
    const written = view.state.changes(changes);
    const { main } = view.state.selection;
    const selection = EditorSelection.single(written.mapPos(main.anchor, 1), written.mapPos(main.head, 1));
    write(view, { changes: written, selection });
    return true;
  };
}

/** @param {View} view Enter: the next item of a list or line of a quotation; in an empty one, its end. */
export function enter(view) {
  const { state } = view;
  const { from, to, empty } = state.selection.main;
  const line = state.doc.lineAt(from);
  const item = ITEM.exec(line.text);
  const lead = item?.[0] ?? QUOTE.exec(line.text)?.[0] ?? "";
  if (!lead || from < line.from + lead.length) {
    write(view, { changes: { from, to, insert: "\n" }, selection: EditorSelection.cursor(from + 1) });
    return true;
  }
  if (empty && line.text.length === lead.length) {
    write(view, { changes: { from: line.from, to: line.to }, selection: EditorSelection.cursor(line.from) }, "delete");
    return true;
  }
  const number = item?.[3] === undefined ? "" : `${Number(item[3]) + 1}${item[4]}`;
  const next = item ? `${item[1]}${item[2] ?? number}${item[5]}${item[6] ? "[ ] " : ""}` : lead;
  const changes = [{ from, to, insert: `\n${next}` }, ...(item?.[3] === undefined ? [] : renumbered(state, line, item))];
  write(view, { changes, selection: EditorSelection.cursor(from + 1 + next.length) });
  return true;
}

/** @param {any} state @param {{ number: number }} line @param {RegExpExecArray} item The following items count one on. */
function renumbered(state, line, item) {
  const changes = [];
  for (let next = line.number + 1, wanted = Number(item[3]) + 1; next <= state.doc.lines; next += 1, wanted += 1) {
    const { from, text } = state.doc.line(next);
    const found = ITEM.exec(text);
    if (found?.[3] !== String(wanted) || found[1] !== item[1]) break;
    const at = from + found[1].length;
    changes.push({ from: at, to: at + found[3].length, insert: String(wanted + 1) });
  }
  return changes;
}

/** @param {View} view @param {string} text Put it in place of what is selected, and stand behind it. */
export function insert(view, text) {
  const { from, to } = view.state.selection.main;
  write(view, { changes: { from, to, insert: text }, selection: EditorSelection.cursor(from + text.length) });
}

/** @param {View} view @param {{ from: number, to: number }} place @param {string} words @param {string} address Write a link there. */
export function writeLink(view, { from, to }, words, address) {
  const target = /[\s()<>]/.test(address) ? `<${address.replace(/[<>\n]/g, encodeURIComponent)}>` : address;
  const link = address ? `[${words.replace(/(?<!\\)[[\]]/g, "\\$&")}](${target})` : words;
  write(view, { changes: { from, to, insert: link }, selection: EditorSelection.cursor(from + link.length) });
}
