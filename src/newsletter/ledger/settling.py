"""Outcomes as rows: what becomes of each delivery, and how many of its lot that is. Touches: the ledger's database.

This runs for every message; what is the same for all of a turn is made once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from .column_types import storable_text
from .driver import ManyRows, stored_moment
from .states import COUNTED, Outcome, State

_SETTLE = ManyRows(
    "deliveries",
    "state = v.to_state, attempts = attempts + v.tried,"
    " trying_since = CASE WHEN v.tried = 0 THEN trying_since ELSE coalesce(trying_since, v.at) END,"
    " due_at = v.due, changed_at = v.at, reply_stage = v.stage, reply_code = v.code, reply_enhanced = v.enhanced,"
    " reply_text = v.words, reply_class = v.kind, reply_rule = v.rule",
    "deliveries.id = v.id AND lot_id = v.lot AND state IN ('planned', 'deferred')",
    id="bigint",
    lot="bigint",
    to_state="text",
    tried="integer",
    due="bigint",
    at="bigint",
    stage="text",
    code="integer",
    enhanced="text",
    words="text",
    kind="text",
    rule="text",
)

_NUMBERS = tuple(map(str, COUNTED))
_COUNT = ManyRows(
    "lots",
    ", ".join(f"{name} = lots.{name} + v.{name}" for name in ("waiting", *_NUMBERS)),
    "lots.id = v.id",
    id="bigint",
    **dict.fromkeys(("waiting", *_NUMBERS), "integer"),
)

UNTOLD = (State.PLANNED, State.CLAIMED)
"""Outcomes that write nothing: no dot was written, so it is as if nothing had been begun."""

_SENT, _DEFERRED = State.SENT, State.DEFERRED
"""Asked of each message, and Python takes 0.2 µs to find a member of an enumeration."""


def settle(connection: sa.Connection, outcomes: Sequence[Outcome], now: datetime) -> tuple[set[int], list[int]]:
    """Write what became of deliveries, and count it in their lots.

    Returns those that had come to an end before or are not where the claim found them, of which nothing is written,
    and those that are deferred now.
    """
    at = stored_moment(now)
    rows = [_settled(outcome, at) for outcome in outcomes]
    if unchanged := _SETTLE.unchanged(connection, rows):
        rows = [row for row in rows if row[0] not in unchanged]
    _COUNT.unchanged(connection, _counted(rows))
    return unchanged, [row[0] for row in rows if row[2] == _DEFERRED]


def _settled(outcome: Outcome, now: int) -> tuple[Any, ...]:
    """Values of _SETTLE."""
    claim, state, reply = outcome.claim, outcome.state, outcome.reply
    due = None
    if state is _DEFERRED:
        due = stored_moment(outcome.due_at) if outcome.due_at else now
    return (
        claim.delivery,
        claim.lot,
        str(state),
        int(outcome.attempted),
        due,
        now,
        reply and reply.stage,
        reply and reply.code,
        reply and storable_text(reply.enhanced),
        reply and storable_text(reply.stored_text),
        str(outcome.reply_class) or None,
        # Of nearly all, and known without it: 10 bytes a delivery less.
        None if state is _SENT else outcome.rule or None,
    )


def _counted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[int, ...]]:
    """Values of _COUNT for what _SETTLE has written; who is deferred still waits."""
    counts: dict[int, dict[str, int]] = {}
    for (lot, state), number in Counter(map(itemgetter(1, 2), rows)).items():
        if state != _DEFERRED:
            counts.setdefault(lot, {})[state] = number
    return [(lot, -sum(its.values()), *(its.get(name, 0) for name in _NUMBERS)) for lot, its in sorted(counts.items())]
