// @ts-check
// Runs inside the framed letter, beside frame.js, while somebody writes: it says which words were clicked, and finds
// those that are written.
//
// Messages as there. Heard: `desk` with `open`; `seek` with `texts` and `before`. Told: `clicked` and `sought`.
"use strict";

(() => {
  const studio = window.parent;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let writing = false;

  const sheet = new CSSStyleSheet();
  sheet.replaceSync("::highlight(written) { background-color: #ffe58a; color: #1c2422; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  /** @param {string} word @param {object} more */
  function tell(word, more) {
    studio.postMessage({ studio: word, ...more }, location.origin);
  }

  window.addEventListener("message", ({ source, data }) => {
    if (source !== studio) return;
    if (data?.studio === "desk") writing = data.open === true;
    if (data?.studio === "seek" && Array.isArray(data.texts)) seek(data.texts.map(String), Number(data.before));
  });

  const WHITE = /[\s\u00ad\u200b-\u200d\u2060\ufeff]+/g;
  const plain = (/** @type {string} */ text) => text.replace(WHITE, " ");

  /** @param {Element | null} place @returns {Element} The paragraph, or whatever is as one, in which a word stands. */
  function block(place) {
    while (place?.parentElement && getComputedStyle(place).display.startsWith("inline")) place = place.parentElement;
    return place ?? document.body;
  }

  /** @param {string} text @param {string} part */
  const times = (text, part) => (part ? text.split(part).length - 1 : 0);

  /** @param {Node} from @param {Node} to @param {number} [offset] The text of the letter between the two. */
  function textBetween(from, to, offset = 0) {
    const range = document.createRange();
    range.setStart(from, 0);
    range.setEnd(to, offset);
    return plain(range.toString());
  }

  window.addEventListener("click", (event) => {
    if (!writing || event.ctrlKey || event.metaKey || event.button || !(event.target instanceof Element)) return;
    event.preventDefault();
    const language = document.documentElement.lang;
    if (event.target instanceof HTMLImageElement) {
      tell("clicked", { text: plain(event.target.alt), offset: 0, before: 0, language });
      return;
    }
    const at = document.caretRangeFromPoint(event.clientX, event.clientY);
    const around = at?.startContainer instanceof Text ? block(at.startContainer.parentElement) : null;
    if (!at || !around) return;
    const text = plain(around.textContent ?? "");
    const before = times(textBetween(document.body, around), text);
    tell("clicked", { text: text.slice(0, 5000), offset: textBetween(around, at.startContainer, at.startOffset).length, before, language });
  });

  /** @param {string[]} texts The first of them that is there is chosen. @param {number} before How often it stands there before. */
  function seek(texts, before) {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    /** @type {Array<[Text, number]>} The place of every character of the letter. */
    const places = [];
    let all = "";
    while (walker.nextNode()) {
      const node = /** @type {Text} */ (walker.currentNode);
      if (node.parentElement?.closest("style, script, title") || !node.parentElement?.getClientRects().length) continue;
      [...node.data].forEach((character, index) => {
        const white = plain(character) === " ";
        if (white && all.endsWith(" ")) return;
        all += white ? " " : character;
        for (let unit = 0; unit < character.length; unit++) places.push([node, index]);
      });
    }
    const text = texts.find((one) => all.includes(one));
    let start = text === undefined ? -1 : all.indexOf(text);
    for (let more = before; text && more > 0 && all.indexOf(text, start + 1) >= 0; more--) start = all.indexOf(text, start + 1);
    tell("sought", { found: start >= 0 });
    if (start < 0 || text === undefined) return;
    const [first, last] = [places[start], places[start + text.length - 1]];
    const range = document.createRange();
    range.setStart(first[0], first[1]);
    range.setEnd(last[0], last[1] + 1);
    // Not by a selection, which is the reader's own.
    CSS.highlights?.set("written", new Highlight(range));
    first[0].parentElement?.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
  }
})();
