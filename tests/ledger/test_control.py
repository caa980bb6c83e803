"""What people decide: pausing does not count as trying, and what is in doubt waits for somebody (test_resolving.py)."""

import os
import socket
from datetime import timedelta

from newsletter.catalogue import Phrase, Verbatim, phrase
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import DispatchStatus, Outcome, State
from tests.support.books import LIST, NOW, planned

HOUR = timedelta(hours=1)


def test_paused_shows_its_reason_and_resumes(book: Ledger) -> None:
    dispatch = planned(book, 1)
    assert book.pause(dispatch, Verbatim("too many refusals"), NOW)
    assert not book.pause(dispatch, Verbatim("another reason"), NOW)
    record = book.find(LIST, "2021-07")
    assert record is not None
    assert (record.status, record.reason) == (DispatchStatus.PAUSED, Verbatim("too many refusals"))
    assert book.unfinished(LIST) == [record]
    assert book.resume(dispatch, NOW)
    assert not book.resume(dispatch, NOW)
    with book.lease(NOW) as lease:
        assert len(book.claim(dispatch, lease, 5, NOW)) == 1


def test_a_reason_is_kept_as_a_code_with_its_values(book: Ledger) -> None:
    dispatch = planned(book, 1)
    inner = phrase("ledger.pause.canary", first=7)
    reason = phrase("ledger.pause.by_hand", why=inner, words=Verbatim("거절\udcff " * 400))
    book.pause(dispatch, reason, NOW)
    kept = book.record(dispatch).reason
    assert isinstance(kept, Phrase)
    assert (kept.code, dict(kept.values)["why"]) == ("ledger.pause.by_hand", inner)
    assert str(dict(kept.values)["words"]) == "거절? " * 400
    assert (str(kept), kept.in_language("ko")) == ("by hand", "사람이 멈춤")


def test_a_reason_that_an_earlier_version_kept_as_text_is_shown_as_it_stands(book: Ledger) -> None:
    dispatch = planned(book, 1)
    book.pause(dispatch, Verbatim(""), NOW)
    assert book.record(dispatch).reason is None
    with book._database.write() as connection:
        connection.exec_driver_sql("UPDATE dispatches SET reason = 'canary of 8'")
    assert book.record(dispatch).reason == Verbatim("canary of 8")


def test_time_paused_does_not_count_as_trying(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as lease:
        early, late = book.claim(dispatch, lease, 2, NOW)
        book.turn([Outcome(early, State.DEFERRED, due_at=NOW)], [late], NOW)
        book.pause(dispatch, Verbatim(""), NOW + HOUR)
        book.turn([Outcome(late, State.DEFERRED, due_at=NOW)], [], NOW + 2 * HOUR)  # was in flight when it paused
        book.resume(dispatch, NOW + 72 * HOUR)
        claims = {claim.key: claim for claim in book.claim(dispatch, lease, 2, NOW + 72 * HOUR)}
    assert claims[early.key].first_attempt_at == NOW + 71 * HOUR
    assert claims[late.key].first_attempt_at == NOW + 72 * HOUR


def test_in_doubt_is_held_until_someone_decides(book: Ledger) -> None:
    dispatch = planned(book, 2)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 2, NOW)
        book.turn([], claims, NOW)
        book.turn([Outcome(claim, State.IN_DOUBT) for claim in claims], [], NOW)
        assert book.claim(dispatch, lease, 2, NOW + 99 * HOUR, retry_now=True) == []
    assert [record.slug for record in book.unfinished(LIST)] == ["2021-07"]
    assert [record.attempts for record in book.deliveries(dispatch, [State.IN_DOUBT])] == [1, 1]


def test_something_is_said_once(book: Ledger) -> None:
    assert book.say_once(LIST, "in doubt: 2021-07", NOW)
    assert not book.say_once(LIST, "in doubt: 2021-07", NOW)
    assert book.say_once("another.news.example.org", "in doubt: 2021-07", NOW)


def test_it_is_kept_who_paused_and_when_until_it_goes_on(book: Ledger) -> None:
    dispatch = planned(book, 1)
    assert book.pause(dispatch, phrase("ledger.pause.by_hand"), NOW, by=Verbatim("hong@mail1"))
    assert not book.pause(dispatch, Verbatim("again"), NOW + HOUR, by=Verbatim("kim@mail1"))
    record = book.record(dispatch)
    assert (record.paused_at, record.paused_by) == (NOW, Verbatim("hong@mail1"))
    book.resume(dispatch, NOW + HOUR)
    record = book.record(dispatch)
    assert (record.paused_at, record.paused_by) == (None, None)


def test_who_paused_is_not_known_where_nobody_said_so(book: Ledger) -> None:
    dispatch = planned(book, 1)
    book.pause(dispatch, Verbatim("too many refusals"), NOW)
    assert book.record(dispatch).paused_by is None


def test_a_canary_pauses_by_itself_and_says_which_process_it_was(book: Ledger) -> None:
    dispatch = planned(book, 3)
    with book.lease(NOW) as lease:
        book.begin_canary(dispatch, lease, 1, NOW)
    record = book.record(dispatch)
    assert record.status is DispatchStatus.PAUSED
    assert str(record.paused_by) == f"the run itself (process {os.getpid()} on {socket.gethostname()})"
    assert record.paused_by is not None
    assert record.paused_by.in_language("ko").startswith("발송 프로세스 스스로(")
