// @ts-check
// The desk: where the issue is written, beside the letter. A button opens it; the choice stands in the address.

import { isBrokenUnsaved, showBroken } from "./desk_broken.js";
import { icon, make } from "./desk_build.js";
import { showClashes } from "./desk_clash.js";
import { fieldsView, languageName } from "./desk_fields.js";
import { onFiles } from "./desk_files.js";
import { Findings } from "./desk_findings.js";
import { deskKeys } from "./desk_keys.js";
import { deskPanels } from "./desk_panels.js";
import { goTo, placeOf } from "./desk_letter.js";
import { askForNewIssue, isDocument } from "./desk_new.js";
import { WINDOW } from "./desk_saving.js";
import { sectionsView } from "./desk_sections.js";
import { Desk } from "./desk_session.js";
import { announce, forgetUndo, showState } from "./desk_status.js";
import { ask, reason } from "./desk_talk.js";
import { word } from "./desk_words.js";
import { onLetter, tellLetter, unsettle } from "./frames.js";
import { go, onFresh } from "./live.js";

/** @import { Form, Opened } from "./desk_types.js" */

const place = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Promise<Form> | null} */
let form = null;
/** @type {Desk | null} */
let desk = null;
/** @type {Desk[]} Of issues that were left before all was saved. */
let leaving = [];
/** @type {Findings | null} */
let findings = null;
/** @type {ReturnType<typeof sectionsView> | null} */
let sections = null;
let second = "";
let asked = "";
const USUAL = ["en", "ko"];
/** Languages that can be chosen where the issue has no word of them yet. */

const isOpen = () => new URLSearchParams(location.search).get("write") === "1";
const slug = () => /** @type {HTMLSelectElement | null} */ (document.getElementById("issue"))?.value ?? "";

/** @returns {Promise<Form>} */
async function fetchedForm() {
  const { status, body } = await ask("form");
  if (status !== 200) throw new TypeError(reason({ status, body }));
  return body;
}

/** Show or leave the desk, as the address says, with the issue that is looked at. */
async function follow() {
  const open = isOpen();
  place("desk").hidden = !open;
  document.body.classList.toggle("writing", open);
  if (!open) document.body.classList.remove("looking");
  place("desk-open").setAttribute("aria-pressed", String(open));
  const hidden = /** @type {HTMLInputElement} */ (place("write"));
  hidden.disabled = !open;
  tellDesk();
  if (!open) return leave();
  const wanted = slug();
  if (desk?.opened.slug === wanted) {
    desk.saver.wake();
    return place("desk-key").dataset.version === desk.opened.version ? undefined : desk.look();
  }
  if (asked === wanted) return;
  asked = wanted;
  try {
    form ??= fetchedForm();
    const [shape, { status, body }] = await Promise.all([form, ask("issue", { issue: wanted, window: WINDOW })]);
    if (asked !== wanted) return;
    leave();
    if (status === 200) start(shape, body);
    else place("desk-form").replaceChildren(make("p", { class: "note" }, reason({ status, body })));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // A lost server: the next look at it brings us here again.
    form = null;
  }
  asked = "";
}

function leave() {
  if (!desk) return;
  desk.flush();
  if (desk.saver.isBusy) leaving.push(desk);
  leaving = leaving.filter((one) => one.saver.isBusy);
  findings?.stop();
  desk.destroy();
  desk = null;
  place("desk-form").replaceChildren();
  place("desk-clash").replaceChildren();
}

/** @param {Form} shape @param {Opened} opened */
function start(shape, opened) {
  /** @type {Desk} */
  const own = new Desk(shape, opened, {
    opened: (now) => own === desk && took(now),
    state: (state, why) => own === desk && showState(state, why),
    clash: (clashes) => own === desk && showClashes(place("desk-clash"), own, clashes),
    changed: forgetUndo,
    grown: () => findings?.show(),
    refused: (why) => {
      showState("refused", "");
      announce(word("refused_why", { why }));
    },
  });
  desk = own;
  own.second = second === opened.language ? "" : second;
  place("desk-file-name").textContent = opened.file;
  languages(opened);
  showState("saved", "");
  steps(opened);
  if (opened.data) build(new Set());
  else showBroken(place("desk-form"), own, opened);
}

