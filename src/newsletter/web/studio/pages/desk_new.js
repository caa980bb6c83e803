// @ts-check
// A new issue, begun as the last one was, with every kind of section, or with the words of a document: a dialog asks for
// its name and how it shall begin; then the page goes to it.

import { freshId, make, textButton } from "./desk_build.js";
import { MOST_BYTES } from "./desk_files.js";
import { announce } from "./desk_status.js";
import { ask, reason, send, tell } from "./desk_talk.js";
import { word } from "./desk_words.js";
import { go } from "./live.js";

const DOCUMENT = /\.(docx|md|markdown|html?|txt)$/i;
const NAME = /^[a-z0-9-]+$/;
const ACCEPTED = ".docx,.md,.markdown,.html,.htm,.txt";

/** @param {File} file */
export const isDocument = (file) => DOCUMENT.test(file.name);

/** @param {File} [file] A document to begin with. */
export async function askForNewIssue(file) {
  if (document.querySelector("dialog[open]")) return;
  const opener = document.activeElement;
  const dialog = make("dialog", { class: "help desk-new", "aria-labelledby": "desk-new-title" });
  const nameId = freshId("slug");
  const [helpId, refusedId] = ["help", "refused"].map(freshId);
  const name = make("input", { type: "text", id: nameId, class: "desk-text", autocomplete: "off", spellcheck: "false", maxlength: "100", required: true, "aria-describedby": `${helpId} ${refusedId}` });
  const refused = make("p", { id: refusedId, class: "desk-note error", role: "alert", hidden: true });
  const chosen = make("input", { type: "file", accept: ACCEPTED, hidden: true, "aria-label": word("new_document") });
  const fileName = make("span", { class: "note" });
  const choose = textButton(word("new_choose"), () => chosen.click(), { class: "desk-button desk-small" });
  const ways = make("fieldset", { class: "desk-ways-to-begin" }, make("legend", { class: "desk-name" }, word("new_from")));
  const begin = make("button", { type: "submit", class: "desk-button" }, word("new_begin"));
  const cancel = textButton(word("cancel"), () => close());
  const form = make("form", { method: "dialog" }, make("label", { for: nameId, class: "desk-name" }, word("new_name")), name, make("p", { id: helpId, class: "desk-help" }, word("new_name_help")), ways, refused, make("div", { class: "ends" }, begin, cancel));
  dialog.append(make("h2", { id: "desk-new-title" }, word("new_title")), form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener instanceof HTMLElement) opener.focus();
  });

  /** @param {string} value @param {string} label @param {...HTMLElement} more */
  function way(value, label, ...more) {
    const radio = make("input", { type: "radio", name: "desk-new-from", value });
    ways.append(make("div", { class: "desk-row" }, make("label", {}, radio, " ", label), ...more));
    return radio;
  }

  function close() {
    dialog.close();
  }

  /** @param {string} why */
  function refuse(why) {
    refused.textContent = why;
    refused.hidden = false;
  }

  let last = "";
  try {
    const { status, body } = await ask("beginnings");
    if (status !== 200) return announce(reason({ status, body }));
    name.value = body.slug;
    last = body.last;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return announce(word("new_lost"));
  }
  const fromLast = last ? way("last", word("new_last", { slug: last })) : null;
  const fromStarter = way("starter", word("new_starter"));
  const fromDocument = way("document", word("new_document"), choose, fileName, chosen);
  (file ? fromDocument : (fromLast ?? fromStarter)).checked = true;
  fileName.textContent = file?.name ?? "";
  chosen.addEventListener("change", () => {
    file = chosen.files?.[0] ?? file;
    fileName.textContent = file?.name ?? "";
    fromDocument.checked = true;
  });
  fromDocument.addEventListener("change", () => !file && chosen.click());

  /** @returns {Promise<{ status: number, body: any }>} */
  function begun() {
    const issue = name.value.trim();
    if (fromLast?.checked) return tell("next", { issue, from: last });
    if (fromStarter.checked || !file) return tell("starter", { issue });
    return send("document", { issue, name: file.name }, file);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (begin.getAttribute("aria-disabled") === "true") return;
    if (!NAME.test(name.value.trim())) return refuse(word("new_name_help"));
    if (fromDocument.checked && !file) return chosen.click();
    if (fromDocument.checked && file && file.size > MOST_BYTES) return refuse(word("file_too_large"));
    begin.setAttribute("aria-disabled", "true");
    refused.hidden = true;
    try {
      const answer = await begun();
      if (answer.status !== 200) return refuse(reason(answer));
      close();
      const query = new URLSearchParams(location.search);
      query.set("issue", answer.body.slug);
      query.set("write", "1");
      await go(`?${query}`);
      announce([word("new_begun", { slug: answer.body.slug }), ...answer.body.told].join(" "));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      refuse(word("new_lost"));
    } finally {
      begin.removeAttribute("aria-disabled");
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  name.focus();
  name.select();
}
