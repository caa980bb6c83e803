"""A report with something in each of its parts, made of whatever somebody writes, hostile or not. Touches: nothing."""

from datetime import timedelta

from newsletter.ledger.accounts import PastRun, StateReply
from newsletter.ledger.records import DeliveryRecord
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
    ReplyFigures,
    RetriedFigures,
    RunFigures,
    ShortFigures,
    SizeFigures,
)
from newsletter.report.issue_report import ApprovalFacts, IssueReport
from newsletter.smtp.reply import Reply
from tests.support.books import LIST, NOW

HOSTILE = '"><script>alert(1)</script><img src=https://example.org/x onerror=alert(2)>\u202egpj.exe\x1b]0;x\x07\x00'
MINUTE = timedelta(minutes=1)


def row(number: int, state: State, words: str = "no such user") -> DeliveryRecord:
    key = f"reader{number}@naver.com"
    reply = None if state is State.IN_DOUBT else Reply("rcpt", 550, "5.1.1", f"<{key}> {words}")
    return DeliveryRecord(
        number, key, key, number, "ko", 1, state, 1, NOW, None, NOW, reply, "bad_address", "rfc-5.1.1"
    )


def short(issue: str, days: int, total: int = 900) -> ShortFigures:
    return ShortFigures(
        issue=issue,
        newsletter=LIST,
        standing="finished",
        planned_at=NOW - timedelta(days=days),
        total=total,
        states={State.SENT: total - 9, State.FAILED: 9},
        began_at=NOW - timedelta(days=days),
        ended_at=NOW - timedelta(days=days) + 9 * MINUTE,
        acceptance=Acceptance(median=120, p95=300, last=540),
        departed=Departed(
            until=NOW, by_reason={"unsubscribed": 3, "complained": 1}, one_clicks=2, said_why={"too_often": 2}
        ),
    )


def figures(words: str = "") -> IssueFigures:
    """Of 1,000 readers; `words` stand wherever a text may come from outside."""
    return IssueFigures(
        **short("2026-11", 0, 1000).model_dump(exclude={"standing", "states", "events", "limits", "at_work"}),
        standing="running",
        states={State.SENT: 989, State.FAILED: 9, State.IN_DOUBT: 1, State.DEFERRED: 1},
        limits=LimitCost(own=3000, relay=60),
        at_work=600,
        by_person=1,
        events={"bounced": 4, "complained": 0, "delayed": 1},
        over_time=OverTime(
            width=60, buckets=(Bucket(at=NOW, sent=900, failed=9), Bucket(at=NOW + 9 * MINUTE, sent=91))
        ),
        domains=(
            DomainFigures(domain="naver.com", domains=1, total=900, states={State.SENT: 891, State.FAILED: 9}),
            DomainFigures(domain=f"xn--3e0b707e{words}.kr", domains=1, total=90, states={State.SENT: 90}),
            DomainFigures(domain="other", domains=7, total=10, states={State.SENT: 10}),
        ),
        attempts=(
            AttemptFigures(attempts=1, states={State.SENT: 981, State.FAILED: 9}),
            AttemptFigures(attempts=10, states={State.SENT: 10}),
        ),
        retried=RetriedFigures(accepted=10, median=300, p95=600, longest=4000),
        replies=(
            ReplyFigures(state=State.FAILED, reply_class=f"bad_address{words}", rule=f"rfc-5.1.1{words}", count=9),
        ),
        letters=(
            SizeFigures(variant=f"ko{words}", revision=2, readers=1000, html=90_000, text=4000, pictures=200_000),
        ),
        runs=(
            RunFigures(began_at=NOW, ended_at=NOW + MINUTE, messages=900, ended_by="budget", rested=12),
            RunFigures(began_at=NOW + 8 * MINUTE, ended_at=None, messages=100, ended_by=words, rested=0),
        ),
        runs_total=3,
    )


def report(words: str = "") -> IssueReport:
    """`words` come from a relay, an editor, a reviewer, a machine, a file in git."""
    runs = [
        PastRun(NOW, NOW, 900, "budget", MINUTE, 4711, f"mail1{words}"),
        PastRun(NOW, None, 1, "", MINUTE, 2, words),
    ]
    return IssueReport(
        figures(words),
        newsletter_name=f"서울이슈큐레이터{words}",
        zone="Asia/Seoul",
        counted_at=NOW,
        subject=f"신성장동력{words}",
        compared=tuple(short(f"2026-{month:02}", 30 * (11 - month)) for month in range(1, 11)),
        approval=ApprovalFacts(f"Jane Doe{words}", NOW, False, "0123456789abcdef", f"홍길동{words}", NOW),
        runs=runs,
        replies=[StateReply(State.FAILED, "bad_address", "rfc-5.1.1", 9, row(7, State.FAILED, f"no such user{words}"))],
        doubts=[row(8, State.IN_DOUBT)],
        leave_words=[f"한 달에 한 번이면\n좋겠습니다{words}", "reader9@naver.com"],
        leave_words_total=3,
    )
