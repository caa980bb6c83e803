// @ts-check
// The reviewers' comments: words selected in the letter become what a comment is about, and a click on them leads back.

import { onLetter, tellLetter } from "./frames.js";
import { onPanel, openPanel } from "./panels.js";
import { post, tellIn } from "./posted.js";

/** @type {Record<string, string>} What stands in the form's fields, so that a comment of somebody else takes none of it. */
const typed = {};
let asked = "";
/** The words that are looked for in the letter. */

const field = (/** @type {string} */ id) => {
  const found = document.getElementById(id);
  return found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement ? found : null;
};

function keepTyped() {
  for (const id of ["review-about", "review-words"]) typed[id] = field(id)?.value ?? "";
}

function bringBack() {
  for (const [id, value] of Object.entries(typed)) {
    const place = field(id);
    if (place) place.value = value;
  }
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const words = document.getElementById("review-form")?.dataset;
  if (!(await post(form, answer, words))) return;
  if (form.id === "review-form") {
    for (const id of Object.keys(typed)) typed[id] = "";
    bringBack();
  }
  openPanel("review");
}

/** @type {[string, "" | "good" | "bad"]} What was answered last: the panel that comes anew has an empty place for it. */
let last = ["", ""];

/** @type {import("./posted.js").Tell} */
function answer(words, mood) {
  last = [words, mood];
  tellIn("review-answer")(words, mood);
}

/** Follow the panel of comments, and what is selected in the letter. */
export function review() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.classList.contains("review")) return;
    event.preventDefault();
    send(form);
  });
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLElement && target.closest("#review-form")) keepTyped();
  });
  document.addEventListener("click", ({ target }) => {
    const quoted = target instanceof Element ? target.closest("button.quoted") : null;
    if (!(quoted instanceof HTMLElement)) return;
    asked = quoted.dataset.quote ?? "";
    tellLetter("find", { words: asked });
  });
  onLetter("selected", ({ words }) => {
    const about = field("review-about");
    if (!about) return;
    about.value = String(words).slice(0, about.maxLength);
    keepTyped();
  });
  onLetter("found", ({ found }) => {
    for (const quoted of document.querySelectorAll("button.quoted")) {
      if (!(quoted instanceof HTMLElement) || quoted.dataset.quote !== asked) continue;
      quoted.nextElementSibling?.toggleAttribute("hidden", Boolean(found));
    }
  });
  onPanel("review", () => {
    bringBack();
    answer(last[0], last[1]);
  });
}
