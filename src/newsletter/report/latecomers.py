"""What an issue is about to be sent to those who joined since, in words for the question. Touches: nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.ledger.records import DispatchRecord
from newsletter.message.message import Letterhead
from newsletter.settings.model import Settings

from .layout import labelled
from .plan import relay_rows, span_words
from .states_and_times import local


@dataclass(slots=True)
class PassedOver:
    """Those without a delivery who get none all the same, and why."""

    left: int = 0
    """Suppressed: they unsubscribed, complained, or their address is bad."""
    too_early: int = 0
    """Consented before the date that was asked for."""
    undated: int = 0
    """Have no date of consent to compare with it."""
    without_edition: Counter[str] = field(default_factory=Counter)
    """By the variant they would get, of which nothing is frozen."""

    def said(self, bad: int) -> Said:
        """` (left out: 2 suppressed, 1 bad)`, to stand behind another sentence; or nothing."""
        told = tuple(self._said(bad))
        return phrase("report.audience.left_out", counts=told) if told else SILENCE

    def _said(self, bad: int) -> Iterator[Said]:
        if self.left:
            yield phrase("report.audience.suppressed", count=self.left)
        if self.too_early:
            yield phrase("report.latecomers.too_early", count=self.too_early)
        if self.undated:
            yield phrase("report.latecomers.undated", count=self.undated)
        for variant, count in sorted(self.without_edition.items()):
            yield phrase("report.latecomers.without_edition", count=count, variant=variant)
        if bad:
            yield phrase("report.audience.bad", count=bad)


def latecomer_words(
    settings: Settings,
    record: DispatchRecord,
    letterhead: Letterhead,
    subject: str,
    *,
    count: int,
    file: Said,
    some: Sequence[str],
    passed_over: Said,
    pace: Sequence[Said],
    now: datetime,
) -> Said:
    """Issue and its age, subject, sender, how many and the first of them (masked), relay and how long it takes."""
    more = phrase("report.latecomers.and_more", count=count - len(some)) if count > len(some) else SILENCE
    sender = Verbatim(f"{letterhead.sender_name} <{letterhead.sender_address}>")
    return labelled(
        (phrase("report.plan.issue"), age_words(record, settings.newsletter.timezone, now)),
        (phrase("report.plan.subject"), Verbatim(subject)),
        (phrase("report.plan.from"), sender),
        (phrase("report.plan.to"), phrase("report.latecomers.so_many", count=count, file=file, left_out=passed_over)),
        (phrase("report.latecomers.who"), phrase("report.latecomers.some", some=tuple(some), more=more)),
        *relay_rows(settings, count, pace),
    )


def age_words(record: DispatchRecord, zone: str, now: datetime) -> Said:
    """When an issue was planned, and how long ago that is."""
    planned, span = local(record.planned_at, zone), span_words(now - record.planned_at)
    return phrase("report.latecomers.planned", slug=record.slug, planned=planned, span=span)
