"""How a dispatch stands, which turns and claims ask before they do anything. Touches: the ledger's database."""

from typing import NamedTuple

import sqlalchemy as sa

from .database import Database
from .driver import Prepared
from .schema import dispatches
from .states import DispatchStatus
from .suppressions import NEWEST_SUPPRESSION


class DispatchNow(NamedTuple):
    """A dispatch, as it stands until the end of the transaction."""

    is_running: bool
    is_cancelled: bool
    revision: int
    """Of its editions."""
    canary_lease: int | None
    """Who alone sends of it just now."""
    newest: int
    """The newest suppression of all; 0 where that says nothing (PostgreSQL: see `outcomes._left`)."""


_of = dispatches.c
_NOW = {
    is_sqlite: Prepared(
        sa.select(
            _of.status, _of.revision, _of.canary_lease, NEWEST_SUPPRESSION if is_sqlite else sa.literal_column("0")
        ).where(_of.id == sa.bindparam("number", type_=sa.BigInteger))
    )
    for is_sqlite in (True, False)
}


def dispatch_now(database: Database, connection: sa.Connection, dispatch: int) -> DispatchNow:
    """How it stands; until the end of the transaction nobody pauses, cancels or corrects it."""
    database.hold_one_shared(connection, dispatch)
    ((status, revision, canary, newest),) = _NOW[database.is_sqlite].rows(connection, {"number": dispatch})
    is_running, is_cancelled = status == DispatchStatus.RUNNING, status == DispatchStatus.CANCELLED
    return DispatchNow(is_running, is_cancelled, revision, canary, newest)
