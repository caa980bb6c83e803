// @ts-check
// What the words of one paragraph show as: emphasis, links, code, and the marks that make them so.

import { pairs, runAt, starsAsTyped } from "./text_emphasis.js";

/** @typedef {import("./text_fields.js").FieldAt} FieldAt */
/** @typedef {{ kind: string, from: number, to: number }} Span Kinds: strong, em, slanted, strike, code, link, address, mark. */

const HOST = /https?:\/\/(?:[a-z0-9À-ɏͰ-ԯ가-힣-]+\.)+(?:[a-z0-9-]+|한국|닷컴|닷넷)(?::\d{1,5})?/iy;
const REST = /[a-z0-9À-ɏͰ-ԯ\-._~:/?#@!$&'()*+,;=%[\]]/i;
const CLOSING = /[?!.,:;*_~']+$/;
const ANGLED = /<(?:https?:\/\/|mailto:|tel:)[^\s<>]*>|<[^\s<>@]+@[^\s<>@]+>/iy;
const LONGEST_LABEL = 1_000;
const TARGET = /\]\((?:<[^<>\n]*>|(?:[^\s()\\]|\\.|\([^\s()]*\))*)(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)/y;

/** @param {string} text @param {number} at @returns {number} Behind the address that begins here, as bare_links.py has it; 0: none. */
function addressEnd(text, at) {
  HOST.lastIndex = at;
  const host = HOST.exec(text);
  if (!host) return 0;
  const first = at + host[0].length;
  /** @type {string[]} */
  const opened = [];
  let end = first;
  while (end < text.length && (end > first || "/?#".includes(text[end]))) {
    const character = text[end];
    if (!REST.test(character) || text.startsWith("**", end) || text.startsWith("~~", end)) break;
    if ("([".includes(character)) opened.push(character);
    else if (")]".includes(character) && opened.pop() !== (character === ")" ? "(" : "[")) break;
    end += 1;
  }
  return first + text.slice(first, end).replace(CLOSING, "").length;
}

/** Of one paragraph, while it is read. */
class Paragraph {
  /** @param {string} text @param {FieldAt[]} fields Within it. */
  constructor(text, fields) {
    this.text = text;
    this.fields = new Map(fields.map((one) => [one.from, one.to]));
    this.known = {
      starts: new Set(fields.map(({ from }) => from)),
      ends: new Set(fields.map(({ to }) => to)),
      asTyped: starsAsTyped(text),
    };
    /** @type {Span[]} */
    this.spans = [];
    /** @type {Set<number>} Of how many backticks no run follows, so that many of them are not looked for again and again. */
    this.unclosed = new Set();
  }

  /** @param {number} from @param {number} to Read what stands between: all, or the words of a link. */
  read(from, to) {
    const runs = [];
    let at = from;
    while (at < to) {
      const past = this.fields.get(at) ?? this.opaque(at, to);
      if (past) at = past;
      else if ("*_~".includes(this.text[at])) {
        const run = runAt(this.text, at, to, this.known);
        runs.push({ ...run });
        at += run.length;
      } else at += 1;
    }
    for (const { kind, from: start, to: end, width } of pairs(runs)) {
      const isSlanted = kind === "em" && this.isSlanted(start, end);
      this.spans.push(
        { kind: isSlanted ? "slanted" : kind, from: start, to: end },
        { kind: "mark", from: start - width, to: start },
        { kind: "mark", from: end, to: end + width },
      );
    }
  }

  /** @param {number} at @param {number} to @returns {number} Behind what begins here and has no emphasis; 0: nothing. */
  opaque(at, to) {
    const { text } = this;
    if (text[at] === "\\" && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "")) {
      this.spans.push({ kind: "mark", from: at, to: at + 1 });
      return at + 2;
    }
    if (text[at] === "`") return this.code(at, to);
    if (text[at] === "[") return this.link(at, to);
    if (text[at] === "<") {
      ANGLED.lastIndex = at;
      return this.address(at, at + (ANGLED.exec(text)?.[0].length ?? 0), to);
    }
    const isWithin = /[A-Za-z0-9]/.test(text[at - 1] ?? "") || !/h/i.test(text[at]);
    return isWithin ? 0 : this.address(at, addressEnd(text, at), to);
  }

  /** @param {number} at @param {number} to */
  code(at, to) {
    const ticks = /`+/g;
    ticks.lastIndex = at;
    const size = ticks.exec(this.text)?.[0].length ?? 1;
    const start = at + size;
    if (this.unclosed.has(size)) return start;
    for (let found = ticks.exec(this.text); found && found.index + size <= to; found = ticks.exec(this.text)) {
      const end = found.index;
      if (found[0].length !== size) continue;
      this.spans.push(
        { kind: "mark", from: at, to: start },
        { kind: "code", from: start, to: end },
        { kind: "mark", from: end, to: end + size },
      );
      return end + size;
    }
    if (to === this.text.length) this.unclosed.add(size);
    return start;
  }

  /** @param {number} at Of its bracket. @param {number} to */
  link(at, to) {
    let depth = 0;
    for (let end = at; end < Math.min(to, at + LONGEST_LABEL); end += 1) {
      if (this.text[end] === "\\") end += 1;
      else if (this.text[end] === "[") depth += 1;
      else if (this.text[end] === "]" && (depth -= 1) === 0) {
        TARGET.lastIndex = end;
        const target = TARGET.exec(this.text);
        if (!target || end + target[0].length > to) return 0;
        this.spans.push(
          { kind: "mark", from: at, to: at + 1 },
          { kind: "link", from: at + 1, to: end },
          { kind: "mark", from: end, to: end + 2 },
          { kind: "address", from: end + 2, to: end + target[0].length - 1 },
          { kind: "mark", from: end + target[0].length - 1, to: end + target[0].length },
        );
        this.read(at + 1, end);
        return end + target[0].length;
      }
    }
    return 0;
  }

  /** @param {number} from @param {number} end @param {number} to */
  address(from, end, to) {
    if (end <= from || end > to) return 0;
    this.spans.push({ kind: "link", from, to: end });
    return end;
  }

  /** @param {number} from @param {number} to Whether the letter slants these words: Latin, and not Hangul, which is bold. */
  isSlanted(from, to) {
    const addresses = this.spans.filter((span) => span.kind === "address" && span.from >= from && span.to <= to);
    let words = this.text.slice(from, to);
    for (const address of addresses) words = words.replace(this.text.slice(address.from, address.to), "");
    const letters = words.match(/\p{L}/gu) ?? [];
    const hasField = [...this.fields.keys()].some((start) => start >= from && start < to);
    return letters.length > 0 && !hasField && letters.every((one) => /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(one));
  }
}

/** @param {string} text One paragraph or line. @param {FieldAt[]} fields @returns {Span[]} */
export function inlineSpans(text, fields) {
  const paragraph = new Paragraph(text, fields);
  paragraph.read(0, text.length);
  return paragraph.spans;
}
