"""One-clicks that are known from a web server's log: they count with the time of their line.

Touches: the ledger's database. Who subscribed anew behind the click stays subscribed, whenever the log is read. Reading
a line twice changes nothing; the place in each log is kept so that it need not be. Limits: a line says whole seconds,
so a click within the second of a consent counts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from .database import LedgerPart
from .newsletters import name_to_write
from .people_tables import subscriptions
from .return_tables import log_places
from .schema import other_hashes, suppressions
from .states import SuppressionReason
from .subscription_state import SubscriptionState

_TO_THE_SECOND = timedelta(seconds=1)

_s, _p, _people, _others = suppressions.c, log_places.c, subscriptions.c, other_hashes.c


@dataclass(frozen=True, slots=True)
class CountedClicks:
    """What became of some clicks, each of another address."""

    left: int = 0
    """Have left by them."""
    again: int = 0
    """Had left before."""
    came_back: int = 0
    """Subscribed anew since, or were taken back by a person."""

    def __add__(self, other: "CountedClicks") -> "CountedClicks":
        return CountedClicks(self.left + other.left, self.again + other.again, self.came_back + other.came_back)


class Clicks(LedgerPart):
    """The places in the logs, and what is found there."""

    def log_place(self, log: str) -> int:
        """How many octets of this log were read; 0 for one that is new."""
        with self._database.read() as connection:
            return connection.execute(sa.select(_p.offset).where(_p.log == log)).scalar() or 0

    def keep_log_place(self, log: str, place: int, now: datetime) -> None:
        """Never back."""
        with self._database.write() as connection:
            if not self._database.insert_new(connection, log_places, log=log, offset=place, at=now):
                further = (_p.log == log) & (_p.offset < place)
                connection.execute(sa.update(log_places).where(further).values(offset=place, at=now))

    def count_clicks(self, newsletter: str, clicks: Mapping[bytes, datetime], now: datetime) -> CountedClicks:
        """Suppress these, as links know them, with the time of the last click of each; durable on return."""
        moments = {address_hash: min(at, now) for address_hash, at in clicks.items()}
        return self._database.transact(lambda connection: self._let_go(connection, newsletter, moments, now))

    def _let_go(
        self, connection: sa.Connection, newsletter: str, clicks: Mapping[bytes, datetime], now: datetime
    ) -> CountedClicks:
        name = name_to_write(self._database, connection, newsletter, now)
        hashes = sorted(clicks)  # in one order, so that two processes with the same ones do not wait for each other
        have_left, last_yes = _known(connection, name, hashes)
        came_back = {one for one, at in last_yes.items() if at >= clicks[one] + _TO_THE_SECOND} - have_left
        leaving = [one for one in hashes if one not in have_left and one not in came_back]
        row = {"newsletter": name, "reason": SuppressionReason.UNSUBSCRIBED, "key": ""}
        rows = [{**row, "address_hash": one, "at": clicks[one]} for one in leaving]
        self._database.insert_all_new(connection, suppressions, rows)
        return CountedClicks(len(leaving), len(have_left), len(came_back))


def _known(
    connection: sa.Connection, newsletter: str, hashes: Collection[bytes]
) -> tuple[set[bytes], dict[bytes, datetime]]:
    """Who has left before; and when each last consented, or was last taken off the suppressions."""
    have_left: set[bytes] = set()
    last: dict[bytes, datetime] = {}
    # By the hash alone: SQLite would take the index of those that hold, and go through all of a newsletter's.
    of = (_s.newsletter == newsletter) & _s.address_hash.in_(hashes)
    for row in connection.execute(sa.select(_s.address_hash, _s.reason, _s.lifted_at).where(of)):
        if row.lifted_at is None:
            have_left.update([bytes(row.address_hash)] if row.reason == SuppressionReason.UNSUBSCRIBED else [])
        else:
            _keep_later(last, bytes(row.address_hash), row.lifted_at)
    hashes_of = _todays(connection, hashes)
    confirmed = (_people.newsletter == newsletter) & (_people.state == SubscriptionState.CONFIRMED)
    asked = sa.select(_people.address_hash, _people.consent_at).where(
        confirmed, _people.consent_at.is_not(None), _people.address_hash.in_(hashes_of)
    )
    for today, at in connection.execute(asked):
        for address_hash in hashes_of[bytes(today)]:
            _keep_later(last, address_hash, at)
    return have_left, last


def _todays(connection: sa.Connection, hashes: Collection[bytes]) -> dict[bytes, set[bytes]]:
    """Those of `hashes` that mean somebody, by the hash that the person has today: a link of a letter that went out
    under another name of the newsletter has another one.

    Asked apart: SQLite would begin with everybody of the newsletter.
    """
    found = {one: {one} for one in hashes}
    today = other_hashes.alias("today")
    renamed = sa.select(_others.address_hash, today.c.address_hash).join(today, today.c.key == _others.key)
    for former, now in connection.execute(renamed.where(_others.address_hash.in_(hashes))):
        found.setdefault(bytes(now), set()).add(bytes(former))
    return found


def _keep_later(last: dict[bytes, datetime], address_hash: bytes, at: datetime) -> None:
    last[address_hash] = max(at, last.get(address_hash, at))
