"""What a browser shows of a letter: axe's findings, and where its figures stand on a phone without style.

Touches: nothing. Limits: figures are found by their words.
"""

import re
from collections import Counter

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

PHONE = 320
"""CSS pixels."""
_PLACES = """values => values.map(value => {
    const same = text => text.replaceAll('\\u00a0', ' ').replaceAll('\\u2060', '').trim() === value;
    const place = [...document.querySelectorAll('body *')].filter(place => same(place.textContent)).at(-1);
    const range = document.createRange();
    range.selectNodeContents(place);
    const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
    const box = range.getBoundingClientRect();
    return [box.top, (box.left + box.right) / 2, lines.size];
})"""


def axe_finds(browser: Browser, html: str, *, dark: bool) -> str:
    """How many findings of which weight: `2 moderate`."""
    page = browser.new_page(viewport={"width": 640, "height": 900}, color_scheme="dark" if dark else "light")
    try:
        page.set_content(html)
        found = Counter(str(finding["impact"]) for finding in Axe().run(page).response["violations"])
    finally:
        page.close()
    return ", ".join(f"{count} {impact}" for impact, count in found.items()) or "nothing"


def tiles_without_style(browser: Browser, html: str, values: list[str]) -> str:
    """Whether the figures stack, stand in the middle, and stay whole where no style element is honoured."""
    page = browser.new_page(viewport={"width": PHONE, "height": 900})
    try:
        page.set_content(re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL))
        places = page.evaluate(_PLACES, values)
    finally:
        page.close()
    stacked = len({round(top) for top, _, _ in places}) == len(values)
    centred = all(abs(middle - PHONE / 2) <= 1 for _, middle, _ in places)
    words = ["stacked" if stacked else "side by side", *(["centred"] if centred else [])]
    return ", ".join([*words, *(["numbers break"] if any(lines > 1 for _, _, lines in places) else [])])
