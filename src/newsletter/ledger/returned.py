"""What came back of an issue: addresses that are bad, and complaints. Touches: the ledger's database, reading only.

Bad at once is what a relay refused; bad later, and a complaint, is what suppressed somebody who had the issue since it
was planned. Limits: whose complaint it was of an issue is not known, so it is counted for the newest that they got.
"""

import sqlalchemy as sa

from .database import LedgerPart
from .schema import deliveries, dispatches, suppressions
from .states import EVERYWHERE, WENT_OUT, State, SuppressionReason

_d, _s = deliveries.c, suppressions.c
_BAD_ADDRESS = "bad_address"
"""Class of a reply."""


class Returned(LedgerPart):
    """Numbers for one issue; each is counted only where it could matter, since the first reads all its deliveries."""

    def refused_addresses(self, dispatch: int) -> int:
        """So many addresses did a relay refuse as bad."""
        found = (_d.dispatch_id == dispatch, _d.state == State.FAILED, _d.reply_class == _BAD_ADDRESS)
        return self._count(sa.select(sa.func.count()).where(*found))

    def suppressed_since(self, dispatch: int, reason: SuppressionReason) -> int:
        """So many who have the issue, or may have it, were suppressed for this reason since it was planned."""
        issue = dispatches.c.id == dispatch
        of_issue = sa.select(dispatches.c.newsletter).where(issue).scalar_subquery()
        begun = sa.select(dispatches.c.planned_at).where(issue).scalar_subquery()
        here = _s.newsletter.in_([of_issue, sa.literal(EVERYWHERE)])
        since = (_s.reason == reason, _s.lifted_at.is_(None), _s.at >= begun, here)
        its = sa.exists().where(_d.dispatch_id == dispatch, _d.key == _s.key, _d.state.in_(WENT_OUT))
        by_key = self._count(sa.select(sa.func.count()).where(*since, _s.key != "", its))
        # Told by a link, which knows no address: one pass over the deliveries, where there is any such.
        by_link = sa.select(_s.address_hash).where(*since, _s.key == "")
        if not self._count(sa.select(sa.func.count()).select_from(by_link.subquery())):
            return by_key
        theirs = (_d.dispatch_id == dispatch, _d.address_hash.in_(by_link), _d.state.in_(WENT_OUT))
        return by_key + self._count(sa.select(sa.func.count()).where(*theirs))

    def _count(self, query: sa.Select[int]) -> int:
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()
