// @ts-check
// Approve, and tell in place what came of it. Once approved, the button is gone: there is nothing more to say yes to.

import { post, tellIn } from "./posted.js";

/** @param {HTMLFormElement} form */
async function approve(form) {
  if (!(await post(form, tellIn("approval-answer")))) return;
  form.hidden = true;
  const answer = document.getElementById("approval-answer");
  if (!answer) return;
  answer.tabIndex = -1;
  answer.focus();
}

document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || event.target.id !== "approval-form") return;
  event.preventDefault();
  approve(event.target);
});
