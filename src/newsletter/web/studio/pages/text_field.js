// @ts-check
// A field for text: one line or many, Markdown that shows as it will be, merge fields as chips. What is in it is the text of
// the file and nothing else. Its core is CodeMirror 6 (editor_core.js, built by scripts/vendor_editor); what it does
// with a text is in the files beside this one. Tab and Escape leave it.

import { EditorState, EditorView, highlightSpecialChars, history, keymap, Prec, redo, standardKeymap, undo } from "./editor_core.js";
import { emphasisAt, enter, insert, linkAt, toggle, toggleLines, writeLink } from "./text_commands.js";
import { lookOf } from "./text_look.js";
import { pasteOf } from "./text_paste.js";
import { askField, askLink, askTable, closeIn } from "./text_popover.js";
import { tableAt, writeTable } from "./text_table.js";
import { toolbar } from "./text_toolbar.js";
import { FieldValue } from "./text_value.js";

/** @typedef {any} View CodeMirror's EditorView; the vendored bundle has no types. */
/**
 * @typedef {object} Options
 * @property {string} value
 * @property {string} label The id of the visible label.
 * @property {string} [help] The id of the help.
 * @property {"one" | "many"} lines
 * @property {boolean} markdown
 * @property {{ key: string, sample: string }[]} [mergeFields]
 * @property {Record<string, string>} [words] Other words than those of the page (text_field_words.html.j2).
 * @property {(value: string) => void} onChange Never while a syllable is being composed.
 * @property {(html: string) => Promise<{ markdown: string, told: string[] }>} [onPasteHtml]
 */
/** @typedef {{ value: string, focus: () => void, select: (from: number, to: number) => void, destroy: () => void, readonly isComposing: boolean, readonly element: HTMLElement }} TextField */

/** The buttons of a field of one line. */
const INLINE = ["bold", "italic", "link"];
let count = 0;

/** @returns {Record<string, string>} As the page has them. */
const wordsOfThePage = () => JSON.parse(document.getElementById("text-field-words")?.textContent ?? "{}");

/** @param {any} transaction Of a field of one line: what brings line ends brings spaces. */
function onOneLine(transaction) {
  let brings = false;
  transaction.changes.iterChanges((/** @type {any[]} */ ...[, , , , inserted]) => (brings ||= inserted.lines > 1));
  const isTyped = transaction.isUserEvent("input") || transaction.isUserEvent("move");
  if (!brings || !isTyped) return transaction;
  /** @type {object[]} */
  const changes = [];
  transaction.changes.iterChanges((/** @type {any[]} */ ...[from, to, , , inserted]) => {
    changes.push({ from, to, insert: inserted.toString().replace(/\s*\n\s*/g, " ") });
  });
  return [{ changes, userEvent: "input", scrollIntoView: true }];
}

/** @param {Options} options @param {string} id @param {boolean} isMany */
function attributes({ label, help, markdown }, id, isMany) {
  return {
    id,
    "aria-labelledby": label,
    ...(help ? { "aria-describedby": help } : {}),
    "aria-multiline": String(isMany),
    spellcheck: "true",
    autocorrect: "on",
    autocapitalize: "sentences",
    ...(markdown ? {} : { "data-plain": "" }),
  };
}

