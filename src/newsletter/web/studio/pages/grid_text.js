// @ts-check
// Rows of cells from what a spreadsheet, a CSV file or a table of a page puts on the clipboard as text.

const LINE_END = /\r\n?|[\u2028\u2029\u0085]/g;
const PRIVATE = /[\ue000-\uf8ff\u{f0000}-\u{10ffff}]/gu;

/** @param {string} text @param {string} between What stands between cells. @returns {string[][]} Quotes as RFC 4180 has them. */
function split(text, between) {
  /** @type {string[][]} */
  const rows = [[]];
  let at = 0;
  while (at <= text.length) {
    let cell = "";
    const quoted = text[at] === '"' ? /"((?:[^"]|"")*)"(?=$|\n|,|\t|;)/y : null;
    if (quoted) quoted.lastIndex = at;
    const found = quoted?.exec(text);
    if (found && (text[at + found[0].length] ?? "\n") !== "\n" && text[at + found[0].length] !== between) return [];
    if (found) {
      cell = found[1].replaceAll('""', '"');
      at += found[0].length;
    } else {
      const end = text.slice(at).search(between === "\t" ? /[\t\n]/ : /[,\n]/);
      cell = end < 0 ? text.slice(at) : text.slice(at, at + end);
      at += cell.length;
    }
    rows[rows.length - 1].push(cell.replace(PRIVATE, "").replace(/\s+/g, " ").trim());
    if (at >= text.length) break;
    if (text[at] === "\n") rows.push([]);
    at += 1;
  }
  return rows;
}

/** @param {string} text @returns {string[][] | null} Null: no cells, but words for one. */
export function cellsOf(text) {
  const lines = text.replace(LINE_END, "\n").replace(/\n+$/, "");
  if (lines.includes("\t")) return even(split(lines, "\t"));
  const rows = split(lines, ",");
  // Commas stand in sentences too: only what has as many in each line, and some, is a table.
  const isTable = rows.length > 1 && rows[0].length > 1 && rows.every((row) => row.length === rows[0].length);
  if (isTable) return rows;
  return lines.includes("\n") ? lines.split("\n").map((line) => [line.replace(PRIVATE, "").trim()]) : null;
}

/** @param {string[][]} rows @returns {string[][]} As many cells in each. */
export function even(rows) {
  const width = Math.max(1, ...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
}
