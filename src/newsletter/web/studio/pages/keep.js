// @ts-check
// What this browser remembers of how a person set up the studio; nothing of any letter.

/** @param {string} name @param {string} otherwise Where nothing was kept, or the browser keeps nothing. */
export function kept(name, otherwise) {
  try {
    return localStorage.getItem(`studio.${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(`studio.${name}`, value);
  } catch {
    // A browser may be told to keep nothing; then it starts anew each time.
  }
}

/** Keep the lists that a person folds up folded. */
export function keepFolded() {
  const rows = document.getElementById("rows");
  // On a phone the letter comes first.
  const usual = window.innerWidth < 640 ? "folded" : "open";
  if (rows instanceof HTMLDetailsElement) rows.open = kept("rows", usual) === "open";
  // The event does not bubble, and the list itself may be replaced.
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (target instanceof HTMLDetailsElement && target.id === "rows") keep("rows", target.open ? "open" : "folded");
    },
    { capture: true },
  );
}
