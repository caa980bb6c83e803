// @ts-check
// Send a form without leaving the page: once at a time, and what is answered is told in place.

/** @typedef {(words: string, mood: "" | "good" | "bad") => void} Tell */

const LONGEST = 2000;
/** Characters of an answer that are shown. */

/**
 * @param {HTMLFormElement} form @param {Tell} tell @param {DOMStringMap} [words] `sending` and `failed`.
 * @returns {Promise<boolean>} Whether it was done.
 */
export async function post(form, tell, words = form.dataset) {
  const button = form.querySelector("button");
  if (!button || button.getAttribute("aria-disabled") === "true") return false;
  // Not `disabled`, which would take the focus away from whoever has pressed it.
  button.setAttribute("aria-disabled", "true");
  tell(words.sending ?? "", "");
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) data.append(name, String(value));
  try {
    const reply = await fetch(form.action, { method: "POST", body: data, redirect: "error" });
    tell((await reply.text()).slice(0, LONGEST), reply.ok ? "good" : "bad");
    return reply.ok;
  } catch {
    tell(words.failed ?? "", "bad");
    return false;
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** @param {string} id @returns {Tell} Told in the element of that name. */
export function tellIn(id) {
  return (words, mood) => {
    const place = document.getElementById(id);
    if (!place) return;
    place.textContent = words;
    place.className = `answer ${mood}`;
  };
}
