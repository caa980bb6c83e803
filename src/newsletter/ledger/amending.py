"""What was written down as the outcome of a try, and turned out later to have been something else.

Touches: the ledger's database. Every change is fenced by the state and the number of tries that it corrects: what
another process has taken up meanwhile stays as it is, and so does what was cancelled.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from .database import LedgerPart
from .lease_end import UNANSWERED
from .lots import move
from .schema import deliveries, dispatches, lots
from .seen_state import WAITS
from .states import Claim, DispatchStatus, Outcome, State

_d = deliveries.c
_TAKEN = _d.lot_id.in_(sa.select(lots.c.id).where(lots.c.lease_id.is_not(None)))
_CANCELLED = sa.select(dispatches.c.id).where(dispatches.c.status == DispatchStatus.CANCELLED)


class Amending(LedgerPart):
    """Second thoughts about refusals."""

    def untry(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """As before these tries: it was the relay, not the reader. Who was planned is planned, who waited is due now.

        `outcomes` are deferred or expired ones, as they were written.
        """
        changes = []
        for outcome in outcomes:
            claim = outcome.claim
            fresh = claim.first_attempt_at is None and claim.attempts == 0
            values = {
                "state": State.PLANNED if fresh else State.DEFERRED,
                "attempts": claim.attempts,
                "trying_since": claim.first_attempt_at,
                "due_at": None if fresh else now,
                **(UNANSWERED if fresh else {}),
            }
            changes.append((claim, outcome.state, claim.attempts + outcome.attempted, values))
        self._amend(changes, now)

    def believe(self, claims: Sequence[Claim], now: datetime) -> None:
        """A refusal that was only deferred is final: these have failed, by one try."""
        since = sa.func.coalesce(_d.trying_since, _d.changed_at)
        values = {"state": State.FAILED, "trying_since": since, "due_at": None}
        changes = [
            (claim, State.DEFERRED, claim.attempts, {**values, "attempts": claim.attempts + 1}) for claim in claims
        ]
        self._amend(changes, now)

    def doubt_refusals(self, claims: Sequence[Claim], now: datetime) -> None:
        """Those that were believed are deferred again, with no try counted, and due at once."""
        values = {"state": State.DEFERRED, "due_at": now}
        changes = [
            (
                claim,
                State.FAILED,
                claim.attempts + 1,
                {**values, "attempts": claim.attempts, "trying_since": claim.first_attempt_at},
            )
            for claim in claims
        ]
        self._amend(changes, now)

    def _amend(self, changes: Sequence[tuple[Claim, State, int, Mapping[str, object]]], now: datetime) -> None:
        """What each is to become where it still is in this state, after so many tries."""
        numbers = {claim.dispatch for claim, *_ in changes}
        with self._database.write() as connection:
            # No turn is in the middle of the lots in which they stand.
            self._database.hold_alone(connection, sa.select(dispatches.c.id).where(dispatches.c.id.in_(numbers)))
            amended = [
                claim.delivery
                for claim, state, attempts, values in changes
                if connection.execute(
                    sa.update(deliveries)
                    .where(_d.id == claim.delivery, _d.state == state, _d.attempts == attempts)
                    .where(~(WAITS & _TAKEN), _d.dispatch_id.not_in(_CANCELLED))
                    .values(changed_at=now, **values)
                ).rowcount
            ]
            move(connection, amended, now)
