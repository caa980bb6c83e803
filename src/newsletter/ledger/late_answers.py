"""What a process has to say about deliveries that were put in doubt because it was silent for too long.

Touches: the ledger's database. It was stopped or cut off with a message under way, its lease was taken, and now it
knows the answer after all. That is booked while nobody has decided otherwise: only where the delivery is in doubt by
that very lease. The try was counted when it came into doubt. After `resolve` the answer is only reported.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from .lots import move
from .schema import deliveries
from .states import Outcome, State

_d = deliveries.c


def book_late(connection: sa.Connection, outcomes: Iterable[Outcome], now: datetime) -> set[int]:
    """Book what can be; the ids of those deliveries."""
    booked = {outcome.claim.delivery for outcome in outcomes if _booked(connection, outcome, now)}
    if booked:
        move(connection, booked, now)
    return booked


def _booked(connection: sa.Connection, outcome: Outcome, now: datetime) -> bool:
    if outcome.state in (State.IN_DOUBT, State.CLAIMED):
        return False
    ours = (_d.id == outcome.claim.delivery) & (_d.lease_id == outcome.claim.lease) & (_d.state == State.IN_DOUBT)
    return connection.execute(sa.update(deliveries).where(ours).values(_known(outcome, now))).rowcount > 0


def _known(outcome: Outcome, now: datetime) -> dict[str, object]:
    if outcome.state is State.PLANNED:
        # No dot was written, so it is as before the try.
        first = outcome.claim.first_attempt_at
        waited = first is not None
        return {
            "state": State.DEFERRED if waited else State.PLANNED,
            "lease_id": None,
            "attempts": _d.attempts - 1,
            "trying_since": first,
            "due_at": now if waited else None,
            "changed_at": now,
        }
    reply = outcome.reply
    untried = {"attempts": _d.attempts - 1, "trying_since": outcome.claim.first_attempt_at}
    return {
        **({} if outcome.attempted else untried),
        "state": outcome.state,
        "lease_id": None,
        "due_at": (outcome.due_at or now) if outcome.state is State.DEFERRED else None,
        "changed_at": now,
        "reply_stage": reply.stage if reply else None,
        "reply_code": reply.code if reply else None,
        "reply_enhanced": reply.enhanced if reply else None,
        "reply_text": reply.stored_text if reply else None,
        "reply_class": str(outcome.reply_class) or None,
        "reply_rule": None if outcome.state is State.SENT else outcome.rule or None,
    }
