"""The book as lines for somebody else's program: JSON Lines or CSV. Touches: nothing.

Addresses stand in full: an audit asks who got what. Limits: merge values and letters are not among it; a suppression
that came by a link has only the address's hash.
"""

import csv
import io
import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from newsletter.ledger.records import DeliveryRecord, DispatchRecord
from newsletter.ledger.states import Suppression
from newsletter.ledger.subscriptions import Subscription

from .replies import masked_address, masked_reply
from .sign_up_words import sign_up_as_json

CSV_COLUMNS = (
    *("issue", "address", "line", "variant", "revision", "state", "attempts", "changed_at", "due_at", "message_id"),
    *("stage", "code", "enhanced", "text", "class", "rule", "events"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Some spreadsheets take the wide signs of East Asian text for the narrow ones."""

AuditRow = dict[str, object]


def dispatch_row(record: DispatchRecord) -> AuditRow:
    return {
        "kind": "dispatch",
        "newsletter": record.newsletter,
        "issue": record.slug,
        "status": record.status.value,
        "reason": str(record.reason or ""),
        "planned_at": record.planned_at.isoformat(),
        "total": record.total,
        "digest": record.digest,
    }


def delivery_row(issue: str, delivery: DeliveryRecord, message_id: str, events: Collection[str] = ()) -> AuditRow:
    """`message_id` is empty where the key that it was made with is gone; `events` are what came back."""
    reply = delivery.reply
    return {
        "kind": "delivery",
        "issue": issue,
        "address": delivery.address,
        "line": delivery.line,
        "variant": delivery.variant,
        "revision": delivery.revision,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "changed_at": delivery.changed_at.isoformat(),
        "due_at": _time(delivery.due_at),
        "message_id": message_id,
        "stage": reply.stage if reply else "",
        "code": reply.code if reply else None,
        "enhanced": reply.enhanced if reply else "",
        "text": reply.text if reply else "",
        "class": delivery.reply_class,
        "rule": delivery.reply_rule,
        "events": ";".join(events),
    }


def masked_row(row: AuditRow, named: Collection[str]) -> AuditRow:
    """A delivery without its address; its domain is told where it is among the `named`."""
    address, text = str(row["address"]), str(row["text"])
    hide = address.rpartition("@")[2].lower() not in named
    text = masked_reply(text, address.lower(), hide_domain=hide)
    return {**row, "address": masked_address(address, hide_domain=hide), "text": text, "message_id": ""}


def suppression_row(one: Suppression) -> AuditRow:
    return {
        "kind": "suppression",
        "newsletter": one.newsletter,
        "address": one.key,
        "address_hash": one.address_hash.hex(),
        "reason": one.reason,
        "at": one.at.isoformat(),
    }


def subscription_row(newsletter: str, one: Subscription) -> AuditRow:
    """Of the ledger's list; the wording of a consent is named by its digest."""
    said = sign_up_as_json(one, one.consent_text or "")
    hash_ = one.address_hash.hex()
    return {"kind": "subscription", "newsletter": newsletter, "address": one.key, "address_hash": hash_, **said}


def as_json_lines(rows: Iterable[AuditRow]) -> Iterator[str]:
    """One object a line, without its line end."""
    return (json.dumps(row, ensure_ascii=False) for row in rows)


def csv_line(cells: Iterable[object]) -> str:
    """One line of CSV without its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(map(_harmless, cells))
    return out.getvalue()


def as_csv(rows: Iterable[AuditRow]) -> Iterator[str]:
    """Deliveries alone, below a header; lines without their end, so that a text with line breaks is two of them."""
    yield ",".join(CSV_COLUMNS)
    for row in rows:
        if row["kind"] == "delivery":
            yield csv_line(row[name] for name in CSV_COLUMNS)


def _harmless(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: a relay writes what it likes."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
