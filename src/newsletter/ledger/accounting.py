"""Account for an issue: every planned delivery, counted by the database. Touches: the ledger's database, reading only.

All of it is one transaction that sees one state of the book, so that it adds up while another process sends. Rows are
counted where they are (counted_rows.py).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa

from newsletter.issue.find import WELCOME

from .accounts import Account, Departures, LetterSize, PastRun, ShortAccount
from .counted_rows import CountedRows
from .database import LedgerPart
from .people_tables import leave_reasons
from .queries import as_record, count_states, issues_of
from .records import DispatchRecord
from .returned import count_events
from .schema import dispatches, edition_pictures, editions, frozen_pictures, leases, suppressions
from .states import EVERYWHERE

_s, _r = suppressions.c, leave_reasons.c

_MOST_WORDS = 50
"""Readers' own words on leaving; with 500 characters each a page of them stays readable."""


@dataclass(frozen=True, slots=True)
class GivenReasons:
    """Why readers left from one moment to another, in the days of `zone`, the newsletter's; `until` None: until now.

    Reasons are kept by its own day, so that of a plan is wholly its issue's; of who gave one, nothing is known.
    """

    newsletter: str
    since: datetime
    until: datetime | None
    zone: tzinfo

    def said_why(self, connection: sa.Connection) -> dict[str, int]:
        """How often each reason was given."""
        often = sa.select(_r.reason, sa.func.count().label("often")).where(self._theirs).group_by(_r.reason)
        return {row.reason: row.often for row in connection.execute(often.order_by(_r.reason))}

    def words(self, connection: sa.Connection, most: int) -> tuple[Sequence[str], int]:
        """The last ones, newest first; and how many there are."""
        theirs = self._theirs & (_r.words != "")
        newest = sa.select(_r.words).where(theirs).order_by(_r.id.desc()).limit(most)
        number = sa.select(sa.func.count()).select_from(leave_reasons).where(theirs)
        return connection.execute(newest).scalars().all(), connection.execute(number).scalar_one()

    @property
    def _theirs(self) -> sa.ColumnElement[bool]:
        since = (_r.newsletter == self.newsletter) & (_r.day >= self.since.astimezone(self.zone).date())
        return since & (_r.day < self.until.astimezone(self.zone).date()) if self.until else since


class Accounting(LedgerPart):
    """What became of issues."""

    def account(self, dispatch: int, *, few: int, compared: int, zone: tzinfo, timed: Collection[str] = ()) -> Account:
        """Of one dispatch; domains with fewer than `few` readers are counted together, as are those beyond the largest.

        `compared` earlier issues of the same newsletter are told in short. Of those with a slug of `timed` the times
        are known: they are left out, since it takes a look at each delivery to count them. `zone` is the newsletter's,
        whose days the reasons for leaving are kept by.
        """
        with self._database.snapshot() as connection:
            this = _record(connection, dispatch)
            # The welcome letter is compared with nothing.
            issues = [this] if this.slug == WELCOME else _issues(connection, this.newsletter)
            place = [issue.id for issue in issues].index(dispatch)
            until_this = list(_with_next(issues))[max(0, place - compared) : place + 1]
            known = {*timed} - {issues[place].slug}
            shorts = [_short(connection, issue, after, zone, known) for issue, after in until_this]
            rows = CountedRows(connection, dispatch)
            replies, doubts = rows.replies(), rows.doubts()
            words, number_of_words = _given(this, until_this[-1][1], zone).words(connection, _MOST_WORDS)
            return Account(
                short=shorts[-1],
                rows=rows.by_state(),
                by_person=rows.by_person(),
                domains=rows.by_domain(few),
                attempts=rows.by_attempts(),
                retried=rows.retried(),
                replies=replies,
                doubts=doubts,
                letters=_letters(connection, dispatch),
                few=rows.with_few({one.key for one in (*doubts, *(kind.example for kind in replies))}, few),
                others=shorts[:-1],
                leave_words=words,
                leave_words_total=number_of_words,
            )

    def last_run(self, dispatch: int) -> PastRun | None:
        """The last that ended."""
        with self._database.read() as connection:
            return next((run for run in reversed(_runs(connection, dispatch)) if run.ended_at is not None), None)

    def accounts_in_short(self, newsletter: str, zone: tzinfo, timed: Collection[str] = ()) -> list[ShortAccount]:
        """Of all its issues, first planned first; `zone` and `timed` as of `account`."""
        with self._database.snapshot() as connection:
            issues = _issues(connection, newsletter)
            return [_short(connection, one, after, zone, timed) for one, after in _with_next(issues)]


