// @ts-check
// Which stars, underscores and tildes are emphasis, by the rules of the letter, so that a text field shows what the letter
// will: edition/markdown/ (emphasis.py, delimiters.py, neighbours.py, star_signs.py, strike.py), written again for the
// browser. tests/web/studio/desk/test_text_marks.py holds both together.

/** @typedef {{ character: string, space: boolean, punctuation: boolean, cjk: boolean }} Side */
/** @typedef {{ character: string, at: number, length: number, opens: boolean, closes: boolean }} Run */
/** @typedef {{ kind: "strong" | "em" | "strike", from: number, to: number, width: number }} Pair From the end of the opening mark to the start of the closing one. */

const LONGEST_RUN = 3;
const DEEPEST = 50;
const SPACE = /[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/u;
const PUNCTUATION = /[!-/:-@[-`{-~\p{P}]/u;
const SYMBOL = /\p{S}/u;
const WORD = /[\p{L}\p{N}]/u;
const OPENING = /\p{Ps}/u;
const CJK =
  /[\u1100-\u11ff\u20a9\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uffdc\uffe0-\uffe6\uffe8-\uffee\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
/** @type {Side} */
const EDGE = { character: "", space: true, punctuation: false, cjk: false };
/** @type {Side} What will stand in a merge field's place is mostly a Korean name. */
const FIELD = { character: "q", space: false, punctuation: false, cjk: true };

const SURNAMES =
  "강고곽구권금김나남노도류마명문민박방배백변서석선설성손송신심안양엄여염오옥왕" +
  "우원위유육윤은이인임장전정제조주지진차채천최추탁태표하한함허현홍황";
const POWER = /(?:[A-Za-z0-9]|\([^()*]{1,40}\))(\*\*)(?=[-−]?[0-9])/g;
const HIDDEN = new RegExp(
  `(?<![^\\s,(:·/、])[${SURNAMES}](\\*\\*\\*?)(?=$|[\\s,.·/()、]|님|씨)` +
    "|(?<![^\\s,(:])[A-Za-z0-9][A-Za-z0-9._]{1,40}(\\*\\*\\*?)(?=$|[\\s,.()@\\-]|님|씨)|-(\\*\\*\\*?)(?=-)",
  "g",
);

/** @param {string} character @param {boolean} [cjk] @returns {Side} */
function side(character, cjk = false) {
  return {
    character,
    space: SPACE.test(character),
    punctuation: PUNCTUATION.test(character) || SYMBOL.test(character),
    cjk: cjk || CJK.test(character),
  };
}

/** @param {string} text @param {number} at @returns {string} The whole character before a place. */
function characterBefore(text, at) {
  const one = text.slice(Math.max(0, at - 2), at);
  return one.length === 2 && /^[\ud800-\udbff][\udc00-\udfff]$/.test(one) ? one : one.slice(-1);
}

/** @param {string} text @param {number} at @param {Set<number>} fieldEnds @returns {Side} */
function before(text, at, fieldEnds) {
  if (at === 0) return EDGE;
  if (fieldEnds.has(at)) return FIELD;
  const character = characterBefore(text, at);
  if (/[\ufe00-\ufe0e]/.test(character) && at > 1) {
    const selected = characterBefore(text, at - 1);
    return side(selected, character === "\ufe01" && "‘’“”".includes(selected));
  }
  return side(character, /[\u{e0100}-\u{e01ef}]/u.test(character));
}

/** @param {string} text @param {number} at @param {number} end @param {Set<number>} fieldStarts @returns {Side} */
function after(text, at, end, fieldStarts) {
  if (at >= end) return EDGE;
  if (fieldStarts.has(at)) return FIELD;
  return side(String.fromCodePoint(text.codePointAt(at) ?? 32));
}

const isWord = (/** @type {Side} */ one) => WORD.test(one.character);
const isForeignWord = (/** @type {Side} */ one) => isWord(one) && !one.cjk;
const isForeignPunctuation = (/** @type {Side} */ one) => one.punctuation && !one.cjk;

/** @param {Side} left @param {Side} right @returns {[boolean, boolean]} Left- and right-flanking. */
function flanking(left, right) {
  return [
    !right.space && (!isForeignPunctuation(right) || left.space || isForeignPunctuation(left) || left.cjk),
    !left.space && (!isForeignPunctuation(left) || right.space || isForeignPunctuation(right) || right.cjk),
  ];
}

/** @param {Side} left @param {Side} right @returns {[boolean, boolean]} */
function ofASingleStar(left, right) {
  const [opens, closes] = flanking(left, right);
  const endsOperand = /^[)\]}%]$/.test(left.character);
  const betweenOperands = isWord(left) && (isWord(right) || /^[([{]$/.test(right.character));
  const isSign =
    (isForeignWord(left) && isForeignWord(right)) ||
    (/\p{Nd}/u.test(right.character) && (isForeignWord(left) || endsOperand));
  return [
    opens && !(isSign || endsOperand || betweenOperands),
    (closes || (left.punctuation && isWord(right))) && !isSign,
  ];
}

/** @param {string} text A paragraph. @returns {Set<number>} Where runs begin that mean themselves: `2**10과 2**20`. */
export function starsAsTyped(text) {
  const runs = [...text.matchAll(/(?<!\*)\*{2,3}(?!\*)/g)].map(({ index }) => index);
  const found = new Set();
  for (const kind of [POWER, HIDDEN]) {
    const ofAKind = new Set([...text.matchAll(kind)].map((one) => one.index + one[0].search(/\*+$/)));
    runs.forEach((at, place) => {
      const next = runs[place + 1];
      if (ofAKind.has(at) && ofAKind.has(next)) found.add(at).add(next);
    });
  }
  return found;
}

/**
 * @param {string} text The paragraph. @param {number} at Where a run of one character begins. @param {number} end Where
 * what is read ends: the text, or the words of a link.
 * @param {{ starts: Set<number>, ends: Set<number>, asTyped: Set<number> }} known Merge fields; what `starsAsTyped` found.
 * @returns {Run}
 */
export function runAt(text, at, end, known) {
  const character = text[at];
  let stop = at;
  while (stop < end && text[stop] === character) stop += 1;
  const length = stop - at;
  const [left, right] = [before(text, at, known.ends), after(text, stop, end, known.starts)];
  let [opens, closes] = [false, false];
  if (character === "~") {
    const quotes = /\p{Pi}/u.test(left.character) && isWord(right);
    opens = length === 2 && !isWord(left) && !right.space;
    closes = length === 2 && !left.space && !OPENING.test(left.character) && !isForeignWord(right) && !quotes;
  } else if (length <= LONGEST_RUN && !known.asTyped.has(at)) {
    if (character === "_") {
      const [canOpen, canClose] = flanking(left, right);
      opens = canOpen && (!canClose || left.punctuation);
      closes = canClose && (!canOpen || right.punctuation);
    } else if (length === 1) [opens, closes] = ofASingleStar(left, right);
    else {
      const endsClause =
        isWord(left) && right.character !== "" && ",.;:!?·…、。，".includes(right.character) && after(text, stop + 1, end, known.starts).space;
      opens = !right.space && !endsClause;
      closes = !(left.space || OPENING.test(left.character));
    }
  }
  return { character, at, length, opens, closes };
}

/** @param {number} one @param {number} other How many characters of each of two runs make a pair. */
function common(one, other) {
  if (Math.min(one, other) >= 2) return 2;
  return one === 2 || other === 2 ? 0 : 1;
}

/** @param {Run[]} runs In the order in which they stand. @returns {Pair[]} */
export function pairs(runs) {
  /** @type {Run[]} */
  let waiting = [];
  /** @type {Pair[]} */
  const found = [];
  for (const run of runs) {
    while (run.closes && run.length) {
      const place = waiting.findLastIndex(
        (one) => one.character === run.character && common(one.length, run.length) > 0,
      );
      if (place < 0) break;
      const opener = waiting[place];
      const width = common(opener.length, run.length);
      opener.length -= width;
      const kind = run.character === "~" ? "strike" : width === 2 ? "strong" : "em";
      found.push({ kind, from: opener.at + opener.length + width, to: run.at, width });
      run.at += width;
      run.length -= width;
      waiting = waiting.slice(0, place + (opener.length ? 1 : 0));
    }
    if (run.opens && run.length) waiting = [...waiting, run].slice(-DEEPEST);
  }
  return found;
}
