// @ts-check
// The data of an issue: what stands at a place, what they are after a change, and which changes lead to a value.

/** @import { Change, Data, Path, Place } from "./desk_types.js" */

/** @param {Place} place @returns {Path} */
export const pathOf = (place) => (place.parent ? [...pathOf(place.parent), place.key] : []);

/** @param {unknown} one @param {unknown} other @returns {boolean} */
export function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const mine = Object.entries(one);
  return mine.length === Object.keys(other).length && mine.every(([key, value]) => same(value, /** @type {any} */ (other)[key]));
}

/** @param {Data | undefined | null} data @param {Path} path @returns {Data | undefined} */
export function at(data, path) {
  /** @type {any} */
  let found = data;
  for (const part of path) {
    const own = found && typeof found === "object" && Object.hasOwn(found, part);
    if (!own || Array.isArray(found) !== (typeof part === "number")) return undefined;
    found = found[part];
  }
  return found ?? undefined;
}

/** @param {Data} data @param {Change} change @returns {Data} The data after it; those that were given stay. */
export function changed(data, change) {
  const meant = structuredClone(data);
  if (change.op === "set") set(meant, change.path, structuredClone(change.value));
  else if (change.op === "remove_key") {
    const mapping = /** @type {any} */ (at(meant, change.path.slice(0, -1)));
    if (mapping) delete mapping[change.path[change.path.length - 1]];
  } else {
    order(meant, change.path, change);
    const languages = at(meant, ["translations"]);
    if (change.path[0] === "translations" || !languages || Array.isArray(languages) || typeof languages === "string") return meant;
    for (const language of Object.keys(languages)) order(meant, ["translations", language, ...change.path], change, true);
  }
  return meant;
}

/** @param {Data} data @param {Path} path @param {Data} value Keys on the way that are missing are made. */
function set(data, path, value) {
  /** @type {any} */
  let inside = data;
  path.slice(0, -1).forEach((part, index) => {
    if (typeof inside?.[part] !== "object") {
      if (typeof inside !== "object") return;
      while (Array.isArray(inside) && inside.length < Number(part)) inside.push({});
      inside[part] = typeof path[index + 1] === "number" ? [] : {};
    }
    inside = inside[part];
  });
  if (inside && typeof inside === "object") inside[path[path.length - 1]] = value;
}

/**
 * Change the order or the length of a list. In a translation what is unsaid keeps its place by `{}`.
 * @param {Data} data @param {Path} path @param {Change} change @param {boolean} [translated]
 */
function order(data, path, change, translated = false) {
  if (change.op === "set" || change.op === "remove_key") return;
  if (!at(data, path)) {
    if (translated || change.op !== "insert") return;
    set(data, path, []);
  }
  const items = at(data, path);
  if (!Array.isArray(items)) return;
  const touched = change.op === "move" ? Math.max(change.index, change.to) : change.index;
  if (translated && touched >= items.length && change.op !== "move") return;
  while (items.length <= touched && change.op !== "insert") items.push({});
  if (change.op === "insert") items.splice(change.index, 0, translated ? {} : structuredClone(change.value));
  else if (change.op === "copy") items.splice(change.to, 0, structuredClone(items[change.index]));
  else {
    const [item] = items.splice(change.index, 1);
    if (change.op === "move") items.splice(change.to, 0, item);
  }
}

/**
 * What leads to `value` at `path`: an entry of a list that is not there yet comes with it. In a translation the server
 * makes what is missing on the way.
 * @param {Data} data @param {Path} path @param {Data} value @returns {Change[]}
 */
export function setting(data, path, value) {
  /** @type {Change[]} */
  const changes = [];
  let meant = data;
  path.forEach((part, index) => {
    if (typeof part !== "number" || path[0] === "translations") return;
    const list = path.slice(0, index);
    for (let there = /** @type {Data[]} */ (at(meant, list) ?? []).length; there < part; there++) add({ op: "insert", path: list, index: there, value: {} });
    const items = /** @type {Data[]} */ (at(meant, list) ?? []);
    if (items.length === part) add({ op: "insert", path: list, index: part, value: wrapped(path.slice(index + 1), value) });
  });
  if (!same(at(meant, path), value)) add({ op: "set", path, value });
  return changes;

  /** @param {Change} change */
  function add(change) {
    changes.push(change);
    meant = changed(meant, change);
  }
}

