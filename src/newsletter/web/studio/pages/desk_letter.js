// @ts-check
// From a word in the letter to the field in which it is written, and back. The letter has no sign of where its words come
// from, so they are looked for: without the signs of Markdown, the same words of the same order.

import { tellLetter } from "./frames.js";
import { same } from "./desk_data.js";

/** @import { Data, Path } from "./desk_types.js" */
/** @import { Desk, Spot } from "./desk_session.js" */
/** @import { Card } from "./desk_card.js" */

/** @typedef {{ path: Path, text: string }} Written */

const SHORTEST = 2;
/** Characters that are enough to look for. */

/** @param {string} text Its words alone: without signs, addresses of links and merge fields. */
export function bare(text) {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\{\{.*?\}\}/g, " ")
    .replace(/[*_`#>|~\\[\]]/g, "")
    .replace(/^\s*(?:[-+]|\d+\.)\s+/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** @param {Data} data @param {Path} path @returns {Written[]} Every text of the issue, in its order. */
function writtenIn(data, path) {
  if (typeof data === "string") return [{ path, text: bare(data) }];
  const inside = Array.isArray(data) ? [...data.entries()] : Object.entries(data);
  return inside.flatMap(([key, value]) => (path.length || key !== "translations" ? writtenIn(value, [...path, key]) : []));
}

/**
 * The place of what was clicked: `text` is the paragraph round it, `offset` where in it, `before` how often the same
 * paragraph stands in the letter before.
 * @param {Data} data @param {{ text: string, offset: number, before: number }} clicked @param {string} language Of the letter; empty: the issue's own.
 * @returns {Path | null}
 */
export function placeOf(data, { text, offset, before }, language) {
  const own = /** @type {any} */ (data)?.translations?.[language];
  const all = own ? [...writtenIn(own, ["translations", language]), ...writtenIn(data, [])] : writtenIn(data, []);
  const said = text.replace(/\s+/g, " ");
  for (let reach = 60; reach >= SHORTEST; reach = Math.floor(reach / 2)) {
    // Round it, behind it, before it: a reader's name may stand on one side, which is nowhere written.
    for (const [from, to] of [[reach, reach], [0, reach], [reach, 0]]) {
      const wanted = bare(said.slice(Math.max(0, offset - from), offset + to));
      const found = wanted.length < SHORTEST ? [] : exact(all.filter((one) => one.text.includes(wanted)), bare(said));
      if (found.length) return found[Math.min(before, found.length - 1)].path;
    }
  }
  return null;
}

/** @param {Written[]} found @param {string} whole Where some say just that, those. */
function exact(found, whole) {
  const same = found.filter((one) => one.text === whole);
  return same.length ? same : found;
}

/**
 * @param {Desk} desk @param {Card[]} cards @param {Path} path @param {{ text: string, offset: number }} clicked
 * @returns {boolean} Whether there is a field to go to.
 */
export function goTo(desk, cards, path, clicked) {
  const own = path[0] === "translations" && path[1] !== desk.second ? path.slice(2) : path;
  const place = own[0] === "translations" ? own.slice(2) : own;
  if (place[0] === "sections") cards[Number(place[1])]?.unfold(true);
  const spots = [...desk.spots].filter((spot) => same(spot.path(), own.slice(0, spot.path().length)));
  const nearest = spots.sort((one, other) => other.path().length - one.path().length)[0];
  nearest?.reveal();
  const said = nearest && desk.at(nearest.path());
  const word = typeof said === "string" ? wordIn(said, clicked) : null;
  if (word) nearest.box?.control?.select?.(...word);
  return Boolean(nearest);
}

/**
 * Where the word that was clicked stands in a text: of several, the one that lies in it about as the word in its paragraph.
 * @param {string} said @param {{ text: string, offset: number }} clicked @returns {[number, number] | null}
 */
export function wordIn(said, { text, offset }) {
  const [before, behind] = [text.slice(0, offset), text.slice(offset)];
  const word = bare(/[\p{L}\p{N}]*$/u.exec(before)?.[0] + (/^[\p{L}\p{N}]*/u.exec(behind)?.[0] ?? ""));
  if (!word) return null;
  const start = said.indexOf(bare(text).slice(0, 12));
  const wanted = Math.max(0, start) + offset;
  const places = [...said.matchAll(new RegExp(word, "gu"))].map((found) => found.index);
  if (!places.length) return null;
  const from = places.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));
  return [from, from + word.length];
}

/** @param {Desk} desk @param {Spot} spot @param {string} cursor The paragraph that the cursor is in. Scroll the letter to it. */
export function showInLetter(desk, spot, cursor) {
  const said = desk.at(spot.path());
  const pieces = [cursor, ...(typeof said === "string" ? said : "").split(/\n{2,}/)].flatMap((one) => one.split(/\{\{.*?\}\}/));
  const texts = pieces.map((one) => bare(one).slice(0, 120)).filter((one) => one.length >= SHORTEST);
  if (!texts.length) return false;
  const path = spot.path();
  const all = writtenIn(desk.data, []);
  const index = all.findIndex((one) => same(one.path, path));
  const before = all.slice(0, Math.max(0, index)).filter((one) => one.text.includes(texts[0])).length;
  tellLetter("seek", { texts: texts.slice(0, 6), before });
  return true;
}
