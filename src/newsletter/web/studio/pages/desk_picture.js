// @ts-check
// The file of a picture: chosen, dropped or pasted, it is put beside the issue; then what stands in its place is asked for.

import { make, textButton } from "./desk_build.js";
import { announce } from "./desk_status.js";
import { reason, send } from "./desk_talk.js";
import { word } from "./desk_words.js";

/** @import { Around } from "./desk_controls.js" */
/** @import { Control } from "./desk_box.js" */

/** @param {Around} around @param {Control} inner The field of its name. @returns {Control} */
export function withPicture({ field, slot, issue, typed }, inner) {
  const files = make("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif", hidden: true });
  const choose = textButton(word("choose_picture"), () => files.click(), { class: "desk-button desk-small" });
  const row = make("div", { class: "desk-picture" }, choose, make("span", { class: "note" }, word("drop_picture")), files);
  slot.append(row);
  files.addEventListener("change", () => take(files.files?.[0]));
  // Anywhere among the fields of the picture will do; the one for the dark has to be meant.
  requestAnimationFrame(() => {
    const place = (field.required && slot.closest(".desk-part, .desk-set")) || slot;
    place.addEventListener("dragover", (event) => {
      if (!hasFiles(/** @type {DragEvent} */ (event).dataTransfer)) return;
      event.preventDefault();
      place.classList.add("desk-over");
    });
    place.addEventListener("dragleave", () => place.classList.remove("desk-over"));
    place.addEventListener("drop", (event) => dropped(event, /** @type {DragEvent} */ (event).dataTransfer));
    place.addEventListener("paste", (event) => dropped(event, /** @type {ClipboardEvent} */ (event).clipboardData));

    /** @param {Event} event @param {DataTransfer | null} data */
    function dropped(event, data) {
      place.classList.remove("desk-over");
      if (!hasFiles(data)) return;
      event.preventDefault();
      event.stopPropagation();
      take(data?.files[0]);
    }
  });

  /** @param {File | undefined} file */
  async function take(file) {
    if (!file) return;
    files.value = "";
    choose.setAttribute("aria-disabled", "true");
    announce(word("taking_picture"));
    try {
      const answer = await send("picture", { issue, name: file.name || "picture" }, file);
      if (answer.status !== 200) return announce(reason(answer));
      inner.show(answer.body.src);
      typed(true);
      announce(word("took_picture"));
      const alt = slot.closest(".desk-fields")?.querySelector("[data-key=alt] [role=textbox], [data-key=alt] input");
      if (alt instanceof HTMLElement) alt.focus();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      announce(word("no_picture"));
    } finally {
      choose.removeAttribute("aria-disabled");
    }
  }

  return {
    ...inner,
    destroy: () => {
      inner.destroy();
      row.remove();
    },
  };
}

/** @param {DataTransfer | null} data */
const hasFiles = (data) => Boolean(data?.types.includes("Files"));
