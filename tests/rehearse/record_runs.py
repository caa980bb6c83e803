"""Record real runs: the engine against a receiver on loopback, some issues before and then the one to be rehearsed.

    python -m tests.rehearse.record_runs [NAME ...]

Writes recorded/NAME.json: what the ledger knew before the last issue, and how long that really took. Nothing is fitted:
the settings, the relay and the audience stand below, the earlier issues are smaller than the last one.

Time goes QUICKER times as fast for everybody, engine and relay alike, and from the end of a run it jumps to the tenth
minute in which cron would begin the next one. So what the engine costs itself counts QUICKER times as much as it would.
Touches: the network of loopback, folders of its own.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from newsletter.dispatch.clock import Timer
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.run import run_deliveries
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import deliveries
from newsletter.ledger.states import UNFINISHED, PlannedDelivery, State
from tests.support.books import LIST, hash_of, planned, workspace_at
from tests.support.limited_relay import Moment, limited
from tests.support.smtp_runs import compose

from .records import Record, policy_of

QUICKER = 4
_BEGINNING = datetime(2026, 11, 2, 8, 57, 31, tzinfo=UTC)
_TICK = 600.0
_MONTH = timedelta(days=28)


class Hours:
    """Hours that pass quickly, and jump."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._jumped = 0.0

    def monotonic(self) -> float:
        return self._jumped + (time.monotonic() - self._began) * QUICKER

    def now(self) -> datetime:
        return _BEGINNING + timedelta(seconds=self.monotonic())

    def jump(self, moment: datetime) -> None:
        self._jumped += max(0.0, (moment - self.now()).total_seconds())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / QUICKER)


@dataclass
class Behaviour:
    """How a relay behaves; seconds of its own hours."""

    seconds: float = 1.0
    """Until it answers to the end of data."""
    slow: dict[str, float] = field(default_factory=dict)
    """The same by domain."""
    greylists: dict[str, float] = field(default_factory=dict)
    """By domain: so long it defers whom it has not seen; `*` is each other one."""
    a_second: float = 0.0
    """More than so many messages it throttles at MAIL; 0: never."""
    a_session: int = 0
    """So many messages it takes over a connection; 0: any number."""
    refuses: str = ""
    """Addresses that begin so are refused for good."""


@dataclass
class Scenario:
    """What is recorded."""

    relay: Behaviour = field(default_factory=Behaviour)
    settings: dict[str, Any] = field(default_factory=lambda: {"connections": 4})
    before: dict[str, Any] = field(default_factory=dict)
    """Settings of the earlier issues where they were others."""
    domains: dict[str, int] = field(default_factory=lambda: {"example.com": 1})
    """With their parts of the audience."""
    earlier: Sequence[int] = (160, 180, 200)
    readers: int = 400


_SHARED = {"naver.com": 5, "example.com": 3, "example.org": 2}
SCENARIOS = {
    "steady": Scenario(),
    "by-the-rate": Scenario(Behaviour(0.6), {"connections": 4, "rate": 2.5}),
    "more-connections": Scenario(settings={"connections": 6}, before={"connections": 2}),
    "everybody-greylisted": Scenario(Behaviour(0.8, greylists={"*": 240})),
    "one-domain-greylisted": Scenario(Behaviour(0.8, greylists={"naver.com": 1500}), domains=_SHARED),
    "one-connection-to-a-domain": Scenario(
        settings={"connections": 4, "per_domain": {"naver.com": [1, None]}}, domains=_SHARED
    ),
    "a-rate-for-a-domain": Scenario(
        Behaviour(0.8), {"connections": 4, "per_domain": {"naver.com": [None, 0.7]}}, domains=_SHARED
    ),
    "an-hours-limit": Scenario(settings={"connections": 4, "windows": [[90, 3600]]}),
    "throttled-by-the-relay": Scenario(Behaviour(0.8, a_second=2.5)),
    "a-session-limit": Scenario(Behaviour(a_session=25)),
    "a-slow-domain": Scenario(Behaviour(0.6, slow={"naver.com": 2.4}), domains=_SHARED),
    "a-bit-of-everything": Scenario(
        Behaviour(0.8, {"example.org": 1.6}, {"example.com": 240}, refuses="reader7777"),
        {"connections": 4, "windows": [[220, 3600]], "per_domain": {"naver.com": [2, None]}},
        domains=_SHARED,
    ),
}


