// @ts-check
// A table edited as a grid: the first row has the names of the columns. Arrows walk, Enter goes down, Tab goes on and at
// last leaves, Escape goes to the buttons. What is copied in a spreadsheet is pasted cell by cell. Nothing is told while
// a syllable is being composed. Limits: cells hold one line; Markdown and merge fields in them are seen as they are typed.

import { cellsOf, even } from "./grid_text.js";

/** @typedef {{ columns: string[], rows: string[][] }} Table */
/**
 * @typedef {object} Options
 * @property {string[]} columns @property {string[][]} rows
 * @property {string} label The id of the visible label.
 * @property {string} [help] The id of the help.
 * @property {Record<string, string>} [words] Other words than those of the page (_text_field_words.html.j2).
 * @property {(table: Table) => void} onChange
 */
/** @typedef {{ value: Table, focus: (row?: number, column?: number) => void, destroy: () => void, readonly isComposing: boolean, readonly element: HTMLElement }} GridField */

/** Cells; as an issue allows (issue/sections/table.py), with the header. */
const MOST_ROWS = 101;
const MOST_COLUMNS = 12;
const BLANK = [["", ""], ["", ""]];

/** @returns {Record<string, string>} As the page has them. */
const wordsOfThePage = () => JSON.parse(document.getElementById("text-field-words")?.textContent ?? "{}");

