// @ts-check
// The demo's inbox: it shows what arrives, and one click unsubscribes in place.

import { live, say } from "./live.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-one-click]")) return;
  event.preventDefault();
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  let done = false;
  try {
    done = (await fetch(form.action, { method: "POST", body, redirect: "error" })).ok;
  } catch {
    done = false;
  }
  say((done ? form.dataset.done : form.dataset.failed) ?? "");
});

live();
