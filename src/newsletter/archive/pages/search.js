// The search of the archive. It asks nobody but the archive's own files, newest first, and writes what it finds as text:
// nothing of an issue is ever read as HTML.

const ENOUGH = 20;
const MOST_TERMS = 8;
const BEFORE = 40;
const AFTER = 110;
// Behind a noun of two syllables or more, the longest first. What is found without the particle counts less.
const PARTICLES =
  /^([가-힣]{2,}?)(에서부터|으로부터|에서는|에게서|까지는|이라는|에서|에게|으로|까지|부터|보다|처럼|이나|라는|은|는|이|가|을|를|의|에|로|와|과|도|만)$/;

/** @typedef {{u: string, t: string, d: string, l: string, x: string}} Row address, title, day, language, text */
/** @typedef {{row: Row, at: number, length: number, score: number}} Hit */

const base = new URL(".", import.meta.url);
const place = /** @type {HTMLElement} */ (document.getElementById("search"));
const form = /** @type {HTMLFormElement} */ (place.querySelector("form"));
const field = /** @type {HTMLInputElement} */ (place.querySelector("input"));
const status = /** @type {HTMLElement} */ (place.querySelector(".search-status"));
const list = /** @type {HTMLElement} */ (place.querySelector(".search-results"));
const older = /** @type {HTMLButtonElement} */ (place.querySelector(".search-older"));

/** @type {Map<string, Promise<any>>} */
const loaded = new Map();
let latest = 0;

/** @param {string} name */
function load(name) {
  const known = loaded.get(name);
  if (known) return known;
  const made = fetch(new URL(name, base)).then((answer) => {
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer.json();
  });
  made.catch(() => loaded.delete(name));
  loaded.set(name, made);
  return made;
}

/** @param {string} text */
const folded = (text) => text.normalize("NFC").toLowerCase();

/** Each word, and the noun in it. @param {string} words */
function termsOf(words) {
  const terms = folded(words).split(/\s+/u).filter(Boolean).slice(0, MOST_TERMS);
  return terms.map((term) => ({ term, stem: PARTICLES.exec(term)?.[1] ?? term }));
}

/**
 * Where a term stands, or -1. What is written in Latin letters begins a word: "ai" is not found in "said".
 * @param {string} text @param {string} term
 */
function position(text, term) {
  let at = text.indexOf(term);
  if (/^[a-z0-9]/u.test(term)) {
    while (at > 0 && /[a-z0-9]/u.test(text[at - 1])) at = text.indexOf(term, at + 1);
  }
  return at;
}

/** @param {Row} row @param {{term: string, stem: string}[]} terms @returns {Hit | null} */
function hit(row, terms) {
  const title = folded(row.t);
  const text = folded(row.x);
  let score = 0;
  let first = { at: -1, length: 0 };
  for (const { term, stem } of terms) {
    const exact = position(text, term);
    const at = exact < 0 ? position(text, stem) : exact;
    const inTitle = position(title, stem) >= 0;
    if (at < 0 && !inTitle) return null;
    score += (inTitle ? 4 : 0) + (exact < 0 ? 0 : 1);
    if (at >= 0 && first.at < 0) first = { at, length: exact < 0 ? stem.length : term.length };
  }
  return { row, score, ...first };
}

/** @param {string} name @param {Record<string, string | number>} values */
function say(name, values = {}) {
  const words = place.dataset[name] ?? "";
  status.textContent = words.replace(/\{(\w+)\}/gu, (whole, key) => String(values[key] ?? whole));
}

/** @param {Hit} found */
function item({ row, at, length }) {
  const link = document.createElement("a");
  link.href = new URL(row.u, base).href;
  link.textContent = row.t;
  const day = document.createElement("time");
  day.dateTime = row.d;
  day.textContent = row.d;
  const line = document.createElement("li");
  line.lang = row.l;
  line.append(link, " ", day);
  if (at >= 0) line.append(excerpt(row.x, at, length));
  return line;
}

/** @param {string} text @param {number} at @param {number} length */
function excerpt(text, at, length) {
  const start = Math.max(0, at - BEFORE);
  const end = Math.min(text.length, at + length + AFTER);
  const mark = document.createElement("mark");
  mark.textContent = text.slice(at, at + length);
  const line = document.createElement("p");
  line.append(start ? "… " : "", text.slice(start, at), mark, text.slice(at + length, end), end < text.length ? " …" : "");
  return line;
}

/** @param {string} words @param {number} from the part to begin with */
async function search(words, from = 0) {
  const mine = (latest += 1);
  const terms = termsOf(words);
  older.hidden = true;
  if (!from) list.replaceChildren();
  status.textContent = "";
  if (!terms.length) return;
  say("looking");
  try {
    /** @type {string[]} */
    const parts = await load("search.json");
    let since = "";
    let part = from;
    for (let found = 0; part < parts.length && found < ENOUGH; part += 1) {
      /** @type {Row[]} */
      const rows = await load(parts[part]);
      if (mine !== latest) return;
      const hits = rows.map((row) => hit(row, terms)).filter((one) => one !== null);
      hits.sort((one, other) => other.score - one.score || (one.row.d < other.row.d ? 1 : -1));
      list.append(...hits.map(item));
      found += hits.length;
      since = rows[rows.length - 1].d;
    }
    conclude(words, since, part, part < parts.length);
  } catch {
    if (mine === latest) say("failed");
  }
}

/** @param {string} words @param {string} since @param {number} part the next one @param {boolean} more */
function conclude(words, since, part, more) {
  const n = list.childElementCount;
  if (more) say("so_far", { n, words, date: since });
  else say(n === 0 ? "none" : n === 1 ? "one" : "found", { n, words });
  older.hidden = !more;
  older.onclick = () => {
    const next = n;
    void search(words, part).then(() => {
      const first = list.children[next]?.querySelector("a");
      (first ?? field).focus();
    });
  };
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const address = new URL(location.href);
  address.searchParams.set("q", field.value);
  history.replaceState(null, "", address);
  void search(field.value);
});

field.value = new URLSearchParams(location.search).get("q") ?? "";
place.hidden = false;
void search(field.value);
