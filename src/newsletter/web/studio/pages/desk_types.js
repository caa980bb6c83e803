// @ts-check
// The shapes that the server and the desk talk in. There is nothing in it that runs.

/** @typedef {{ [key: string]: any }} Mapping Its values are Data; JSDoc has no name for itself there. */
/** @typedef {string | any[] | Mapping} Data Every scalar is the text that stands in the file. */
/** @typedef {Array<string | number>} Path ["sections", 2, "heading"] */

/**
 * @typedef {{ op: "set", path: Path, value: Data } | { op: "remove_key", path: Path }
 *   | { op: "insert", path: Path, index: number, value: Data } | { op: "remove", path: Path, index: number }
 *   | { op: "move" | "copy", path: Path, index: number, to: number }} Change
 */

/**
 * @typedef {object} Field
 * @property {string} key
 * @property {string} label
 * @property {string} help
 * @property {string} kind
 * @property {boolean} required The key has to be there.
 * @property {boolean} [may_be_empty] And nothing need stand in it.
 * @property {boolean} usual
 * @property {boolean} [markdown]
 * @property {boolean} [merge]
 * @property {boolean} [translatable]
 * @property {string} [of]
 * @property {number | null} [most]
 * @property {string} [default]
 * @property {string} [absent] What leaving it out stands for.
 * @property {boolean} [may_be_empty] Nothing need stand in it, but it has to be there.
 * @property {Mapping} [fresh] A new one of a list.
 * @property {string} [entry] What one of a list is called.
 * @property {string[]} [examples]
 * @property {Array<{ value: string, label: string }>} [choices]
 */

/**
 * @typedef {object} SectionKind
 * @property {string} type
 * @property {string} label
 * @property {string} help
 * @property {string | null} picture
 * @property {Field[]} fields
 * @property {{ [key: string]: Data }} fresh
 */

/** @typedef {{ language: string, issue: Field[], parts: Record<string, Field[]>, sections: SectionKind[] }} Form */

/** @typedef {{ words: string, excerpt: string, hint: string, line: number, column: number }} Problem */

/**
 * @typedef {object} Opened An issue as it is on disk.
 * @property {string} slug
 * @property {string} file
 * @property {string} version
 * @property {{ [key: string]: Data } | null} data
 * @property {string | null} text
 * @property {Problem | null} problem
 * @property {boolean} undo
 * @property {boolean} redo
 * @property {boolean} [merged]
 * @property {string} language
 * @property {string[]} languages
 * @property {Array<{ key: string, sample: string }>} merge_fields
 */

/** @typedef {{ path: Path, there: Path | null, base: Data | null, mine: Data | null, theirs: Data | null }} Clash */
/** @typedef {{ path: Path, severity: string, rule: string, words: string, hint: string, place?: string }} Finding */

/** @typedef {{ parent: Place | null, key: string | number }} Place Where a field is; a list gives its items new keys. */

export {};
