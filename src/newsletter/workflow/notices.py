"""Whom the law has told what about their consent, and telling them. Touches: the people, the ledger, the network.

Limits: of a consent that was given more than 14 days ago nobody knows whether it was confirmed elsewhere, so it is not
asked for; of one that is older than two years the last question is, unless this ledger has it.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import Said, lines, phrase
from newsletter.check.consent_dates import consent_date
from newsletter.errors import SettingsError, UsageError
from newsletter.ledger.legal_notices import LegalNotice, NoticeKind
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.records import Purpose
from newsletter.progress import Advance
from newsletter.report.legal_notice import consent_text
from newsletter.schedule.consent_rules import NoticeDeadline, confirmation_due, reminder_due
from newsletter.settings.workspace import Workspace

from .steps.audience import first_time, suppressed_in
from .steps.keys import links_of
from .steps.notify import Addressee, NoticesSent, Notifier
from .steps.people import people_to_mail
from .steps.people_ledger import open_own_people_ledger

_AT_ONCE = 500
_LONGEST = 3
"""Digits."""
_DUE = {
    NoticeKind.CONSENT: "workflow.notices.consent_due",
    NoticeKind.TWO_YEARS: "workflow.notices.two_years_due",
}
_KINDS = (NoticeKind.CONSENT, NoticeKind.TWO_YEARS)


@dataclass(frozen=True, slots=True)
class DueNotice:
    """One person who has to be told one thing."""

    kind: NoticeKind
    reader: Subscriber
    address_hash: bytes
    consent: date
    deadline: NoticeDeadline

    @property
    def about(self) -> datetime:
        return _moment(self.deadline.about)


@dataclass(slots=True)
class NoticesDue:
    """What is due, in numbers."""

    today: date
    due: Counter[NoticeKind] = field(default_factory=Counter)
    late: Counter[NoticeKind] = field(default_factory=Counter)
    first_day: dict[NoticeKind, date] = field(default_factory=dict)
    """The first of the last days on which one of them is still in time."""
    in_doubt: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        return self.due.total()

    def count(self, one: DueNotice) -> None:
        self.due[one.kind] += 1
        last_day = one.deadline.last_day
        self.late[one.kind] += last_day < self.today
        self.first_day[one.kind] = min(last_day, self.first_day.get(one.kind, last_day))

    def told(self) -> Said:
        told: list[Said] = []
        for kind in _KINDS:
            if self.due[kind]:
                day = self.first_day[kind].isoformat()
                told.append(phrase(_DUE[kind], count=self.due[kind], day=day))
        if late := self.late[NoticeKind.TWO_YEARS]:
            told.append(phrase("workflow.notices.two_years_late", count=late))
        if self.in_doubt:
            told.append(phrase("workflow.notices.in_doubt", count=self.in_doubt))
        if self.refused:
            told.append(phrase("workflow.notices.refused", count=self.refused))
        return lines(*told, phrase("workflow.notices.who_sends" if self.total else "workflow.notices.nothing_due"))

    def to_json(self, sent: NoticesSent | None = None) -> str:
        """Docs/design.md 4.4."""
        report: dict[str, object] = {
            str(kind): {
                "due": self.due[kind],
                "late": self.late[kind],
                "first_day": self.first_day[kind].isoformat() if kind in self.first_day else None,
            }
            for kind in _KINDS
        }
        report |= {"in_doubt": self.in_doubt, "refused": self.refused}
        if sent is not None:
            went = {"sent": sent.sent, "refused": sent.refused, "waiting": sent.waiting, "in_doubt": sent.in_doubt}
            report["sending"] = went
        return json.dumps(report)


def ahead_of(given: str) -> timedelta:
    """Of `30d` or `30`; UsageError (64) for anything else."""
    text = given.strip().removesuffix("d")
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST):
        raise UsageError(phrase("workflow.notices.is_no_number_of_days", given=given))
    return timedelta(days=int(text))


def notices_due(workspace: Workspace, ahead: timedelta, advance: Advance) -> NoticesDue:
    """Count them; changes nothing. The ledger is made if there is none yet."""
    with open_own_people_ledger(workspace, Purpose.PAGES) as ledger:
        due = NoticesDue(_today(workspace, ledger))
        for one in _due(workspace, ledger, due, ahead, advance):
            due.count(one)
        return due


def send_notices(workspace: Workspace, ahead: timedelta, advance: Advance, total: int) -> NoticesSent:
    """Send what is due. SettingsError (78) where a reader has no way out; errors of the relay as `Notifier.send`.

    RunAgainError (75), after all others were tried, where the relay asked to come back for some.
    """
    with open_own_people_ledger(workspace, Purpose.PAGES) as ledger:
        went = NoticesSent()
        for kind in _KINDS:
            notifier = Notifier(workspace, ledger, kind)
            due = _due(workspace, ledger, NoticesDue(_today(workspace, ledger)), ahead, lambda _done, _total: None)
            addressees = (_addressee(workspace, notifier, one) for one in due if one.kind is kind)
            went += notifier.send(addressees, partial(_advance_from, advance, went.tried, total))
        return went


def _advance_from(advance: Advance, before: int, total: int, done: int) -> None:
    advance(before + done, total)


def _due(
    workspace: Workspace, ledger: PeopleLedger, counted: NoticesDue, ahead: timedelta, advance: Advance
) -> Iterator[DueNotice]:
    """In the order of the people; `counted` gets what is in doubt and refused."""
    is_suppressed, today = suppressed_in(workspace, ledger), _today(workspace, ledger)
    hashes_of = links_of(workspace, create=True).all_hashes
    with first_time() as is_first:
        readers = (
            row
            for row in people_to_mail(workspace, ledger).rows(advance)
            if isinstance(row, Subscriber) and is_first(row.key) and not is_suppressed(row)
        )
        dated = ((row, day) for row in readers if (day := consent_date(row.consent_at)) and day <= today)
        while batch := list(islice(dated, _AT_ONCE)):
            begun = _begun(ledger, [one for row, _ in batch for one in hashes_of(row.key)])
            for row, day in batch:
                hashes = hashes_of(row.key)
                for kind, deadline in _deadlines(day, today, ahead):
                    notice = next(
                        (
                            begun[kind, one, _moment(deadline.about)]
                            for one in hashes
                            if (kind, one, _moment(deadline.about)) in begun
                        ),
                        None,
                    )
                    if notice is None:
                        yield DueNotice(kind, row, hashes[0], day, deadline)
                    else:
                        counted.in_doubt += notice.in_doubt
                        counted.refused += notice.refused


def _begun(ledger: PeopleLedger, hashes: list[bytes]) -> dict[tuple[NoticeKind, bytes, datetime], LegalNotice]:
    return {(kind, one.address_hash, one.about): one for kind in _KINDS for one in ledger.begun_notices(kind, hashes)}


def _deadlines(consent: date, today: date, ahead: timedelta) -> Iterator[tuple[NoticeKind, NoticeDeadline]]:
    if confirmation := confirmation_due(consent, today):
        yield NoticeKind.CONSENT, confirmation
    if reminder := reminder_due(consent, today, ahead):
        yield NoticeKind.TWO_YEARS, reminder


def _addressee(workspace: Workspace, notifier: Notifier, one: DueNotice) -> Addressee:
    reader, settings = one.reader, workspace.settings
    way_out = notifier.way_out(reader.key)
    if not way_out:
        raise SettingsError(phrase("workflow.notices.no_way_out"), hint=phrase("workflow.notices.set_one"))
    text = consent_text(
        settings, one.kind, reader.language, consent=one.consent, source=reader.consent_source, way_out=way_out
    )
    return Addressee(reader.email, reader.key, one.address_hash, one.about, text)


def _today(workspace: Workspace, ledger: PeopleLedger) -> date:
    return ledger.now().astimezone(ZoneInfo(workspace.settings.newsletter.timezone)).date()


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
