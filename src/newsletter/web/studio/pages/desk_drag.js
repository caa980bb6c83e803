// @ts-check
// Drag an item of a list to another place with the pointer: a line shows where it will go; Escape lets it stay.

const EDGE = 48;
/** CSS pixels from the edge of the form at which it scrolls along. */

/**
 * @param {PointerEvent} event @param {HTMLElement} item @param {HTMLElement[]} items All of the list, in order.
 * @param {(to: number) => void} drop Told the index that it shall have.
 */
export function dragged(event, item, items, drop) {
  const handle = event.currentTarget;
  if (event.button !== 0 || !(handle instanceof HTMLElement)) return;
  const from = items.indexOf(item);
  const scroller = item.closest(".desk-form");
  const end = new AbortController();
  const { signal } = end;
  let to = from;
  let y = event.clientY;
  let frame = 0;
  handle.setPointerCapture(event.pointerId);
  item.classList.add("desk-dragged");

  function mark() {
    const others = items.filter((one) => one !== item);
    const before = others.findIndex((one) => y < one.getBoundingClientRect().top + one.getBoundingClientRect().height / 2);
    to = before < 0 ? others.length : before;
    for (const one of items) one.classList.remove("desk-before", "desk-behind");
    if (to === from) return;
    if (before < 0) others[others.length - 1].classList.add("desk-behind");
    else others[before].classList.add("desk-before");
  }

  function scroll() {
    const area = scroller?.getBoundingClientRect();
    if (area && y < area.top + EDGE) scroller?.scrollBy(0, -8);
    else if (area && y > area.bottom - EDGE) scroller?.scrollBy(0, 8);
    mark();
    frame = requestAnimationFrame(scroll);
  }

  /** @param {boolean} isDropped */
  function stop(isDropped) {
    end.abort();
    cancelAnimationFrame(frame);
    item.classList.remove("desk-dragged");
    for (const one of items) one.classList.remove("desk-before", "desk-behind");
    if (isDropped && to !== from) drop(to);
  }

  handle.addEventListener("pointermove", (move) => {
    y = move.clientY;
    if (!frame) scroll();
  }, { signal });
  handle.addEventListener("pointerup", () => stop(true), { signal });
  handle.addEventListener("pointercancel", () => stop(false), { signal });
  document.addEventListener("keydown", (key) => {
    if (key.key !== "Escape") return;
    key.preventDefault();
    stop(false);
  }, { signal });
}
