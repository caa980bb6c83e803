// @ts-check
// Keep the open page as the server would send it now, without losing the reader's place.
//
// Parts marked `data-live` are replaced when the server would send them otherwise; focus, what is scrolled, unfolded
// or being typed stays. Limits: parts are told apart by their id.

/** @typedef {(next: Element) => boolean} Taker Puts a new part in place itself; false: it shall be replaced. */

/** @type {Map<string, string>} Each part as the server sent it; what scripts set on it later is no change. */
const sent = new Map([...document.querySelectorAll("[data-live]")].map((part) => [part.id, part.outerHTML]));
/** @type {Map<string, Taker>} */
const takers = new Map();
/** @type {Array<() => void>} */
const listeners = [];
let asking = new AbortController();
let refused = false;

/** @param {string} text For all to read, also for a screen reader. */
export function say(text) {
  const place = document.getElementById("live");
  if (place) place.textContent = text;
  refused = false;
}

/** @param {string} id @param {Taker} taker Who puts this part in place. */
export function take(id, taker) {
  takers.set(id, taker);
}

/** @param {() => void} listener Called after each look at the server. */
export function onFresh(listener) {
  listeners.push(listener);
}

/** Ask for the page once more and put in place what has changed; a later call replaces an earlier one. */
export async function refresh() {
  asking.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: asking.signal });
    const text = await answer.text();
    const isPage = (answer.headers.get("content-type") || "").startsWith("text/html");
    if (isPage) renew(new DOMParser().parseFromString(text, "text/html"));
    if (refused || !isPage) say(isPage ? "" : text.slice(0, 300));
    refused = !isPage;
  } catch (error) {
    // The stream of events tells of a lost server; a newer look has ended this one.
    if (!(error instanceof TypeError || (error instanceof DOMException && error.name === "AbortError"))) throw error;
    return;
  }
  for (const listener of listeners) listener();
}

/** @param {string} address Show another page of the same application, without leaving this one. */
export function go(address) {
  if (new URL(address, location.href).href !== location.href) history.pushState(null, "", address);
  return refresh();
}

/** @param {Document} fresh */
function renew(fresh) {
  const focused = document.activeElement?.id;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (!next || next.outerHTML === sent.get(part.id) || isTypedIn(part)) continue;
    sent.set(part.id, next.outerHTML);
    if (!takers.get(part.id)?.(next)) replace(part, next);
  }
  document.title = fresh.title;
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}

/** @param {Element} part Whether somebody is writing there. */
function isTypedIn(part) {
  const field = document.activeElement;
  return field instanceof HTMLInputElement && part.contains(field) && field.value !== field.defaultValue;
}

/** @param {Element} part @param {Element} next Scrolled and unfolded as the old one was. */
export function replace(part, next) {
  const old = [part, ...part.querySelectorAll("[id]")];
  part.replaceWith(document.adoptNode(next));
  for (const was of old) {
    const is = document.getElementById(was.id);
    if (is instanceof HTMLDetailsElement && was instanceof HTMLDetailsElement) is.open = was.open;
    const [top, left] = places.get(was) ?? [0, 0];
    if (is && (top || left)) is.scrollTo({ top, left, behavior: "instant" });
  }
}

/** @type {WeakMap<Element, [number, number]>} Where each box was scrolled to; a box out of the page has forgotten it. */
const places = new WeakMap();
document.addEventListener(
  "scroll",
  ({ target }) => {
    if (target instanceof Element) places.set(target, [target.scrollTop, target.scrollLeft]);
  },
  { capture: true, passive: true },
);

function listen() {
  const events = new EventSource("events");
  events.addEventListener("changed", refresh);
  // Also on the first connection and after a break: what happened in between is not lost.
  events.addEventListener("hello", () => {
    document.body.classList.remove("lost");
    refresh();
  });
  // A browser has few connections to one server: the page that was left longest ago gives its own up until somebody
  // turns to it again.
  events.addEventListener("rest", () => {
    events.close();
    const wake = new AbortController();
    for (const turn of ["focus", "pointerdown", "keydown", "visibilitychange"]) {
      const place = turn === "visibilitychange" ? document : window;
      place.addEventListener(
        turn,
        () => {
          if (document.hidden) return;
          wake.abort();
          listen();
        },
        { signal: wake.signal },
      );
    }
  });
  events.addEventListener("error", () => {
    document.body.classList.add("lost");
    // A browser gives up for good where the answer is no stream; we do not.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
}

/** Follow the server from now on. */
export function live() {
  window.addEventListener("popstate", refresh);
  listen();
}
