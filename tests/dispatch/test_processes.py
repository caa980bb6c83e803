"""Several processes share a run: nobody lost, nobody twice, one pace, one end (docs/design.md 4.5 and 4.6)."""

import os
import pickle
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.dispatch.run import RunReport
from newsletter.dispatch.stop import StopKind
from newsletter.dispatch.throttle import Limit
from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.schema import lots
from newsletter.ledger.states import PlannedDelivery, State
from tests.support.books import hash_of, planned, readers, tally
from tests.support.processes import CHILD, SharedRun
from tests.support.smtp_receiver import Receiver, receiving
from tests.support.smtp_runs import Sending, log_of, policy

UNKNOWN = "550 5.1.1 no such user"
DATABASE = "sqlite:///.newsletter/ledger.db"


def stops(reports: list[RunReport]) -> set[StopKind]:
    return {report.stopped.kind for report in reports if report.stopped is not None}


def test_each_reader_gets_it_once_and_both_have_sent(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, 200)
    with receiving(log_of(tmp_path), delay=0.1) as relay:

        def hurry(_recipient: str) -> None:
            """As soon as both are there: one that starts late would find nothing left."""
            if _at_work(ledger) > 1:
                relay.delay = 0.0

        relay.at_dot = hurry
        run = SharedRun(tmp_path, dispatch, relay.port)
        reports = run.run()
    assert Counter(relay.recipients()) == {reader.key: 1 for reader in readers(200)}
    assert tally(ledger, dispatch) == {"sent": 200}
    by_process = [report.outcomes[State.SENT] for report in reports]
    assert sum(by_process) == 200 == run.progress[-1]
    assert len(by_process) == 2
    assert min(by_process) > 0
    assert relay.most_at_once <= 4


def test_when_one_is_killed_the_run_goes_on(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, 200)
    with receiving(log_of(tmp_path), delay=0.05) as relay:
        run = SharedRun(tmp_path, dispatch, relay.port)

        def kill_one() -> None:
            _wait_for_both(relay, ledger)
            os.kill(run.pids[0], signal.SIGKILL)
            relay.delay = 0.0

        run.run(kill_one)
    _assert_nobody_lost_or_doubled(ledger, dispatch, relay, 200, doubt=2 * 2)


def test_children_of_a_dead_parent_write_no_further_dot(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, 200)
    with receiving(log_of(tmp_path), delay=0.05) as relay:
        words = (str(tmp_path), DATABASE, str(dispatch), str(relay.port), "2")
        with subprocess.Popen((*CHILD, *words), stderr=subprocess.PIPE) as parent:
            _wait_for_both(relay, ledger)
            so_far = len(relay.recipients())
            parent.kill()
            # Each child holds our end of the pipe: it closes when the last of them has ended.
            _, said = parent.communicate(timeout=60)
        assert said == b""
        after = len(relay.recipients())
        assert after - so_far <= 2 * 4
        counts = ledger.counts(dispatch)
        assert counts[State.SENT] == after
        assert counts[State.PLANNED] == 200 - after
        relay.delay = 0.0
        Sending(ledger, dispatch, policy(relay.port)).run()
    _assert_nobody_lost_or_doubled(ledger, dispatch, relay, 200, doubt=0)


def test_who_is_asked_to_stop_ends_all(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, 200)
    with receiving(log_of(tmp_path), delay=0.05) as relay:
        run = SharedRun(tmp_path, dispatch, relay.port)

        def stop_one() -> None:
            _wait_for_both(relay, ledger)
            os.kill(run.pids[0], signal.SIGTERM)

        reports = run.run(stop_one)
    assert stops(reports) == {StopKind.ASKED}
    assert len(reports) == 2
    counts = tally(ledger, dispatch)
    assert counts == {"sent": len(relay.recipients()), "planned": 200 - len(relay.recipients())}


