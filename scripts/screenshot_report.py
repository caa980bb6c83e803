"""Photograph a report, wide in the light and narrow in the dark, for docs/operating.md.

    python scripts/screenshot_report.py            writes docs/images/report.png

Touches: that file; starts the system's Chromium. The numbers are made up: 40,000 readers, a limit of an hour that is
used up, a receiver that greylists.
"""

import math
import shutil
from datetime import UTC, datetime, timedelta

from playwright.sync_api import sync_playwright

from newsletter.ledger.states import State
from newsletter.report.figures import (
    Acceptance,
    AttemptFigures,
    Bucket,
    Departed,
    DomainFigures,
    IssueFigures,
    LimitCost,
    OverTime,
    RetriedFigures,
    RunFigures,
)
from newsletter.report.issue_report import ApprovalFacts, IssueReport
from newsletter.report.page import ReportPages
from screenshot import IMAGES, photograph, write_sheet

WIDE, NARROW, SCALE = 800, 320, 1.0
BEGIN = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SENT, FAILED, DOUBT, LEFT = 39_561, 352, 3, 84
DOMAINS = {"naver.com": 18_900, "gmail.com": 9_800, "hanmail.net": 6_100, "seoul.go.kr": 2_900, "xn--3e0b707e.kr": 800}


def buckets() -> tuple[Bucket, ...]:
    """Two stretches of work with a rest between them."""
    steps = [*range(14), *range(24, 37)]
    parts = [1 + 0.08 * math.sin(step) for step in steps]
    return tuple(
        Bucket(
            at=BEGIN + step * 10 * MINUTE,
            sent=round(SENT * part / sum(parts)),
            failed=round(FAILED * part / sum(parts)),
            in_doubt=DOUBT if step == steps[-1] else 0,
        )
        for step, part in zip(steps, parts, strict=True)
    )


def domain(name: str, total: int, domains: int = 1) -> DomainFigures:
    failed = round(FAILED * total / (SENT + FAILED))
    return DomainFigures(
        domain=name, domains=domains, total=total, states={State.SENT: total - failed, State.FAILED: failed}
    )


def report() -> IssueReport:
    first_end, again = BEGIN + 140 * MINUTE, BEGIN + 240 * MINUTE
    others = SENT + FAILED + DOUBT + LEFT - sum(DOMAINS.values())
    figures = IssueFigures(
        issue="2026-11",
        newsletter="issue-curator.news.example.org",
        standing="finished",
        planned_at=BEGIN - MINUTE,
        total=SENT + FAILED + DOUBT + LEFT,
        states={State.SENT: SENT, State.FAILED: FAILED, State.IN_DOUBT: DOUBT, State.SUPPRESSED: LEFT},
        began_at=BEGIN,
        ended_at=again + 130 * MINUTE,
        at_work=270 * 60,
        acceptance=Acceptance(median=8_280, p95=20_700, last=22_200),
        departed=Departed(by_reason={"unsubscribed": 31}, one_clicks=29),
        limits=LimitCost(own=6000),
        over_time=OverTime(width=600, buckets=buckets()),
        domains=(*(domain(name, total) for name, total in DOMAINS.items()), domain("other", others, 412)),
        attempts=(
            AttemptFigures(attempts=1, states={State.SENT: SENT - 900, State.FAILED: FAILED}),
            AttemptFigures(attempts=2, states={State.SENT: 900}),
        ),
        retried=RetriedFigures(accepted=900, median=310, p95=640, longest=1900),
        runs=(
            RunFigures(began_at=BEGIN, ended_at=first_end, messages=20_000, ended_by="budget", rested=0),
            RunFigures(began_at=again, ended_at=again + 130 * MINUTE, messages=20_816, ended_by="done", rested=0),
        ),
        runs_total=2,
    )
    approval = ApprovalFacts(
        "홍길동", BEGIN - timedelta(days=1), True, "4f2c9d07ab1e", "홍길동", BEGIN - timedelta(days=1)
    )
    return IssueReport(
        figures, "서울이슈큐레이터", "Asia/Seoul", again + 200 * MINUTE, subject="신성장동력", approval=approval
    )


def main() -> None:
    page = ReportPages("ko", "Asia/Seoul").issue(report())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-background-networking", "--no-first-run"],
        )
        photographs = [
            photograph(browser, page, WIDE, dark=False, scale=SCALE),
            photograph(browser, page, NARROW, dark=True, scale=SCALE),
        ]
        write_sheet(IMAGES / "report.png", photographs, SCALE)
        browser.close()


if __name__ == "__main__":
    main()
