// @ts-check
// What this browser remembers of how a person set up the desk; nothing of any letter.

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
