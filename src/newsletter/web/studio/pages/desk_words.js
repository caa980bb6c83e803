// @ts-check
// The words of the desk, in the language of the page; words/desk.toml has them, and the page carries them.

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("desk-words")?.dataset.words ?? "{}");

/** @param {string} key @param {Record<string, string | number>} [values] What stands in its braces. */
export function word(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
