"""Promise 8: a copied or renamed file mails nobody, nor does what is nearly a copy, unless somebody said yes to that.

Touches: the ledger's database, reading only. Words that were cancelled, or corrected, before anybody got them were not
sent. Limits: the texts of all issues are read, some 2 ms for each of a newsletter with two editions; likeness, which
takes longer, is looked for in the newest 24 of them.
"""

import json
from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.edition.likeness import Likeness, Match, likeness, match, reading_of
from newsletter.errors import RefusedError
from newsletter.issue.find import WELCOME

from .database import LedgerPart
from .queries import issues_of
from .schema import deliveries, dispatches, editions
from .seen_state import is_in
from .states import REACHED, REVISABLE, DispatchStatus, State

NEWEST = 24
"""Issues in which likeness is looked for: two years of a monthly letter."""


class Copies(LedgerPart):
    """What was sent before."""

    def likenesses(self, newsletter: str, slug: str, letters: Mapping[str, Edition]) -> list[Likeness]:
        """The issues, by slug, that say what these editions of issue `slug` say, or nearly so; copies first."""
        with self._database.read() as connection:
            return likenesses(connection, newsletter, slug, letters)


def likenesses(
    connection: sa.Connection,
    newsletter: str,
    slug: str,
    letters: Mapping[str, Edition],
    known: Collection[int] = frozenset(),
) -> list[Likeness]:
    """The same within a connection; `known` dispatches are passed over."""
    readings = [reading_of(edition.to_json()) for edition in letters.values()]
    rows = connection.execute(
        sa.select(editions.c.id, editions.c.content, editions.c.dispatch_id, dispatches.c.slug, dispatches.c.status)
        .join(dispatches, dispatches.c.id == editions.c.dispatch_id)
        .where(_others(newsletter, slug), dispatches.c.id.not_in(list(known)))
        .order_by(dispatches.c.planned_at.desc(), dispatches.c.id.desc(), editions.c.id.desc())
        .execution_options(yield_per=20)
    )
    newest: set[int] = set()
    found: dict[int, Match] = {}
    slugs: dict[int, str] = {}
    for row in rows:
        if row.status != DispatchStatus.CANCELLED and len(newest) < NEWEST:
            newest.add(row.dispatch_id)
        if one := match(readings, reading_of(json.loads(row.content)), also_alike=row.dispatch_id in newest):
            found[row.id], slugs[row.id] = one, row.slug
    by_slug: dict[str, list[Match]] = {}
    for number in _sent_among(connection, found):
        by_slug.setdefault(slugs[number], []).append(found[number])
    told = (likeness(other, matches, readings) for other, matches in by_slug.items())
    return sorted(told, key=lambda one: (one.is_copy, one.ratio, one.slug), reverse=True)


def refuse_copies(
    found: Iterable[Likeness], slug: str, although_like: Collection[str], command: str = "approve"
) -> None:
    """RefusedError (77) for a copy, and for a likeness that nobody said yes to; `command` is where to say so."""
    for one in found:
        if one.is_copy:
            raise _already_sent(slug, one.slug)
        if one.slug not in although_like:
            raise RefusedError(
                phrase("ledger.plan.is_alike", slug=slug, other=one.slug, percent=str(one.percent)),
                hint=phrase("ledger.plan.is_it_another_letter", slug=slug, other=one.slug, command=command),
            )


class Novelty:
    """That an issue was not sent before, asked twice of a plan: before it is staged, and when it becomes visible."""

    def __init__(
        self, newsletter: str, slug: str, letters: Mapping[str, Edition], although_like: Collection[str] = ()
    ) -> None:
        self._of = newsletter, slug, letters
        self._although_like = although_like
        self._known: frozenset[int] = frozenset()

    def refuse_repetition(self, connection: sa.Connection) -> None:
        """RefusedError (77) as of `refuse_copies`; the second time only for what came in between.

        The same file is refused however it was rendered then.
        """
        newsletter, slug, letters = self._of
        others = _others(newsletter, slug)
        digests = [edition.digest() for edition in letters.values()]
        same_file = connection.execute(
            sa.select(dispatches.c.slug)
            .join(editions, editions.c.dispatch_id == dispatches.c.id)
            .where(others, editions.c.digest.in_(digests), _was_sent())
            .limit(1)
        ).scalar()
        if same_file is not None:
            raise _already_sent(slug, same_file)
        # First which there are, then what they say: what comes in between is only looked at twice.
        now = frozenset(connection.execute(sa.select(dispatches.c.id).where(others)).scalars())
        refuse_copies(likenesses(connection, newsletter, slug, letters, self._known), slug, self._although_like)
        self._known = now


def _already_sent(slug: str, other: str) -> RefusedError:
    return RefusedError(
        phrase("ledger.plan.already_sent", slug=slug, other=other),
        hint=phrase("ledger.plan.is_it_a_copy", slug=slug, other=other),
    )


def _sent_among(connection: sa.Connection, numbers: Collection[int]) -> list[int]:
    """Those editions that somebody got, or still may get."""
    those = editions.c.id.in_(list(numbers))
    joined = sa.select(editions.c.id).join(dispatches, dispatches.c.id == editions.c.dispatch_id)
    return list(connection.execute(joined.where(those, _was_sent())).scalars())


def _others(newsletter: str, slug: str) -> sa.ColumnElement[bool]:
    """SQL: a dispatch of another issue; the welcome letter is compared with nothing."""
    if slug == WELCOME:
        return sa.false()
    return issues_of(newsletter) & (dispatches.c.slug != slug)


def _was_sent() -> sa.ColumnElement[bool]:
    """SQL: an edition that somebody got, or still may get."""
    newer = editions.alias()
    is_newest = ~sa.exists().where(
        newer.c.dispatch_id == editions.c.dispatch_id,
        newer.c.variant == editions.c.variant,
        newer.c.revision > editions.c.revision,
    )
    awaited = is_newest | _somebody_with_it(REVISABLE)
    return _somebody_with_it(REACHED) | ((dispatches.c.status != DispatchStatus.CANCELLED) & awaited)


def _somebody_with_it(states: Collection[State]) -> sa.ColumnElement[bool]:
    """SQL: a delivery of this edition is in one of these states."""
    return sa.exists().where(
        deliveries.c.dispatch_id == dispatches.c.id,
        is_in(states),
        deliveries.c.edition_id == editions.c.id,
    )
