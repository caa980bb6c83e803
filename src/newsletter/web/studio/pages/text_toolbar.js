// @ts-check
// The buttons over a text field: a toolbar as WAI-ARIA has it, one stop of Tab, arrows within. What is pressed keeps the
// cursor where it was.

/** @typedef {{ name: string, sign: string, keys?: string, opens?: boolean, run: () => void, isOn?: () => boolean }} Tool */
/** @typedef {import("./text_fields.js").Words} Words */

const SVG = "http://www.w3.org/2000/svg";
/** @type {Record<string, string>} Lines of 20 by 20 pixels; the other signs are letters. */
const PICTURES = {
  link: "M8.5 11.5 12 8M9 6l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L13.5 10.5M11 14l-1.5 1.5A3.2 3.2 0 0 1 5 11L6.5 9.5",
  item: "M8 5h9M8 10h9M8 15h9M3.5 5h.01M3.5 10h.01M3.5 15h.01",
  number: "M8.5 5H17M8.5 10H17M8.5 15H17M3 4l1-.6V7.5M2.8 12.6c.3-1 2.2-1 2.2.2 0 .8-2.2 1.6-2.2 2.7h2.4",
  quote: "M4 4v12M8 6h9M8 10h9M8 14h5",
  table: "M3 4.5h14v11H3zM3 8.2h14M3 11.9h14M10 4.5v11",
  merge: "M10 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 17c0-3.5 2.5-5.5 6-5.5s6 2 6 5.5",
};

/** @param {string} sign @param {Words} words @returns {Element} */
function drawn(sign, words) {
  if (!(sign in PICTURES)) {
    const letter = document.createElement("span");
    letter.className = `sign-${sign}`;
    letter.setAttribute("aria-hidden", "true");
    letter.textContent = words[`sign_${sign}`];
    return letter;
  }
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 20 20");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PICTURES[sign]);
  picture.append(path);
  return picture;
}

/** The keys as they are called on this machine. @param {string} keys Such as `Control+B`. */
const spoken = (keys) => (/Mac|iPhone|iPad/.test(navigator.platform) ? keys.replace("Control+", "⌘") : keys.replace("Control", "Ctrl"));

/**
 * @param {Tool[]} tools @param {Words} words @param {string} controls The id of the text.
 * @returns {{ element: HTMLElement, update: () => void, button: (name: string) => HTMLButtonElement }}
 */
export function toolbar(tools, words, controls) {
  const element = document.createElement("div");
  element.className = "text-tools";
  element.setAttribute("role", "toolbar");
  element.setAttribute("aria-label", words.toolbar);
  element.setAttribute("aria-controls", controls);
  const buttons = tools.map(({ name, sign, keys, opens, run, isOn }, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = place ? -1 : 0;
    button.setAttribute("aria-label", words[name]);
    button.title = keys ? `${words[name]} (${spoken(keys)})` : words[name];
    if (keys) button.setAttribute("aria-keyshortcuts", /Mac/.test(navigator.platform) ? keys.replace("Control", "Meta") : keys);
    if (opens) {
      button.setAttribute("aria-haspopup", "dialog");
      button.setAttribute("aria-expanded", "false");
    }
    if (isOn) button.setAttribute("aria-pressed", "false");
    button.append(drawn(sign, words));
    // The text keeps the focus, and with it what is selected.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", run);
    return button;
  });
  element.append(...buttons);
  element.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const last = buttons.length - 1;
    /** @type {Record<string, number>} */
    const to = { ArrowRight: here === last ? 0 : here + 1, ArrowLeft: here ? here - 1 : last, Home: 0, End: last };
    if (here < 0 || !(event.key in to)) return;
    event.preventDefault();
    for (const button of buttons) button.tabIndex = -1;
    buttons[to[event.key]].tabIndex = 0;
    buttons[to[event.key]].focus();
  });
  return {
    element,
    update() {
      tools.forEach(({ isOn }, place) => isOn && buttons[place].setAttribute("aria-pressed", String(isOn())));
    },
    button: (name) => buttons[tools.findIndex((one) => one.name === name)],
  };
}
