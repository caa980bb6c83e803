"""A full mailbox is tried three times, then given up for this issue; after three issues in a row it is suppressed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import State
from tests.support.books import LIST, NOW, edition, hash_of, letterhead, readers, tally
from tests.support.smtp_receiver import Receiver, receiving
from tests.support.smtp_runs import Sending, log_of, policy

FULL = "452 4.2.2 mailbox full"
WHO = "reader1@example.com"


def issue(ledger: Ledger, relay: Receiver, number: int, *, newsletter: str = LIST, until: State = State.FAILED) -> int:
    """Send one issue to three readers, and try whoever is deferred until nobody is; the dispatch."""
    slug, now = f"2026-{number:02}", NOW + timedelta(days=30 * number)
    letters = {"ko": edition(slug, words=f"{newsletter} {slug}")}
    dispatch = ledger.plan(letterhead(slug, newsletter), letters, readers(3), now).dispatch
    job = Sending(ledger, dispatch, policy(relay.port, retry_now=True), now=now)
    for minute in range(5):
        replace(job, now=now + timedelta(minutes=minute)).run()
    assert ledger.counts(dispatch)[State.DEFERRED] == 0
    assert ledger.counts(dispatch)[until] > 0
    return dispatch


def suppressed(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(one.newsletter, one.key, one.reason) for one in ledger.suppressions(LIST)]


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(log_of(tmp_path), replies={WHO: FULL}) as receiver:
        yield receiver


def test_it_is_tried_three_times_and_then_failed(ledger: Ledger, relay: Receiver) -> None:
    dispatch = issue(ledger, relay, 1)
    assert tally(ledger, dispatch) == {"sent": 2, "failed": 1}
    (failed,) = ledger.deliveries(dispatch, [State.FAILED])
    assert (failed.attempts, failed.reply_class, failed.reply_rule) == (3, "mailbox_full", "mailbox-full")
    assert suppressed(ledger) == []


def test_after_three_issues_in_a_row_the_address_is_suppressed_for_this_newsletter(
    ledger: Ledger, relay: Receiver
) -> None:
    issue(ledger, relay, 1)
    issue(ledger, relay, 2)
    assert suppressed(ledger) == []
    issue(ledger, relay, 3)
    assert suppressed(ledger) == [(LIST, WHO, "mailbox full")]
    assert ledger.suppressed_hashes(LIST, [hash_of(WHO)]) == {hash_of(WHO)}, "a link knows the hash alone"
    assert tally(ledger, issue(ledger, relay, 4, until=State.SENT)) == {"sent": 2, "suppressed": 1}
    ledger.add_newsletter("another.news.example.org", NOW)
    other = issue(ledger, relay, 4, newsletter="another.news.example.org")
    assert tally(ledger, other) == {"sent": 2, "failed": 1}


def test_one_issue_that_arrives_begins_the_count_anew(ledger: Ledger, relay: Receiver) -> None:
    issue(ledger, relay, 1)
    issue(ledger, relay, 2)
    relay.replies = {}
    issue(ledger, relay, 3, until=State.SENT)
    relay.replies = {WHO: FULL}
    issue(ledger, relay, 4)
    issue(ledger, relay, 5)
    assert suppressed(ledger) == []


def test_whoever_lifts_it_begins_the_count_anew(ledger: Ledger, relay: Receiver) -> None:
    for number in (1, 2, 3):
        issue(ledger, relay, number)
    assert ledger.unsuppress(LIST, WHO, b"", NOW + timedelta(days=100))
    issue(ledger, relay, 4)
    issue(ledger, relay, 5)
    assert suppressed(ledger) == []
    issue(ledger, relay, 6)
    assert suppressed(ledger) == [(LIST, WHO, "mailbox full")]