def test_bad_addresses_are_counted_over_all(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, 200)
    with receiving(
        log_of(tmp_path), replies={f"reader{number}@example.com": UNKNOWN for number in range(0, 200, 4)}
    ) as relay:
        reports = SharedRun(tmp_path, dispatch, relay.port).run()
    assert stops(reports) == {StopKind.BAD_ADDRESSES}
    # 21 of fewer than 1,050 trip it; what was under way in the other process meanwhile may be refused, too.
    assert 21 <= ledger.counts(dispatch)[State.FAILED] <= 21 + 2 * 4
    assert not any(report.suppressed for report in reports)
    assert not any(report.withheld.bad for report in reports)


def test_a_domain_with_one_connection_has_one_over_all(ledger: Ledger, tmp_path: Path) -> None:
    def at(number: int, domain: str) -> PlannedDelivery:
        key = f"reader{number}@{domain}"
        return PlannedDelivery(key, key, hash_of(key), "ko", {"email": key}, number + 2)

    one = [at(number, "one.example.com" if number % 2 else "example.com") for number in range(120)]
    dispatch = planned(ledger, one)
    under_way: Counter[str] = Counter()
    most: Counter[str] = Counter()
    with receiving(log_of(tmp_path), delay=0.002) as relay:
        limited = {"one.example.com": Limit(connections=1)}
        watched = _watching(relay, under_way, most)
        reports = SharedRun(tmp_path, dispatch, relay.port, per_domain=limited).run()
    assert watched
    assert tally(ledger, dispatch) == {"sent": 120}
    assert len(reports) == 2
    assert most["one.example.com"] == 1 < most["example.com"]


def test_a_bug_in_one_ends_all_and_is_told(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, 40)
    with receiving(log_of(tmp_path)) as relay:
        run = SharedRun(tmp_path, dispatch, relay.port)
        run.fails_for("reader20@example.com")
        with pytest.raises(NewsletterError, match="ZeroDivisionError: made for a test"):
            run.run()
    counts = tally(ledger, dispatch)
    assert counts == {"sent": len(relay.recipients()), "planned": 40 - len(relay.recipients())}


def test_who_dies_again_and_again_is_not_replaced_for_ever(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, 40)
    run = SharedRun(tmp_path, dispatch, 1)
    run.group._command = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(NewsletterError, match="6 processes of this run have died, the last one with -9"):
        run.run()
    assert tally(ledger, dispatch) == {"planned": 40}


def test_nonsense_from_a_child_is_raised_and_not_only_logged(ledger: Ledger, tmp_path: Path) -> None:
    run = SharedRun(tmp_path, planned(ledger, 1), 1)
    run.group._command = (sys.executable, "-c", r"import sys; sys.stdout.buffer.write(b'\0\0\0\4junk')")
    with pytest.raises(pickle.UnpicklingError):
        run.run()


def _wait_for_both(relay: Receiver, ledger: Ledger) -> None:
    """The first has all connections until the second is there."""
    messages = 0
    while _at_work(ledger) < 2:
        messages += 1
        relay.wait_for(messages)


def _at_work(ledger: Ledger) -> int:
    """How many processes hold deliveries."""
    with ledger._database.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count(lots.c.lease_id.distinct()))) or 0)


def _watching(relay: Receiver, under_way: Counter[str], most: Counter[str]) -> bool:
    """Count, by domain, how many messages are between DATA and the reply to their dot at once."""
    take = relay._take

    async def counted(recipient: str, reader: object) -> str:
        domain = recipient.partition("@")[2]
        under_way[domain] += 1
        most[domain] = max(most[domain], under_way[domain])
        try:
            return await take(recipient, reader)  # type: ignore[arg-type]
        finally:
            under_way[domain] -= 1

    relay._take = counted  # type: ignore[method-assign]
    return True


def _assert_nobody_lost_or_doubled(ledger: Ledger, dispatch: int, relay: Receiver, of: int, *, doubt: int) -> None:
    counts, received = ledger.counts(dispatch), Counter(relay.recipients())
    assert max(received.values()) == 1
    in_doubt = {one.key for one in ledger.deliveries(dispatch, (State.IN_DOUBT,))}
    assert len(in_doubt) <= doubt
    assert set(received) | in_doubt == {reader.key for reader in readers(of)}
    assert counts[State.SENT] + len(in_doubt) == of
