// @ts-check
// What a Markdown text shows as: the places of emphasis, links, code, headings, lists, quotations and merge fields. It
// changes nothing in the text; text_look.js makes it visible. Limits: the references, footnotes and tables of a text are
// left as they were typed.

import { mergeFieldsIn } from "./text_fields.js";
import { inlineSpans } from "./text_inline.js";

/** @typedef {import("./text_fields.js").FieldAt} FieldAt */
/** @typedef {import("./text_inline.js").Span} Span */
/** @typedef {{ kind: string, from: number }} Line The class of a line, and where it begins: heading-1…6, quote, item, fenced. */
/** @typedef {{ spans: Span[], lines: Line[], fields: FieldAt[] }} Marks */
/** @typedef {{ from: number, at: number }} Piece A part of a paragraph: where it begins in the paragraph, and in the text. */

const QUOTE = /^ {0,3}> ?/;
const ITEM = /^\s*(?:[-+*]|\d{1,9}[.)])(?:\s+|$)(?:\[[ xX]\]\s+)?/;
const HEADING = /^ {0,3}(#{1,6})(?:\s+|$)/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const FENCE = /^\s*(`{3,}|~{3,})/;

/** @param {string} text @param {{ blocks: boolean, markdown: boolean }} how Headings and lists; emphasis and links. @returns {Marks} */
export function marksOf(text, { blocks, markdown }) {
  const fields = mergeFieldsIn(text);
  if (!markdown) return { spans: [], lines: [], fields };
  /** @type {Marks} */
  const marks = { spans: [], lines: [], fields };
  let pieces = /** @type {Piece[]} */ ([]);
  let paragraph = "";
  let fence = "";

  const end = () => {
    const within = pieces;
    const place = (/** @type {number} */ at) => {
      const piece = within.findLast(({ from }) => from <= at) ?? within[0];
      return piece.at + at - piece.from;
    };
    if (paragraph) {
      const [first, last] = [place(0), place(paragraph.length)];
      const own = fields.filter(({ from, to }) => from >= first && to <= last);
      const inParagraph = own.map((one) => {
        const piece = within.findLast(({ at }) => at <= one.from) ?? within[0];
        const from = one.from - piece.at + piece.from;
        return { ...one, from, to: from + one.to - one.from };
      });
      for (const { kind, from, to } of inlineSpans(paragraph, inParagraph)) {
        if (to > from) marks.spans.push({ kind, from: place(from), to: place(to - 1) + 1 });
      }
    }
    pieces = [];
    paragraph = "";
  };
  const add = (/** @type {string} */ line, /** @type {number} */ at) => {
    if (pieces.length) paragraph += "\n";
    pieces.push({ from: paragraph.length, at });
    paragraph += line;
  };
  const mark = (/** @type {number} */ from, /** @type {string} */ found) => {
    const lead = found.length - found.trimStart().length;
    if (found.trim()) marks.spans.push({ kind: "mark", from: from + lead, to: from + found.trimEnd().length });
  };

  let from = 0;
  for (const line of text.split("\n")) {
    let at = from;
    let rest = line;
    from += line.length + 1;
    if (!blocks) {
      add(rest, at);
      continue;
    }
    const opening = FENCE.exec(rest)?.[1] ?? "";
    if (fence || opening) {
      end();
      marks.lines.push({ kind: "fenced", from: at });
      if (!fence) fence = opening;
      else if (opening.startsWith(fence) && rest.trim() === opening) fence = "";
      continue;
    }
    for (let quoted = QUOTE.exec(rest); quoted; quoted = QUOTE.exec(rest)) {
      if (at === from - line.length - 1) marks.lines.push({ kind: "quote", from: at });
      mark(at, quoted[0]);
      at += quoted[0].length;
      rest = rest.slice(quoted[0].length);
    }
    const [heading, item] = [HEADING.exec(rest), RULE.test(rest) ? null : ITEM.exec(rest)];
    if (!rest.trim() || RULE.test(rest)) {
      end();
      mark(at, rest);
    } else if (heading) {
      end();
      marks.lines.push({ kind: `heading-${heading[1].length}`, from: at });
      mark(at, heading[0]);
      add(rest.slice(heading[0].length), at + heading[0].length);
      end();
    } else if (item) {
      end();
      marks.lines.push({ kind: "item", from: at });
      mark(at, item[0]);
      add(rest.slice(item[0].length), at + item[0].length);
    } else {
      const indent = rest.length - rest.trimStart().length;
      add(rest.slice(indent), at + indent);
    }
  }
  end();
  return marks;
}

/** @type {WeakMap<object, Map<string, Marks>>} */
const read = new WeakMap();

/** @param {any} doc CodeMirror's Text, which never changes, so that it is read once. @param {{ blocks: boolean, markdown: boolean }} how @returns {Marks} */
export function marksIn(doc, how) {
  const [kind, known] = [JSON.stringify(how), read.get(doc) ?? new Map()];
  if (!known.has(kind)) known.set(kind, marksOf(doc.toString(), how));
  read.set(doc, known);
  return known.get(kind);
}
