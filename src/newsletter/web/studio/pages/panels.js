// @ts-check
// The panels beside the letter. Each is fetched when it is looked at, and again after every change, once the letter is
// there: the letter never waits for them. Findings and issues are always fetched: the letter is marked with the ones, and
// the state of the others stands at the top.

import { letterSettled } from "./frames.js";
import { keep, kept } from "./keep.js";
import { onFresh, replace } from "./live.js";

const FIRST = "findings";
const ALWAYS = [FIRST, "issues"];
/** @type {Record<string, string>} What was last put in place, by panel. */
const sent = {};
/** @type {Map<string, () => void>} */
const listeners = new Map();
let asking = new AbortController();
let looks = 0;
/** How often the panels were asked for again; a later time replaces an earlier one. */
let open = kept("panel", FIRST);

/** @param {string} name @param {() => void} listener Called when that panel has come. */
export function onPanel(name, listener) {
  listeners.set(name, listener);
}

const tabs = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[role=tab]")]);
const panel = (/** @type {HTMLElement} */ tab) => document.getElementById(tab.getAttribute("aria-controls") ?? "");

/** @param {string} name @param {boolean} [focus] */
export function openPanel(name, focus = false) {
  choosePanel(name, focus);
  load(open);
}

/** @param {string} name @param {boolean} [focus] */
function choosePanel(name, focus = false) {
  if (!document.getElementById(`panel-tab-${name}`)) name = FIRST;
  open = name;
  keep("panel", open);
  for (const tab of tabs()) {
    const chosen = tab.id === `panel-tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    const box = panel(tab);
    if (box) box.hidden = !chosen;
    if (chosen && focus) tab.focus();
  }
}

/** @param {number} by The next panel, or with -1 the one before. @param {boolean} focus */
export function turnPanel(by, focus) {
  const all = tabs();
  const at = all.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  openPanel(all[(at + by + all.length) % all.length].id.replace("panel-tab-", ""), focus);
}

/** @param {string} name */
async function load(name) {
  const box = document.getElementById(`panel-${name}`);
  if (!box?.hasAttribute("data-fetched")) return;
  box.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`panel/${name}${location.search}`, { cache: "no-store", signal: asking.signal });
    const text = await answer.text();
    if (answer.ok) put(name, text);
    else refuse(name, text);
  } catch (error) {
    // A lost server is told of elsewhere; a newer look has ended this one.
    if (!(error instanceof TypeError || (error instanceof DOMException && error.name === "AbortError"))) throw error;
    return;
  }
  document.getElementById(`panel-${name}`)?.removeAttribute("aria-busy");
}

/** @param {string} name @param {string} text */
function put(name, text) {
  const body = document.getElementById(`${name}-body`);
  if (!body || sent[name] === text) return;
  sent[name] = text;
  const next = new DOMParser().parseFromString(text, "text/html").getElementById(body.id);
  if (!next) return;
  const focused = document.activeElement?.id;
  replace(body, next);
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  const count = document.querySelector(`#panel-tab-${name} .count`);
  if (count && next.dataset.count !== undefined) {
    count.textContent = next.dataset.count;
    count.className = `count ${next.dataset.state ?? ""}`;
  }
  listeners.get(name)?.();
}

/** @param {string} name @param {string} why A panel that cannot be made says so, rather than to go on looking. */
function refuse(name, why) {
  sent[name] = "";
  document.getElementById(`${name}-body`)?.replaceChildren(why.slice(0, 300));
}

async function reload() {
  const look = ++looks;
  asking.abort();
  asking = new AbortController();
  await letterSettled();
  if (look !== looks) return;
  for (const name of new Set([open, ...ALWAYS])) load(name);
}

/** Follow the panels' tabs (ARIA Authoring Practices Guide, Tabs). */
export function panels() {
  document.addEventListener("click", ({ target }) => {
    const tab = target instanceof Element ? target.closest("[role=tab]") : null;
    if (tab) openPanel(tab.id.replace("panel-tab-", ""), true);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof HTMLElement) || event.target.getAttribute("role") !== "tab") return;
    /** @type {Record<string, () => void>} */
    const moves = {
      ArrowRight: () => turnPanel(1, true),
      ArrowLeft: () => turnPanel(-1, true),
      Home: () => openPanel(tabs()[0].id.replace("panel-tab-", ""), true),
      End: () => openPanel(tabs()[tabs().length - 1].id.replace("panel-tab-", ""), true),
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    moves[event.key]();
  });
  onFresh(reload);
  choosePanel(open);
  reload();
}
