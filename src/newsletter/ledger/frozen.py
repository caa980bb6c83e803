"""Letterhead, editions, pictures and merge values, frozen into the book and thawed again.

Touches: the ledger's database.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from newsletter.edition.edition import Edition
from newsletter.message.message import Letterhead

from .database import Database
from .driver import inserted_id
from .schema import dispatches, edition_pictures, editions, frozen_pictures

DATED = "dated"
"""Among the merge values of who joined after the plan: the date of their message, in ISO 8601, as the plan's is the
others'. No field of an issue has this name."""


def digest_of(letters: Mapping[str, Edition]) -> str:
    """SHA-256 in hex over the contents of all editions of an issue."""
    return hashlib.sha256("\n".join(sorted(edition.digest() for edition in letters.values())).encode()).hexdigest()


def freeze_letterhead(letterhead: Letterhead) -> str:
    return json.dumps(letterhead.to_json(), ensure_ascii=False)


def freeze_editions(
    database: Database, connection: sa.Connection, dispatch: int, letters: Mapping[str, Edition], revision: int = 1
) -> dict[str, int]:
    """Write one revision of every edition; their row ids by variant. A picture is written once per ledger."""
    ids: dict[str, int] = {}
    for variant, edition in letters.items():
        row = connection.execute(
            sa.insert(editions).values(
                dispatch_id=dispatch,
                variant=variant,
                revision=revision,
                digest=edition.digest(),
                content=json.dumps(edition.to_json(), ensure_ascii=False),
            )
        )
        ids[variant] = inserted_id(row)
        for cid, data in {picture.cid: picture.data for picture in edition.pictures}.items():
            digest = hashlib.sha256(data).hexdigest()
            database.insert_new(connection, frozen_pictures, digest=digest, data=data)
            connection.execute(sa.insert(edition_pictures).values(edition_id=ids[variant], cid=cid, picture=digest))
    return ids


def thaw_edition(connection: sa.Connection, number: int) -> Edition:
    """One frozen edition by its number, whatever came after it."""
    content = connection.execute(sa.select(editions.c.content).where(editions.c.id == number)).scalar_one()
    return Edition.from_json(json.loads(content), pictures_of(connection, number))


def thaw_letterhead(connection: sa.Connection, dispatch: int) -> Letterhead:
    frozen = connection.execute(sa.select(dispatches.c.letterhead).where(dispatches.c.id == dispatch)).scalar_one()
    return Letterhead.from_json(json.loads(frozen))


def thaw(connection: sa.Connection, dispatch: int) -> tuple[Letterhead, dict[str, Edition]]:
    """What was frozen, word for word; of several revisions of an edition the newest."""
    rows = connection.execute(
        sa.select(editions).where(editions.c.dispatch_id == dispatch).order_by(editions.c.revision)
    ).all()
    return thaw_letterhead(connection, dispatch), _thawed(connection, rows)


def thaw_letters(connection: sa.Connection, dispatch: int, revision: int) -> tuple[Letterhead, dict[str, Edition]]:
    """The same of one revision alone: what a correction left out is not said any more."""
    wanted = sa.select(editions).where(editions.c.dispatch_id == dispatch, editions.c.revision == revision)
    return thaw_letterhead(connection, dispatch), _thawed(connection, connection.execute(wanted).all())


def _thawed(connection: sa.Connection, rows: Iterable[sa.Row[Any]]) -> dict[str, Edition]:
    """By variant; of several the last."""
    last = {row.variant: row for row in rows}
    return {
        variant: Edition.from_json(json.loads(row.content), pictures_of(connection, row.id))
        for variant, row in last.items()
    }


def pictures_of(connection: sa.Connection, edition: int) -> dict[str, bytes]:
    """The bytes of an edition's pictures by their Content-ID."""
    rows = connection.execute(
        sa.select(edition_pictures.c.cid, frozen_pictures.c.data)
        .join(frozen_pictures, frozen_pictures.c.digest == edition_pictures.c.picture)
        .where(edition_pictures.c.edition_id == edition)
    )
    return {cid: bytes(data) for cid, data in rows}


_packed = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: `json.dumps` makes an encoder for every call."""


def pack_values(values: Mapping[str, str], address: str) -> str | None:
    """Merge values as JSON; an email that is the address stands there already. None for nothing else."""
    packed: dict[str, str | None] = dict(values)
    if packed.get("email") == address:
        del packed["email"]
    elif "email" not in packed:
        packed["email"] = None
    return _packed(packed) if packed else None


def unpack_values(packed: str | None, address: str) -> dict[str, str]:
    return unpack_all([(packed, address)])[0]


def unpack_all(rows: Sequence[tuple[str | None, str]]) -> list[dict[str, str]]:
    """The same for many, read as one list: by itself each would take five times as long."""
    found: list[dict[str, str | None]] = json.loads(
        "".join(("[", ",".join([packed or "{}" for packed, _ in rows]), "]"))
    )
    return [_opened(values, address) for values, (_, address) in zip(found, rows, strict=True)]


def _opened(packed: dict[str, str | None], address: str) -> dict[str, str]:
    values = {"email": address, **packed}
    return {key: value for key, value in values.items() if value is not None}
