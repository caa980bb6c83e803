// @ts-check
// Merge fields in a text, `{{ subscriber.name | default("구독자") }}`: the grammar of issue/fields.py as far as a field is
// whole and right. What is wrong stays text, where `check` says so.

/** @typedef {{ key: string, default: string | null, from: number, to: number }} FieldAt */
/** @typedef {Record<string, string>} Words Of text_field.toml, without `text_field.`. */

const STRING = String.raw`"(?:[^"\\\n]|\\["\\])*"|'(?:[^'\\\n]|\\['\\])*'`;
const FIELD = new RegExp(
  String.raw`\{\{\s*subscriber\s*\.\s*(?:(name|email|language)|fields\s*(?:\.\s*([\p{L}\p{N}_]+)|\[\s*(${STRING})\s*\]))` +
    String.raw`\s*(?:\|\s*default\s*\(\s*(${STRING})\s*\)\s*)?\}\}`,
  "gu",
);

const unquoted = (/** @type {string} */ text) => text.slice(1, -1).replace(/\\(.)/g, "$1");

/** @param {string} text @returns {FieldAt[]} In the order in which they stand. */
export function mergeFieldsIn(text) {
  return [...text.matchAll(FIELD)].map((found) => {
    const [whole, plain, column, quoted, fallback] = found;
    return {
      key: plain ? `subscriber.${plain}` : `subscriber.fields.${column ?? unquoted(quoted).trim()}`,
      default: fallback === undefined ? null : unquoted(fallback),
      from: found.index,
      to: found.index + whole.length,
    };
  });
}

/** @param {string} key @param {string} fallback What stands where it is empty; none if "". @returns {string} As it is written. */
export function mergeField(key, fallback) {
  const column = /^subscriber\.fields\.(.*)$/s.exec(key)?.[1];
  const isWord = column === undefined || /^[\p{L}\p{N}_]+$/u.test(column);
  const quoted = (/** @type {string} */ text) => `"${text.replace(/\s*\n\s*/g, " ").replace(/["\\]/g, "\\$&")}"`;
  const name = isWord ? key : `subscriber.fields[${quoted(column)}]`;
  return fallback ? `{{ ${name} | default(${quoted(fallback)}) }}` : `{{ ${name} }}`;
}

/** @param {string} key @param {Words} words @returns {string} What an editor calls it. */
export function nameOf(key, words) {
  return words[key.replace("subscriber.", "field_")] ?? key.replace(/^subscriber\.(?:fields\.)?/, "");
}

/** @param {FieldAt} field @param {Words} words @returns {string} What stands on its chip. */
export function chipText(field, words) {
  const name = nameOf(field.key, words);
  return field.default ? words.chip_with_default.replace("{name}", name).replace("{default}", field.default) : name;
}
