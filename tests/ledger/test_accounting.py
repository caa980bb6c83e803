"""An issue in numbers: whatever is told is what the deliveries say, one by one; on both databases."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from newsletter.ledger.accounts import Account
from newsletter.ledger.counted_rows import nice_width
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.readers import LeaveReason
from newsletter.ledger.records import DeliveryRecord, Purpose
from newsletter.ledger.states import Outcome, PlannedDelivery, State
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply
from tests.support.books import ACCEPTED, LIST, NOW, edition, hash_of, letterhead, planned, readers

MINUTE = timedelta(minutes=1)
SEOUL = ZoneInfo("Asia/Seoul")
DOMAINS = ["naver.com"] * 12 + ["example.org"] * 6 + ["a.example.net", "b.example.net"]
REFUSED, GREY = Reply("rcpt", 550, "5.7.1", "no"), Reply("rcpt", 451, "4.7.1", "later")


def reader_at(number: int, domain: str) -> PlannedDelivery:
    key = f"reader{number}@{domain}"
    return PlannedDelivery(key, key, hash_of(key), "ko", {"email": key}, number + 2)


@pytest.fixture
def dispatch(book: Ledger) -> int:
    """Twenty readers: accepted at once, or after a wait, refused, in doubt, put off, suppressed, and not begun."""
    number = planned(book, [reader_at(index, domain) for index, domain in enumerate(DOMAINS)], lot=4)
    with book.lease(NOW) as lease:
        book.begin_work(number, lease)
        claims = book.claim(number, lease, 16, NOW)
        book.suppress(LIST, key=claims[15].key, reason="manual", now=NOW + MINUTE)
        book.suppress(LIST, address_hash=b"some hash", reason="unsubscribed", now=NOW + MINUTE)
        book.turn([], claims[:10], NOW)
        book.turn([Outcome(claim, State.SENT, ACCEPTED, "accepted") for claim in claims[:6]], [], NOW)
        later = [
            Outcome(claims[6], State.FAILED, REFUSED, "policy", rule="policy"),
            Outcome(claims[7], State.IN_DOUBT),
            Outcome(claims[8], State.DEFERRED, GREY, "greylist", due_at=NOW + 5 * MINUTE, rule="greylisting"),
            Outcome(claims[9], State.DEFERRED, GREY, "greylist", due_at=NOW + 5 * MINUTE, rule="greylisting"),
        ]
        book.turn(later, [claims[15]], NOW + 2 * MINUTE)
        book.end_work(lease, "budget", timedelta(seconds=90))
    with book.lease(NOW + 6 * MINUTE) as lease:
        again = {claim.key: claim for claim in book.claim(number, lease, 20, NOW + 6 * MINUTE)}
        book.turn([], [again[claims[8].key]], NOW + 6 * MINUTE)
        book.turn([Outcome(again[claims[8].key], State.SENT, ACCEPTED, "accepted")], [], NOW + 7 * MINUTE)
    return number


def account(book: Ledger, dispatch: int) -> Account:
    return book.account(dispatch, few=5, compared=12, zone=SEOUL)


def one_by_one(rows: list[DeliveryRecord]) -> Counter[State]:
    return Counter(row.state for row in rows)


def test_what_is_told_is_what_the_deliveries_say(book: Ledger, dispatch: int) -> None:
    told, rows = account(book, dispatch), list(book.deliveries(dispatch))
    assert told.short.counts == told.rows == {state: one_by_one(rows)[state] for state in State}
    assert one_by_one(rows) == {
        State.SENT: 7, State.FAILED: 1, State.IN_DOUBT: 1, State.SUPPRESSED: 1, State.DEFERRED: 1, State.PLANNED: 9
    }  # fmt: skip
    domains = {one.domain: one for one in told.domains}
    assert list(domains) == ["naver.com", "example.org", ""]
    assert [one.domains for one in told.domains] == [1, 1, 2]
    for name, theirs in domains.items():
        known = [row for row in rows if (row.key.partition("@")[2] == name) or (not name and "net" in row.key)]
        assert dict(theirs.counts) == one_by_one(known)
    attempts = {number: dict(counts) for number, counts in told.attempts.items()}
    assert attempts == {
        1: {State.SENT: 6, State.FAILED: 1, State.IN_DOUBT: 1, State.DEFERRED: 1},
        2: {State.SENT: 1},
    }
    assert (told.retried.accepted, told.retried.median, told.retried.longest) == (1, 5 * MINUTE, 5 * MINUTE)
    assert told.by_person == 0


def test_when_deliveries_ended_and_why_the_others_did_not(book: PeopleLedger, dispatch: int) -> None:
    said = [LeaveReason(one, words) for one, words in (("no_time", ""), ("no_time", "busy"), ("other", ""))]
    book.keep_leave_reasons(LIST, said, day=NOW.date(), now=NOW)
    book.keep_leave_reasons(LIST, said, day=NOW.date() - timedelta(days=1), now=NOW)
    told = account(book, dispatch)
    times = told.short.times
    assert times is not None
    ended = {times.since + step * times.width: dict(counts) for step, counts in times.counts.items()}
    assert ended == {
        NOW: {State.SENT: 6},
        NOW + 2 * MINUTE: {State.FAILED: 1, State.IN_DOUBT: 1},
        NOW + 7 * MINUTE: {State.SENT: 1},
    }
    replies = [(one.state, one.reply_class, one.reply_rule, one.count) for one in told.replies]
    assert replies == [(State.DEFERRED, "greylist", "greylisting", 1), (State.FAILED, "policy", "policy", 1)]
    assert [row.state for row in told.doubts] == [State.IN_DOUBT]
    assert told.short.departures.by_reason == {"manual": 1, "unsubscribed": 1}
    assert told.short.departures.one_clicks == 1
    assert told.short.departures.said_why == {"no_time": 2, "other": 1}
    [run] = told.short.runs
    assert (run.began_at, run.messages, run.ended_by, run.rested) == (NOW, 10, "budget", timedelta(seconds=90))
    [letter] = told.letters
    assert (letter.readers, letter.pictures, letter.html) == (20, 11, len("<p>2021-07 M1x</p>"))


def test_reasons_count_by_the_newsletters_own_day(book: PeopleLedger) -> None:
    """Half past eight in Seoul is still the day before in UTC."""
    last_month, planned_at = (datetime(2026, month, 22, 8, 30, tzinfo=SEOUL).astimezone(UTC) for month in (10, 11))
    for slug, moment in (("2026-10", last_month), ("2026-11", planned_at)):
        book.plan(letterhead(slug), {"ko": edition(slug, words=slug)}, readers(2), moment)

    def say(reason: str, moment: datetime) -> None:
        book.keep_leave_reasons(LIST, [LeaveReason(reason)], day=moment.astimezone(SEOUL).date(), now=moment)

    say("too_often", planned_at - timedelta(hours=9))
    say("no_time", planned_at + timedelta(hours=1))
    newest = book.find(LIST, "2026-11")
    assert newest is not None
    told = book.account(newest.id, few=5, compared=1, zone=SEOUL)
    said = [one.departures.said_why for one in (*told.others, told.short)]
    assert said == [{"too_often": 1}, {"no_time": 1}]
    assert [one.departures.said_why for one in book.accounts_in_short(LIST, SEOUL)] == said


def test_readers_own_words_are_told_the_newest_first_and_not_all_of_them(book: PeopleLedger) -> None:
    number = planned(book, 2)
    day = NOW.astimezone(SEOUL).date()
    book.keep_leave_reasons(LIST, [LeaveReason("other", "of last month")], day=day - timedelta(days=1), now=NOW)
    book.keep_leave_reasons(LIST, [LeaveReason("no_time")], day=day, now=NOW)
    book.keep_leave_reasons(LIST, [LeaveReason("other", f"words {one}") for one in range(60)], day=day, now=NOW)
    told = book.account(number, few=5, compared=0, zone=SEOUL)
    assert list(told.leave_words) == [f"words {one}" for one in range(59, 9, -1)]
    assert told.leave_words_total == 60


def test_what_a_person_decided_has_no_reply_and_no_time(book: Ledger, dispatch: int) -> None:
    assert book.resolve(dispatch, True, NOW + timedelta(days=3)) == 1
    told = account(book, dispatch)
    assert told.by_person == 1
    assert told.short.times is not None
    assert sum(sum(counts.values()) for counts in told.short.times.counts.values()) == 8


def test_the_issues_before_it_are_compared_and_no_later_one(book: Ledger, dispatch: int) -> None:
    for number in range(3):
        planned(book, 2, slug=f"later-{number}")
    told = book.account(dispatch, few=5, compared=12, zone=SEOUL)
    assert [one.record.slug for one in told.others] == []
    newest = book.find(LIST, "later-2")
    assert newest is not None
    told = book.account(newest.id, few=5, compared=2, zone=SEOUL)
    assert [one.record.slug for one in (*told.others, told.short)] == ["later-0", "later-1", "later-2"]
    assert told.short.times is None
    shorts = book.accounts_in_short(LIST, SEOUL)
    assert [one.record.slug for one in shorts] == ["2021-07", "later-0", "later-1", "later-2"]
    assert [one.times is None for one in shorts] == [False, True, True, True]
    assert book.accounts_in_short(LIST, SEOUL, timed={"2021-07"})[0].times is None


@pytest.mark.parametrize(("least", "width"), [(0, 1), (0.4, 1), (1.5, 2), (3601, 7200), (86_401, 172_800)], ids=str)
def test_steps_of_time_are_round(least: float, width: int) -> None:
    assert nice_width(timedelta(seconds=least)) == timedelta(seconds=width)


def test_all_is_of_one_moment_while_another_process_sends(book: Ledger, workspace: Workspace) -> None:
    number = planned(book, 8, lot=2)
    with open_ledger(workspace, Purpose.SENDING) as other, other.lease(NOW) as lease:
        claims = other.claim(number, lease, 8, NOW)
        other.turn([], claims, NOW)
        questions = []

        def send_one(*_: object) -> None:
            """Between any two questions another message is accepted."""
            questions.append(1)
            if claims:
                other.turn([Outcome(claims.pop(), State.SENT, ACCEPTED, "accepted")], [], NOW)

        sa.event.listen(book._database.engine, "after_cursor_execute", send_one)
        told = account(book, number)
        sa.event.remove(book._database.engine, "after_cursor_execute", send_one)
    assert len(questions) > 8
    assert told.short.counts == told.rows
    assert sum(sum(one.counts.values()) for one in told.domains) == told.short.record.total == 8