/** @param {Set<number>} unfolded Sections that stay so. */
function build(unfolded) {
  if (!desk) return;
  const own = desk;
  own.destroy();
  const root = { parent: null, key: "" };
  const general = make("div", { class: "desk-found" });
  const fields = fieldsView(own, own.form.issue, root, {
    sections: () => (sections = sectionsView(own, root, unfolded)),
  });
  own.update = () => fields.update();
  place("desk-form").replaceChildren(general, fields.element);
  findings = new Findings(own, general, () => sections?.cards() ?? []);
  findings.later();
}

/** @param {Opened} opened The file, as it is by now. */
function took(opened) {
  if (!desk) return;
  steps(opened);
  const form = place("desk-form");
  const wasBroken = Boolean(form.querySelector(".desk-broken"));
  if (!opened.data) showBroken(form, desk, opened);
  else if (wasBroken && !isBrokenUnsaved(form)) {
    build(new Set());
    announce(word("mended"));
  }
  if (opened.merged) announce(word("merged"));
  unsettle();
  findings?.later();
}

/** @param {Opened} opened */
function steps(opened) {
  for (const way of /** @type {const} */ (["undo", "redo"])) place(`desk-${way}`).setAttribute("aria-disabled", String(!opened[way]));
}

/** @param {Opened} opened The languages it can be written in beside its own. */
function languages(opened) {
  const others = [...new Set([...opened.languages, ...USUAL])].filter((one) => one !== opened.language);
  const choice = /** @type {HTMLSelectElement} */ (place("desk-second"));
  choice.replaceChildren(new Option(word("no_second"), ""), ...others.map((one) => new Option(languageName(one), one)));
  choice.value = desk?.second ?? "";
  place("desk-second-field").hidden = !others.length;
}

/** @param {"undo" | "redo"} way */
export function step(way) {
  if (!desk || place(`desk-${way}`).getAttribute("aria-disabled") === "true" && !desk.isUnsaved) return;
  desk.step(way);
}

function tellDesk() {
  tellLetter("desk", { open: isOpen() });
}

/** @param {boolean} open */
function turn(open) {
  const query = new URLSearchParams(location.search);
  if (open) query.set("write", "1");
  else query.delete("write");
  go(`?${query}`);
  follow();
}

/** Follow the button, the address and the letter. */
export function startDesk() {
  place("desk-open").addEventListener("click", () => turn(!isOpen()));
  for (const way of /** @type {const} */ (["undo", "redo"])) {
    place(`desk-${way}`).append(icon(way));
    place(`desk-${way}`).addEventListener("click", () => step(way));
  }
  for (const id of ["desk-to-letter", "desk-to-form"]) {
    place(id).addEventListener("click", () => {
      const looking = document.body.classList.toggle("looking", id === "desk-to-letter");
      place(looking ? "desk-to-form" : "desk-to-letter").focus();
    });
  }
  place("desk-second").addEventListener("change", ({ target }) => {
    second = /** @type {HTMLSelectElement} */ (target).value;
    if (!desk) return;
    desk.flush();
    desk.second = second;
    const open = (sections?.cards() ?? []).flatMap((card, index) => (card.body.hidden ? [] : [index]));
    if (desk.opened.data) build(new Set(open));
  });
  window.addEventListener("beforeunload", (event) => {
    desk?.flush();
    const isUnsaved = desk?.isUnsaved || isBrokenUnsaved(place("desk-form")) || leaving.some((one) => one.saver.isBusy);
    if (isUnsaved) event.preventDefault();
  });
  for (const said of ["ready", "swapped"]) onLetter(said, tellDesk);
  onLetter("clicked", ({ text, offset, before, language }) => {
    if (!desk || !isOpen()) return;
    document.body.classList.remove("looking");
    const clicked = { text: String(text), offset: Number(offset), before: Number(before) };
    const path = placeOf(desk.data, clicked, String(language));
    if (!path || !goTo(desk, sections?.cards() ?? [], path, clicked)) announce(word("not_in_form"));
  });
  onLetter("sought", ({ found }) => announce(found ? "" : word("not_in_letter")));
  // Else the browser would leave the page for a file that misses its place.
  onFiles(document, (files) => {
    const text = files.find(isDocument);
    if (text) askForNewIssue(text);
    else announce(word("drop_where"));
  }, isOpen);
  place("desk-new").addEventListener("click", () => askForNewIssue());
  deskKeys(step, () => desk);
  deskPanels();
  onFresh(follow);
  follow();
}