class Judge:
    """What the relay says, by its behaviour."""

    def __init__(self, relay: Behaviour, hours: Hours) -> None:
        self._relay = relay
        self._hours = hours
        self._seen: dict[str, float] = {}
        self._free_at = 0.0

    def __call__(self, moment: Moment) -> str:
        relay, now = self._relay, self._hours.monotonic()
        if moment.stage == "mail":
            if relay.a_session and moment.session >= relay.a_session:
                return "451 4.7.0 Too many messages per session"
            if relay.a_second and now < self._free_at:
                return "450 4.7.1 Rate limit exceeded, slow down"
            self._free_at = max(self._free_at, now - 1 / relay.a_second) + 1 / relay.a_second if relay.a_second else 0.0
        if moment.stage == "rcpt":
            if relay.refuses and moment.recipient.startswith(relay.refuses):
                return "550 5.1.1 no such user"
            wait = self.of(relay.greylists, moment.recipient, relay.greylists.get("*", 0.0))
            if now - self._seen.setdefault(moment.recipient, now) < wait:
                return "451 4.7.1 Greylisted, please try again later"
        return ""

    def delay(self, recipient: str) -> float:
        return self.of(self._relay.slow, recipient, self._relay.seconds) / QUICKER

    @staticmethod
    def of(by_domain: dict[str, float], recipient: str, usual: float) -> float:
        return by_domain.get(recipient.rpartition("@")[2], usual)


def readers(slug: str, count: int, domains: dict[str, int]) -> list[PlannedDelivery]:
    """In an order of chance, which is the same each time."""
    chance = random.Random(slug)
    found = []
    for number, domain in enumerate(chance.choices(list(domains), list(domains.values()), k=count)):
        key = f"reader{number}.{slug}@{domain}"
        found.append(PlannedDelivery(key, key, hash_of(key), "ko", {"email": key}, number + 2))
    return found


def send(book: Ledger, dispatch: int, policy: Policy, hours: Hours) -> None:
    """As cron does it, until nobody waits."""
    timer = Timer(hours.monotonic, hours.sleep)
    while True:
        asyncio.run(run_deliveries(book, dispatch, compose, policy, clock=hours.now, timer=timer))
        counts = book.counts(dispatch)
        if not any(counts[state] for state in UNFINISHED):
            return
        now = hours.now()
        soonest = now
        if not counts[State.PLANNED]:
            soonest = max(now, book.next_due(dispatch) or now)
        hours.jump(datetime.fromtimestamp(-(-soonest.timestamp() // _TICK) * _TICK, UTC))


def happened(book: Ledger, dispatch: int, began: datetime) -> dict[str, float]:
    """Seconds until the MILESTONES, by the book."""
    columns = deliveries.c.trying_since, deliveries.c.changed_at
    with book._database.read() as connection:
        rows = connection.execute(sa.select(*columns).where(deliveries.c.dispatch_id == dispatch)).all()
    tried = sorted((row.trying_since - began).total_seconds() for row in rows)
    out = sorted((row.changed_at - began).total_seconds() for row in rows)
    half, most = out[(len(out) + 1) // 2 - 1], out[-(-len(out) * 9 // 10) - 1]
    return {"half": half, "most": most, "tried": tried[-1], "all": out[-1]}


def record(name: str, scenario: Scenario, say: Callable[[str], object]) -> Record:
    """Make the runs."""
    hours = Hours()
    judge = Judge(scenario.relay, hours)
    with (
        tempfile.TemporaryDirectory() as folder,
        limited(judge, judge.delay) as relay,
        open_ledger(workspace_at(Path(folder)), Purpose.SENDING) as book,
    ):
        for number, count in enumerate(scenario.earlier):
            slug = f"2026-{number + 1:02d}"
            dispatch = planned(book, readers(slug, count, scenario.domains), slug, lot=20)
            send(book, dispatch, policy_of(scenario.before or scenario.settings, relay.port), hours)
            say(f"{name}: {slug} of {count} by {hours.now():%m-%d %H:%M:%S}")
            hours.jump(hours.now() + _MONTH)
        policy = policy_of(scenario.settings, relay.port)
        audience = readers("2026-12", scenario.readers, scenario.domains)
        dispatch = planned(book, audience, "2026-12", lot=20)
        began = hours.now()
        known = tuple(book.experience(LIST, policy.relay))
        lessons = tuple(book.learned(policy.relay, began))
        used = book.usage(policy.account, policy.windows, began)
        send(book, dispatch, policy, hours)
        names = tuple(scenario.domains)
        return Record(
            name,
            began,
            scenario.settings,
            known,
            lessons,
            tuple(tuple((after.total_seconds(), count) for after, count in one.returning) for one in used),
            names,
            "".join(str(names.index(one.key.rpartition("@")[2])) for one in audience),
            happened(book, dispatch, began),
        )


def main(names: Sequence[str]) -> int:
    def say(words: str) -> None:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    for name in names or SCENARIOS:
        made = record(name, SCENARIOS[name], say)
        made.write()
        say(f"{name}: {made.really}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
