"""The Email Markup Consortium's accessibility checks: the letter with everything in it, and the subscribers' pages.

Each check has the name and the severity that the consortium's reports of 2022 to 2026 give it, or axe-core's where its
checker asks the same as axe-core. Sources: https://emailmarkup.org/en/reports/accessibility/ and
https://parcel.io/blog/accessibility-checker-updates. What no check can know, such as whether an `alt` fits its picture,
people have to look at.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from newsletter.audience.links import Links
from newsletter.check.link_faults import says_nothing
from newsletter.web.page_templates import Publisher
from newsletter.web.subscribers.app import pages_app
from tests.support.browser import Window, accessibility_findings
from tests.support.contrast import READABLE, contrast
from tests.support.finished_mail import edition_for
from tests.support.link_book import LinkBook
from tests.support.markup import Element, as_outlook_reads, elements
from tests.support.shown_words import SHOWN_WORDS, hex_of
from tests.support.web import site

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
HEADINGS = [f"h{level}" for level in range(1, 7)]
LINKS = Links((b"a secret of thirty-two bytes....",), "issue-curator.news.example.org")
TOKEN = LINKS.token("hong@example.com")
PAGES = {"leave": f"/u/{TOKEN}", "unknown": "/u/nonsense"}
UNDERLINED = """() => [...document.querySelectorAll('p a, li a, td a')].filter(link => link.checkVisibility() &&
    [...link.parentElement.childNodes].some(node => node.nodeType === 3 && node.data.trim())).filter(link =>
        ![link, ...link.querySelectorAll('*')].some(place => getComputedStyle(place).textDecorationLine === 'underline')
    ).map(link => link.outerHTML)"""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button')].filter(place => place.checkVisibility() &&
    ['block', 'inline-block'].includes(getComputedStyle(place).display)).map(place => [place.textContent,
        place.getBoundingClientRect().height]).filter(([, height]) => height < 24)"""


@dataclass(frozen=True, slots=True)
class Document:
    """A letter or a page, its elements as they are and as Outlook reads them."""

    html: str = field(repr=False)
    found: list[Element] = field(repr=False)
    for_word: list[Element] = field(repr=False)


Check = Callable[[Document], Sequence[object]]


def tagged(document: Document, *tags: str) -> list[Element]:
    return [one for one in document.found if one.tag in tags]


def children_of_body(document: Document) -> list[Element]:
    return [one for one in document.found if one.inside and one.inside[-1].tag == "body"]


def layout_tables(document: Document) -> list[Element]:
    """What has no header cell of its own is no table of data."""
    data = {
        id([place for place in one.inside if place.tag == "table"][-1])
        for one in document.for_word
        if one.tag in {"th", "caption"}
    }
    return [one for one in document.for_word if one.tag == "table" and id(one) not in data]


def words_of(element: Element, document: Document) -> str:
    """What stands for it: its text, the words of the pictures in it, or its label."""
    if words := element.text.strip() or element.attributes.get("aria-label", "").strip():
        return words
    inside = (one for one in tagged(document, "img") if any(place is element for place in one.inside))
    return " ".join(one.attributes.get("alt", "") for one in inside).strip()


def jumps(document: Document) -> list[str]:
    levels = [int(one.tag[1]) for one in tagged(document, *HEADINGS)]
    return [f"h{one} before h{other}" for one, other in pairwise(levels) if other > one + 1]


def zoom_is_disabled(document: Document) -> list[str]:
    meta = "".join(one.attributes.get("content", "") for one in tagged(document, "meta"))
    largest = re.search(r"maximum-scale=([\d.]+)", meta)
    return [meta] if re.search(r"user-scalable=(no|0)", meta) or (largest and float(largest[1]) < 5) else []


def doubled(document: Document) -> list[str]:
    ids = [one.attributes["id"] for one in document.found if "id" in one.attributes]
    return sorted({one for one in ids if ids.count(one) > 1})


