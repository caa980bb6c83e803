// @ts-check
// What waits to be saved, as values: putting changes together, and what becomes of them when somebody else has saved.

import { carried, changed, same } from "./desk_data.js";

/** @import { Change, Clash, Data, Opened, Path } from "./desk_types.js" */

/**
 * @typedef {object} Job
 * @property {"change" | "undo" | "redo" | "text"} address
 * @property {string} group
 * @property {Change[]} changes
 * @property {string} [text] The whole file.
 * @property {string} [version] What it was meant for; none: what was opened last.
 */

/** @param {Data | null} now @param {Data | null} before @param {Job} job Whether the server has done it already. */
export function isResult(now, before, job) {
  if (job.address !== "change") return true;
  return before !== null && same(now, job.changes.reduce(changed, before));
}

/** @param {Change} change @param {Clash} clash Whether it is about that place, or about what is around or within it. */
export function touches(change, { path }) {
  const own = "index" in change ? [...change.path, change.index] : change.path;
  const short = Math.min(own.length, path.length);
  return same(own.slice(0, short), path.slice(0, short));
}

/** @param {Change[]} changes @param {Change[]} more @returns {Change[]} Of what is set twice only the last stays. */
export function together(changes, more) {
  const last = changes[changes.length - 1];
  const [first] = more;
  const isAnew = more.length === 1 && last?.op === "set" && first.op === "set" && same(last.path, first.path);
  return isAnew ? [...changes.slice(0, -1), first] : [...changes, ...more];
}

/** @param {Job[]} jobs @param {Job} sent @param {Opened} before @param {Opened} after Find the places that others have moved. */
export function carriedOver(jobs, sent, before, after) {
  if (!before.data || !after.data) return;
  /** @type {Data} */
  let mine = sent.changes.reduce(changed, /** @type {Data} */ (before.data));
  for (const job of jobs) {
    const meant = mine;
    const data = /** @type {Data} */ (after.data);
    mine = job.changes.reduce(changed, mine);
    job.changes = job.changes.map((change) => ({ ...change, path: carried(change.path, meant, data) }));
  }
}

/**
 * What is to be sent once somebody has chosen: what nobody contests, as it was meant; and what shall stand, where it is now.
 * @param {Job} job @param {Clash[]} clashes @param {Clash[]} kept @param {string} version What the job was meant for. @returns {Job[]}
 */
export function again(job, clashes, kept, version) {
  if (job.address === "text") return kept.length ? [job] : [];
  const rest = job.changes.filter((change) => !clashes.some((one) => touches(change, one)));
  const mine = job.changes.length
    ? job.changes.flatMap((change) => kept.filter((one) => touches(change, one)).slice(0, 1).map((one) => moved(change, one)))
    : kept.map(({ path, there, mine: value }) => /** @type {Change} */ (value === null ? { op: "remove_key", path: there ?? path } : { op: "set", path: there ?? path, value }));
  return [
    { address: "change", group: job.group, changes: rest, version },
    { address: "change", group: job.group, changes: mine },
  ];
}

/** @param {Change} change @param {Clash} clash @returns {Change} */
function moved(change, { path, there }) {
  if (!there) return change;
  if (change.path.length >= path.length) return { ...change, path: [...there, ...change.path.slice(path.length)] };
  const index = there[there.length - 1];
  return "index" in change && typeof index === "number" ? { ...change, path: there.slice(0, -1), index } : change;
}
