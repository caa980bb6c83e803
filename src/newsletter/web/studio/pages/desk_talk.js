// @ts-check
// What the desk asks of the server and tells it. A lost server is a TypeError, as `fetch` throws it.

/** @typedef {{ status: number, body: any }} Answer */

const spoken = document.documentElement.lang;

/** @param {string} address @param {Record<string, string>} [values] @returns {Promise<Answer>} */
export async function ask(address, values = {}) {
  return answered(await fetch(`desk/${address}?${new URLSearchParams({ ...values, ui: spoken })}`, { cache: "no-store" }));
}

/** A server that was started anew has a new token; the page brings it along (live.js). */
const token = () => document.getElementById("desk-key")?.dataset.csrf ?? "";

/** @param {string} address @param {Record<string, string>} values @param {File} file @returns {Promise<Answer>} */
export async function send(address, values, file) {
  const query = new URLSearchParams({ ...values, ui: spoken });
  const headers = { "X-Newsletter-Csrf": token(), "Content-Type": "application/octet-stream" };
  return answered(await fetch(`desk/${address}?${query}`, { method: "POST", headers, body: file, redirect: "error" }));
}

/** @param {string} address @param {object} values @returns {Promise<Answer>} */
export async function tell(address, values) {
  return answered(
    await fetch(`desk/${address}?ui=${spoken}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ csrf: token(), ...values }),
      redirect: "error",
    }),
  );
}

/** @param {Response} answer @returns {Promise<Answer>} */
async function answered(answer) {
  const text = await answer.text();
  const isJson = (answer.headers.get("content-type") ?? "").startsWith("application/json");
  return { status: answer.status, body: isJson ? JSON.parse(text) : { words: text.slice(0, 300) } };
}

/** @param {Answer} answer Why the server would not. */
export const reason = ({ status, body }) => String(body?.problem?.words ?? body?.words ?? status);
