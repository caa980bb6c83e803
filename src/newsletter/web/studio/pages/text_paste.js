// @ts-check
// What is pasted into a text field: a link over selected words, formatted text as Markdown (the server cleans it), all else
// as plain text, with its line ends made one kind. What could not be kept is told.

import { EditorView } from "./editor_core.js";
import { writeLink } from "./text_commands.js";

/** @typedef {any} View CodeMirror's EditorView; the vendored bundle has no types. */
/** @typedef {{ from: number, to: number }} Range */

const LINE_END = /\r\n?|[\u2028\u2029\u0085\v\f]/g;
const PRIVATE = /[\ue000-\uf8ff\u{f0000}-\u{10ffff}]/gu;
const ONE_ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;

/** @param {string} text @param {boolean} onOneLine @returns {{ text: string, gone: number }} Without private-use characters, which no other machine can show. */
export function tidied(text, onOneLine) {
  const gone = text.match(PRIVATE)?.length ?? 0;
  const plain = text.replace(LINE_END, "\n").replace(PRIVATE, "");
  return { text: onOneLine ? plain.trim().replace(/\s*\n\s*/g, " ") : plain, gone };
}

/**
 * @param {object} how
 * @param {boolean} how.markdown @param {"one" | "many"} how.lines @param {import("./text_fields.js").Words} how.words
 * @param {((html: string) => Promise<{ markdown: string, told: string[] }>) | undefined} how.onPasteHtml
 * @param {(text: string) => void} how.tell @param {(ready: () => void) => void} how.whenNotComposing
 */
export function pasteOf({ markdown, lines, words, onPasteHtml, tell, whenNotComposing }) {
  /** @type {Set<Range>} Where answers of the server are waited for; they move with the text. */
  const waiting = new Set();
  const plain = (/** @type {string} */ text) => {
    const { text: kept, gone } = tidied(text, lines === "one");
    if (gone) tell(words.private_gone.replace("{count}", String(gone)));
    return kept;
  };

  /** @param {View} view @param {Range} range @param {string} text */
  const put = (view, range, text) => {
    whenNotComposing(() => {
      waiting.delete(range);
      view.dispatch({
        changes: { from: range.from, to: range.to, insert: text },
        selection: { anchor: range.from + view.state.toText(text).length },
        userEvent: "input.paste",
        scrollIntoView: true,
      });
    });
  };

  /** @param {View} view @param {string} html @param {string} text */
  const clean = async (view, html, text) => {
    const { from, to } = view.state.selection.main;
    const range = { from, to };
    waiting.add(range);
    try {
      const answer = await /** @type {NonNullable<typeof onPasteHtml>} */ (onPasteHtml)(html);
      const told = answer.told.length ? [words.left_out, ...answer.told].join(" ") : words.pasted;
      // Block by block it begins a paragraph; a few words go into the line where they were pasted.
      put(view, range, tidied(answer.markdown.replace(/\n+$/, ""), lines === "one").text);
      tell(told);
    } catch {
      put(view, range, plain(text));
      tell(words.pasted_plain);
    }
  };

  const handlers = EditorView.domEventHandlers({
    paste(/** @type {ClipboardEvent} */ event, /** @type {View} */ view) {
      const [text, html] = ["text/plain", "text/html"].map((kind) => event.clipboardData?.getData(kind) ?? "");
      const { main } = view.state.selection;
      if (!text && !html) return Boolean(event.clipboardData?.files.length);
      if (markdown && !main.empty && ONE_ADDRESS.test(text.trim())) {
        writeLink(view, main, view.state.sliceDoc(main.from, main.to), text.trim());
        return true;
      }
      if (!html || !markdown || !onPasteHtml) return false;
      void clean(view, html, text);
      return true;
    },
    // A file is for what is around the field; CodeMirror would write down what is in it.
    drop: (/** @type {DragEvent} */ event) => Boolean(event.dataTransfer?.files.length),
    // CodeMirror would take the whole line where nothing is selected, which is for programs.
    copy: (/** @type {ClipboardEvent} */ _, /** @type {View} */ view) => view.state.selection.main.empty,
    cut: (/** @type {ClipboardEvent} */ _, /** @type {View} */ view) => view.state.selection.main.empty,
  });
  const moved = EditorView.updateListener.of((/** @type {any} */ { changes, docChanged }) => {
    if (!docChanged) return;
    for (const range of waiting) {
      range.from = changes.mapPos(range.from, 1);
      range.to = Math.max(range.from, changes.mapPos(range.to, -1));
    }
  });
  return [handlers, moved, EditorView.clipboardInputFilter.of(plain)];
}
