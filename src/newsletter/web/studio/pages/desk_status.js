// @ts-check
// What the desk tells: whether all is saved, always in sight; and what was just done, also for a screen reader, with the
// way back.

import { textButton } from "./desk_build.js";
import { word } from "./desk_words.js";

/** What was told of the state, and is no longer so once it is another. */
let toldOfState = "";

/** @param {string} state @param {string} why */
export function showState(state, why) {
  const place = document.getElementById("desk-state");
  if (!place) return;
  const text = state === "failed" ? [word("failed"), why, word("tries_again")].filter(Boolean).join(" ") : word(state);
  if (place.textContent === text) return;
  place.dataset.state = state;
  place.textContent = text;
  if (toldOfState && document.getElementById("desk-told")?.textContent === toldOfState) announce("");
  // Every key would be read out loud; only what needs a person is.
  toldOfState = state === "failed" || state === "clash" ? text : "";
  if (toldOfState) announce(text);
}

/** @param {string} text @param {() => void} [undo] */
export function announce(text, undo) {
  const [told, way] = ["desk-told", "desk-way"].map((id) => document.getElementById(id));
  if (!told || !way) return;
  told.textContent = text;
  way.replaceChildren();
  if (!undo) return;
  const back = textButton(word("undo"), () => {
    undo();
    announce(word("undone"));
  });
  way.append(back);
}

/** The way back of what was told is no longer the last step. */
export function forgetUndo() {
  document.getElementById("desk-way")?.replaceChildren();
}
