// @ts-check
// A small look of a picture of the issue, and in it the place that stays in sight when the picture is cut: set by a click,
// or by two sliders.

import { freshId, make } from "./desk_build.js";
import { word } from "./desk_words.js";

/** @import { Around } from "./desk_controls.js" */
/** @import { Control } from "./desk_box.js" */
/** @import { Data } from "./desk_types.js" */

const FOCUS = /^\s*(\d{1,3})\s*%?\s+(\d{1,3})\s*%?\s*$/;
const MIDDLE = "50 50";

/** @param {Around} around @returns {{ element: HTMLImageElement, show: (src: Data | undefined) => void }} */
export function pictureLook({ issue, version }) {
  const element = make("img", { alt: "", class: "desk-look", loading: "lazy", hidden: true });
  let shown = "";
  let failed = "";
  element.addEventListener("load", () => {
    element.hidden = false;
    failed = "";
  });
  element.addEventListener("error", () => {
    element.hidden = true;
    failed = version();
  });
  return {
    element,
    show(src) {
      const said = typeof src === "string" ? src.trim() : "";
      // What could not be seen may be there by now: a name that has just been saved, a file that has just been copied.
      if (said === shown && (!failed || failed === version())) return;
      shown = said;
      failed = "";
      element.hidden = !said;
      if (said) element.src = `desk/picture?${new URLSearchParams({ issue, src: said })}`;
      else element.removeAttribute("src");
    },
  };
}

/** @param {Around} around @returns {Control} What stands there is "40 25": percent from the left, and from the top. */
export function focus(around) {
  const { slot, label, help, typed, beside } = around;
  const look = pictureLook(around);
  const mark = make("span", { class: "desk-mark" });
  const frame = make("div", { class: "desk-focus" }, look.element, mark);
  const across = slider("from_left");
  const down = slider("from_top");
  const row = make("div", { class: "desk-picture" }, frame, make("div", { class: "desk-sliders" }, across.row, down.row));
  let said = "";
  slot.append(row);
  look.element.addEventListener("click", ({ clientX, clientY }) => {
    const { left, top, width, height } = look.element.getBoundingClientRect();
    across.input.value = String(Math.round(((clientX - left) / width) * 100));
    down.input.value = String(Math.round(((clientY - top) / height) * 100));
    moved();
  });

  /** @param {string} name */
  function slider(name) {
    const id = freshId("slider");
    const input = make("input", { type: "range", min: "0", max: "100", "aria-labelledby": `${label} ${id}`, "aria-describedby": help });
    input.addEventListener("input", moved);
    return { input, row: make("div", { class: "desk-slider" }, make("span", { id }, word(name)), input) };
  }

  function moved() {
    said = `${across.input.value} ${down.input.value}`;
    draw();
    typed();
  }

  function draw() {
    const [, left, top] = FOCUS.exec(said) ?? FOCUS.exec(MIDDLE) ?? [];
    [across.input.value, down.input.value] = [left, top];
    mark.style.left = `${left}%`;
    mark.style.top = `${top}%`;
    mark.hidden = look.element.hidden;
  }
  look.element.addEventListener("load", draw);

  return {
    show(value) {
      said = typeof value === "string" ? value : "";
      draw();
    },
    read: (before) => (said === MIDDLE && before !== MIDDLE ? null : said || null),
    refresh: () => look.show(beside("src")),
    focus: () => across.input.focus(),
    destroy: () => row.remove(),
    isComposing: () => false,
  };
}
