// @ts-check
// The palette: every type of section with a picture of it, to choose one.

import { freshId, make, textButton } from "./desk_build.js";
import { word } from "./desk_words.js";

/** @import { SectionKind } from "./desk_types.js" */

/** @param {SectionKind[]} kinds @returns {Promise<SectionKind | null>} */
export function choosePalette(kinds) {
  const { promise, resolve } = withResolver();
  const dialog = make("dialog", { class: "help desk-palette", "aria-labelledby": "desk-palette-title" });
  const close = (/** @type {SectionKind | null} */ kind) => {
    resolve(kind);
    dialog.close();
    dialog.remove();
  };
  const list = make("ul", { class: "desk-kinds" }, ...kinds.map((kind) => make("li", {}, card(kind, () => close(kind)))));
  const cancel = textButton(word("cancel"), () => close(null));
  dialog.append(make("h2", { id: "desk-palette-title" }, word("palette")), list, make("div", { class: "ends" }, cancel));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(null);
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) close(null);
  });
  dialog.addEventListener("keydown", (event) => walk(event, list));
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}

/** @param {SectionKind} kind @param {() => void} choose */
function card(kind, choose) {
  const picture = kind.picture ? make("img", { src: `assets/${kind.picture}`, alt: "", width: "200", height: "130" }) : null;
  picture?.addEventListener("error", () => picture.remove());
  const [name, help] = [make("strong", { id: freshId("kind") }, kind.label), make("span", { id: freshId("help"), class: "note" }, kind.help)];
  const named = { "aria-labelledby": name.id, "aria-describedby": help.id };
  const button = make("button", { type: "button", class: "desk-kind", ...named }, picture, name, help);
  button.addEventListener("click", choose);
  return button;
}

/** @param {KeyboardEvent} event @param {HTMLElement} list The arrow keys go from one to the next. */
function walk(event, list) {
  const all = [...list.querySelectorAll("button")];
  const now = all.findIndex((one) => one === document.activeElement);
  const across = all.filter((one) => one.offsetTop === all[0].offsetTop).length;
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
  if (!by || now < 0) return;
  event.preventDefault();
  all[now + by]?.focus();
}

function withResolver() {
  /** @type {(kind: SectionKind | null) => void} */
  let resolve = () => {};
  /** @type {Promise<SectionKind | null>} */
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
