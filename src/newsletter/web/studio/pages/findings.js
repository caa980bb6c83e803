// @ts-check
// From a finding to its place: the letter scrolls there and outlines it, the source marks its line. And back: a click on
// a mark in the letter opens its finding.

import { letterFrame, onLetter, tellLetter } from "./frames.js";
import { keep, kept } from "./keep.js";
import { onFresh } from "./live.js";
import { onPanel, openPanel } from "./panels.js";

let current = 0;
/** Number of the finding that is looked at; 0: none. */
let visible = kept("marks", "off") === "on";
let pending = false;
/** Whether a letter that is still to come shall scroll to the finding. */

const items = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-finding]")]);
const item = (/** @type {number} */ finding) => document.getElementById(`finding-${finding}`);

function tellMarks() {
  const marks = items().flatMap(({ dataset }) =>
    dataset.tag ? [{ finding: Number(dataset.finding), tag: Number(dataset.tag), severity: dataset.severity }] : [],
  );
  tellLetter("marks", { marks, visible, shown: current });
  if (pending) tellLetter("show", { finding: current });
  pending = false;
}

/** Mark the lines of the HTML source in which something was found. */
function markLines() {
  for (const line of document.querySelectorAll("#source .found")) {
    line.className = "";
    line.removeAttribute("data-marks");
  }
  for (const { dataset } of items()) {
    const line = dataset.line && document.getElementById(`line-${dataset.line}`);
    if (!line) continue;
    line.classList.add("found", dataset.severity ?? "");
    line.dataset.marks = [line.dataset.marks, dataset.finding].filter(Boolean).join(" ");
  }
}

/** Scroll each excerpt that is too long for the panel to what its caret points at. */
function showCarets() {
  for (const excerpt of document.querySelectorAll("#findings-body .excerpt")) {
    const text = excerpt.firstChild;
    const at = text?.textContent?.lastIndexOf("^") ?? -1;
    if (!text || at < 0) continue;
    const caret = document.createRange();
    caret.setStart(text, at);
    caret.setEnd(text, at + 1);
    excerpt.scrollLeft += caret.getBoundingClientRect().left - excerpt.getBoundingClientRect().left - excerpt.clientWidth / 2;
  }
}

/** @param {number} finding Mark it in the list, unfold what it says, and bring it into view. */
function markItem(finding) {
  current = finding;
  for (const one of items()) {
    const chosen = Number(one.dataset.finding) === finding;
    one.toggleAttribute("data-current", chosen);
    one.querySelector(".jump")?.setAttribute("aria-current", String(chosen));
  }
  item(finding)?.scrollIntoView({ block: "nearest" });
}

/** @param {number} finding Show its place. */
export function show(finding) {
  const chosen = item(finding);
  if (!chosen) return;
  markItem(finding);
  const line = chosen.dataset.line && document.getElementById(`line-${chosen.dataset.line}`);
  if (line) line.scrollIntoView({ block: "center" });
  else if (!chosen.dataset.tag) return;
  else if (letterFrame()) tellLetter("show", { finding });
  else {
    pending = true;
    document.getElementById("tab-letter")?.click();
  }
}

/** @param {number} by The next finding, or with -1 the one before. */
export function turnFinding(by) {
  const count = items().length;
  if (!count) return;
  openPanel("findings");
  show(current ? ((current - 1 + by + count) % count) + 1 : by > 0 ? 1 : count);
  item(current)?.querySelector("button")?.focus();
}

/** Show or hide the marks of all findings in the letter. */
export function turnMarks() {
  const box = document.getElementById("marks");
  if (!(box instanceof HTMLInputElement)) return;
  box.checked = !box.checked;
  setMarks(box.checked);
}

/** @param {boolean} on */
function setMarks(on) {
  visible = on;
  keep("marks", on ? "on" : "off");
  tellMarks();
}

function applyMarks() {
  const box = document.getElementById("marks");
  if (box instanceof HTMLInputElement) box.checked = visible;
}

/** Follow the list of findings and the letter's marks. */
export function findings() {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button.jump") : null;
    const chosen = button?.closest("[data-finding]");
    if (chosen instanceof HTMLElement) show(Number(chosen.dataset.finding));
  });
  document.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.id === "marks") setMarks(target.checked);
  });
  onLetter("ready", tellMarks);
  onLetter("swapped", tellMarks);
  onLetter("pick", ({ finding }) => {
    openPanel("findings");
    markItem(Number(finding));
    item(Number(finding))?.querySelector("button")?.focus();
    tellMarks();
  });
  onLetter("shown", ({ finding, found }) => item(Number(finding))?.toggleAttribute("data-unseen", !found));
  onPanel("findings", () => {
    if (current > items().length) current = 0;
    if (current) markItem(current);
    tellMarks();
    markLines();
    showCarets();
  });
  onFresh(() => {
    applyMarks();
    markLines();
  });
  applyMarks();
}
