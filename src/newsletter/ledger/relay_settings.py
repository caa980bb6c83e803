"""With what relay settings each newsletter is sent: published by who has its files, read by who has none.

Touches: the ledger's database. What stands in them is the caller's; secrets never do.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from .database import LedgerPart
from .machine_tables import relay_settings

_r = relay_settings.c


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """The newest of one newsletter."""

    newsletter: str
    """Its list_id."""
    at: datetime
    """When they became what they are, by the book's clock."""
    settings: str
    """As JSON."""


class RelaySettingsKept(LedgerPart):
    """Of every newsletter of the book."""

    def relay_settings(self, newsletter: str) -> RelaySettings | None:
        """None where nobody published any."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(relay_settings).where(_r.newsletter == newsletter)).first()
        return None if row is None else RelaySettings(row.newsletter, row.at, row.settings)

    def relay_settings_at(self) -> dict[str, datetime]:
        """Since when those of each newsletter are what they are."""
        with self._database.read() as connection:
            return {row.newsletter: row.at for row in connection.execute(sa.select(_r.newsletter, _r.at))}

    def publish_relay_settings(self, newsletter: str, settings: str, *, first_only: bool = False) -> bool:
        """From now on these are the newest; False where they were already, or, with `first_only`, others were."""

        def publish(connection: sa.Connection) -> bool:
            at = self._database.clock(connection)
            new = {"newsletter": newsletter, "at": at, "settings": settings}
            if self._database.insert_new(connection, relay_settings, **new):
                return True
            others = (_r.newsletter == newsletter) & (_r.settings != settings)
            if first_only:
                return False
            return connection.execute(sa.update(relay_settings).where(others).values(**new)).rowcount == 1

        known = self.relay_settings(newsletter)
        if known is not None and (first_only or known.settings == settings):
            return False  # as mostly, and nobody waits for the book
        return self._database.transact(publish)


def move_relay_settings(connection: sa.Connection, old: str, new: str) -> None:
    """A newsletter under another name is sent as before, unless it has settings under that one."""
    known = sa.exists(sa.select(_r.at).where(_r.newsletter == new).correlate(None))
    connection.execute(sa.update(relay_settings).where(_r.newsletter == old, ~known).values(newsletter=new))
    connection.execute(sa.delete(relay_settings).where(_r.newsletter == old))
