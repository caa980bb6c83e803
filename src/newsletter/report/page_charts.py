"""The charts of the pages: which figures become bars and lines, and what stands under them. Touches: nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.catalogue import phrase
from newsletter.check.hosts import readable_host
from newsletter.ledger.accounts import Counts
from newsletter.ledger.states import UNFINISHED, State

from .charts import Drawing, Series, line_chart, lying_bars, standing_bars
from .figures import OTHER, AttemptFigures, Bucket, DomainFigures, IssueFigures, OverTime, ShortFigures

_DOMAINS_DRAWN = 10
_MINUTE, _DAY = 60, 86_400
_UNSENT = (*UNFINISHED, State.SUPPRESSED, State.CANCELLED)


def issue_charts(
    figures: IssueFigures, compared: Sequence[ShortFigures], zone: str, language: str
) -> dict[str, Drawing]:
    """By the names that the page knows them by; one that would show nothing is left out."""
    words = _words(language)
    drawn: dict[str, Drawing] = {}
    if figures.over_time:
        drawn["over_time"] = _over_time(figures.over_time, ZoneInfo(zone), words)
    if len(figures.domains) > 1:
        drawn["domains"] = _domains(figures.domains, words, language)
    if len(figures.attempts) > 1:
        drawn["attempts"] = _stacked([str(one.attempts) for one in figures.attempts], figures.attempts, words)
    if compared:
        issues = [*compared, figures]
        drawn["compared"] = audience_chart(issues, language)
        drawn["rates"] = rates_chart(issues, language)
    return drawn


def audience_chart(issues: Sequence[ShortFigures], language: str) -> Drawing:
    """How many readers each had, and how many of them the relay accepted: the table has the same two numbers."""
    words = _words(language)
    accepted = [one.count(State.SENT) for one in issues]
    others = [one.total - number for one, number in zip(issues, accepted, strict=True)]
    return standing_bars(
        [one.issue for one in issues],
        [Series(words["sent"], "sent", accepted), Series(words["not_accepted"], "waiting", others)],
    )


def rates_chart(issues: Sequence[ShortFigures], language: str) -> Drawing:
    """In per cent."""
    words = _words(language)

    def in_hundred(rates: Sequence[float | None]) -> list[float | None]:
        return [None if rate is None else round(rate * 100, 3) for rate in rates]

    return line_chart(
        [one.issue for one in issues],
        [
            Series(words["failed_rate"], "second", in_hundred([one.bounce_rate for one in issues])),
            Series(words["complained_rate"], "in_doubt", in_hundred([one.complaint_rate for one in issues])),
            Series(words["left_rate"], "waiting", in_hundred([one.leaving_rate for one in issues])),
        ],
    )


def acceptance_chart(issues: Sequence[ShortFigures], language: str) -> Drawing:
    """In minutes."""
    words = _words(language)
    known = [one.acceptance for one in issues]
    return line_chart(
        [one.issue for one in issues],
        [
            Series(words["median"], "sent", [round(one.median / _MINUTE, 2) if one else None for one in known]),
            Series(words["most"], "second", [round(one.p95 / _MINUTE, 2) if one else None for one in known]),
        ],
    )


def _words(language: str) -> Mapping[str, str]:
    known = {
        "sent": phrase("report.page.accepted"),
        "failed": phrase("report.page.failed"),
        "in_doubt": phrase("report.page.in_doubt"),
        "unsent": phrase("report.page.unsent"),
        "expired": phrase("report.page.expired"),
        "not_accepted": phrase("report.page.not_accepted"),
        "median": phrase("report.page.median"),
        "most": phrase("report.page.most"),
        "failed_rate": phrase("report.page.failed_rate"),
        "complained_rate": phrase("report.page.complained_rate"),
        "left_rate": phrase("report.page.left_rate"),
    }
    return {name: said.in_language(language) for name, said in known.items()}


def _stacked(labels: Sequence[str], rows: Sequence[AttemptFigures], words: Mapping[str, str]) -> Drawing:
    return standing_bars(labels, _by_outcome([row.states for row in rows], words))


def _by_outcome(rows: Sequence[Counts], words: Mapping[str, str]) -> list[Series]:
    """Accepted at the bottom; an outcome that nobody has is left out."""

    def together(*states: State) -> list[float | None]:
        return [float(sum(row.get(state, 0) for state in states)) for row in rows]

    found = [
        Series(words["sent"], "sent", together(State.SENT)),
        Series(words["failed"], "failed", together(State.FAILED)),
        Series(words["expired"], "expired", together(State.EXPIRED)),
        Series(words["in_doubt"], "in_doubt", together(State.IN_DOUBT)),
        Series(words["unsent"], "waiting", together(*_UNSENT)),
    ]
    return [one for one in found if any(one.values)] or found[:1]


def _domains(domains: Sequence[DomainFigures], words: Mapping[str, str], language: str) -> Drawing:
    """The largest, and all others together at the end."""
    named = [one for one in domains if one.domain != OTHER]
    shown, others = named[:_DOMAINS_DRAWN], [*named[_DOMAINS_DRAWN:], *(one for one in domains if one.domain == OTHER)]
    labels = [readable_host(one.domain) for one in shown]
    rows: list[Counts] = [one.states for one in shown]
    if others:
        count = sum(one.domains for one in others)
        labels.append(phrase("report.page.other_domains", count=count).in_language(language))
        rows.append({state: sum(one.states.get(state, 0) for one in others) for state in State})
    return lying_bars(labels, _by_outcome(rows, words))


def _over_time(found: OverTime, zone: ZoneInfo, words: Mapping[str, str]) -> Drawing:
    """Also the steps in which nothing ended: a rest has to be seen."""
    width = timedelta(seconds=found.width)
    first, last = found.buckets[0].at, found.buckets[-1].at
    by_time = {one.at: one for one in found.buckets}
    steps = [first + number * width for number in range((last - first) // width + 1)]
    is_long = (last - first).total_seconds() >= _DAY
    form = "%m-%d %H:%M" if is_long else "%H:%M" if found.width >= _MINUTE else "%H:%M:%S"
    labels = [step.astimezone(zone).strftime(form) for step in steps]
    rows = [_states(by_time.get(step), step) for step in steps]
    return standing_bars(labels, _by_outcome(rows, words))


def _states(bucket: Bucket | None, at: datetime) -> Counts:
    one = bucket or Bucket(at=at)
    return {State.SENT: one.sent, State.FAILED: one.failed, State.EXPIRED: one.expired, State.IN_DOUBT: one.in_doubt}
