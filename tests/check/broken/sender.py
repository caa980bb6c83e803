"""Letters that do not say who sends them, or how to leave. Touches: nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from newsletter.catalogue import phrase
from newsletter.check.finding import Finding
from newsletter.check.run import check_issue
from newsletter.errors import Problem
from newsletter.issue.scaffold import starter_issue
from newsletter.settings.workspace import Workspace
from tests.check.cases import FILE, ROOT, Broken, Case, Make, changed, example, issue, template, written
from tests.support.checks import audience_of, findings_of

IDENTITY = (
    "서울연구원 06756 서울시 서초구 남부순환로340길 57 (서초동) 02-2149-1234 02-120 "
    "Copyright 2019 Seoul Institute. All Rights Reserved."
)
ADVERTISING = issue("advertising: true\n", subject='"(광고) 신성장동력"')
NO_PAGES = {"pages_url": ""}
SAMPLE = "연구는 넓은 공원 하나보다 이어진\u200b 가로수길을 먼저 권합니다."
REAL: dict[str, dict[str, Any]] = {
    "newsletter": {"list_id": "letter.si.re.kr"},
    "sender": {"address": "no-reply@si.re.kr"},
    "institute": {"website": "https://www.si.re.kr"},
    "links": {"pages_url": "https://letter.si.re.kr"},
}
EXAMPLES: tuple[tuple[str, str, str], ...] = (
    ("newsletter", "list_id", "letter.example"),
    ("sender", "address", "press@EXAMPLE.com"),
    ("sender", "reply_to", "press@news.example.net"),
    ("sender", "bounce_address", "bounce@mail.test"),
    ("institute", "website", "https://www.example.org/about"),
    ("links", "pages_url", "https://letter.invalid"),
    ("links", "archive_url", "https://example.org/archive"),
    ("links", "unsubscribe_mailto", "leave@localhost"),
)
WAY_OUT = "{{ footer.unsubscribe_url or footer.unsubscribe_mailto }}"


def without_way_out_in_text(case: Case) -> Case:
    return case.edition(text=case.editions[0].text.partition("수신 거부")[0] + IDENTITY)


def unknown_to_the_ledger(_root: Path) -> list[Finding]:
    case = example()
    audience = audience_of(case.issue, case.editions, case.settings, case.audience)
    audience.stranger = Problem(phrase("ledger.newsletters.unknown", list_id="b.example.org", known=("a.example.org",)))
    return check_issue(case.issue, case.editions, Workspace(ROOT, case.settings), FILE, audience)


def example_in(table: str, key: str, value: str) -> Make:
    """Settings of somebody's own, but for this one."""
    tables: dict[str, Any] = {**REAL, table: {**REAL[table], key: value}, "check": {"ignore": {}}}
    return lambda root: findings_of(root, issue(), **tables)


def as_init_wrote_it(root: Path) -> list[Finding]:
    """The issue of a new workspace, in the settings of another one."""
    text = starter_issue("ko", date(2026, 11, 22)).replace("www.example.org", "www.si.re.kr")
    return findings_of(root, text)


LETTERS = [
    Broken("list-id-unknown", "warning", unknown_to_the_ledger),
    Broken("stand-in", "warning", as_init_wrote_it),
    Broken("stand-in", "warning", written(issue(), institute={"postal_address": "00000 서울시 어느구  어느로 1"})),
    Broken("stand-in", "warning", written(issue(), institute={"name": "Our Institute"})),
    Broken("stand-in", "warning", written(issue(title="Four seasons in our town"))),
    Broken(
        "stand-in",
        "warning",
        written(issue(intro='"연구는 넓은 공원 하나보다 이어진\u200b 가로수길을 먼저 권합니다."')),
        also=frozenset({"invisible-char"}),
    ),
    *(Broken("example-address", "warning", example_in(*one)) for one in EXAMPLES),
    Broken(
        "footer-identity",
        "error",
        written(issue(), templates=template("_footer.html.j2", "<br>{{ footer.postal_address }}", "")),
    ),
    Broken(
        "footer-identity",
        "error",
        changed(lambda case: case.edition(text=case.editions[0].text.replace("02-120", ""))),
    ),
    Broken("footer-identity", "error", written(ADVERTISING, institute={"phones": []})),
    Broken(
        "no-reply-notice",
        "error",
        written(issue(), templates=template("_footer.html.j2", "{{ footer.no_reply_notice }}", "")),
    ),
    Broken("list-unsubscribe", "warning", written(issue(), links=NO_PAGES), also=frozenset({"footer-unsubscribe"})),
    Broken("list-unsubscribe", "error", written(ADVERTISING, links=NO_PAGES), also=frozenset({"footer-unsubscribe"})),
    Broken("footer-unsubscribe", "warning", changed(without_way_out_in_text)),
    Broken(
        "footer-unsubscribe",
        "warning",
        written(issue(), templates=template("_footer.html.j2", WAY_OUT, "https://www.si.re.kr/leave")),
    ),
]
