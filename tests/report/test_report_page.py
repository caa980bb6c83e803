"""The pages: nothing but themselves, whatever stands in them; both languages; every chart has a table; in Chromium."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest
from lxml import html
from playwright.sync_api import Request

from newsletter.catalogue import Verbatim, entries
from newsletter.ledger.states import State
from newsletter.report.figures import Acceptance, IssueFigures, RunFigures, ShortFigures
from newsletter.report.issue_figures import never_planned_figures
from newsletter.report.issue_report import IssueReport
from newsletter.report.page import ReportPages
from tests.support.books import LIST, NOW
from tests.support.browser import accessibility_findings, chromium
from tests.support.reports import HOSTILE, report, short

LANGUAGES = ("ko", "en")
GROUND = {(False, False): "236, 238, 234", (True, False): "19, 18, 16", (False, True): "255, 255, 255"}
_SAID = re.compile(r'say\("([a-z_]+)"')


def pages(language: str = "en") -> ReportPages:
    return ReportPages(language, "Asia/Seoul")


def parsed(page: str) -> "html.HtmlElement":
    return html.fromstring(page)


def all_pages(language: str = "en", words: str = "") -> Iterator[str]:
    yield pages(language).issue(report(words))
    yield pages(language).all_issues([short("2026-10", 30), short("2026-11", 0, 1000)], f"Letter{words}", NOW)


@pytest.mark.parametrize("words", ["", HOSTILE], ids=["harmless", "hostile"])
def test_a_page_needs_nothing_but_itself(words: str) -> None:
    for page in all_pages(words=words):
        tree = parsed(page)
        elements = [node for node in tree.iter() if isinstance(node.tag, str)]
        assert {node.tag for node in elements} & {"script", "img", "link", "iframe", "object", "base", "form"} == set()
        assert [name for node in elements for name in node.attrib if name.startswith("on") or name == "src"] == []
        assert {link for _, name, link, _ in tree.iterlinks() if name == "href"} <= {"2026-10.html", "2026-11.html"}
        [style] = tree.xpath("//style/text()")
        assert not re.search(r"url\(|@import|@font-face", style)
        [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'")
        assert re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page) is None


def test_it_says_in_both_languages_that_it_adds_up_or_what_does_not() -> None:
    korean, english = (pages(language).issue(report()) for language in LANGUAGES)
    assert '<html lang="ko">' in korean
    assert "계획한 1,000통의 행방이 모두 확인됩니다." in korean
    assert "Every planned delivery is accounted for: 1,000." in english
    assert "1,000 = 989 sent + 9 failed + 1 in doubt + 1 deferred" in english
    wrong = pages().issue(replace(report(), discrepancies=(Verbatim("1,000 planned, but 7 are gone"),)))
    assert "It does not add up:" in wrong
    assert "7 are gone" in wrong
    assert "accounted for: " not in wrong


def test_nobody_is_named_unless_that_is_asked_for() -> None:
    page = pages().issue(report())
    assert "reader" not in re.sub(r">readers<|readers are|Readers of|fewer than 5 readers", "", page)
    assert "r***@naver.com" in page
    named = pages().issue(replace(report(), full=True))
    assert "reader8@naver.com" in named
    assert "&lt;reader7@naver.com&gt; no such user" in named
    own = pages().issue(replace(report(), few=frozenset({"naver.com"})))
    assert "r***@…" in own
    assert "&lt;r***@…&gt;" in own


def test_each_chart_is_an_image_with_a_name_and_its_numbers_stand_in_a_table() -> None:
    tree = parsed(pages().issue(report()))
    figures = tree.xpath("//figure")
    assert len(figures) == 5
    for figure in figures:
        assert (figure.get("role"), bool(figure.get("aria-label"))) == ("img", True)
        assert [svg.get("aria-hidden") for svg in figure.iter("svg")] == ["true", "true"]
        assert figure.xpath("./ancestor::section//table")
    cells = {" ".join(cell.itertext()).split("\n")[0].strip() for cell in tree.xpath("//td")}
    assert {"900", "91", "891", "981"} <= cells
    assert "한국.kr (xn--3e0b707e.kr)" in {text.strip() for text in tree.xpath("//th//text()")}


def test_every_word_of_the_pages_is_in_the_catalogue_and_every_word_there_is_said() -> None:
    """tests/project/test_words.py holds the codes that stand in Python."""
    package = files("newsletter.report")
    templates = "".join(one.read_text(encoding="utf-8") for one in package.joinpath("pages").iterdir())
    code = "".join(
        package.joinpath(name).read_text(encoding="utf-8") for name in ("page.py", "page_charts.py", "run_end.py")
    )
    known = set(entries("newsletter.report", "words", "page.toml"))
    assert set(_SAID.findall(templates)) <= known
    said = {key for key in known if f'say("{key}"' in templates or re.search(rf'["\.]{key}"', code)}
    assert known - said == set()


def test_of_few_readers_a_chart_counts_whole_letters_and_one_issue_has_no_growth() -> None:
    """pygal parts the axis of three letters at 0.8, 1.6, 2.4."""
    states = dict.fromkeys(State, 0) | {State.SENT: 3}
    quick = Acceptance(median=0.1, p95=0.7, last=0.7)
    of = report().figures.model_copy(update={"total": 3, "states": states, "acceptance": quick})
    page = pages("ko").all_issues([of], "Letter", NOW)
    axis = parsed(page).xpath("(//figure)[1]//*[@class='wide']//*[contains(@class, 'axis y')]//text()")
    numbers = [text.strip() for text in axis if text.strip()]
    assert len(numbers) > 1
    assert [number for number in numbers if "." in number] == []
    written = [text.strip() for text in parsed(page).xpath("//*[contains(@class, 'axis y')]//text()")]
    assert [number for number in written if number.endswith(".")] == []
    assert "지금까지 낸 호: 1개" in page
    assert "명으로:" not in page


def test_who_joined_after_the_plan_has_a_line_of_their_own() -> None:
    late = report().figures.model_copy(update={"latecomers": 3, "last_latecomer_at": NOW + timedelta(days=3)})
    told = pages("ko").issue(replace(report(), figures=late))
    assert "그 뒤에 들어온 구독자 3명" in told
    assert "997명에게 보내기로 계획" in told
    assert "계획한 1,000통의 행방이 모두 확인됩니다." in told
    assert "그 뒤에 들어온" not in pages("ko").issue(report())


def test_what_came_back_is_counted_by_what_it_was() -> None:
    (section,) = parsed(pages().issue(report())).xpath("//section[h2='What came back of what was accepted']")
    assert [cell.text_content() for cell in section.xpath(".//tbody//th | .//tbody//td")] == [
        "bounced",
        "4",
        "delayed",
        "1",
    ]


@pytest.mark.parametrize("full", [False, True])
def test_what_readers_wrote_when_they_left_stands_below_their_reasons_without_an_address(full: bool) -> None:
    wrote = report(HOSTILE) if full else report()
    korean, english = (parsed(pages(language).issue(replace(wrote, full=full))) for language in LANGUAGES)
    [section] = english.xpath("//section[h2='Who has left since']")
    [reasons] = section.xpath(".//caption[contains(., 'nobody knows who said what')]")
    assert reasons.get("class") is None
    said = [one.text_content() for one in section.xpath(".//li")]
    assert said[1] == "…"
    assert said[0].startswith("한 달에 한 번이면 좋겠습니다")
    assert "The newest 2 of 3." in section.text_content()
    assert "직접 쓴 말" in korean.text_content()
    silent = pages().issue(replace(report(), leave_words=(), leave_words_total=0))
    assert "wrote themselves" not in silent


@pytest.mark.parametrize("at", ["@", "\uff20"], ids=["narrow", "full width"])
def test_an_address_that_a_reader_wrote_is_hidden_however_its_at_is_typed(at: str) -> None:
    wrote = replace(report(), leave_words=[f"새 주소는 hong.gildong{at}naver.com입니다"])
    assert wrote.own_words() == ["새 주소는 …"]


def test_an_issue_that_was_never_planned_has_a_page_that_says_so() -> None:
    empty = IssueReport(never_planned_figures("2026-11", LIST), "Letter", "Asia/Seoul", NOW, note=Verbatim("a draft"))
    page = pages().issue(empty)
    assert "never planned" in page
    assert "a draft" in page
    assert "accounted for" not in page
    assert "No issue was ever planned." in pages().all_issues([], "Letter", NOW)


def test_an_issue_of_which_nothing_has_gone_yet_has_a_page_too() -> None:
    nothing = ShortFigures(issue="2026-12", newsletter=LIST, standing="running", planned_at=NOW, total=9)
    planned = IssueFigures(**nothing.model_dump(exclude={"states"}), states={State.PLANNED: 9})
    begun = replace(report(), figures=planned, runs=(), replies=(), doubts=())
    run = RunFigures(began_at=NOW, ended_at=NOW, messages=9, ended_by="budget", rested=0)
    resting = replace(begun, figures=planned.model_copy(update={"runs": (run,), "runs_total": 1}))
    assert "It rests now" in pages().issue(resting)
    for compared in ((), report().compared, (nothing,)):
        page = pages().issue(replace(begun, compared=compared))
        assert "Not at their end yet: 9." in page
        assert "Nothing has come to its end yet." in page
        assert "No limit of an hour or a day made it rest." in page
    assert "2026-12" in pages("ko").all_issues([nothing], "Letter", NOW)


def test_charts_have_no_script_no_style_and_text_that_is_text() -> None:
    for page in all_pages("ko"):
        for svg in parsed(page).iter("svg"):
            tags = {node.tag for node in svg.iter() if isinstance(node.tag, str)}
            assert tags <= {"svg", "g", "rect", "path", "text", "circle"}
            assert not svg.xpath(".//comment()")


def test_in_a_browser_it_is_clean_fits_a_phone_and_asks_for_nothing() -> None:
    with chromium() as browser:
        context = browser.new_context()
        page = context.new_page()
        asked: list[str] = []

        def remember(request: Request) -> None:
            asked.append(request.url)

        page.on("request", remember)
        for made in all_pages("ko"):
            for width, dark, paper in ((1000, False, False), (320, True, False), (760, False, True)):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme="dark" if dark else "light", media="print" if paper else "screen")
                page.set_content(made)
                assert accessibility_findings(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
                assert ground == (
                    "rgb(19, 18, 16)" if dark else "rgb(255, 255, 255)" if paper else "rgb(236, 238, 234)"
                )
        assert [url for url in asked if not url.startswith("about:")] == []
        context.close()
