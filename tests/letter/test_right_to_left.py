"""A letter that is read from the right is its twin in a mirror; what is in other words in it runs their way."""

import re

import pytest

from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.settings.bundled import bundled
from tests.support.browser import Window
from tests.support.finished import ISSUES, ROOT, html_of, workspace_of
from tests.support.markup import Element
from tests.support.mirrored import direction, twins_of, unmirrored, wanted_style

SAYS_A_SIDE = re.compile(r"(?:padding|margin|border|align|float|position)[^;}\n]*\b(?:left|right)\b")
MEANT = (".gutter{", ".hang{", ".gap-left{", ".gap-right{", ".to-right{")
"""The same on both sides; the side that an issue asks for; figures, whose last digits stand in a column."""


def in_digits(said: object) -> object:
    """Every letter of a translation as a digit, which has no direction; addresses stay."""
    if isinstance(said, dict):
        return {key: value if key == "url" else in_digits(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [in_digits(one) for one in said]
    return re.sub(r"[^\W\d_]", "1", str(said))


def twin(language: str) -> str:
    """Every section in digits alone, which are the same in every language."""
    issue = load_issue(ISSUES["every-section"], workspace_root=ROOT, timezone="Asia/Seoul")
    arabic = issue.translations["ar"]
    words = type(arabic).model_validate(in_digits(arabic.model_dump(exclude_defaults=True)))
    issue = issue.model_copy(update={"translations": {language: words}})
    return render(issue, workspace_of("arabic"), variants(issue, [language])[0]).html


@pytest.fixture(scope="module")
def letters() -> tuple[str, str]:
    return twin("de"), twin("he")


@pytest.fixture(scope="module")
def twins(letters: tuple[str, str]) -> list[tuple[Element, Element]]:
    return twins_of(*letters)


def test_no_side_is_left_unmirrored(letters: tuple[str, str], twins: list[tuple[Element, Element]]) -> None:
    assert unmirrored(*letters) == []
    assert sum(wanted_style(ltr, rtl)[0] != ltr.style for ltr, rtl in twins) >= 8


def test_every_table_and_row_says_its_direction_in_outlook_too(twins: list[tuple[Element, Element]]) -> None:
    for ltr, rtl in twins:
        if rtl.tag == "table":
            assert (rtl.attributes.get("dir"), ltr.attributes.get("dir")) == ("rtl", None)
    rows = [rtl for _, rtl in twins if rtl.tag == "td" and "dir" in rtl.attributes]
    assert {row.attributes["dir"] for row in rows} == {"rtl", "ltr"}
    assert len(rows) >= 2 * len([one for one in rows if one.attributes.get("bgcolor")]) >= 20


def test_the_newsletters_chrome_runs_its_own_way(twins: list[tuple[Element, Element]]) -> None:
    foot = [rtl for _, rtl in twins if "수신 거부" in rtl.text][-1]
    language = [place.attributes["lang"] for place in [*foot.inside, foot] if "lang" in place.attributes][-1]
    assert (direction(foot), language) == ("ltr", "ko")


def test_no_template_says_left_or_right() -> None:
    """They say `start` and `end`, so that a letter in Arabic mirrors."""
    said = [
        f"{path.name}: {line}"
        for path in sorted(bundled("templates/email").rglob("*.j2"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if SAYS_A_SIDE.search(line) and not line.startswith(MEANT)
    ]
    assert said == []


WHERE = """words => [...document.querySelectorAll('h1, p, td, li, h2, span, a, b')].filter(
    place => place.textContent.trim() === words).map(place => {
        const range = document.createRange(); range.selectNodeContents(place);
        const box = range.getBoundingClientRect(); return [box.left, box.right]})[0]"""


def test_in_the_browser_the_letter_begins_at_the_right(window: Window) -> None:
    page = window.show(html_of("arabic"))
    assert page.evaluate(WHERE, "كل الأشكال")[1] == pytest.approx(588, abs=3)
    assert page.evaluate(WHERE, "One item in English")[0] < 100
    assert page.evaluate(WHERE, "الأول")[1] == pytest.approx(564, abs=3)
    month, name = page.evaluate(WHERE, "2026년 11월"), page.evaluate(WHERE, "서울이슈큐레이터")
    assert month[1] < name[0]
    first, last = page.evaluate(WHERE, "443"), page.evaluate(WHERE, "70+")
    assert last[1] < first[0]
    assert page.evaluate(WHERE, "수신 거부")[0] < 100
