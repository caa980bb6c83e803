// @ts-check
// Figures from a spreadsheet or a CSV file, pasted or dropped: the rows of a table, the bars of a chart.

import { at, pathOf } from "./desk_data.js";
import { isPicture, onFiles } from "./desk_files.js";
import { announce } from "./desk_status.js";
import { reason, tell } from "./desk_talk.js";
import { word } from "./desk_words.js";

/** @import { Change, Data, Place } from "./desk_types.js" */
/** @import { Desk } from "./desk_session.js" */

const SEVERAL = /[\t,;].*\n|\n.*[\t,;]/;
/** What is no single value: several lines with something between the columns. */

/** @param {HTMLElement} place @param {(text: string) => void} take Told the text of a file that was dropped there. */
export function onDroppedText(place, take) {
  onFiles(place, async ([file]) => take(decoded(await file.arrayBuffer())), (item) => !isPicture(item));
}

/** @param {ArrayBuffer} bytes Excel in Korean writes CP949, or UTF-16 as "Unicode text". */
function decoded(bytes) {
  const [first, second] = new Uint8Array(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("euc-kr").decode(bytes);
  }
}

/** @param {"table" | "chart"} kind @param {string} text @returns {Promise<any>} What the server makes of it; null, told why, for nothing. */
export async function figuresOf(kind, text) {
  try {
    const answer = await tell(kind, { text });
    if (answer.status === 200) return answer.body;
    announce(reason(answer));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    announce(word("no_figures"));
  }
  return null;
}

/** @param {Desk} desk @param {Place} place Of the figures of a chart. @param {HTMLElement} element Where they are pasted or dropped. */
export function takeFigures(desk, place, element) {
  element.addEventListener(
    "paste",
    (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!SEVERAL.test(text)) return;
      event.preventDefault();
      event.stopPropagation();
      take(text);
    },
    { capture: true },
  );
  onDroppedText(element, take);

  /** @param {string} text */
  async function take(text) {
    const made = await figuresOf("chart", text);
    if (!made) return;
    desk.flush();
    const path = pathOf(place);
    const there = /** @type {Data[]} */ (at(desk.data, path) ?? []);
    const blank = [...there.entries()].filter(([, item]) => Object.values(item).every((value) => value === "")).map(([index]) => index);
    let index = there.length - blank.length;
    /** @type {Change[]} */
    const changes = blank.reverse().map((one) => ({ op: "remove", path, index: one }));
    for (const value of made.items) changes.push({ op: "insert", path, index: index++, value });
    const unit = [...path.slice(0, -1), "unit"];
    if (made.unit && !at(desk.data, unit)) changes.push({ op: "set", path: unit, value: made.unit });
    desk.change(changes);
    announce(word("took_figures", { number: made.items.length }));
  }
}
