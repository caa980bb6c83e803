"""In which of the ten states a delivery is, as everybody outside sees it: the one place that knows. Touches: nothing.

A row says `planned` or `deferred` until the message has come to an end, so that a message costs one change of its row
and not three. Who has it meanwhile stands elsewhere: a process has the lot of the row (`claimed`), and the list in its
lease names those whose final dot may be on its way (`in_flight`). A list counts only while its lease is open: whoever
ends a lease turns what it names into `in_doubt` in the same commit.

    state of the row    its lot        a list names it    seen as
    planned, deferred   nobody's       no                 planned, deferred
    planned, deferred   a process's    no                 claimed
    planned, deferred   a process's    yes                in_flight
    any other           either         either             the same
"""

import json
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from .schema import deliveries, lots
from .states import WAITING, State

_d = deliveries.c


class _Marked(FunctionElement[int]):
    """The numbers on the lists of all open leases, as a subquery."""

    inherit_cache = True
    type = sa.BigInteger()


@compiles(_Marked, "sqlite")
def _marked_in_sqlite(_element: _Marked, _compiler: SQLCompiler, **_: object) -> str:
    return "(SELECT mark.value FROM leases, json_each(leases.marks) AS mark WHERE leases.ended_at IS NULL)"


@compiles(_Marked, "postgresql")
def _marked_in_postgresql(_element: _Marked, _compiler: SQLCompiler, **_: object) -> str:
    return (
        "(SELECT CAST(mark AS BIGINT) FROM leases, jsonb_array_elements_text(CAST(leases.marks AS JSONB)) AS mark"
        " WHERE leases.ended_at IS NULL)"
    )


class _Listed(FunctionElement[int]):
    """The numbers of a list (`as_list`), as a subquery: the statement is the same, however many there are."""

    inherit_cache = True
    type = sa.BigInteger()


@compiles(_Listed, "sqlite")
def _listed_in_sqlite(element: _Listed, compiler: SQLCompiler, **_: object) -> str:
    return "".join(("(SELECT value FROM json_each(", compiler.process(element.clauses), "))"))


@compiles(_Listed, "postgresql")
def _listed_in_postgresql(element: _Listed, compiler: SQLCompiler, **_: object) -> str:
    listed = f"jsonb_array_elements_text(CAST({compiler.process(element.clauses)} AS JSONB))"
    return "".join(("(SELECT CAST(one AS BIGINT) FROM ", listed, " AS one)"))


def is_listed(column: sa.ColumnElement[int], numbers: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """SQL: a number is on this list, which is text as `as_list` makes it."""
    return column.op("IN", is_comparison=True, return_type=sa.Boolean())(_Listed(numbers))


IS_MARKED: sa.ColumnElement[bool] = _d.id.op("IN", is_comparison=True, return_type=sa.Boolean())(_Marked())
"""SQL: some open lease's list names this delivery."""

WAITS = sa.or_(*(_d.state == state.value for state in WAITING))
"""SQL: it has not come to an end."""

NOT_BEGUN = WAITS & ~IS_MARKED
"""SQL: no dot of it is on its way, and none goes without another mark: it can be corrected or cancelled."""

_LEASED = _d.lot_id.in_(sa.select(lots.c.id).where(lots.c.lease_id.is_not(None)))

SEEN_STATE: sa.ColumnElement[str] = sa.case(
    (~WAITS, _d.state),
    (IS_MARKED, State.IN_FLIGHT.value),
    (_LEASED, State.CLAIMED.value),
    else_=_d.state,
)
"""SQL: the state of a delivery."""


def is_in(states: Iterable[State]) -> sa.ColumnElement[bool]:
    """SQL: a delivery is seen in one of these states."""
    wanted = [state.value for state in states]
    if set(wanted).isdisjoint({State.PLANNED, State.DEFERRED, State.CLAIMED, State.IN_FLIGHT}):
        return _d.state.in_(wanted)
    return SEEN_STATE.in_(wanted)


def lots_with(states: Collection[State]) -> sa.ColumnElement[bool]:
    """SQL: a lot that holds somebody in one of these states, or, of those who wait, may hold one."""
    conditions = [lots.c[state.value] > 0 for state in states if state.value in lots.c]
    if any(state.value not in lots.c for state in states):
        conditions.append(lots.c.waiting > 0)
    return sa.or_(sa.false(), *conditions)


def as_list(marks: Iterable[int]) -> str:
    """A list as the lease's row keeps it: JSON writes whole numbers as Python does."""
    return str(sorted(marks))


def from_list(text: str) -> list[int]:
    return [int(number) for number in json.loads(text)]
