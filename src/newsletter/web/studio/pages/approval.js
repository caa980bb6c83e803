// @ts-check
// Approve, and tell in place what came of it. Once approved, the button is gone: there is nothing more to say yes to.

/** @param {HTMLFormElement} form */
async function approve(form) {
  const answer = document.getElementById("approval-answer");
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
    answer.textContent = (await reply.text()).slice(0, 2000);
    answer.classList.add(reply.ok ? "good" : "bad");
    if (reply.ok) {
      form.hidden = true;
      answer.tabIndex = -1;
      answer.focus();
    }
  } catch {
    answer.textContent = form.dataset.failed ?? "";
    answer.classList.add("bad");
  }
  button.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || event.target.id !== "approval-form") return;
  event.preventDefault();
  approve(event.target);
});
