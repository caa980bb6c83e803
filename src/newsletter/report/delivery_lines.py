"""One delivery as a line for scripts: cells with tabs between, or JSON. Touches: nothing."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.ledger.records import DeliveryRecord
from newsletter.printable import one_line

from .audit import delivery_row

_ONLY_IN_AN_AUDIT = frozenset({"kind", "message_id", "events"})


def delivery_as_json(slug: str, delivery: DeliveryRecord) -> dict[str, object]:
    """The names are those of `ledger export` (docs/design.md 4.4)."""
    row = delivery_row(slug, delivery, "")
    return {name: value for name, value in row.items() if name not in _ONLY_IN_AN_AUDIT}


def json_line(slug: str, delivery: DeliveryRecord) -> str:
    return json.dumps(delivery_as_json(slug, delivery), ensure_ascii=False)


def text_line(delivery: DeliveryRecord, zone: str, language: str) -> str:
    """Address, state, since when, attempts, class of the last reply, and its words; tabs stand nowhere else."""
    cells = (
        delivery.address,
        delivery.state.value,
        moment(delivery.changed_at, zone),
        str(delivery.attempts),
        delivery.reply_class,
        delivery.reply.in_language(language) if delivery.reply else "",
    )
    return "\t".join(map(one_line, cells))


def moment(at: datetime, zone: str) -> str:
    """`2026-11-22T17:00:00+09:00`: to the second, in the newsletter's time zone."""
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