/** @param {HTMLElement} place Where it is put. @param {Options} options @returns {TextField} */
export function textField(place, options) {
  const { lines, markdown, mergeFields = [], onChange, onPasteHtml, words = wordsOfThePage() } = options;
  const isMany = lines === "many";
  const id = `text-field-${(count += 1)}`;
  const value = new FieldValue(options.value, isMany, onChange);
  const element = document.createElement("div");
  element.className = isMany ? "text-field many" : "text-field";
  const told = document.createElement("p");
  told.className = "text-told";
  told.setAttribute("role", "status");
  const tell = (/** @type {string} */ text) => (told.textContent = text);
  const around = { place: element, words, id, back: () => view.focus() };
  const look = lookOf({ markdown, lines, words }, () => Boolean(view?.compositionStarted));

  const link = () => {
    const { from, to } = view.state.selection.main;
    const there = linkAt(view) ?? { from, to, words: view.state.sliceDoc(from, to), address: "" };
    askLink(around, tools.button("link"), there, (shown, address) => writeLink(view, there, shown, address));
    return true;
  };
  const table = () => {
    const there = tableAt(view);
    askTable(around, tools.button("table"), there?.cells, (cells) => writeTable(view, there, cells));
  };
  const fieldAtCursor = () => {
    const { from, to } = view.state.selection.main;
    return view.state.field(look).marks.fields.find((/** @type {any} */ one) => one.from <= from && one.to >= to);
  };
  /** @param {import("./text_fields.js").FieldAt} [there] */
  const merge = (there) =>
    askField(around, tools.button("merge"), mergeFields, there, (text) => {
      if (there) view.dispatch({ selection: { anchor: there.from, head: there.to } });
      insert(view, text);
    });

  const does = (/** @type {(view: View) => boolean} */ run) => () => {
    run(view);
    view.focus();
  };
  /** @type {import("./text_toolbar.js").Tool[]} */
  const all = [
    { name: "bold", sign: "bold", keys: "Control+B", run: does(toggle("strong")), isOn: () => Boolean(emphasisAt(view, "strong")) },
    { name: "italic", sign: "italic", keys: "Control+I", run: does(toggle("em")), isOn: () => Boolean(emphasisAt(view, "em")) },
    { name: "link", sign: "link", keys: "Control+K", opens: true, run: link },
    { name: "item", sign: "item", run: does(toggleLines("item")) },
    { name: "number", sign: "number", run: does(toggleLines("number")) },
    { name: "quote", sign: "quote", run: does(toggleLines("quote")) },
    { name: "table", sign: "table", opens: true, run: table },
    { name: "merge", sign: "merge", opens: true, run: () => merge(fieldAtCursor()) },
  ];
  const tools = toolbar(
    all.filter(({ name }) => (name === "merge" ? mergeFields.length : markdown && (isMany || INLINE.includes(name)))),
    words,
    id,
  );
  if (tools.element.childElementCount) element.append(tools.element);

  const state = EditorState.create({
    doc: value.shownFirst,
    extensions: [
      look,
      history(),
      highlightSpecialChars(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of(attributes(options, id, isMany)),
      pasteOf({ markdown, lines, words, onPasteHtml, tell, whenNotComposing: (ready) => value.whenNotComposing(ready) }),
      isMany ? [] : EditorState.transactionFilter.of(onOneLine),
      Prec.high(
        keymap.of([
          ...(markdown ? [{ key: "Mod-b", run: toggle("strong") }, { key: "Mod-i", run: toggle("em") }, { key: "Mod-k", run: link }] : []),
          // What is left to undo when nothing is left here is the desk's: only then does it hear of the key.
          { key: "Mod-z", run: undo, stopPropagation: true },
          { key: "Mod-y", mac: "Mod-Shift-z", run: redo, stopPropagation: true },
          { linux: "Ctrl-Shift-z", win: "Ctrl-Shift-z", run: redo, stopPropagation: true },
          isMany ? { key: "Enter", run: markdown ? enter : newLine, shift: newLine } : { key: "Enter", run: () => true },
        ]),
      ),
      keymap.of(standardKeymap),
      EditorView.updateListener.of((/** @type {any} */ update) => {
        value.follow(update);
        if (update.docChanged || update.selectionSet) {
          if (!update.view.compositionStarted) tools.update();
        }
        if (update.transactions.some((/** @type {any} */ one) => one.isUserEvent("input.type") || one.isUserEvent("delete"))) tell("");
      }),
    ],
  });
  /** @type {View} */
  const view = new EditorView({ state, parent: element });
  value.view = view;
  view.contentDOM.addEventListener("compositionend", () => value.composed());
  view.contentDOM.addEventListener("blur", () => setTimeout(() => value.settle(), 0));
  view.contentDOM.addEventListener("click", (/** @type {Event} */ { target }) => {
    if (!(target instanceof Element) || !target.closest(".merge-chip") || !mergeFields.length) return;
    const at = view.posAtDOM(target);
    merge(view.state.field(look).marks.fields.find((/** @type {any} */ one) => one.from === at));
  });
  element.addEventListener("keydown", (event) => {
    if (event.isComposing || event.target !== view.contentDOM) return;
    if (event.key === "Escape") view.contentDOM.blur();
    // The browser has an undo of its own, which knows nothing of this text.
    if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key)) event.preventDefault();
  });
  element.append(told);
  place.append(element);

  return {
    element,
    get value() {
      return value.get();
    },
    set value(to) {
      value.set(to);
    },
    get isComposing() {
      return view.compositionStarted;
    },
    focus: () => view.focus(),
    select(from, to) {
      const most = view.state.doc.length;
      view.dispatch({ selection: { anchor: Math.min(from, most), head: Math.min(to, most) }, scrollIntoView: true });
      view.focus();
    },
    destroy() {
      closeIn(element);
      value.view = null;
      view.destroy();
      element.remove();
    },
  };
}

/** @param {View} view */
function newLine(view) {
  insert(view, "\n");
  return true;
}
