"""Take a newsletter along to a new list_id: its issues, who has left, what was told. Touches: the ledger's database.

What was written with the former list_id stays as it is, frozen letters and hashes alike: a run that is taken up again
says the same words, and a hash cannot be made anew from nothing. So the former name stays known, as such.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.errors import RefusedError, UsageError

from .leases import Leases
from .moving_people import HashOf, move_people
from .newsletters import NAMES_LOCK, KnownNewsletter, known_newsletters
from .page_views import move_views
from .relay_settings import move_relay_settings
from .scheduling import move_schedule
from .schema import VISIBLE, dispatches, lots, newsletters, suppressions, told_once
from .states import DispatchStatus
from .suppressions import look_again, newest_suppression

_n, _s, _t = newsletters.c, suppressions.c, told_once.c
_SLUGS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Renamed:
    """What was taken along."""

    issues: int
    suppressions: int
    subscriptions: int


class Renaming(Leases):
    """Of newsletters."""

    def rename_newsletter(self, old: str, new: str, now: datetime, hash_of: HashOf | None = None) -> Renamed:
        """All that is known of `old` is known of `new`, in one transaction; of two that were known, one is left.

        `hash_of` makes a key's hash with the new name, for those who signed up.

        UsageError (64) where `old` is not known. RefusedError (77) where an issue stands under both, where `new` was a
        name of another one, or while a process holds deliveries of `old`.
        """
        self._watch.take_back(now)

        def move(connection: sa.Connection) -> Renamed:
            self._database.serialise(connection, NAMES_LOCK)
            # Whoever is about to suppress somebody waits here, and then finds the new name.
            connection.execute(sa.select(newsletters).with_for_update()).all()
            refuse_rename(known_newsletters(connection), old, new)
            theirs = sa.select(dispatches.c.id).where(dispatches.c.newsletter == old, VISIBLE)
            self._database.hold_alone(connection, theirs)
            _refuse_held(connection, theirs, old)
            _refuse_collision(connection, old, new)
            newest = newest_suppression(connection)
            moved = Renamed(
                _move_issues(connection, old, new),
                _move_suppressions(connection, old, new),
                move_people(self._database, connection, old, new, hash_of, now),
            )
            if self._database.is_sqlite:
                look_again(connection, newest)
            _move_told(connection, old, new)
            move_views(self._database, connection, old, new)
            move_relay_settings(connection, old, new)
            move_schedule(connection, old, new)
            connection.execute(
                sa.update(newsletters).where((_n.list_id == old) | (_n.now_called == old)).values(now_called=new)
            )
            self._database.insert_new(connection, newsletters, list_id=new, at=now)
            connection.execute(sa.update(newsletters).where(_n.list_id == new).values(now_called=None))
            return moved

        return self._database.transact(move)


def refuse_rename(known: list[KnownNewsletter], old: str, new: str) -> None:
    """What can be said before anything is looked at or asked."""
    names = {one.list_id: one for one in known}
    if old == new:
        raise UsageError(phrase("ledger.newsletters.is_the_same", list_id=old))
    if old not in names:
        current = tuple(one.list_id for one in known if not one.now_called)
        known_ones = phrase("ledger.newsletters.knows", known=current)
        raise UsageError(
            phrase("ledger.newsletters.not_known", list_id=old),
            hint=known_ones if current else phrase("ledger.newsletters.knows_none"),
        )
    if now := names[old].now_called:
        raise UsageError(phrase("ledger.newsletters.is_renamed_already", list_id=old, now=now))
    if new in names and names[new].now_called not in ("", old):
        raise RefusedError(phrase("ledger.newsletters.was_anothers", list_id=new, now=names[new].now_called))


def _refuse_held(connection: sa.Connection, theirs: sa.Select[tuple[int]], old: str) -> None:
    held = sa.exists().where(lots.c.dispatch_id.in_(theirs), lots.c.lease_id.is_not(None), lots.c.waiting > 0)
    if connection.execute(sa.select(held)).scalar_one():
        raise RefusedError(
            phrase("ledger.newsletters.is_at_work", list_id=old), hint=phrase("ledger.newsletters.wait_for_it")
        )


def _refuse_collision(connection: sa.Connection, old: str, new: str) -> None:
    its = dispatches.alias()
    slugs = (
        sa.select(dispatches.c.slug)
        .join(
            its,
            (its.c.slug == dispatches.c.slug) & (its.c.newsletter == new) & (its.c.status != DispatchStatus.STAGING),
        )
        .where(dispatches.c.newsletter == old, VISIBLE)
        .order_by(dispatches.c.slug)
    )
    if found := connection.execute(slugs).scalars().all():
        raise RefusedError(
            phrase("ledger.newsletters.would_collide", old=old, new=new, slugs=tuple(found[:_SLUGS_NAMED])),
            hint=phrase("ledger.newsletters.two_histories"),
        )


def _move_issues(connection: sa.Connection, old: str, new: str) -> int:
    mine = (dispatches.c.newsletter == old) & VISIBLE
    return connection.execute(sa.update(dispatches).where(mine).values(newsletter=new)).rowcount


def _move_suppressions(connection: sa.Connection, old: str, new: str) -> int:
    """The same that stands under both is kept once, as it was first said."""
    its = suppressions.alias()
    same = sa.exists().where(
        its.c.newsletter == old,
        its.c.lifted_at.is_(None),
        its.c.reason == _s.reason,
        its.c.key == _s.key,
        its.c.address_hash == _s.address_hash,
    )
    connection.execute(sa.delete(suppressions).where(_s.newsletter == new, _s.lifted_at.is_(None), same))
    return connection.execute(sa.update(suppressions).where(_s.newsletter == old).values(newsletter=new)).rowcount


def _move_told(connection: sa.Connection, old: str, new: str) -> None:
    its = told_once.alias()
    known_to_both = _t.what.in_(sa.select(its.c.what).where(its.c.newsletter == old))
    connection.execute(sa.delete(told_once).where(_t.newsletter == new, known_to_both))
    connection.execute(sa.update(told_once).where(_t.newsletter == old).values(newsletter=new))
