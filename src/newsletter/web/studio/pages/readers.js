// @ts-check
// The list under the reader's field holds the first subscribers; what is typed fetches those that match, and one that is
// picked from it is shown at once.

const PAUSE = 200;
/** Milliseconds of quiet before a search. */

let waiting = 0;

/** @param {HTMLInputElement} field */
async function search(field) {
  const answer = await fetch(`readers?words=${encodeURIComponent(field.value)}`);
  if (!answer.ok) return;
  /** @type {Array<{ name: string, address: string }>} */
  const found = await answer.json();
  document.getElementById("readers")?.replaceChildren(...found.map((one) => new Option(one.name, one.address)));
}

/** Search while somebody types. */
export function readers() {
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.id !== "as") return;
    clearTimeout(waiting);
    const offered = /** @type {NodeListOf<HTMLOptionElement>} */ (document.querySelectorAll("#readers option"));
    if ([...offered].some((one) => one.value === target.value)) target.form?.requestSubmit();
    else waiting = window.setTimeout(search, PAUSE, target);
  });
}