def _record(connection: sa.Connection, dispatch: int) -> DispatchRecord:
    return as_record(connection.execute(sa.select(dispatches).where(dispatches.c.id == dispatch)).one())


def _issues(connection: sa.Connection, newsletter: str) -> list[DispatchRecord]:
    """First planned first."""
    query = sa.select(dispatches).where(issues_of(newsletter))
    return list(map(as_record, connection.execute(query.order_by(dispatches.c.planned_at, dispatches.c.id))))


def _with_next(issues: Sequence[DispatchRecord]) -> Iterator[tuple[DispatchRecord, DispatchRecord | None]]:
    yield from zip(issues, [*issues[1:], None], strict=True)


def _short(
    connection: sa.Connection,
    record: DispatchRecord,
    after: DispatchRecord | None,
    zone: tzinfo,
    timed: Collection[str],
) -> ShortAccount:
    return ShortAccount(
        record=record,
        counts=count_states(connection, record.id),
        runs=_runs(connection, record.id),
        times=None if record.slug in timed else CountedRows(connection, record.id).times(),
        departures=_departures(connection, _given(record, after, zone)),
        events=count_events(connection, record.id),
    )


def _runs(connection: sa.Connection, dispatch: int) -> list[PastRun]:
    rows = connection.execute(sa.select(leases).where(leases.c.dispatch_id == dispatch).order_by(leases.c.started_at))
    return [
        PastRun(
            row.started_at,
            row.ended_at,
            row.begun,
            row.ended_by or "",
            timedelta(microseconds=row.rested),
            row.pid,
            row.machine,
        )
        for row in rows
    ]


def _given(record: DispatchRecord, after: DispatchRecord | None, zone: tzinfo) -> GivenReasons:
    return GivenReasons(record.newsletter, record.planned_at, after.planned_at if after else None, zone)


def _departures(connection: sa.Connection, given: GivenReasons) -> Departures:
    """Lifted ones too: they left all the same."""
    theirs = [_s.newsletter.in_([given.newsletter, EVERYWHERE]), _s.at >= given.since]
    theirs += [_s.at < given.until] if given.until else []
    by_link = sa.case((_s.key == "", 1), else_=0).label("by_link")
    found = sa.select(_s.reason, by_link, sa.func.count().label("number")).where(*theirs).group_by(_s.reason, by_link)
    by_reason: dict[str, int] = defaultdict(int)
    one_clicks = 0
    for row in connection.execute(found):
        by_reason[row.reason] += row.number
        one_clicks += row.number if row.by_link else 0
    return Departures(given.until, dict(by_reason), one_clicks, given.said_why(connection))


def _letters(connection: sa.Connection, dispatch: int) -> list[LetterSize]:
    """The newest editions, and older ones that somebody got; the text is measured where it is."""
    size = sa.func.sum(sa.func.length(frozen_pictures.c.data))
    of_pictures = (
        sa.select(editions.c.id, size)
        .join(edition_pictures, edition_pictures.c.edition_id == editions.c.id)
        .join(frozen_pictures, frozen_pictures.c.digest == edition_pictures.c.picture)
        .where(editions.c.dispatch_id == dispatch)
        .group_by(editions.c.id)
    )
    pictures = {number: int(octets) for number, octets in connection.execute(of_pictures)}
    readers = CountedRows(connection, dispatch).by_edition()
    rows = connection.execute(
        sa.select(editions)
        .where(editions.c.dispatch_id == dispatch)
        .order_by(editions.c.variant, editions.c.revision)
        .execution_options(yield_per=1)
    )
    return [
        LetterSize(
            row.variant,
            row.revision,
            _subject(content),
            readers[row.id],
            len(content["html"].encode()),
            len(content["text"].encode()),
            pictures.get(row.id, 0),
        )
        for row in rows
        if row.id in readers and (content := json.loads(row.content))
    ]


def _subject(content: Mapping[str, Any]) -> str:
    subject: str = content["subject"]
    for hole in content["holes"]:
        subject = subject.replace(hole["marker"], hole["default"] or "…")
    return subject
