"""The short way of an accepted message draws the same consequences as the long one, or leaves it to that."""

import asyncio
from collections import Counter
from collections.abc import Sized
from pathlib import Path

import pytest

from newsletter.dispatch.answers import Answers, suppress_released
from newsletter.dispatch.circuit_breaker import Suppressible
from newsletter.dispatch.coordinator import Coordinator
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.run_context import RunContext
from newsletter.dispatch.session_refusals import SessionRefusals
from newsletter.dispatch.siblings import Siblings
from newsletter.dispatch.throttle import Limit
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.people_ledger import open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Outcome, State
from newsletter.smtp.failpoints import no_failpoint
from newsletter.smtp.reply import Reply
from tests.support.books import ACCEPTED, LIST, NOW, hash_of, planned, tally, workspace_at
from tests.support.smtp_runs import Hasty, compose, policy

GREYLISTED = Reply("rcpt", 451, "4.7.1", "greylisted")
NOBODY = Reply("rcpt", 550, "5.1.1", "no such user")
LATER = Reply("rcpt", 421, "4.7.0", "too many messages, slow down")
QUOTA = Reply("rcpt", 452, "4.5.3", "hourly quota exceeded")


def figures(part: object) -> dict[str, object]:
    """All that a part of a run counts or holds."""
    known: dict[str, object] = {}
    for name, value in vars(part).items():
        if isinstance(value, int | float | str | Counter):
            known[name] = value
        elif isinstance(value, Sized):
            known[name] = len(value)
    return known


def consequences(ledger: Ledger, before: list[Reply], *, shortly: bool) -> tuple[bool, list[object]]:
    """Whether the short way was taken, and all that a run knows after one more was accepted."""

    async def go() -> tuple[bool, list[object]]:
        dispatch = planned(ledger, len(before) + 1, slug=f"letter-{shortly}".lower())
        rules = policy(1, per_domain={"example.com": Limit(connections=3)})
        run = RunContext.of(
            ledger, dispatch, rules, compose, clock=lambda: NOW, timer=Hasty().timer,
            on_failpoint=no_failpoint, on_progress=lambda _progress: None,
            siblings=Siblings(),
        )  # fmt: skip
        run.share.change((run.lease.id,))
        answers, session = Answers(run, Coordinator(run)), SessionRefusals(run.refusals)
        try:
            *earlier, last = ledger.claim(dispatch, run.lease, len(before) + 1, NOW)
            run.limits.put([last], 0.0)
            assert run.limits.next(0.0) is last
            for reply, claim in zip(before, earlier, strict=True):
                await answers.decided(reply, claim, session)
            took = shortly and answers.accepted(ACCEPTED, last, session)
            if not took:
                await answers.decided(ACCEPTED, last, session)
            await run.commits.flush()
            parts = (run.throttle, run.breaker, run.counts, run.refusals, run.limits, session)
            return took, [*map(figures, parts), tally(ledger, dispatch)]
        finally:
            await run.commits.close()
            run.lease.close(NOW)

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("before", "shortly"),
    [
        ([], True),
        ([ACCEPTED] * 3, True),
        ([NOBODY, ACCEPTED], True),
        ([LATER, ACCEPTED], True),
        ([NOBODY], True),
        ([ACCEPTED, GREYLISTED], False),
        ([ACCEPTED, QUOTA, ACCEPTED], True),
    ],
)
def test_the_short_way_leads_where_the_long_one_does(ledger: Ledger, before: list[Reply], shortly: bool) -> None:
    took, known = consequences(ledger, before, shortly=True)
    assert took == shortly
    assert known == consequences(ledger, before, shortly=False)[1]


def test_who_is_withheld_is_released_in_the_long_way(ledger: Ledger) -> None:
    """After each thousand attempts."""
    took, _ = consequences(ledger, [NOBODY, *[ACCEPTED] * 998], shortly=True)
    assert not took


def test_who_was_forgotten_since_the_refusal_stays_forgotten(tmp_path: Path) -> None:
    with open_people_ledger(workspace_at(tmp_path), Purpose.SENDING) as ledger:
        dispatch, lease = planned(ledger, 2), ledger.lease(NOW)
        gone, there = ledger.claim(dispatch, lease, 2, NOW)
        refused = [Outcome(one, State.FAILED, NOBODY, ReplyClass.BAD_ADDRESS) for one in (gone, there)]
        assert not ledger.turn(refused, [], NOW)
        ledger.forget(LIST, gone.key, lambda _list_id: [hash_of(gone.key)], NOW)
        assert suppress_released(ledger, dispatch, Suppressible(bad=(gone, there)), 3, NOW) == 1
        assert {one.key for one in ledger.suppressions(LIST)} == {"", there.key}
