// @ts-check
// Somebody else has changed the same place: what it was, what was written here, what is in the file, and which shall stand.

import { make, textButton } from "./desk_build.js";
import { same } from "./desk_data.js";
import { word } from "./desk_words.js";

/** @import { Clash, Data, Path } from "./desk_types.js" */
/** @import { Desk } from "./desk_session.js" */

/** @param {HTMLElement} place @param {Desk} desk @param {Clash[]} clashes */
export function showClashes(place, desk, clashes) {
  /** @type {Map<Clash, boolean>} Whether one's own text shall stand. */
  const chosen = new Map();
  const title = make("h3", { id: "desk-clash-title", tabindex: "-1" }, word("clash_title"));
  const list = make("ol", { class: "desk-clashes" });
  clashes.forEach((clash, index) => list.append(entry(desk, clash, index, (isMine, item) => {
    chosen.set(clash, isMine);
    for (const button of item.querySelectorAll("button[aria-pressed]")) {
      button.setAttribute("aria-pressed", String((button.getAttribute("data-mine") === "yes") === isMine));
    }
    if (chosen.size < clashes.length) return;
    place.replaceChildren();
    desk.saver.resolve(clashes.filter((one) => chosen.get(one)));
    for (const box of desk.boxes) {
      const isTheirs = clashes.some((one) => !chosen.get(one) && same(box.path(), one.path));
      if (!isTheirs) continue;
      box.isDirty = false;
      box.show();
    }
  })));
  place.replaceChildren(make("section", { class: "desk-clash", "aria-labelledby": title.id }, title, make("p", {}, word("clash_what")), list));
  title.focus();
}

/** @param {Desk} desk @param {Clash} clash @param {number} index @param {(isMine: boolean, item: HTMLElement) => void} choose */
function entry(desk, clash, index, choose) {
  const name = make("h4", { id: `desk-clash-${index}` }, placeName(desk, clash.path));
  const item = make("div", { role: "group", "aria-labelledby": name.id }, name);
  const texts = make("div", { class: "desk-versions" }, version("version_mine", clash.mine), version("version_theirs", clash.theirs));
  if (clash.base) texts.append(version("version_base", clash.base));
  const button = (/** @type {boolean} */ isMine) =>
    textButton(word(isMine ? "keep_mine" : "take_theirs"), () => choose(isMine, item), { "aria-pressed": "false", "data-mine": isMine ? "yes" : "no" });
  item.append(texts, make("div", { class: "desk-ends" }, button(true), button(false)));
  return make("li", {}, item);
}

/** @param {string} which A word of the desk. @param {Data | null} data */
function version(which, data) {
  const text = data === null || data === undefined ? word("nothing_there") : readable(data);
  const copy = textButton(word("copy_text"), async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = word("copied_text");
  }, { class: "desk-button desk-small" });
  const box = make("pre", { tabindex: "0", role: "region", "aria-label": word(which) }, text);
  return make("div", { class: "desk-version" }, make("div", { class: "desk-legend" }, make("span", {}, word(which)), copy), box);
}

/** @param {Data} data @returns {string} Texts as they are, parts line by line. */
function readable(data) {
  if (typeof data === "string") return data.replace(/\n$/, "");
  const inside = Array.isArray(data) ? data : Object.values(data);
  return inside.map(readable).filter(Boolean).join("\n");
}

/** @param {Desk} desk @param {Path} path As the form calls it: "2 · 이야기 › 본문". */
export function placeName(desk, path) {
  const own = path[0] === "translations" ? path.slice(2) : path;
  /** @type {string[]} */
  const names = [];
  let fields = desk.form.issue;
  for (let index = 0; index < own.length; index++) {
    const part = own[index];
    if (part === "sections" && typeof own[index + 1] === "number") {
      const number = Number(own[++index]);
      const kind = desk.form.sections.find((one) => one.type === desk.at(["sections", number, "type"]));
      names.push(`${number + 1} · ${kind?.label ?? word("sections")}`);
      fields = kind?.fields ?? [];
    } else if (typeof part === "number") names.push(String(part + 1));
    else {
      const field = fields.find((one) => one.key === part);
      names.push(field?.label ?? (part === "sections" ? word("sections") : part));
      fields = desk.form.parts[field?.of ?? ""] ?? [];
    }
  }
  return names.join(" › ") || word("whole_issue");
}
