"""What one command hears of the relay, those of other commands and machines know, too; but no address."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.catalogue import phrase
from newsletter.dispatch.answers import Answers
from newsletter.dispatch.coordinator import Coordinator
from newsletter.dispatch.decide import Decision, decide
from newsletter.dispatch.hearing import hear_siblings
from newsletter.dispatch.membership import Membership
from newsletter.dispatch.news_as_json import as_told, from_told
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.run_context import RunContext
from newsletter.dispatch.siblings import Accepted, Halted, News, NotConnected, Refused, SessionLimit, Siblings
from newsletter.dispatch.stop import Stop, StopKind
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim, DispatchStatus, State
from newsletter.smtp.client import Lost
from newsletter.smtp.failpoints import no_failpoint
from newsletter.smtp.reply import Reply
from tests.support.books import LIST, NOW, planned, tally
from tests.support.sharing_commands import Commands
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Hasty, compose, log_of, policy

READER = Claim(7, 1, "reader7@example.com", "reader7@example.com", "ko", {}, 0, None, met_limit=True)
NOBODY = Reply("rcpt", 550, "5.1.1", "<reader7@example.com>: no such user")
SLOWER = Reply("mail", 421, "4.7.0", "too many messages, slow down")
HUNG_UP = Lost("mail", phrase("dispatch.connection.hung_up"), in_doubt=False)
UNKNOWN = "550 5.1.1 no such user"


def decision(reply: Reply) -> Decision:
    return decide(reply, READER, NOW, policy(1), any_accepted=True)


def halted(kind: StopKind, reply: Reply) -> Halted:
    return Halted(Stop.because(kind, reply, rest=timedelta(hours=1)), ReplyClass.QUOTA)


@pytest.mark.parametrize(
    "news",
    [
        Accepted(Counter({"": 40, "example.com": 2})),
        SessionLimit(10),
        NotConnected(Reply("connect", 421, "4.3.2", "too many connections")),
        Refused(decision(NOBODY), is_open=True),
        Refused(decision(SLOWER), is_open=False),
        halted(StopKind.QUOTA, Reply("rcpt", 452, "4.5.3", "hourly quota exceeded")),
    ],
    ids=lambda news: type(news).__name__,
)
def test_it_comes_as_it_was_told_but_for_the_address(news: News) -> None:
    text = json.dumps(as_told(news))
    assert "reader7" not in text
    heard = from_told(json.loads(text))
    assert heard is not None
    assert type(heard) is type(news)
    assert json.dumps(as_told(heard)) == text
    if isinstance(news, Refused) and isinstance(heard, Refused):
        for name in ("reply_class", "slow_down", "receivers", "is_bad_address", "refused", "refusal"):
            assert getattr(heard.decision, name) == getattr(news.decision, name)


@pytest.mark.parametrize(
    "news",
    [
        NotConnected(Reply("connect", 0, "", "no route to host")),
        Refused(decide(HUNG_UP, READER, NOW, policy(1), any_accepted=True), is_open=False),
        Halted(Stop(StopKind.ASKED, phrase("dispatch.stop.asked"))),
        halted(StopKind.LOGIN, Reply("auth", 535, "5.7.8", "wrong password")),
    ],
    ids=["its own network", "its own link", "its own operator", "its own password"],
)
def test_what_only_says_something_of_that_machine_is_not_told(news: News) -> None:
    assert as_told(news) is None


def test_what_a_later_version_tells_is_left_out() -> None:
    assert from_told({"is": "a greeting"}) is None
    assert from_told({"is": "refused", "domain": "example.com"}) is None


@contextmanager
def run_of(ledger: Ledger, dispatch: int) -> Iterator[RunContext]:
    run = RunContext.of(
        ledger,
        dispatch,
        policy(1, connections=4),
        compose,
        clock=lambda: NOW,
        timer=Hasty().timer,
        on_failpoint=no_failpoint,
        on_progress=lambda _progress: None,
        siblings=Siblings(),
    )
    try:
        yield run
    finally:
        run.lease.close(NOW)


async def exchanged(ledger: Ledger, dispatches: tuple[int, int], *news: News) -> RunContext:
    """The second of two runs, after it has heard what the first has told."""
    with run_of(ledger, dispatches[0]) as first, run_of(ledger, dispatches[1]) as second:
        memberships = [Membership(run, Coordinator(run)) for run in (first, second)]
        coordinator = Coordinator(second)
        never = asyncio.Event()
        hearing = asyncio.create_task(hear_siblings(second, coordinator, Answers(second, coordinator), never, never))
        for one in (*memberships, *memberships):
            await (one.begin() if not one._has_asked else one._look())
        for told in news:
            first.siblings.tell(told)
        for one in memberships:
            await one._look()
        for _ in range(20):
            await asyncio.sleep(0)
        hearing.cancel()
        await first.commits.close()
        await second.commits.close()
        return second


def test_the_pace_and_the_breaker_count_over_commands(ledger: Ledger) -> None:
    dispatch = planned(ledger, 4)
    told: list[News] = [
        Refused(decision(SLOWER), is_open=False),
        Refused(decision(NOBODY), is_open=False),
        SessionLimit(30),
    ]
    run = asyncio.run(exchanged(ledger, (dispatch, dispatch), *told))
    assert run.throttle.window == 3.75
    assert run.refusals.session_limit == 30
    assert (run.breaker.attempted, run.breaker._bad) == (1, 1)


def test_another_issue_on_the_same_account_shares_the_pace_alone(ledger: Ledger) -> None:
    dispatches = planned(ledger, 4, slug="2021-07"), planned(ledger, 4, slug="2021-08")
    told: list[News] = [Refused(decision(SLOWER), is_open=False), Refused(decision(NOBODY), is_open=False)]
    run = asyncio.run(exchanged(ledger, dispatches, *told))
    assert run.throttle.window == 3.75
    assert (run.breaker.attempted, run.breaker._bad) == (0, 0)


def test_bad_addresses_are_counted_over_two_commands(ledger: Ledger, tmp_path: Path) -> None:
    """Of 32 each meets some 16, which is too few to trip; together they are too many of fewer than 1,050."""
    dispatch = planned(ledger, 340, lot=5)
    both = threading.Event()
    bad = {f"reader{number}@example.com": UNKNOWN for number in range(0, 224, 7)}
    with receiving(log_of(tmp_path), replies=bad) as relay:

        def hold(_recipient: str) -> None:
            both.wait()

        relay.at_dot = hold
        url = "sqlite:///.newsletter/ledger.db"
        commands = Commands(tmp_path, url, dispatch, relay.port, connections=4, rate=40.0)
        commands.start(2)
        commands.wait_until(lambda: len(ledger.workers(dispatch)) == 2)
        both.set()
        commands.join(77)
    record = ledger.record(dispatch)
    assert record.status is DispatchStatus.PAUSED
    assert 21 <= ledger.counts(dispatch)[State.FAILED] <= 32
    assert tally(ledger, dispatch)["planned"] > 0
    assert not any(ledger.is_suppressed(LIST, key) for key in bad)
