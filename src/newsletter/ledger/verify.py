"""Hold the book against its promises (docs/design.md 4.5), as far as SQL and checksums can.

Touches: the ledger's database, reading only. The constraints of the schema forbid most of this; a disk, a hand in the
database or a fault of ours may do it all the same. Each promise is a query for what breaks it: the answer is nothing,
or names the delivery. Limits: what the relay got is in its log, not here; a promise about moments, such as the mark
before the dot, leaves no trace, so tests prove it.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from newsletter.catalogue import Phrase, Said, Verbatim, phrase
from newsletter.edition.edition import Edition

from .database import Database
from .frozen import pictures_of
from .mark import Distrust
from .people_tables import subscriptions
from .schema import VISIBLE, deliveries, dispatches, editions, frozen_pictures, leases, lots, other_hashes, suppressions
from .seen_state import NOT_BEGUN, WAITS, is_in
from .states import COUNTED, EVERYWHERE, HELD, REACHED, WAITING, WENT_OUT, DispatchStatus, State
from .subscription_state import SubscriptionState

MOST_NAMED = 5
"""So many of what breaks a promise are named."""
_IN_FLIGHT_AT_MOST = timedelta(hours=1)
"""From the look at the suppressions to the outcome; the waits of RFC 5321 4.5.3.2 add up to some 25 minutes."""

_d, _of = deliveries.c, dispatches.c
_WHOLE = phrase("ledger.verify.database_whole")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about one promise; `broken` counts what breaks it, `named` are the first of these."""

    promise: Said
    broken: int
    named: tuple[Said, ...] = ()


def _delivery(slug: str, number: int) -> Phrase:
    return phrase("ledger.verify.delivery", slug=slug, number=number)


def _dispatch(slug: str, number: int) -> Phrase:
    return phrase("ledger.verify.dispatch", slug=slug, number=number)


def _edition(slug: str, number: int) -> Phrase:
    return phrase("ledger.verify.edition", slug=slug, number=number)


def _sign_up(newsletter: str, number: int) -> Phrase:
    return phrase("ledger.verify.sign_up", newsletter=newsletter, number=number)


@dataclass(frozen=True, slots=True)
class _Promise:
    says: Phrase
    breaks: sa.Select[tuple[str, int]]
    """Selects slug and a row's id, of whatever breaks it."""
    named: Callable[[str, int], Phrase] = _delivery


def verify(database: Database) -> Iterator[Verdict]:
    """One verdict for each promise; CannotWriteError where the database does not answer."""
    yield _storage(database)
    for promise in _PROMISES:
        with database.read() as connection:
            broken = connection.execute(sa.select(sa.func.count()).select_from(promise.breaks.subquery())).scalar_one()
            rows = connection.execute(promise.breaks.limit(MOST_NAMED)).all()
        yield Verdict(promise.says, broken, tuple(promise.named(row.slug, row.id) for row in rows))
    yield _letters(database)
    yield _pictures(database)


def newest(found: Distrust | None) -> Verdict:
    """Whether it is the book that was last sent with from here."""
    return Verdict(phrase("ledger.verify.is_newest"), int(found is not None), (found.said,) if found else ())


def _of_deliveries(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[str, int]]:
    joined = deliveries.join(dispatches, _of.id == _d.dispatch_id)
    return sa.select(_of.slug, _d.id).select_from(joined).where(*conditions)


def _miscounted() -> sa.Select[tuple[str, int]]:
    """The total, and each lot's own counts."""
    counted = sa.select(sa.func.count()).where(_d.dispatch_id == _of.id).scalar_subquery()
    names = {"waiting": WAITING, **{state.value: (state,) for state in COUNTED}}
    sums = (sa.func.sum(sa.case((_d.state.in_(these), 1), else_=0)).label(name) for name, these in names.items())
    found = sa.select(_d.lot_id, *sums).group_by(_d.lot_id).subquery()
    differs = sa.or_(*(lots.c[name] != sa.func.coalesce(found.c[name], 0) for name in names))
    joined = lots.outerjoin(found, found.c.lot_id == lots.c.id)
    wrong = sa.select(lots.c.dispatch_id).select_from(joined).where(differs)
    own_lot = (lots.c.id == _d.lot_id) & (lots.c.dispatch_id == _d.dispatch_id)
    astray = sa.select(_d.dispatch_id).select_from(deliveries.outerjoin(lots, own_lot)).where(lots.c.id.is_(None))
    broken = (_of.total != counted) | _of.id.in_(wrong) | _of.id.in_(astray)
    return sa.select(_of.slug, _of.id).where(VISIBLE, broken)


