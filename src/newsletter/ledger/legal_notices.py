"""What the law has people told, and the proof that they were. Touches: the ledger's database.

A notice is begun before its final dot is written and ended when the relay has answered. One that was begun and never
ended may have gone out: it is in doubt, and nobody sends it again by itself. A person is known by the keyed hash.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

import sqlalchemy as sa

from .column_types import storable_text
from .database import LedgerPart
from .newsletters import name_to_write
from .people_tables import notices

_n = notices.c
_BATCH = 500


class NoticeKind(StrEnum):
    """Which rule asks for it."""

    CONSENT = "consent"
    """That consent was received, within 14 days (정보통신망법 제50조 제7항, Decree 62-2)."""
    TWO_YEARS = "two_years"
    """Whether it still holds, every two years (정보통신망법 제50조 제8항, Decree 62-3)."""
    INCIDENT = "incident"
    """That personal data leaked, or may have (개인정보 보호법 제34조)."""


@dataclass(frozen=True, slots=True)
class LegalNotice:
    """One that was begun."""

    address_hash: bytes
    kind: NoticeKind
    about: datetime
    begun_at: datetime
    sent_at: datetime | None
    message_id: str
    reply: str | None

    @property
    def in_doubt(self) -> bool:
        return self.sent_at is None and self.reply is None

    @property
    def refused(self) -> bool:
        return self.sent_at is None and self.reply is not None


class LegalNotices(LedgerPart):
    """Notices of a newsletter."""

    def begin_notice(
        self, newsletter: str, address_hash: bytes, kind: NoticeKind, about: datetime, message_id: str, now: datetime
    ) -> bool:
        """Durably note that it goes out now; False where it was begun before, by whomever."""
        with self._database.write() as connection:
            name = name_to_write(self._database, connection, newsletter, now)
            key = {"newsletter": name, "address_hash": address_hash, "kind": kind, "about": about}
            return self._database.insert_new(connection, notices, **key, begun_at=now, message_id=message_id)

    def end_notice(
        self, address_hash: bytes, kind: NoticeKind, about: datetime, *, reply: str, at: datetime | None
    ) -> None:
        """What the relay said; `at` is when it took it, None where it refused for good."""
        with self._database.write() as connection:
            values = {"reply": storable_text(reply), "sent_at": at}
            connection.execute(sa.update(notices).where(_is(address_hash, kind, about)).values(**values))

    def drop_notice(self, address_hash: bytes, kind: NoticeKind, about: datetime) -> None:
        """It did not go out, and may be begun again: nothing was sent, or the relay asked to wait."""
        with self._database.write() as connection:
            connection.execute(sa.delete(notices).where(_is(address_hash, kind, about)))

    def begun_notices(self, kind: NoticeKind, hashes: Collection[bytes]) -> Iterator[LegalNotice]:
        """All of a kind about these people, whatever they were about."""
        coming = iter(sorted(hashes))
        while batch := list(islice(coming, _BATCH)):
            wanted = sa.select(notices).where(_n.kind == kind, _n.address_hash.in_(batch))
            with self._database.read() as connection:
                rows = connection.execute(wanted).all()
            for row in rows:
                yield LegalNotice(
                    bytes(row.address_hash),
                    NoticeKind(row.kind),
                    row.about,
                    row.begun_at,
                    row.sent_at,
                    row.message_id,
                    row.reply,
                )


def _is(address_hash: bytes, kind: NoticeKind, about: datetime) -> sa.ColumnElement[bool]:
    return (_n.address_hash == address_hash) & (_n.kind == kind) & (_n.about == about)
