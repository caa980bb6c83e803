// @ts-check
// A Markdown table within a text: found at the cursor, edited as a grid, and written back as a person would type it. Rows
// that were not changed stay as they were typed.

import { EditorSelection } from "./editor_core.js";
import { even } from "./grid_text.js";

/** @typedef {any} View CodeMirror's EditorView; the vendored bundle has no types. */
/** @typedef {{ from: number, to: number, lines: string[], cells: string[][] }} Found The second line says how columns are aligned. */

const RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** @param {string} line @returns {string[]} Without the pipes at both ends; `\|` is a pipe of the text. */
export function cellsOfLine(line) {
  const inner = line.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** @param {string[]} cells */
const lineOf = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** @param {View} view @returns {Found | undefined} The table that the cursor stands in. */
export function tableAt(view) {
  const { doc, selection } = view.state;
  const here = doc.lineAt(selection.main.from).number;
  const hasPipe = (/** @type {number} */ number) => number >= 1 && number <= doc.lines && doc.line(number).text.includes("|");
  if (!hasPipe(here)) return undefined;
  let [first, last] = [here, here];
  while (hasPipe(first - 1)) first -= 1;
  while (hasPipe(last + 1)) last += 1;
  const rule = Array.from({ length: last - first }, (_, place) => first + 1 + place).find((number) => RULE.test(doc.line(number).text));
  if (rule === undefined || rule - 1 > here) return undefined;
  const lines = Array.from({ length: last - rule + 2 }, (_, place) => doc.line(rule - 1 + place).text);
  const cells = even([lines[0], ...lines.slice(2)].map(cellsOfLine));
  return { from: doc.line(rule - 1).from, to: doc.line(last).to, lines, cells };
}

/** @param {string[][]} cells With the names of the columns. @param {Found} [found] What it was. @returns {string} */
export function written(cells, found) {
  const rule = found?.lines[1] ?? "";
  const columns = cellsOfLine(rule).length;
  const isAsWide = found && columns === cells[0].length;
  const aligned = found ? [...cellsOfLine(rule), ...Array(99).fill("---")].slice(0, cells[0].length) : cells[0].map(() => "---");
  const known = new Map(found ? [found.lines[0], ...found.lines.slice(2)].map((line, place) => [JSON.stringify(found.cells[place]), line]) : []);
  const rows = cells.map((row) => (isAsWide && known.get(JSON.stringify(row))) || lineOf(row));
  return [rows[0], isAsWide ? rule : lineOf(aligned), ...rows.slice(1)].join("\n");
}

/** @param {View} view @param {Found | undefined} found @param {string[][]} cells Without any the table goes. */
export function writeTable(view, found, cells) {
  const { doc, selection } = view.state;
  const text = cells.some((row) => row.some(Boolean)) ? written(cells, found) : "";
  if (found) {
    if (text === found.lines.join("\n")) return;
    view.dispatch({ changes: { from: found.from, to: found.to, insert: text }, selection: EditorSelection.cursor(found.from + text.length), userEvent: "input" });
    return;
  }
  if (!text) return;
  // It stands by itself: an empty line before it and one behind.
  const line = doc.lineAt(selection.main.head);
  const isBlank = !line.text.trim();
  const before = line.number > 1 && isBlank ? doc.line(line.number - 1).text : isBlank ? "" : line.text;
  const next = line.number < doc.lines ? doc.line(line.number + 1).text : "";
  const lead = isBlank ? (before.trim() ? "\n" : "") : "\n\n";
  const trail = next.trim() ? "\n" : "";
  const from = isBlank ? line.from : line.to;
  const at = from + lead.length + text.length;
  view.dispatch({ changes: { from, to: line.to, insert: lead + text + trail }, selection: EditorSelection.cursor(at), scrollIntoView: true, userEvent: "input" });
}
