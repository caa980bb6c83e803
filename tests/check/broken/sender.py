"""Letters that do not say who sends them, or how to leave. Touches: nothing."""

from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.check.finding import Finding
from newsletter.check.run import check_issue
from newsletter.errors import Problem
from newsletter.settings.workspace import Workspace
from tests.check.cases import FILE, ROOT, Broken, Case, changed, example, issue, template, written
from tests.support.checks import audience_of

IDENTITY = (
    "서울연구원 06756 서울시 서초구 남부순환로340길 57 (서초동) 02-2149-1234 02-120 "
    "Copyright 2019 Seoul Institute. All Rights Reserved."
)
ADVERTISING = issue("advertising: true\n", subject='"(광고) 신성장동력"')
NO_PAGES = {"pages_url": ""}
WAY_OUT = "{{ footer.unsubscribe_url or footer.unsubscribe_mailto }}"


def without_way_out_in_text(case: Case) -> Case:
    return case.edition(text=case.editions[0].text.partition("수신 거부")[0] + IDENTITY)


def unknown_to_the_ledger(_root: Path) -> list[Finding]:
    case = example()
    audience = audience_of(case.issue, case.editions, case.settings, case.audience)
    audience.stranger = Problem(phrase("ledger.newsletters.unknown", list_id="b.example.org", known=("a.example.org",)))
    return check_issue(case.issue, case.editions, Workspace(ROOT, case.settings), FILE, audience)


LETTERS = [
    Broken("list-id-unknown", "warning", unknown_to_the_ledger),
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
