"""One broken letter for each rule, caught by exactly its rule; the example letter is clean."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newsletter.audience.read import read_subscribers
from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.check.finding import Finding, Severity
from newsletter.check.rules import RULES
from newsletter.check.run import check_issue
from newsletter.edition.edition import Context, Edition, Hole
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.settings.load import find_workspace
from newsletter.settings.model import Settings
from tests.support.checks import audience_of

ROOT = Path(__file__).parents[2]
FILE = "issues/2021-07.yaml"
IDENTITY = (
    "서울연구원 06756 서울시 서초구 남부순환로340길 57 (서초동) 02-2149-1234 02-120 "
    "Copyright 2019 Seoul Institute. All Rights Reserved."
)
NOBODY = Subscriber("a@example.com", "a@example.com", line=7)
HONG = replace(NOBODY, name="홍길동", consent_at="2021-03-02", consent_source="누리집", line=8)


@dataclass(frozen=True)
class Case:
    """What `check_issue` is given; the example as it is, until something is changed."""

    issue: Issue
    editions: tuple[Edition, ...]
    settings: Settings
    audience: tuple[Subscriber | BadRow, ...] = (HONG,)

    def findings(self) -> list[Finding]:
        audience = audience_of(self.issue, self.editions, self.settings, self.audience)
        return check_issue(self.issue, self.editions, self.settings, FILE, audience)

    def html(self, old: str, new: str) -> "Case":
        assert old in self.editions[0].html
        return replace(self, editions=(replace(self.editions[0], html=self.editions[0].html.replace(old, new)),))

    def edition(self, **changes: Any) -> "Case":  # noqa: ANN401 - fields of an Edition
        return replace(self, editions=(replace(self.editions[0], **changes),))

    def of_issue(self, **changes: object) -> "Case":
        return replace(self, issue=self.issue.model_copy(update=changes))

    def set(self, table: str, **changes: object) -> "Case":
        changed = getattr(self.settings, table).model_copy(update=changes)
        return replace(self, settings=self.settings.model_copy(update={table: changed}))


@cache
def example() -> Case:
    workspace = find_workspace(ROOT, explicit=ROOT, environ={})
    issue = load_issue(ROOT / FILE, workspace_root=ROOT, timezone="Asia/Seoul")
    made = tuple(render(issue, workspace, variant) for variant in variants(issue, ["ko", "en"]))
    return Case(issue, made, workspace.settings)


def advertising(case: Case) -> Case:
    """The example as advertising that keeps the law."""
    edition = replace(case.editions[0], subject="(광고) 책을 팝니다")
    return replace(case, editions=(edition,)).of_issue(advertising=True)


def image(attributes: str) -> Callable[[Case], Case]:
    return lambda case: case.html("</body>", f"<img {attributes}></body>")


def link(href: str, words: str = "보고서") -> Callable[[Case], Case]:
    return lambda case: case.html("</body>", f'<a href="{href}">{words}</a></body>')


def bloated(case: Case, length: int) -> Case:
    holes = (*case.editions[0].holes, *(Hole(f"zz{n}zz", "fields.소속", "", Context.HTML) for n in range(100)))
    html = case.editions[0].html.replace("</body>", "".join(hole.marker for hole in holes[-100:]) + "</body>")
    return replace(case.edition(html=html, holes=holes), audience=(replace(HONG, fields={"소속": "가" * length}),))


def needing_a_name(case: Case) -> Case:
    holes = tuple(replace(hole, default=None) if hole.key == "name" else hole for hole in case.editions[0].holes)
    return case.edition(holes=holes)


def without_pages(case: Case) -> Case:
    return case.set("links", pages_url="")


def without_way_out(case: Case) -> Case:
    return case.edition(text=case.editions[0].text.partition("수신 거부")[0] + IDENTITY)


def only_for(case: Case, *tags: str) -> Case:
    sections = (case.issue.sections[0].model_copy(update={"only_for": tags}), *case.issue.sections[1:])
    return replace(case.of_issue(sections=sections), audience=(replace(HONG, tags=frozenset({"연구자"})),))


def heavy(case: Case, octets: int) -> Case:
    return case.edition(pictures=(replace(case.editions[0].pictures[0], data=b"x" * octets),))


def webp(case: Case) -> Case:
    return case.edition(pictures=(replace(case.editions[0].pictures[0], media_type="image/webp"),))


BROKEN: list[tuple[str, str, Callable[[Case], Case]]] = [
    ("img-alt", "error", image('src="cid:x"')),
    ("img-alt", "error", image('src="cid:x" alt=" "')),
    ("img-data-uri", "warning", image('src="data:image/png;base64,AA" alt="x"')),
    ("link-placeholder", "error", link("")),
    ("link-placeholder", "error", link("#")),
    ("link-placeholder", "error", link("/")),
    ("link-placeholder", "error", link("www.si.re.kr")),
    ("link-placeholder", "error", link("report.pdf")),
    ("anchor-in-mail", "error", link("#a")),
    ("link-syntax", "error", lambda case: case.of_issue(intro="[보고서](https://www.si.re.kr/a b)")),
    ("link-placeholder", "error", link("JavaScript:void(0)")),
    ("link-placeholder", "error", lambda case: case.html("</body>", "<a>보고서</a></body>")),
    ("link-placeholder", "warning", link("https://www.example.com/report")),
    ("link-text", "warning", link("https://www.si.re.kr/1", "더보기 →")),
    ("link-text", "warning", link("https://www.si.re.kr/1", "Click here")),
    ("link-http", "warning", link("http://www.si.re.kr/1")),
    ("link-localhost", "warning", link("http://localhost:8000/")),
    ("placeholder-left", "error", lambda case: case.edition(text=case.editions[0].text + "\nTODO")),
    ("placeholder-left", "error", lambda case: case.edition(subject="제목을 입력하세요")),
    ("placeholder-left", "error", lambda case: case.html("</body>", "Lorem ipsum</body>")),
    ("placeholder-left", "error", image('src="cid:x" alt="{{ name }}"')),
    ("merge-missing", "error", lambda case: needing_a_name(replace(case, audience=(HONG, NOBODY)))),
    ("language-unknown", "warning", lambda case: replace(case, audience=(HONG, replace(HONG, language="kr")))),
    ("tag-unknown", "warning", lambda case: only_for(case, "연구자들")),
    ("mail-bytes", "warning", lambda case: heavy(case, 800_000)),
    ("size-html", "error", lambda case: bloated(case, 300)),
    ("size-html", "warning", lambda case: bloated(case, 230)),
    ("script-tag", "error", lambda case: case.html("</body>", "<script>x</script></body>")),
    ("form-tag", "error", lambda case: case.html("</body>", "<form></form></body>")),
    ("css-support", "warning", lambda case: case.html("</body>", '<p style="position:fixed">가</p></body>')),
    ("unclosed-tag", "error", lambda case: case.html("</body>", "<div></body>")),
    ("unclosed-tag", "error", lambda case: case.html("</body>", "</span></body>")),
    ("doctype", "error", lambda case: case.html("<!DOCTYPE html>", "<!doctype html>")),
    (
        "important-lost",
        "error",
        lambda case: case.html(" !important", ""),
    ),
    ("subject-fold", "error", lambda case: case.edition(subject="신성장\n동력")),
    ("control-char", "error", lambda case: case.edition(text=case.editions[0].text + "\x07")),
    ("footer-identity", "error", lambda case: case.html("남부순환로340길", "")),
    ("footer-identity", "error", lambda case: case.edition(text=case.editions[0].text.replace("02-120", ""))),
    ("no-reply-notice", "error", lambda case: case.html("회신하실 수 없습니다", "")),
    ("ad-prefix", "error", lambda case: advertising(case).edition(subject="[광고] 책을 팝니다")),
    ("consent-missing", "error", lambda case: replace(advertising(case), audience=(replace(HONG, consent_source=""),))),
    ("list-unsubscribe", "warning", lambda case: case.set("links", pages_url="")),
    ("list-unsubscribe", "error", lambda case: without_pages(advertising(case))),
    (
        "footer-unsubscribe",
        "warning",
        without_way_out,
    ),
    ("subject-length", "warning", lambda case: case.edition(subject="가" * 36)),
    ("subject-fake-re", "warning", lambda case: case.edition(subject="RE: 신성장동력")),
    ("preheader-missing", "warning", lambda case: case.of_issue(preheader="")),
    ("preheader-equals-subject", "warning", lambda case: case.of_issue(preheader=case.editions[0].subject)),
    (
        "title-empty",
        "warning",
        lambda case: case.html("<title>[서울이슈큐레이터] 신성장동력", "<title>"),
    ),
    ("nfd-text", "warning", lambda case: case.edition(text=case.editions[0].text + "\u1112\u1161")),
    ("text-part-missing", "warning", lambda case: case.edition(text=" ")),
    (
        "img-webp",
        "warning",
        webp,
    ),
    ("bad-row", "warning", lambda case: replace(case, audience=(BadRow(17, "no @"), *[HONG] * 99))),
    ("bad-row", "error", lambda case: replace(case, audience=(BadRow(17, "no @"), *[HONG] * 98))),
    ("merge-value", "warning", lambda case: replace(case, audience=(replace(HONG, name="#N/A"),))),
    ("audience-empty", "error", lambda case: replace(case, audience=())),
    ("consent-2y", "warning", lambda case: replace(case, audience=(replace(HONG, consent_at="2019-07-25"),))),
]

# What else must be said of a letter that is broken in this way.
ALSO = {
    "list-unsubscribe": {"footer-unsubscribe"},
    "text-part-missing": {"footer-identity", "no-reply-notice", "footer-unsubscribe"},
}


@pytest.mark.parametrize(("rule", "severity", "broken"), BROKEN)
def test_each_broken_letter_is_caught_by_exactly_its_rule(
    rule: str, severity: str, broken: Callable[[Case], Case]
) -> None:
    findings = broken(example()).findings()
    assert (rule, severity) in {(finding.rule, finding.severity.value) for finding in findings}
    assert {finding.rule for finding in findings} <= {rule} | ALSO.get(rule, set())
    assert all(finding.message for finding in findings)


def test_every_rule_has_a_broken_letter() -> None:
    # These letters need files or settings of their own: test_readers.py and test_audience.py.
    assert {rule for rule, _, _ in BROKEN} | {"template-unknown", "merge-failed", "header-line"} == set(RULES)


def test_the_example_is_clean_for_all_its_subscribers() -> None:
    rows = tuple(read_subscribers(ROOT / "subscribers.example.csv"))
    assert replace(example(), audience=rows).findings() == []


SILENT: list[Callable[[Case], Case]] = [
    advertising,
    image('src="cid:x" alt="" role="presentation"'),
    link("mailto:letter@news.example.org"),
    link("tel:0221491234", "02-2149-1234"),
    link("https://www.si.re.kr/examples", "연구 더보기"),
    lambda case: case.set("sender", reply_to="letter@news.example.org").html("회신하실 수 없습니다", ""),
    lambda case: replace(needing_a_name(case), audience=(HONG,)),
    lambda case: replace(case, audience=(replace(HONG, language="en-gb"), replace(HONG, language="ko_kr"))),
    lambda case: only_for(case, "연구자"),
    lambda case: heavy(case, 700_000),
    lambda case: case.edition(subject="  신성장동력  " + "a" * 30),
]


@pytest.mark.parametrize("good", SILENT)
def test_what_is_right_is_not_complained_of(good: Callable[[Case], Case]) -> None:
    assert good(example()).findings() == []


def test_braces_that_were_written_on_purpose_are_no_placeholder() -> None:
    case = example().edition(text=example().editions[0].text + "{{ 이름 }}")
    assert [finding.rule for finding in case.findings()] == ["placeholder-left"]
    assert case.of_issue(closing='{{ "{{" }} 이름 }}').findings() == []


def test_a_finding_names_the_line_of_the_issue_or_of_the_subscribers() -> None:
    lines = (ROOT / FILE).read_text(encoding="utf-8").splitlines()
    [finding] = advertising(example()).edition(subject="책").findings()
    assert finding.file == FILE
    assert finding.line is not None
    assert lines[finding.line - 1].startswith("title:") or lines[finding.line - 1].startswith("subject:")
    [finding] = needing_a_name(replace(example(), audience=(NOBODY,))).findings()
    assert (finding.file, finding.line) == ("subscribers.csv", 7)


def test_a_heavy_mail_names_its_largest_picture_and_where_the_issue_has_it() -> None:
    lines = (ROOT / FILE).read_text(encoding="utf-8").splitlines()
    small, large = example().editions[0].pictures[:2]
    [finding] = example().edition(pictures=(small, replace(large, data=b"x" * 900_000))).findings()
    assert finding.message == "편지 한 통이 1.3 MB입니다. 1 MB 를 넘지 않는 것이 좋습니다."
    assert finding.hint == f"가장 큰 그림: {large.filename}, 879 KB"
    assert finding.line is not None
    assert large.filename.rpartition("-")[0] in lines[finding.line - 1]


def test_messages_are_in_the_newsletters_language() -> None:
    broken = example().html("</body>", "<script></script></body>")
    [korean] = broken.findings()
    [english] = broken.set("newsletter", language="en").of_issue(translations={}).findings()
    assert korean.message == "편지에 <script> 가 있습니다."
    assert english.message == "There is a <script> in the letter."


def test_only_the_first_of_many_rows_are_named_and_the_rest_counted() -> None:
    rows: Iterable[BadRow] = (BadRow(line, "no @") for line in range(2, 102))
    findings = replace(example(), audience=(*rows, *[HONG] * 9_900)).findings()
    assert len(findings) == 21
    assert any("80" in finding.message for finding in findings)


def test_errors_come_first_and_a_finding_of_two_editions_is_said_once() -> None:
    both = tuple(
        replace(edition, html=edition.html.replace("</body>", "<script></script></body>"))
        for edition in example().editions
    )
    findings = replace(example(), editions=both, audience=(BadRow(3, "x"), *[HONG] * 99)).findings()
    assert [(finding.rule, finding.severity) for finding in findings] == [
        ("script-tag", Severity.ERROR),
        ("bad-row", Severity.WARNING),
    ]