def _twice() -> sa.Select[tuple[str, int]]:
    return (
        sa.select(_of.slug, sa.func.max(_d.id).label("id"))
        .select_from(deliveries.join(dispatches, _of.id == _d.dispatch_id))
        .where(VISIBLE)
        .group_by(_of.newsletter, _of.slug, _d.key)
        .having(sa.func.count() > 1)
    )


def _unheld() -> sa.Select[tuple[str, int]]:
    """Who waits in a lot of a lease that has ended. A row itself never says that it is held."""
    ended = sa.select(lots.c.id).join(leases, leases.c.id == lots.c.lease_id).where(leases.c.ended_at.is_not(None))
    return _of_deliveries(_d.state.in_(HELD) | (WAITS & _d.lot_id.in_(ended)))


def _mailed_after_leaving() -> sa.Select[tuple[str, int]]:
    s = suppressions.c
    margin = _IN_FLIGHT_AT_MOST // timedelta(microseconds=1)
    at, ended = (sa.type_coerce(column, sa.BigInteger) for column in (s.at, _d.changed_at))
    had_left = (
        s.newsletter.in_([_of.newsletter, EVERYWHERE]),
        at + margin < ended,
        s.lifted_at.is_(None) | (s.lifted_at > _d.changed_at),
    )
    by_link = (s.address_hash == _d.address_hash) & (sa.func.length(s.address_hash) > 0)
    its = other_hashes.c
    held = sa.exists().where((s.key == _d.key) | by_link, *had_left) | (
        sa.exists().where(its.key == _d.key, s.address_hash == its.address_hash, *had_left)
    )
    # One that was in doubt has the time at which a person decided.
    return _of_deliveries(_d.state == State.SENT, _d.reply_code.between(200, 299), held)


def _said_again() -> sa.Select[tuple[str, int]]:
    other, its = dispatches.alias(), editions.alias()
    joined = editions.join(dispatches, _of.id == editions.c.dispatch_id)
    joined = joined.join(its, its.c.digest == editions.c.digest).join(other, other.c.id == its.c.dispatch_id)
    return sa.select(_of.slug, editions.c.id).select_from(joined).where(
        other.c.newsletter == _of.newsletter,
        other.c.id < _of.id,
        other.c.slug != _of.slug,
        sa.exists().where(_d.edition_id == editions.c.id, is_in(REACHED)),
        sa.exists().where(_d.edition_id == its.c.id, is_in(REACHED)),
    )  # fmt: skip


def _without_consent() -> sa.Select[tuple[str, int]]:
    """Who would be mailed and has no address, or nothing on record to show that they asked for it."""
    its = subscriptions.c
    lacks = (its.key == "") | (its.consent_at.is_(None) & (its.consent_source == ""))
    return sa.select(its.newsletter.label("slug"), its.id).where(its.state == SubscriptionState.CONFIRMED, lacks)


