// @ts-check
// The letter in its frame: a new one is loaded behind the old one and takes its place once it has been painted, scrolled
// to where the reader was. The frame has no origin of ours; all talk with its helper (frame.js) is by messages.

import { onFresh, take } from "./live.js";

/** @typedef {{ studio: string, [more: string]: unknown }} Word */

const PATIENCE = 1500;
/** Milliseconds until a letter whose helper says nothing is shown all the same. */

let settle = () => {};
/** @type {Promise<void>} Done when the letter that was asked for last is on the screen. */
let settled = Promise.resolve();

/** Wait until the letter is on the screen: nothing else shall take the machine's time before. */
export const letterSettled = () => settled;

/** Another letter is about to come: what waits for it to be on the screen waits from now on. */
export function unsettle() {
  settle();
  settled = new Promise((resolve) => {
    settle = resolve;
    setTimeout(resolve, PATIENCE);
  });
}

/** @type {HTMLIFrameElement | null} */
let coming = null;
let patience = 0;
let scrolled = 0;
/** @type {Map<string, Array<(word: Word) => void>>} */
const listeners = new Map();

/** @param {string} word @param {(word: Word) => void} listener Called when the letter's helper says it. */
export function onLetter(word, listener) {
  listeners.set(word, [...(listeners.get(word) ?? []), listener]);
}

/** The frame that is seen; null on the other tabs. */
export function letterFrame() {
  const frame = document.getElementById("letter");
  return frame instanceof HTMLIFrameElement ? frame : null;
}

/** @param {string} word @param {object} [more] Say it to the letter's helper. */
export function tellLetter(word, more) {
  tell(letterFrame(), word, more);
}

/** @param {HTMLIFrameElement | null} frame @param {string} word @param {object} [more] */
function tell(frame, word, more) {
  // The frame's origin is opaque and has no name, so only "*" reaches it; nothing secret is said.
  frame?.contentWindow?.postMessage({ studio: word, ...more }, "*");
}

/** @param {Element} next @returns {boolean} Whether the new sheet's letter goes into a frame behind the present one. */
function takeSheet(next) {
  const now = letterFrame();
  const wanted = next.querySelector("#letter");
  coming?.remove();
  coming = null;
  if (!(wanted instanceof HTMLIFrameElement) || wanted.dataset.issue !== now?.dataset.issue) scrolled = 0;
  if (!now || !(wanted instanceof HTMLIFrameElement)) return false;
  now.title = wanted.title;
  if (wanted.getAttribute("src") === now.getAttribute("src")) return true;
  coming = document.importNode(wanted, false);
  coming.id = "coming";
  coming.inert = true;
  now.after(coming);
  unsettle();
  clearTimeout(patience);
  patience = window.setTimeout(swap, PATIENCE);
  return true;
}

function swap() {
  const old = letterFrame();
  if (!coming || !old) return;
  clearTimeout(patience);
  const focused = document.activeElement === old;
  old.remove();
  coming.id = "letter";
  coming.inert = false;
  if (focused) coming.focus();
  coming = null;
  settle();
  hear({ studio: "swapped" });
}

/** @param {Word} word */
function hear(word) {
  for (const listener of listeners.get(word.studio) ?? []) listener(word);
}

/** Take over the sheet and listen to the frames in it. */
export function frames() {
  take("sheet", takeSheet);
  if (letterFrame()) unsettle();
  let isThere = false;
  onLetter("painted", () => {
    isThere = true;
    settle();
  });
  onFresh(() => {
    if (isThere && !coming) settle();
  });
  onLetter("scroll", ({ y }) => {
    scrolled = Number(y);
  });
  window.addEventListener("message", ({ source, data }) => {
    if (typeof data?.studio !== "string" || !source) return;
    const frame = letterFrame();
    if (source === coming?.contentWindow) {
      if (data.studio === "ready") tell(coming, "start", { y: scrolled });
      if (data.studio === "painted") swap();
    } else if (source === frame?.contentWindow) {
      if (data.studio === "ready") tell(frame, "start", { y: scrolled });
      hear(data);
    }
  });
  // The first letter may have been ready before this script was.
  tellLetter("hello");
}
