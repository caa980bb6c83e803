// @ts-check
// Files that are dropped on a place or pasted into it, and pictures among them on their way beside the issue.

import { at, pathOf, same, setting } from "./desk_data.js";
import { announce } from "./desk_status.js";
import { reason, send } from "./desk_talk.js";
import { word } from "./desk_words.js";

/** @import { Card } from "./desk_card.js" */
/** @import { Change, Data, Place } from "./desk_types.js" */
/** @import { Desk } from "./desk_session.js" */

export const MOST_BYTES = 20_000_000;
/** That the server takes of a picture or a document. */

/** @param {DataTransferItem} item */
export const isPicture = (item) => item.type.startsWith("image/");

/**
 * @param {HTMLElement | Document} place @param {(files: File[]) => void} take Told what was dropped or pasted there.
 * @param {(item: DataTransferItem) => boolean} [wants] What is not wanted here is for what is around.
 */
export function onFiles(place, take, wants = () => true) {
  const mark = (/** @type {boolean} */ isOver) => place instanceof HTMLElement && place.classList.toggle("desk-over", isOver);
  const isWanted = (/** @type {DataTransfer | null} */ data) => [...(data?.items ?? [])].some((item) => item.kind === "file" && wants(item));
  place.addEventListener("dragover", (event) => {
    const { dataTransfer: data } = /** @type {DragEvent} */ (event);
    if (event.defaultPrevented || !data || !isWanted(data)) return;
    event.preventDefault();
    data.dropEffect = "copy";
    mark(true);
  });
  place.addEventListener("dragleave", () => mark(false));
  place.addEventListener("drop", (event) => taken(event, /** @type {DragEvent} */ (event).dataTransfer));
  place.addEventListener("paste", (event) => {
    const { clipboardData: data } = /** @type {ClipboardEvent} */ (event);
    // Word and Excel bring a picture of the text that is copied.
    if (!data?.getData("text/plain")) taken(event, data);
  });

  /** @param {Event} event @param {DataTransfer | null} data */
  function taken(event, data) {
    mark(false);
    if (!data || !isWanted(data)) return;
    event.preventDefault();
    event.stopPropagation();
    take([...data.files]);
  }
}

/** @param {string} issue @param {File} file @returns {Promise<{ src: string, why: string }>} Its name in the issue, or why it has none. */
export async function brought(issue, file) {
  if (file.size > MOST_BYTES) return { src: "", why: word("file_too_large") };
  announce(word("taking_picture"));
  try {
    const answer = await send("picture", { issue, name: file.name || "picture" }, file);
    return answer.status === 200 ? { src: answer.body.src, why: "" } : { src: "", why: reason(answer) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { src: "", why: word("no_picture") };
  }
}

/** @param {Desk} desk @param {Place} place Of a picture that may not be there yet. @param {HTMLElement} element */
export function takePictureAt(desk, place, element) {
  onFiles(element, ([file]) => put(desk, file, () => at(desk.data, pathOf(place)) === undefined, () => pathOf(place)), isPicture);
}

/** @param {Desk} desk @param {Card} card A picture that is dropped on a section is the section's. */
export function takePictures(desk, card) {
  const fields = (card.known?.fields ?? []).filter((field) => field.of === "Image");
  const list = fields.find((field) => field.kind === "parts");
  const one = fields.find((field) => field.kind === "part");
  const isThere = () => desk.spots.has(card.spot);
  onFiles(
    card.element,
    async (files) => {
      card.unfold(true);
      if (!list) return one && put(desk, files[0], isThere, () => [...pathOf(card.place), one.key]);
      for (const file of files) {
        await put(desk, file, isThere, () => {
          const path = [...pathOf(card.place), list.key];
          const there = /** @type {Data[]} */ (at(desk.data, path) ?? []);
          const free = there.findIndex((item) => !at(item, ["src"]));
          return [...path, free < 0 ? there.length : free];
        }, list.most ?? Infinity);
      }
    },
    isPicture,
  );
}

/**
 * @param {Desk} desk @param {File} file @param {() => boolean} isThere Whether the place is still there once the file is on the server.
 * @param {() => import("./desk_types.js").Path} path @param {number} [most] Of a list.
 */
async function put(desk, file, isThere, path, most = Infinity) {
  const before = path();
  if (at(desk.data, [...before, "src"]) || Number(before[before.length - 1]) >= most) return announce(word("has_picture"));
  const { src, why } = await brought(desk.opened.slug, file);
  if (!src) return announce(why);
  if (!isThere()) return announce(word("no_picture"));
  desk.flush();
  const where = path();
  const isBegun = at(desk.data, where) !== undefined;
  desk.change(isBegun ? setting(desk.data, [...where, "src"], src) : setting(desk.data, where, { src }));
  announce(word("took_picture"));
  [...desk.spots].find((spot) => same(spot.path(), [...where, "alt"]))?.reveal();
}
