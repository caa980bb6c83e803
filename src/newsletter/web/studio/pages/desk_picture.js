// @ts-check
// The file of a picture: chosen, dropped or pasted, it is put beside the issue and seen at once; then what stands in its
// place is asked for. Its name can be seen and written, too.

import { freshId, make, textButton } from "./desk_build.js";
import { brought, onFiles } from "./desk_files.js";
import { pictureLook } from "./desk_look.js";
import { announce } from "./desk_status.js";
import { word } from "./desk_words.js";

/** @import { Around } from "./desk_controls.js" */
/** @import { Control } from "./desk_box.js" */

/** @param {Around} around @param {(around: Around) => Control} named The field of its name. @returns {Control} */
export function withPicture(around, named) {
  const { field, slot, issue, label, help, typed } = around;
  const refusedId = freshId("refused");
  const look = pictureLook(around);
  const files = make("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif", hidden: true, "aria-labelledby": label, "aria-describedby": help });
  const choose = textButton(word("choose_picture"), () => files.click(), { class: "desk-button desk-small", "aria-describedby": `${label} ${help} ${refusedId}` });
  const refused = make("p", { id: refusedId, class: "desk-note error", hidden: true });
  const name = make("div", {});
  const more = make("details", { class: "desk-more" }, make("summary", {}, word("picture_name")), name);
  const row = make("div", { class: "desk-picture" }, look.element, make("div", { class: "desk-choose" }, choose, make("span", { class: "note" }, word("drop_picture")), more), files);
  slot.append(row, refused);
  const inner = named({ ...around, slot: name });
  let isGone = false;
  files.addEventListener("change", () => {
    const [file] = files.files ?? [];
    files.value = "";
    if (file) take(file);
  });
  // Anywhere among the fields of the picture will do; the one for the dark has to be meant.
  requestAnimationFrame(() => {
    const place = (field.required && slot.closest(".desk-set")) || slot;
    if (place instanceof HTMLElement) onFiles(place, ([file]) => take(file));
  });

  /** @param {File} file */
  async function take(file) {
    refused.hidden = true;
    choose.setAttribute("aria-busy", "true");
    const { src, why } = await brought(issue, file);
    choose.removeAttribute("aria-busy");
    if (isGone) return announce(word("no_picture"));
    if (!src) {
      refused.textContent = why;
      refused.hidden = false;
      return announce(why);
    }
    inner.show(src);
    typed(true);
    announce(word("took_picture"));
    const alt = slot.closest(".desk-fields")?.querySelector("[data-key=alt] [role=textbox], [data-key=alt] input");
    if (alt instanceof HTMLElement) alt.focus();
  }

  return {
    show: inner.show,
    read: inner.read,
    isComposing: inner.isComposing,
    refresh: () => look.show(inner.read(undefined) ?? undefined),
    focus: () => choose.focus(),
    destroy: () => {
      isGone = true;
      inner.destroy();
      row.remove();
      refused.remove();
    },
  };
}
