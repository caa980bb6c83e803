"""What was written down as the outcome of a try, and turned out later to have been something else.

Touches: the ledger's database. Every change is fenced by the state and the number of tries that it corrects: what
another process has taken up meanwhile stays as it is, and so does what was cancelled.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from .database import LedgerPart
from .schema import deliveries, dispatches
from .states import Claim, DispatchStatus, Outcome, State

_d = deliveries.c
_CANCELLED = sa.select(dispatches.c.id).where(dispatches.c.status == DispatchStatus.CANCELLED)
_NO_REPLY = {
    "reply_stage": None,
    "reply_code": None,
    "reply_enhanced": None,
    "reply_text": None,
    "reply_class": None,
    "reply_rule": None,
}


class Amending(LedgerPart):
    """Second thoughts about refusals."""

    def untry(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """As before these tries: it was the relay, not the reader. Who was planned is planned, who waited is due now.

        `outcomes` are deferred or expired ones, as they were written.
        """
        with self._database.write() as connection:
            for outcome in outcomes:
                claim = outcome.claim
                fresh = claim.first_attempt_at is None and claim.attempts == 0
                connection.execute(
                    _where(claim, outcome.state, claim.attempts + outcome.attempted).values(
                        state=State.PLANNED if fresh else State.DEFERRED,
                        attempts=claim.attempts,
                        trying_since=claim.first_attempt_at,
                        due_at=None if fresh else now,
                        changed_at=now,
                        **(_NO_REPLY if fresh else {}),
                    )
                )

    def believe(self, claims: Sequence[Claim], now: datetime) -> None:
        """A refusal that was only deferred is final: these have failed, by one try."""
        with self._database.write() as connection:
            for claim in claims:
                connection.execute(
                    _where(claim, State.DEFERRED, claim.attempts).values(
                        state=State.FAILED,
                        attempts=claim.attempts + 1,
                        trying_since=sa.func.coalesce(_d.trying_since, _d.changed_at),
                        due_at=None,
                        changed_at=now,
                    )
                )

    def doubt_refusals(self, claims: Sequence[Claim], now: datetime) -> None:
        """Those that were believed are deferred again, with no try counted, and due at once."""
        with self._database.write() as connection:
            for claim in claims:
                connection.execute(
                    _where(claim, State.FAILED, claim.attempts + 1).values(
                        state=State.DEFERRED,
                        attempts=claim.attempts,
                        trying_since=claim.first_attempt_at,
                        due_at=now,
                        changed_at=now,
                    )
                )


def _where(claim: Claim, state: State, attempts: int) -> sa.Update:
    return sa.update(deliveries).where(
        _d.id == claim.delivery,
        _d.lease_id.is_(None),
        _d.state == state,
        _d.attempts == attempts,
        _d.dispatch_id.not_in(_CANCELLED),
    )
