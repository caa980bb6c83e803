// @ts-check
// Send a proof and tell in place what the relay said.

import { post, tellIn } from "./posted.js";

/** Follow the form of the proof. */
export function proof() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.id !== "proof-form") return;
    event.preventDefault();
    post(form, tellIn("proof-answer"));
  });
}
