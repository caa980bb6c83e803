"""What is about to be sent, in words for the question. Touches: nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from newsletter.catalogue import SILENCE, Said, Verbatim, lines, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import UNFINISHED, DispatchStatus, State
from newsletter.settings.model import Settings
from newsletter.settings.rates import slowest_per_second

from .audience import left_out, to_words
from .expected_end import Allowance
from .layout import Row, labelled
from .states_and_times import STATUS_WORDS, counts_words, local

_HOUR, _DAY = 60, 24 * 60
"""Minutes."""


def plan_words(
    settings: Settings,
    file: str,
    subject: str,
    audience: AudienceSummary,
    further: Sequence[Row] = (),
    pace: Sequence[Said] = (),
) -> Said:
    """Issue, subject, sender, audience, relay and how long it takes (`pace_words`); `further` rows at the end."""
    return labelled(
        (phrase("report.plan.issue"), Verbatim(file)),
        (phrase("report.plan.subject"), Verbatim(subject)),
        (phrase("report.plan.from"), Verbatim(f"{settings.sender_name} <{settings.sender.address}>")),
        *(((phrase("report.plan.to") if not nth else None), words) for nth, words in enumerate(to_words(audience))),
        *relay_rows(settings, audience.to_mail, pace),
        *((None, row) for row in left_out(audience)),
        *further,
    )


def relay_rows(settings: Settings, messages: int, pace: Sequence[Said]) -> Iterator[Row]:
    """By which relay so many messages go, and how long it takes (`pace_words`)."""
    yield phrase("report.plan.relay"), _relay(settings, 0 if pace else messages)
    for words in pace:
        yield (phrase("report.plan.pace") if words is pace[0] else None), words


def _relay(settings: Settings, messages: int) -> Said:
    """The address without whatever stands before the @: a password could. And how long the set rate takes."""
    scheme, _, rest = settings.smtp.url.partition("://")
    address = f"{scheme}://{rest.rpartition('@')[2]}"
    rate = slowest_per_second(settings.smtp.rate)
    if rate is None or messages < rate * 60:
        return Verbatim(address)
    minutes = f"{messages / rate / 60:.0f}"
    return phrase("report.plan.takes", relay=address, minutes=minutes, rate=_rates(settings))


def pace_words(settings: Settings, messages: int, pace: Allowance, now: datetime) -> tuple[Said, ...]:
    """When so many messages will have gone out within the windows of hours and days; nothing without windows."""
    if not pace.windows or not messages:
        return ()
    needed, rates = pace.time_needed(messages), _rates(settings)
    done = phrase("report.plan.takes_for_ever", rates=rates)
    if needed is not None:
        when = local(now + needed, settings.newsletter.timezone)
        done = phrase("report.plan.done_about", rates=rates, when=when)
    in_parts = (_in_parts(settings, pace, now),) if pace.free < messages else ()
    used = tuple(
        phrase("report.plan.used_of", used=usage.used, window=str(usage.window)) for usage in pace.windows if usage.used
    )
    return done, *in_parts, *((phrase("report.plan.used", used=used),) if used else ())


def _in_parts(settings: Settings, pace: Allowance, now: datetime) -> Said:
    if pace.free:
        return phrase("report.plan.in_parts", count=pace.free)
    return phrase("report.plan.nothing_now", when=local(now + pace.wait, settings.newsletter.timezone))


def _rates(settings: Settings) -> str:
    """As they were typed."""
    rates = settings.smtp.rate
    return rates if isinstance(rates, str) else ", ".join(rates)


def due_words(publish_at: datetime, now: datetime, zone: str) -> Said:
    """When an issue is due, and how much too early or too late now is."""
    when = local(publish_at, zone)
    minutes = abs(int((publish_at - now).total_seconds())) // 60
    if not minutes:
        return Verbatim(when)
    span = span_words(abs(publish_at - now))
    return phrase("report.plan.is_early" if publish_at > now else "report.plan.is_late", when=when, span=span)


def span_words(span: timedelta) -> Said:
    """A length of time in days, hours or minutes, whichever says enough."""
    minutes = int(span.total_seconds()) // 60
    if minutes >= 2 * _DAY:
        return phrase("report.plan.days", count=minutes // _DAY)
    if minutes >= 2 * _HOUR:
        return phrase("report.plan.hours", count=minutes // _HOUR)
    return phrase("report.plan.minutes", count=minutes)


def continue_words(record: DispatchRecord, counts: Mapping[State, int], zone: str, pace: Sequence[Said] = ()) -> Said:
    """An issue that was planned before: how far it is, and how long the rest takes."""
    slug, done, planned = record.slug, counts_words(counts), local(record.planned_at, zone)
    if not any(counts[state] for state in UNFINISHED):
        doubt = phrase("report.plan.decide_doubt", slug=slug) if counts[State.IN_DOUBT] else SILENCE
        return lines(phrase("report.plan.nothing_left", slug=slug, planned=planned, counts=done), doubt)
    if record.status is DispatchStatus.RUNNING:
        return lines(phrase("report.plan.goes_on", slug=slug, planned=planned), done, *pace)
    status = STATUS_WORDS[record.status]
    return lines(phrase("report.plan.goes_on_though", slug=slug, planned=planned, status=status), done, *pace)
