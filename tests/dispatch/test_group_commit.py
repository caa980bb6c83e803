"""One commit for all connections; and when the ledger cannot be written, no further dot."""

import asyncio
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from newsletter.catalogue import Verbatim
from newsletter.dispatch.group_commit import GroupCommit
from newsletter.dispatch.stop import StopKind
from newsletter.errors import CannotWriteError
from newsletter.ledger import leases
from newsletter.ledger.lease_watch import LEASE_LASTS
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Claim, Outcome, State
from newsletter.smtp.failpoints import Failpoint
from newsletter.smtp.reply import Reply
from tests.support.books import NOW, planned, sent, tally, workspace_at
from tests.support.postgres import cluster
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Sending, log_of, policy, sending

UNKNOWN = {"plain": 1, "pipelined": 2}
"""Deliveries a connection that the ledger may be behind with: an answer just come, and the dot behind it."""

ROOM = 30
"""Pages of 4 KB that are still free."""


@contextmanager
def disk_full(ledger: Ledger) -> Iterator[None]:
    """SQLite itself says "database or disk is full" after the file has grown by so much."""
    engine = ledger._database.engine
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = [pages + ROOM]

    def restrict(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")

    sa.event.listen(engine, "checkout", restrict)
    try:
        yield
    finally:
        limit[0] = 1_000_000


def held_commits(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Each commit is made when the second event is set; the first says that one waits for it."""
    waiting, go_on = threading.Event(), threading.Event()
    begin = ledger.begin_turn

    def begin_and_hold(*turn: Any) -> Callable[[], frozenset[int]]:  # noqa: ANN401 - whatever a turn is
        commit = begin(*turn)
        assert commit is not None

        def hold() -> frozenset[int]:
            waiting.set()
            go_on.wait()
            return commit()

        return hold

    monkeypatch.setattr(ledger, "begin_turn", begin_and_hold)
    return waiting, go_on


def test_what_comes_together_is_committed_together(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[Failpoint] = []
    waiting, go_on = held_commits(ledger, monkeypatch)

    async def go() -> list[bool]:
        group = GroupCommit(ledger, lambda: NOW, commits.append)
        with ledger.lease(NOW) as lease:
            claims = ledger.claim(planned(ledger, 20), lease, 20, NOW)
            first = group.intend(claims[0])
            await asyncio.to_thread(waiting.wait)
            others = [group.intend(claim) for claim in claims[1:]]
            go_on.set()
            answers = [await intent.agreed() for intent in (first, *others)]
            for claim in claims:
                group.record(sent(claim))
            await group.close()
        return answers

    assert asyncio.run(go()) == [True] * 20
    assert len(commits) == 3


def test_a_commit_waits_a_moment_for_the_other_connections(ledger: Ledger) -> None:
    commits: list[Failpoint] = []

    async def go() -> list[bool]:
        group = GroupCommit(ledger, lambda: NOW, commits.append, lambda: 3)
        with ledger.lease(NOW) as lease:
            intents = []
            for claim in ledger.claim(planned(ledger, 3), lease, 3, NOW):
                intents.append(group.intend(claim))
                await asyncio.sleep(0)
            answers = [await intent.agreed() for intent in intents]
            await group.close()
        return answers

    assert asyncio.run(go()) == [True] * 3
    assert commits == [Failpoint.BEFORE_COMMIT]


def test_a_flush_waits_for_what_was_handed_in_and_for_nobody_later(ledger: Ledger) -> None:
    """Connections at full speed hand in all the time: whoever waited for a pause of theirs would wait for the end."""

    async def go() -> list[int]:
        group, busy, turns = GroupCommit(ledger, lambda: NOW), [True], [0, 0]

        async def connection(number: int, claim: Claim) -> None:
            while busy[0] and turns[number] < 200:
                await group.intend(claim).agreed()
                turns[number] += 1

        with ledger.lease(NOW) as lease:
            first, second, third = ledger.claim(planned(ledger, 3), lease, 3, NOW)
            tasks = [asyncio.create_task(connection(0, first)), asyncio.create_task(connection(1, second))]
            await group.intend(third).agreed()
            group.record(sent(third))
            await group.flush()
            assert tally(ledger, 1)["sent"] == 1
            busy[0] = False
            await asyncio.gather(*tasks)
            await group.close()
        return turns

    assert max(asyncio.run(go())) < 100


def test_a_question_whose_asker_is_gone_is_not_overtaken_by_a_turn_that_it_would_wait_for(ledger: Ledger) -> None:
    """The turn's commit would stand behind the question in the one thread, and the question before the turn's lock."""
    asked, go_on = threading.Event(), threading.Event()

    async def go() -> int:
        group = GroupCommit(ledger, lambda: NOW)
        dispatch = planned(ledger, 2)
        with ledger.lease(NOW) as lease:
            (first,) = ledger.claim(dispatch, lease, 1, NOW)

            def claim() -> int:
                asked.set()
                go_on.wait()
                return len(ledger.claim(dispatch, lease, 1, NOW))

            asking = asyncio.create_task(group.ask(claim))
            await asyncio.to_thread(asked.wait)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            assert asking.cancelled()
            group.record(sent(first))
            flushing = asyncio.create_task(group.flush())
            await asyncio.sleep(0)
            go_on.set()
            await asyncio.wait_for(flushing, 20)
            await group.close()
            return len(lease.handed)

    assert asyncio.run(go()) == 1
    assert tally(ledger, 1)["sent"] == 1


def test_a_recipient_refused_before_its_mark_was_made_is_not_taken_away(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, go_on = held_commits(ledger, monkeypatch)

    async def go() -> tuple[bool, int]:
        group = GroupCommit(ledger, lambda: NOW)
        with ledger.lease(NOW) as lease:
            other, refused = ledger.claim(planned(ledger, 2), lease, 2, NOW)
            first = group.intend(other)
            await asyncio.to_thread(waiting.wait)
            second = group.intend(refused)
            group.record(Outcome(refused, State.FAILED, Reply("rcpt", 550, "5.2.0", "no")))
            go_on.set()
            assert await first.agreed()
            group.record(sent(other))
            answer = await second.agreed()
            await group.close()
        return answer, group.taken_away

    assert asyncio.run(go()) == (False, 0)
    assert tally(ledger, 1) == {"sent": 1, "failed": 1}


def test_an_intent_for_a_paused_dispatch_is_refused(ledger: Ledger) -> None:
    async def go() -> bool:
        group = GroupCommit(ledger, lambda: NOW)
        dispatch = planned(ledger, 1)
        with ledger.lease(NOW) as lease:
            [claim] = ledger.claim(dispatch, lease, 1, NOW)
            ledger.pause(dispatch, Verbatim(""), NOW)
            answer = await group.intend(claim).agreed()
            await group.close()
        return answer

    assert asyncio.run(go()) is False


def test_a_full_disk_ends_the_run_without_a_further_dot(ledger: Ledger, tmp_path: Path, each_way: str) -> None:
    most = 4 * UNKNOWN[each_way]
    # Long replies make the ledger grow: with each it comes nearer to the end of the disk.
    with receiving(log_of(tmp_path)) as relay:
        job = sending(ledger, 3000, relay.port, connections=4)
        relay.accepted = "250 2.0.0 " + "queued " * 60
        with disk_full(ledger):
            report = job.run()
        received = relay.recipients()
        assert report.stopped is not None
        assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.LEDGER, 73)
        known = tally(ledger, job.dispatch)
        assert 0 <= len(received) - known["sent"] <= most
        assert report.unrecorded == len(received) - known["sent"]
        with ledger.lease(NOW) as lease:
            ledger.claim(job.dispatch, lease, 1, NOW)
    doubted = {row.address for row in ledger.deliveries(job.dispatch, (State.IN_DOUBT,))}
    recorded = {row.address for row in ledger.deliveries(job.dispatch, (State.SENT,))}
    assert len(received) == len(set(received))
    assert recorded <= set(received) <= recorded | doubted
    assert len(doubted) <= most


def test_after_a_failure_nothing_is_accepted_any_more(ledger: Ledger) -> None:
    async def go() -> None:
        group = GroupCommit(ledger, lambda: NOW)
        with ledger.lease(NOW) as lease:
            claims = ledger.claim(planned(ledger, 2), lease, 2, NOW)
            group.failure = CannotWriteError(Verbatim("full"))
            with pytest.raises(CannotWriteError):
                await group.intend(claims[0]).agreed()
            group.record(sent(claims[1]))
            assert await group.last_try() == 0
            await group.close()

    asyncio.run(go())
    assert tally(ledger, 1) == {"sent": 1, "planned": 1}


def test_a_database_that_stays_away_ends_the_run(
    tmp_path: Path, each_way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 2 * UNKNOWN[each_way]
    # So that a second after the last heartbeat is shortly before the lease's end.
    monkeypatch.setattr(leases, "LEFT_AT_THE_END", LEASE_LASTS - timedelta(seconds=1))

    until_then: list[str] = []

    def pull_the_plug(_moment: Failpoint) -> None:
        if not until_then and len(relay.recipients()) >= 10:
            server.stop(signal.SIGQUIT)
            until_then.extend(relay.recipients())

    with cluster() as server, receiving(log_of(tmp_path)) as relay:
        with open_ledger(workspace_at(tmp_path, server.schema()), Purpose.SENDING) as ledger:
            job = Sending(ledger, planned(ledger, 100), policy(relay.port))
            report = replace(job, on_failpoint=pull_the_plug).run()
        assert report.stopped is not None
        assert report.stopped.exit_code == 73
        assert len(relay.recipients()) <= len(until_then) + most
        assert report.unrecorded <= most
