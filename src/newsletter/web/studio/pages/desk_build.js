// @ts-check
// Small helpers to make elements: the desk's form has no markup of its own in the page.

let made = 0;

/** @param {string} prefix @returns {string} An id that no other element has. */
export const freshId = (prefix) => `desk-${prefix}-${++made}`;

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, string | boolean | null | undefined>} [attributes] `true` is an empty one, `false` none.
 * @param {...(Node | string | null)} children @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** @type {Record<string, string>} Strokes in a square of 16. */
const STROKES = {
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M8 3v10M4 9l4 4 4-4",
  copy: "M6 6h7v7H6zM10 6V3H3v7h3",
  hide: "M1.5 8C3 5 5.3 3.5 8 3.5S13 5 14.5 8C13 11 10.7 12.5 8 12.5S3 11 1.5 8zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  remove: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 8.5h6l.5-8.5",
  add: "M8 3v10M3 8h10",
  undo: "M6 3 3 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6",
  redo: "M10 3l3 3-3 3M13 6H6.5a3.5 3.5 0 0 0 0 7H10",
  handle: "M6 3.5v.01M10 3.5v.01M6 8v.01M10 8v.01M6 12.5v.01M10 12.5v.01",
  show: "M2 8h11M9 4l4 4-4 4",
  fold: "M5 6l3 3 3-3",
};

/** @param {string} name */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", width: "16", height: "16", "aria-hidden": "true", focusable: "false" })) {
    drawing.setAttribute(key, value);
  }
  drawing.classList.add("desk-icon", `desk-icon-${name}`);
  const stroke = document.createElementNS(space, "path");
  stroke.setAttribute("d", STROKES[name]);
  drawing.append(stroke);
  return drawing;
}

/** @param {string} drawing @param {string} label @param {() => void} press @param {Record<string, string | boolean>} [attributes] */
export function iconButton(drawing, label, press, attributes = {}) {
  const button = make("button", { type: "button", class: "desk-tool", "aria-label": label, title: label, ...attributes }, icon(drawing));
  button.addEventListener("click", press);
  return button;
}

/** @param {string} label @param {() => void} press @param {Record<string, string | boolean>} [attributes] @param {string} [drawing] */
export function textButton(label, press, attributes = {}, drawing = "") {
  const button = make("button", { type: "button", class: "desk-button", ...attributes }, drawing ? icon(drawing) : null, label);
  button.addEventListener("click", press);
  return button;
}