/** @param {HTMLElement} place Where it is put. @param {Options} options @returns {GridField} */
export function gridField(place, { columns, rows, label, help, onChange, words = wordsOfThePage() }) {
  let cells = cellsFrom({ columns, rows });
  let here = { row: 0, column: 0 };
  let isComposing = false;
  /** @type {string[][]} Before the syllable that is being composed. */
  let before = cells;
  /** @type {Table | null} What came while a syllable was being composed. */
  let waiting = null;

  const element = document.createElement("div");
  element.className = "grid-field";
  element.setAttribute("role", "group");
  element.setAttribute("aria-labelledby", label);
  if (help) element.setAttribute("aria-describedby", help);
  const table = document.createElement("table");
  const scroll = document.createElement("div");
  scroll.className = "grid-scroll";
  scroll.append(table);
  const told = document.createElement("p");
  told.className = "text-told";
  told.setAttribute("role", "status");

  const input = (/** @type {number} */ row, /** @type {number} */ column) => table.rows[row]?.cells[column]?.querySelector("input");
  const said = (/** @type {string} */ code, /** @type {Record<string, string | number>} */ values) =>
    words[code].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  const nameOf = (/** @type {number} */ row, /** @type {number} */ column) =>
    row ? said("grid_cell", { row, column: cells[0][column] || said("grid_column", { column: column + 1 }) }) : said("grid_header", { column: column + 1 });

  /** @returns {Table} Without a syllable that is not whole. */
  const value = () => {
    const [columns, ...rows] = (isComposing ? before : cells).map((row) => [...row]);
    return { columns, rows };
  };
  const tell = () => onChange(value());

  function draw() {
    const had = table.contains(document.activeElement);
    table.replaceChildren(...cells.map((row, at) => drawRow(row, at)));
    if (had) focus(here.row, here.column);
    for (const [name, isOff] of /** @type {[string, boolean][]} */ ([
      ["grid_add_row", cells.length >= MOST_ROWS],
      ["grid_remove_row", cells.length <= 2],
      ["grid_add_column", cells[0].length >= MOST_COLUMNS],
      ["grid_remove_column", cells[0].length <= 1],
    ])) {
      buttons[name].setAttribute("aria-disabled", String(isOff));
    }
  }

  /** @param {string[]} row @param {number} at */
  function drawRow(row, at) {
    const line = document.createElement("tr");
    line.append(
      ...row.map((text, column) => {
        const cell = document.createElement(at ? "td" : "th");
        if (!at) cell.setAttribute("scope", "col");
        const field = document.createElement("input");
        field.type = "text";
        field.value = text;
        field.autocomplete = "off";
        field.setAttribute("aria-label", nameOf(at, column));
        cell.append(field);
        return cell;
      }),
    );
    return line;
  }

  /** @param {number} [row] @param {number} [column] */
  function focus(row = here.row, column = here.column) {
    const to = { row: Math.min(Math.max(row, 0), cells.length - 1), column: Math.min(Math.max(column, 0), cells[0].length - 1) };
    input(to.row, to.column)?.focus();
  }

  /** @param {EventTarget | null} target @returns {{ field: HTMLInputElement, row: number, column: number } | null} */
  function placeOf(target) {
    const cell = target instanceof HTMLInputElement ? target.closest("th, td") : null;
    if (!(target instanceof HTMLInputElement) || !(cell instanceof HTMLTableCellElement)) return null;
    return { field: target, row: /** @type {HTMLTableRowElement} */ (cell.parentElement).rowIndex, column: cell.cellIndex };
  }

  /** @param {(cells: string[][]) => string[][]} change @param {string} words What is told of it. */
  function restructure(change, words) {
    cells = change(cells);
    here = { row: Math.min(here.row, cells.length - 1), column: Math.min(here.column, cells[0].length - 1) };
    draw();
    told.textContent = words;
    tell();
  }

  const row = () => Math.max(here.row, 1);
  /** @type {Record<string, () => void>} */
  const does = {
    grid_add_row() {
      here = { ...here, row: here.row + 1 };
      restructure((all) => all.toSpliced(here.row, 0, all[0].map(() => "")), said("grid_row_added", { row: here.row }));
    },
    grid_remove_row: () => restructure((all) => all.toSpliced(row(), 1), said("grid_row_removed", { row: row() })),
    grid_add_column() {
      here = { ...here, column: here.column + 1 };
      const at = here.column;
      restructure((all) => all.map((one) => one.toSpliced(at, 0, "")), said("grid_column_added", { column: at + 1 }));
    },
    grid_remove_column() {
      const at = here.column;
      restructure((all) => all.map((one) => one.toSpliced(at, 1)), said("grid_column_removed", { column: at + 1 }));
    },
  };
  const tools = document.createElement("div");
  tools.className = "grid-tools";
  const buttons = Object.fromEntries(
    Object.entries(does).map(([name, run]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words[name];
      button.addEventListener("click", () => {
        if (button.getAttribute("aria-disabled") !== "true") run();
      });
      tools.append(button);
      return [name, button];
    }),
  );

  table.addEventListener("focusin", ({ target }) => {
    const at = placeOf(target);
    if (at) here = { row: at.row, column: at.column };
  });
  table.addEventListener("input", (event) => {
    const at = placeOf(event.target);
    if (!at) return;
    cells[at.row][at.column] = at.field.value;
    if (!at.row) cells.forEach((_, number) => number && input(number, at.column)?.setAttribute("aria-label", nameOf(number, at.column)));
    if (!isComposing) tell();
  });
  table.addEventListener("compositionstart", () => {
    isComposing = true;
    before = cells.map((one) => [...one]);
  });
  table.addEventListener("compositionend", ({ target }) => {
    isComposing = false;
    const at = placeOf(target);
    if (at) cells[at.row][at.column] = at.field.value;
    tell();
    setTimeout(() => {
      if (!isComposing && waiting) merge(cellsFrom(waiting));
    }, 0);
  });
  table.addEventListener("keydown", (event) => {
    const at = placeOf(event.target);
    if (!at || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { selectionStart, selectionEnd, value: text } = at.field;
    const isAt = (/** @type {number} */ place) => selectionStart === place && selectionEnd === place;
    /** @type {Record<string, [number, number] | false>} */
    const to = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      Enter: [1, 0],
      ArrowLeft: isAt(0) && [0, -1],
      ArrowRight: isAt(text.length) && [0, 1],
    };
    const step = to[event.key];
    if (event.key === "Escape") tools.querySelector("button")?.focus();
    else if (!step) return;
    else if (event.key === "Enter" && at.row === cells.length - 1 && text && cells.length < MOST_ROWS) does.grid_add_row();
    else focus(at.row + step[0], at.column + step[1]);
    event.preventDefault();
  });
  table.addEventListener("paste", (event) => {
    const at = placeOf(event.target);
    const pasted = cellsOf(event.clipboardData?.getData("text/plain") ?? "");
    if (!at || !pasted) return;
    event.preventDefault();
    const size = { rows: Math.min(MOST_ROWS, at.row + pasted.length), columns: Math.min(MOST_COLUMNS, at.column + pasted[0].length) };
    const isCut = size.rows < at.row + pasted.length || size.columns < at.column + pasted[0].length;
    restructure((all) => {
      const grown = even([...all, ...Array.from({ length: Math.max(0, size.rows - all.length) }, () => [""])]);
      const width = Math.max(grown[0].length, size.columns);
      return grown.map((one, number) =>
        Array.from({ length: width }, (_, column) => pasted[number - at.row]?.[column - at.column] ?? one[column] ?? ""),
      );
    }, said(isCut ? "grid_pasted_in_part" : "grid_pasted", { rows: size.rows - at.row, columns: size.columns - at.column }));
  });

  /** @param {string[][]} theirs What came meanwhile; another shape of it comes again, with what was just told. */
  function merge(theirs) {
    waiting = null;
    if (theirs.length !== cells.length || theirs[0].length !== cells[0].length) return;
    const mine = theirs.map((one, at) => one.map((text, column) => (cells[at][column] === before[at][column] ? text : cells[at][column])));
    take({ columns: mine[0], rows: mine.slice(1) });
    if (JSON.stringify(mine) !== JSON.stringify(theirs)) tell();
  }

  /** @param {Table} to */
  function take(to) {
    waiting = null;
    const next = cellsFrom(to);
    if (JSON.stringify(next) === JSON.stringify(cells)) return;
    cells = next;
    draw();
  }

  draw();
  element.append(scroll, tools, told);
  place.append(element);
  return {
    element,
    get value() {
      return value();
    },
    set value(to) {
      if (isComposing) waiting = to;
      else take(to);
    },
    get isComposing() {
      return isComposing;
    },
    focus,
    destroy: () => element.remove(),
  };
}

/** @param {Table} table @returns {string[][]} Even, with at least a header and one row. */
function cellsFrom({ columns, rows }) {
  const all = columns.length || rows.length ? [columns, ...rows] : BLANK;
  return even(all.length > 1 ? all.map((row) => [...row]) : [...all.map((row) => [...row]), []]);
}