/** @param {Path} path @param {Data} value @returns {Data} The value within the keys that lead to it. */
function wrapped(path, value) {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const inside = wrapped(rest, value);
  return typeof first === "number" ? [inside] : { [first]: inside };
}

/**
 * What takes away the value at `path`, and a mapping that would be left empty with it.
 * @param {Data} data @param {Path} path @returns {Change[]}
 */
export function clearing(data, path) {
  if (at(data, path) === undefined) return [];
  const around = path.slice(0, -1);
  const alone = around.length && Object.keys(at(data, around) ?? {}).length === 1;
  if (alone && typeof around[around.length - 1] === "string") return clearing(data, around);
  return [{ op: "remove_key", path }];
}

/**
 * What leads from the list at `path` to `value`: what is the same at both ends stays.
 * @param {Data} data @param {Path} path @param {Data[]} value @returns {Change[]}
 */
export function listing(data, path, value) {
  const there = at(data, path);
  const now = Array.isArray(there) ? there : [];
  if (!value.length) return clearing(data, path);
  if (!now.length) return [{ op: "set", path, value }];
  let head = 0;
  while (head < Math.min(now.length, value.length) && same(now[head], value[head])) head++;
  let tail = 0;
  while (tail < Math.min(now.length, value.length) - head && same(now[now.length - 1 - tail], value[value.length - 1 - tail])) tail++;
  const [gone, come] = [now.length - head - tail, value.length - head - tail];
  /** @type {Change[]} */
  const changes = [];
  for (let index = head; index < head + Math.min(gone, come); index++) changes.push(...replacing(now[index], [...path, index], value[index]));
  for (let more = come; more < gone; more++) changes.push({ op: "remove", path, index: head + come });
  for (let index = head + gone; index < head + come; index++) changes.push({ op: "insert", path, index, value: value[index] });
  return changes;
}

/** @param {Data} now @param {Path} path @param {Data} value @returns {Change[]} A row is changed cell by cell. */
function replacing(now, path, value) {
  if (!Array.isArray(now) || !Array.isArray(value)) return same(now, value) ? [] : [{ op: "set", path, value }];
  if (now.length === value.length) return value.flatMap((cell, index) => replacing(now[index], [...path, index], cell));
  const list = path.slice(0, -1);
  const index = Number(path[path.length - 1]);
  return [{ op: "insert", path: list, index, value }, { op: "remove", path: list, index: index + 1 }];
}

/**
 * Where something stands after somebody else has changed lists on the way to it.
 * @param {Path} path @param {Data} before @param {Data} after @returns {Path}
 */
export function carried(path, before, after) {
  /** @type {Path} */
  const found = [];
  path.forEach((part, index) => {
    const list = at(after, found);
    const item = at(before, path.slice(0, index + 1));
    const isItem = typeof part === "number" && Array.isArray(list) && item !== undefined;
    found.push(isItem ? nearest(item, part, list) : part);
  });
  return found;
}

/** @param {Data} item @param {number} index @param {Data[]} list The place of what is most alike; of several, the nearest. */
function nearest(item, index, list) {
  const parts = (/** @type {Data} */ data) => (typeof data === "string" ? [["", data]] : Object.entries(data));
  const alike = (/** @type {Data} */ other) =>
    same(item, other) ? Infinity : parts(item).filter(([key, value]) => same(at(other, [key]) ?? other, value)).length;
  let [best, most] = [index, index < list.length ? alike(list[index]) : 0];
  list.forEach((other, place) => {
    if (alike(other) > most) [best, most] = [place, alike(other)];
  });
  return best;
}