EVERYWHERE: dict[str, Check] = {
    "Serious: <html> element must have a lang attribute": lambda document: [
        one.attributes for one in tagged(document, "html") if not one.attributes.get("lang")
    ],
    "Serious: <html> element must have a valid value for the lang attribute": lambda document: [
        one.attributes["lang"]
        for one in document.found
        if "lang" in one.attributes and not LANGUAGE.fullmatch(one.attributes["lang"])
    ],
    "Serious: Documents must have <title> element to aid in navigation": lambda document: (
        [] if [one for one in tagged(document, "title") if one.text.strip()] else ["no title"]
    ),
    "Serious: Tables used for formatting should have the role attribute set to presentation or none": lambda document: [
        one.attributes for one in layout_tables(document) if one.attributes.get("role") not in {"presentation", "none"}
    ],
    "Mild: Page should contain a level-one heading": lambda document: [] if tagged(document, "h1") else ["no h1"],
    "Moderate: Email should have exactly one h1 tag (but has more than one)": lambda document: tagged(document, "h1")[
        1:
    ],
    "Moderate: Heading levels should only increase by one": jumps,
    "Mild: Headings should not be empty": lambda document: [
        one.tag for one in tagged(document, *HEADINGS) if not words_of(one, document)
    ],
    "Critical: Images must have alternate text": lambda document: [
        one.attributes for one in tagged(document, "img") if "alt" not in one.attributes
    ],
    "Serious: Links must have discernible text": lambda document: [
        one.attributes for one in tagged(document, "a") if not words_of(one, document)
    ],
    "Moderate: Link text should be descriptive": lambda document: [
        one.text for one in tagged(document, "a") if says_nothing(words_of(one, document))
    ],
    "Critical: Zooming and scaling should not be disabled": zoom_is_disabled,
    "Critical: VML must have alternate text, and no links or headings": lambda document: re.findall(
        r"<v:[^>]*>", document.html
    ),
    "Serious: <li> elements must be contained in a <ul> or <ol>": lambda document: [
        one.text for one in tagged(document, "li") if one.inside[-1].tag not in {"ul", "ol"}
    ],
    "Serious: <ul> and <ol> must only directly contain <li>": lambda document: [
        one.tag for one in document.found if one.inside and one.inside[-1].tag in {"ul", "ol"} and one.tag != "li"
    ],
    "Serious: Header cells of data tables must say what they head": lambda document: [
        one.text
        for one in tagged(document, "th")
        if one.attributes.get("scope") not in {"col", "row", "colgroup", "rowgroup"}
    ],
    "Minor: id attribute value must be unique": doubled,
    "Serious: <blink> and <marquee> are not used": lambda document: [
        one.tag for one in tagged(document, "blink", "marquee")
    ],
    "Serious: Elements should not have tabindex greater than zero": lambda document: [
        one.attributes for one in document.found if int(one.attributes.get("tabindex", "0")) > 0
    ],
    "Critical: Image maps, embedded objects and frames must have alternate text": lambda document: tagged(
        document, "area", "object", "embed", "iframe", "video", "audio"
    ),
}
IN_A_LETTER: dict[str, Check] = {
    "Serious: Content inside the body should be wrapped in a lang attribute": lambda document: [
        one.attributes for one in children_of_body(document) if not one.attributes.get("lang")
    ],
    "Serious: Content inside the body should be wrapped in a dir attribute": lambda document: [
        one.attributes for one in children_of_body(document) if one.attributes.get("dir") not in {"ltr", "rtl"}
    ],
    "Serious: What a mail program is asked to do, no form in the letter does": lambda document: tagged(
        document, "form", "input", "button", "script"
    ),
}


def shown_findings(page: Page, *, dark: bool) -> dict[str, list[Any]]:
    """What can only be seen: `Element has insufficient color contrast`, in the light and in the dark, and the like."""
    words = page.evaluate(SHOWN_WORDS)
    faint = [one for one in words if contrast(hex_of(one["colour"]), hex_of(one["ground"])) < READABLE]
    return {
        "Serious: Element has insufficient color contrast": faint,
        "Serious: Links must be distinguishable without relying on color": page.evaluate(UNDERLINED),
        "Serious: Touch targets must have sufficient size": page.evaluate(SMALL_TARGETS),
        "all of axe-core's": [] if dark else accessibility_findings(page),
    }


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[str, str]]:
    app = pages_app(LinkBook(LINKS), publisher=Publisher("서울이슈큐레이터", "서울연구원", "ko"))
    with site(app) as client:
        shown = {name: client.get(path).text for name, path in PAGES.items()}
        yield shown | {"done": client.post(PAGES["leave"]).text}


def read(html: str) -> Document:
    return Document(html, elements(html), elements(as_outlook_reads(html)))


@pytest.mark.parametrize("language", ["ko", "en", "ja", "ar"])
def test_the_letter_passes_every_check(window: Window, language: str) -> None:
    html = edition_for("kitchen-sink", language, frozenset({"시민"})).html
    assert failing(read(html), EVERYWHERE | IN_A_LETTER) == {}
    for dark in (False, True):
        page = window.show(html, dark=dark)
        assert {name: found for name, found in shown_findings(page, dark=dark).items() if found} == {}


@pytest.mark.parametrize("name", [*PAGES, "done"])
def test_the_subscribers_pages_pass_every_check(window: Window, pages: dict[str, str], name: str) -> None:
    assert failing(read(pages[name]), EVERYWHERE) == {}
    for dark in (False, True):
        page = window.show(pages[name], 320, dark=dark)
        assert {check: found for check, found in shown_findings(page, dark=dark).items() if found} == {}


def failing(document: Document, checks: dict[str, Check]) -> dict[str, Sequence[object]]:
    return {name: found for name, check in checks.items() if (found := check(document))}


BAD = """<html><head><meta name="viewport" content="maximum-scale=1"></head><body><h1></h1><h3>a</h3><h1>b</h1>
<div><table><tr><td id="x" lang="Korean!"><a href="https://www.example.org">여기</a><a href="https://www.example.org"></a>
<img src="a.png"><li tabindex="2">a</li><ul id="x"><p>a</p></ul><v:rect><marquee>a</marquee></td></tr></table>
<table role="presentation"><tr><th>a</th></tr></table><iframe></iframe><form></form></div></body></html>"""


def test_each_check_would_have_said_so() -> None:
    checks = EVERYWHERE | IN_A_LETTER
    faults = failing(read(BAD), checks).keys() | failing(read("<p>a</p>"), checks).keys()
    assert checks.keys() - faults == set()
