"""Every page behind a link, wide and on a phone in the dark: none is cut off, nothing too small, axe finds nothing."""

from playwright.sync_api import Browser

from newsletter.audience.links import Links
from newsletter.ledger.readers import Choice
from newsletter.web.page_templates import Publisher
from newsletter.web.subscribers.app import pages_app
from newsletter.web.subscribers.preferences import Offered
from tests.support.browser import Window, accessibility_findings
from tests.support.link_book import LinkBook
from tests.support.web import site

LINKS = Links((b"a secret of thirty-two bytes....",), "issue-curator.news.example.org")
TOKEN = LINKS.token("hong@example.com")
HASH = LINKS.address_hash("hong@example.com")
PAGES = [
    ("GET", f"/u/{TOKEN}"),
    ("POST", f"/u/{TOKEN}"),
    ("GET", f"/u/{TOKEN}"),
    ("GET", f"/u/{TOKEN}/preferences"),
    ("POST", f"/u/{TOKEN}/reason"),
    ("POST", f"/u/{TOKEN}/back"),
    ("POST", f"/u/{TOKEN}/preferences"),
    ("GET", f"/u/{LINKS.token('hong@example.com', proof=True)}"),
    ("GET", "/u/bad"),
]
# Of a choice it is the line that is pressed; a link inside of a sentence is as high as the sentence (WCAG 2.5.8).
TOO_SMALL = """() => [...document.querySelectorAll("a, button, select, textarea, input:not([type=hidden])")]
  .filter(one => !one.closest(".told"))
  .map(one => [one.textContent || one.name, (one.closest(".choice") || one).getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""


def test_no_page_is_cut_off_and_axe_finds_nothing(browser: Browser) -> None:
    book, window = LinkBook(LINKS), Window(browser)
    book.chosen[HASH] = Choice("홍길동", None, frozenset({"housing"}))
    offered = Offered(tags={"housing": {"ko": "주거와 부동산", "en": "Housing"}})
    with site(pages_app(book, publisher=Publisher("서울이슈큐레이터", "서울연구원", "ko"), offered=offered)) as client:
        for method, path in PAGES:
            for language, width, dark in (("ko", 1280, False), ("en", 320, True)):
                html = client.request(method, f"{path}?lang={language}").text
                assert f'<html lang="{language}">' in html
                page = window.show(html, width, dark=dark)
                assert accessibility_findings(page) == [], (method, path, language, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert page.evaluate(TOO_SMALL) == [], (method, path, language, width)
