"""A leak of personal data, told: who was held then, what the notice has to say, and the proof that it was sent.

Touches: nothing. What a notice says is asked by 개인정보 보호법 제34조 (1) and Decree 39, within 72 hours of learning
of it; since September 2026 also where a leak is only possible.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsletter.catalogue import Said, Verbatim, lines, phrase
from newsletter.ledger.legal_notices import LegalNotice
from newsletter.printable import one_line

from .audit import csv_line
from .states_and_times import local

TO_TELL_WITHIN = timedelta(hours=72)
_FROM = {
    "sign-up": "report.incident.from_sign_up",
    "request": "report.incident.from_request",
    "file": "report.incident.from_file",
    "deliveries": "report.incident.from_deliveries",
    "suppression": "report.incident.from_suppression",
}
_NAMES = {
    "email": "report.incident.email",
    "name": "report.incident.name",
    "language": "report.incident.language",
    "tags": "report.incident.tags",
    "consent_at": "report.incident.consent_at",
    "consent_source": "report.incident.consent_source",
}
"""Of the fields that everybody has; a column of the file is called as the file calls it."""
_BLANK = re.compile(r"\[\[.*?\]\]", re.DOTALL)
"""What the operator has to fill in."""


@dataclass(slots=True)
class HeldThen:
    """Who was in the list at a moment, in numbers."""

    newsletter: str
    moment: datetime
    zone: str
    people: int = 0
    maybe: int = 0
    """Of them: rows of the file without a date."""
    where: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)

    def count(self, where: str, certain: bool, fields: Iterable[str]) -> None:
        self.people += 1
        self.maybe += not certain
        self.where[where] += 1
        self.fields.update(fields)

    def fields_named(self) -> tuple[Said, ...]:
        """The most frequent first."""
        return tuple(
            phrase(_NAMES[name]) if name in _NAMES else Verbatim(one_line(name))
            for name, _ in self.fields.most_common()
        )

    def to_json(self, sent: Counter[str] | None = None) -> str:
        """Docs/design.md 4.4."""
        report: dict[str, object] = {
            "newsletter": self.newsletter,
            "at": self.moment.isoformat(),
            "people": self.people,
            "maybe": self.maybe,
            "where": dict(self.where),
            "fields": dict(self.fields.most_common()),
        }
        if sent is not None:
            report["notices"] = {name: sent[name] for name in ("sent", "refused", "in_doubt", "missing")}
        return json.dumps(report, ensure_ascii=False)

    def told(self) -> Said:
        when = local(self.moment, self.zone)
        told: list[Said] = [phrase("report.incident.held", when=when, count=self.people)]
        told += [phrase(_FROM[name], count=count) for name, count in self.where.items()]
        if self.maybe:
            told.append(phrase("report.incident.maybe", count=self.maybe))
        told.append(phrase("report.incident.fields", fields=self.fields_named()))
        return lines(*told, phrase("report.incident.limits"))


def notice_draft(held: HeldThen, sender: str, contact: str, language: str) -> str:
    """The text of a notice, with `[[…]]` where only people know what to say; its first line is the subject."""
    subject = phrase("report.incident.subject", sender=sender)
    body = phrase("report.incident.body", sender=sender, fields=held.fields_named(), contact=contact)
    return f"{subject.in_language(language)}\n\n{body.in_language(language).strip()}\n"


def blanks_in(text: str) -> list[int]:
    """The lines, from 1, on which something has still to be filled in."""
    return [text.count("\n", 0, found.start()) + 1 for found in _BLANK.finditer(text)]


PEOPLE_COLUMNS = ("email", "name", "language", "where", "certain", "fields")
PROOF_COLUMNS = ("email", "state", "sent_at", "message_id", "reply")


def table_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a CSV file for people, without their ends: no cell begins a formula."""
    yield csv_line(columns)
    yield from map(csv_line, rows)


def proof_row(address: str, notice: LegalNotice | None) -> tuple[str, ...]:
    """What is known of the notice to one person."""
    if notice is None:
        return (address, "missing", "", "", "")
    state = "sent" if notice.sent_at else "refused" if notice.refused else "in_doubt"
    sent_at = notice.sent_at.isoformat() if notice.sent_at else ""
    return (address, state, sent_at, notice.message_id, notice.reply or "")
