// @ts-check
// The width of the letter: that of a phone, a tablet, or any other, dragged at its edge or typed. It is the person's
// own, kept in this browser, and never asked of the server.

import { keep, kept } from "./keep.js";
import { onFresh } from "./live.js";

const FREE = "free";
const LEAST = 240;
const MOST = 1600;
/** CSS pixels. */
const STEP = 8;
/** CSS pixels that an arrow key moves the edge. */

let choice = kept("width", FREE);
/** @type {number | null} The free width; null: all the room there is. */
let free = Number(kept("free", "")) || null;

const inBounds = (/** @type {number} */ width) => Math.min(MOST, Math.max(LEAST, Math.round(width)));
const frameBox = () => document.getElementById("frame-box");
const field = () => /** @type {HTMLInputElement | null} */ (document.getElementById("width-typed"));

/** @param {string} width One of the choices. */
function choose(width) {
  choice = width;
  keep("width", choice);
  apply();
}

/** @param {number | null} width */
function setFree(width) {
  free = width === null ? null : inBounds(width);
  keep("free", free === null ? "" : String(free));
  choose(FREE);
}

function apply() {
  const box = frameBox();
  if (!box) return;
  const wanted = choice === FREE ? free : Number(choice);
  box.style.width = wanted ? `${wanted}px` : "";
  for (const radio of document.querySelectorAll("input[name=width]")) {
    if (radio instanceof HTMLInputElement) radio.checked = radio.value === choice;
  }
  measured.disconnect();
  measured.observe(box);
  tellWidth();
}

function tellWidth() {
  const width = frameBox()?.offsetWidth ?? 0;
  const typed = field();
  if (typed && document.activeElement !== typed) typed.value = String(width);
  document.getElementById("edge")?.setAttribute("aria-valuenow", String(width));
}

const measured = new ResizeObserver(tellWidth);

/** @param {number} by The next choice, or with -1 the one before. */
export function turnWidth(by) {
  const all = [...document.querySelectorAll("input[name=width]")].map((one) => /** @type {HTMLInputElement} */ (one).value);
  if (all.length) choose(all[(all.indexOf(choice) + by + all.length) % all.length]);
}

/** @param {PointerEvent} event */
function drag(event) {
  const edge = /** @type {HTMLElement} */ (event.target);
  const box = frameBox();
  if (!box || event.button !== 0) return;
  const start = { x: event.clientX, width: box.offsetWidth };
  event.preventDefault();
  edge.focus();
  edge.setPointerCapture(event.pointerId);
  document.body.classList.add("dragging");
  const move = (/** @type {PointerEvent} */ to) => {
    // The letter stands in the middle, so its edge is where the pointer is when it grows by twice the way.
    setFree(start.width + 2 * (to.clientX - start.x));
  };
  edge.addEventListener("pointermove", move);
  edge.addEventListener(
    "lostpointercapture",
    () => {
      edge.removeEventListener("pointermove", move);
      document.body.classList.remove("dragging");
    },
    { once: true },
  );
}

/** @param {KeyboardEvent} event */
function moveEdge(event) {
  const width = frameBox()?.offsetWidth ?? LEAST;
  /** @type {Record<string, number>} */
  const to = { ArrowLeft: width - STEP, ArrowRight: width + STEP, Home: LEAST, PageUp: width + 10 * STEP, PageDown: width - 10 * STEP };
  if (!(event.key in to)) return;
  event.preventDefault();
  setFree(to[event.key]);
}

/** Follow the controls of the width. */
export function widths() {
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.name === "width") choose(target.value);
    if (target.id === "width-typed") setFree(Number(target.value) || null);
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target instanceof HTMLElement && event.target.id === "edge") drag(event);
  });
  document.addEventListener("dblclick", ({ target }) => {
    if (target instanceof HTMLElement && target.id === "edge") setFree(null);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLElement && event.target.id === "edge") moveEdge(event);
  });
  onFresh(apply);
  apply();
}