_PROMISES = (
    _Promise(phrase("ledger.verify.counts_add_up"), _miscounted(), _dispatch),
    _Promise(phrase("ledger.verify.nobody_twice"), _twice()),
    _Promise(
        phrase("ledger.verify.letter_of_its_issue"),
        # Who joins later is staged with the editions of the issue they will belong to.
        _of_deliveries(
            VISIBLE, sa.exists().where(editions.c.id == _d.edition_id, editions.c.dispatch_id != _d.dispatch_id)
        ),
    ),
    _Promise(phrase("ledger.verify.ten_states"), _of_deliveries(_d.state.not_in(list(State)))),
    _Promise(phrase("ledger.verify.held_by_somebody"), _unheld()),
    _Promise(
        phrase("ledger.verify.sent_was_taken"),
        _of_deliveries(_d.state == State.SENT, _d.reply_code >= 300),
    ),
    _Promise(
        phrase("ledger.verify.went_out_was_tried"),
        _of_deliveries(_d.state.in_(WENT_OUT), _d.attempts < 1),
    ),
    _Promise(
        phrase("ledger.verify.failed_has_words"),
        _of_deliveries(_d.state == State.FAILED, _d.reply_code.is_(None) | (_d.reply_code < 400)),
    ),
    _Promise(
        phrase("ledger.verify.deferred_has_time"), _of_deliveries(_d.state == State.DEFERRED, _d.due_at.is_(None))
    ),
    _Promise(
        phrase("ledger.verify.cancelled_is_over"),
        _of_deliveries(_of.status == DispatchStatus.CANCELLED, NOT_BEGUN),
    ),
    _Promise(phrase("ledger.verify.nobody_after_leaving"), _mailed_after_leaving()),
    _Promise(phrase("ledger.verify.one_letter_one_name"), _said_again(), _edition),
    _Promise(phrase("ledger.verify.sign_ups_said_yes"), _without_consent(), _sign_up),
)


def _storage(database: Database) -> Verdict:
    """SQLite checks its file and the references in it; PostgreSQL those that it keeps."""
    if not database.is_sqlite:
        return _references(database)
    with database.read() as connection:
        lines = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        found: list[Said] = [Verbatim(str(line)) for line in lines if line != "ok"]
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            found.append(phrase("ledger.verify.points_at_nothing", row=row, table=table, parent=parent))
    return Verdict(_WHOLE, len(found), tuple(found[:MOST_NAMED]))


def _references(database: Database) -> Verdict:
    """Deliveries are staged without a foreign key there (migration 0019)."""
    broken, named = 0, []
    with database.read() as connection:
        for column, parent in ((_d.dispatch_id, dispatches), (_d.edition_id, editions)):
            lost = sa.select(_d.id).outerjoin(parent, parent.c.id == column).where(parent.c.id.is_(None))
            number = connection.execute(sa.select(sa.func.count()).select_from(lost.subquery())).scalar_one()
            rows = connection.execute(lost.order_by(_d.id).limit(MOST_NAMED)).scalars().all() if number else ()
            words = {"table": deliveries.name, "parent": parent.name}
            named += [phrase("ledger.verify.points_at_nothing", row=row, **words) for row in rows]
            broken += number
    return Verdict(_WHOLE, broken, tuple(named[:MOST_NAMED]))


def _letters(database: Database) -> Verdict:
    """Each frozen letter still says what its digest says."""
    found = []
    joined = editions.join(dispatches, _of.id == editions.c.dispatch_id)
    with database.read() as connection:
        rows = connection.execute(sa.select(_of.slug, editions).select_from(joined).order_by(editions.c.id)).all()
        for row in rows:
            try:
                thawed = Edition.from_json(json.loads(row.content), pictures_of(connection, row.id))
                same = thawed.digest() == row.digest
            except (ValueError, KeyError, TypeError):
                same = False
            if not same:
                found.append(
                    phrase("ledger.verify.revision", slug=row.slug, variant=row.variant, revision=row.revision)
                )
    return Verdict(phrase("ledger.verify.letters_as_planned"), len(found), tuple(found[:MOST_NAMED]))


def _pictures(database: Database) -> Verdict:
    found = []
    with database.read() as connection:
        for digest in connection.execute(sa.select(frozen_pictures.c.digest)).scalars().all():
            data = connection.execute(
                sa.select(frozen_pictures.c.data).where(frozen_pictures.c.digest == digest)
            ).scalar_one()
            if hashlib.sha256(bytes(data)).hexdigest() != digest:
                found.append(phrase("ledger.verify.picture", digest=digest[:12]))
    return Verdict(phrase("ledger.verify.pictures_as_planned"), len(found), tuple(found[:MOST_NAMED]))
