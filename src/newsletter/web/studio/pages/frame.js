// @ts-check
// Runs inside the framed letter, with frame_words.js alone: nothing of the letter itself may. It says where the letter is scrolled to, scrolls
// where it is told, and draws the marks of findings over the letter without touching it.
//
// Messages, both ways: { studio: word, … }. Heard are those of the window around it, and no others.
"use strict";

(() => {
  /** @typedef {{ finding: number, tag: number, severity: string }} Mark */

  const studio = window.parent;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Mark[]} */
  let marks = [];
  let shown = 0;
  let visible = false;
  let ready = false;
  let sought = "";
  /** What is selected because the page looked for it, and not by the reader. */

  /** @param {string} word @param {object} [more] */
  function tell(word, more) {
    studio.postMessage({ studio: word, ...more }, location.origin);
  }

  // In a tree of its own, so that no rule of the letter reaches it and none of its own reaches the letter.
  const layer = document.createElement("studio-marks");
  layer.setAttribute("aria-hidden", "true");
  const tree = layer.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { position: absolute; top: 0; left: 0; width: 0; height: 0; z-index: 2147483647; }
    div { position: absolute; border: 2px solid #a3260f; border-radius: 3px; pointer-events: none; }
    div.warning { border-color: #8a5a00; }
    div.shown { border-width: 3px; box-shadow: 0 0 0 2px #ffffff, 0 0 0 4px #1c2422; }
    b { position: absolute; bottom: 100%; left: -2px; display: flex; gap: 2px; }
    b.inside { top: 0; bottom: auto; left: 0; }
    i {
      min-width: 22px; padding: 0 5px; border: 1px solid #ffffff; border-radius: 3px; background: #a3260f; color: #ffffff;
      font: 700 13px/20px sans-serif; text-align: center; cursor: pointer; pointer-events: auto;
    }
    i.warning { background: #8a5a00; }
  `);
  tree.adoptedStyleSheets = [sheet];

  /** @param {number} tag @returns {Element | null} What can be seen of it: itself, or else the nearest around it. */
  function seen(tag) {
    let place = document.querySelector(`[data-tag="${Number(tag)}"]`);
    while (place && !(place.getBoundingClientRect().width > 0 && place.getBoundingClientRect().height > 0)) {
      place = place.parentElement;
    }
    return place === document.body || place === document.documentElement ? null : place;
  }

  function draw() {
    /** @type {Map<Element, Mark[]>} */
    const places = new Map();
    for (const mark of marks) {
      const place = visible || mark.finding === shown ? seen(mark.tag) : null;
      if (place) places.set(place, [...(places.get(place) ?? []), mark]);
    }
    tree.replaceChildren(...[...places].map(([place, here]) => frame(place, here)));
  }

  /** @param {Element} place @param {Mark[]} here */
  function frame(place, here) {
    const box = document.createElement("div");
    const area = place.getBoundingClientRect();
    box.className = here.some((mark) => mark.severity === "error") ? "error" : "warning";
    if (here.some((mark) => mark.finding === shown)) box.classList.add("shown");
    // A little larger than what it frames, so that it covers none of it; but never wider than the letter.
    const left = Math.max(4, area.left + scrollX - 4);
    const top = Math.max(4, area.top + scrollY - 4);
    const right = Math.min(document.documentElement.clientWidth + scrollX - 4, area.right + scrollX + 4);
    Object.assign(box.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${right - left}px`,
      height: `${area.bottom + scrollY + 4 - top}px`,
      boxSizing: "border-box",
    });
    const row = document.createElement("b");
    row.classList.toggle("inside", top < 30);
    row.append(...here.map(badge));
    box.append(row);
    return box;
  }

  /** @param {Mark} mark */
  function badge(mark) {
    const number = document.createElement("i");
    number.className = mark.severity;
    number.textContent = String(mark.finding);
    number.addEventListener("click", () => tell("pick", { finding: mark.finding }));
    return number;
  }

  /** @param {number} finding */
  function show(finding) {
    shown = finding;
    draw();
    const mark = marks.find((one) => one.finding === finding);
    const place = mark && seen(mark.tag);
    if (place) place.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
    tell("shown", { finding, found: Boolean(place) });
  }

  /** @param {string} words Select them where they stand first, whatever spaces and line ends are between them. */
  function find(words) {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    /** @type {Array<[Node, number]>} Where each sign of `text` stands. */
    const places = [];
    let text = "";
    while (walker.nextNode()) {
      const node = walker.currentNode;
      // Nothing that nobody sees, such as the preheader.
      if (!(node.parentElement && node.parentElement.getClientRects().length)) continue;
      for (let at = 0; at < (node.nodeValue ?? "").length; at += 1) {
        const sign = (node.nodeValue ?? "")[at];
        if (/\s/.test(sign)) continue;
        text += sign;
        places.push([node, at]);
      }
    }
    const wanted = words.replace(/\s+/g, "");
    const at = wanted ? text.indexOf(wanted) : -1;
    if (at >= 0) {
      const [first, from] = places[at];
      const [last, to] = places[at + wanted.length - 1];
      getSelection()?.setBaseAndExtent(first, from, last, to + 1);
      sought = String(getSelection()).replace(/\s+/g, " ").trim();
      first.parentElement?.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
    }
    tell("found", { found: at >= 0 });
  }

  window.addEventListener("message", ({ source, data }) => {
    if (source !== studio || typeof data?.studio !== "string") return;
    if (data.studio === "hello" && ready) tell("ready");
    if (data.studio === "start") {
      scrollTo({ top: data.y, behavior: "instant" });
      // What is put off in the last moment before a painting comes after it.
      requestAnimationFrame(() => setTimeout(tell, 0, "painted"));
    }
    if (data.studio === "marks") {
      ({ marks, shown, visible } = data);
      draw();
    }
    if (data.studio === "show") show(data.finding);
    if (data.studio === "find" && typeof data.words === "string") find(data.words);
  });

  window.addEventListener("scroll", () => tell("scroll", { y: scrollY }), { passive: true });
  window.addEventListener("resize", draw);
  document.addEventListener("selectionchange", () => {
    const words = String(getSelection() ?? "").replace(/\s+/g, " ").trim();
    if (words && words !== sought) tell("selected", { words: words.slice(0, 1000) });
  });

  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    tell("key", { key: event.key, code: event.code, shift: event.shiftKey });
  });

  window.addEventListener("load", () => {
    document.documentElement.append(layer);
    new ResizeObserver(draw).observe(document.documentElement);
    ready = true;
    tell("ready");
  });
})();
