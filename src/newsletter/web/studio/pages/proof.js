// @ts-check
// Send a proof and tell in place what the relay said.

/** @param {HTMLFormElement} form */
async function send(form) {
  const answer = document.getElementById("proof-answer");
  const button = form.querySelector("button");
  if (!answer || !button || button.getAttribute("aria-disabled") === "true") return;
  // Not `disabled`, which would take the focus away from whoever has pressed it.
  button.setAttribute("aria-disabled", "true");
  answer.className = "answer";
  answer.textContent = form.dataset.sending ?? "";
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) data.append(name, String(value));
  try {
    const reply = await fetch(form.action, { method: "POST", body: data, redirect: "error" });
    answer.textContent = (await reply.text()).slice(0, 1000);
    answer.classList.add(reply.ok ? "good" : "bad");
  } catch {
    answer.textContent = form.dataset.failed ?? "";
    answer.classList.add("bad");
  }
  button.removeAttribute("aria-disabled");
}

/** Follow the form of the proof. */
export function proof() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.id !== "proof-form") return;
    event.preventDefault();
    send(form);
  });
}
