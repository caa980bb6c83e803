"""What the ledger knows of one issue: as JSON for scripts, as a table for people. Touches: nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.ledger.records import DeliveryRecord, DispatchRecord, ReplyCount
from newsletter.ledger.returns import EventKind
from newsletter.ledger.states import ATTENTION, UNFINISHED, DispatchStatus, Learned, State

from .came_back import events_as_json, events_said
from .headway import Headway, planning
from .layout import left, right, width
from .replies import replies_as_json, replies_table
from .states_and_times import STATE_WORDS, STATUS_WORDS, counts_words, local, resting_words, standing_of

if TYPE_CHECKING:
    from newsletter.ledger.scheduling import Scheduled

_WIDEST_STATE = 10
_DIGITS = 9
"""Columns: a count of a hundred million."""

MAX_NAMED = 50
"""So many deliveries of a state are named; in doubt always all, since somebody has to decide about each."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """One look at an issue; `record` is None where it was never planned."""

    slug: str
    zone: str
    """The newsletter's time zone."""
    record: DispatchRecord | None
    headway: Headway
    attention: Sequence[DeliveryRecord] = ()
    """Deliveries that are in doubt, failed, expired or deferred."""
    replies: Sequence[ReplyCount] = ()
    """What the relay said to how many."""
    resting: Sequence[Learned] = ()
    """Domains that are left alone just now, since they asked for patience."""
    events: Mapping[EventKind, int] = field(default_factory=dict)
    """What came back of so many deliveries, which stay `sent`."""
    outlook: Said = SILENCE
    """Of an issue that was never planned: whether it is approved and due. Of any: why this ledger is not sent with."""
    scheduled: "Scheduled | None" = None
    """Of an issue that was never planned: its newest approval that reached the ledger."""

    @property
    def counts(self) -> Mapping[State, int]:
        """Deliveries by state."""
        return self.headway.counts

    @property
    def total(self) -> int:
        return self.headway.total

    @property
    def standing(self) -> str:
        """For scripts: never planned, being planned, running, paused, cancelled, or finished."""
        if self.record is None:
            return "planning" if self.headway.living else "never_planned"
        return standing_of(self.record, self.counts)

    def to_json(self) -> str:
        """Contract (docs/design.md 4.4): `{"issue", "total", "states"}`, all ten states always there."""
        return json.dumps(self.as_json(), ensure_ascii=False)

    def as_json(self) -> dict[str, object]:
        """The same before it is text."""
        states = {state.value: self.counts.get(state, 0) for state in State}
        resting = [
            {"domain": one.domain, "until": one.rests_until.isoformat()} for one in self.resting if one.rests_until
        ]
        return {
            "issue": self.slug,
            "total": self.total,
            "states": states,
            "events": events_as_json(self.events),
            "standing": self.standing,
            **self.headway.as_json(),
            "paused": self._paused_as_json(),
            "replies": replies_as_json(self.replies),
            "resting": resting,
            "approval": self.scheduled.as_json() if self.scheduled else None,
        }

    def _paused_as_json(self) -> dict[str, str] | None:
        if self.record is None or self.record.paused_at is None:
            return None
        return {
            "at": self.record.paused_at.isoformat(timespec="seconds"),
            "by": str(self.record.paused_by or ""),
            "reason": str(self.record.reason or ""),
        }

    def to_text(self, language: str = "en") -> str:
        """The same for a person, with the deliveries that somebody may ask about."""
        if self.record is None:
            told = [planning(worker, self.zone) for worker in self.headway.living] or [self.outlook]
            return lines(phrase("report.status.never_planned", slug=self.slug), *told).in_language(language)
        return "\n".join([*self.head(language), *self._details(language)])

    def head(self, language: str = "en") -> list[str]:
        """Where it stands, how far it is, who is at it; the counts."""
        if self.record is None:
            return self.to_text(language).splitlines()
        standing, planned = self._standing(self.record), local(self.record.planned_at, self.zone)
        head = phrase("report.status.head", slug=self.slug, standing=standing, planned=planned)
        said = self._paused(self.record)
        said += self.headway.said(self.slug, self.zone, running=self.record.status is DispatchStatus.RUNNING)
        told = [head.in_language(language), *(f"  {one.in_language(language)}" for one in said)]
        return told + self._counted(language)

    def line(self, language: str = "en") -> str:
        """All in one line, for a log: when, where it stands, how far, how many in which state."""
        if self.record is None:
            return self.head(language)[0]
        said = phrase(
            "report.status.line",
            when=local(self.headway.now, self.zone),
            slug=self.slug,
            standing=self._standing(self.record),
            progress=self.headway.in_short(self.zone),
            counts=counts_words(self.counts),
        )
        return said.in_language(language)

    def _details(self, language: str) -> list[str]:
        """What the relay said, which domains rest, and who needs attention."""
        told = replies_table(self.replies, language)
        told += [
            f"  {resting_words(one.domain, one.rests_until, self.zone).in_language(language)}"
            for one in self.resting
            if one.rests_until is not None
        ]
        for state in ATTENTION:
            told += self._named(state, language)
        return told + self.outlook.in_language(language).splitlines()

    def _standing(self, record: DispatchRecord) -> Said:
        if record.status is not DispatchStatus.RUNNING:
            status = STATUS_WORDS[record.status]
            return phrase("report.status.because", status=status, reason=record.reason) if record.reason else status
        if any(self.counts[state] for state in UNFINISHED):
            return phrase("report.status.not_finished")
        if self.counts[State.IN_DOUBT]:
            return phrase("report.status.finished_but_for_doubt")
        return phrase("report.status.finished")

    def _paused(self, record: DispatchRecord) -> list[Said]:
        """By whom and since when, and how it goes on."""
        if record.paused_at is None:
            return []
        when = local(record.paused_at, self.zone)
        since = phrase("report.status.paused_since", when=when)
        if record.paused_by is not None:
            since = phrase("report.status.paused_by", by=record.paused_by, when=when)
        return [since, phrase("report.status.to_go_on", slug=self.slug)]

    def _counted(self, language: str) -> list[str]:
        """How many are in each state, and the total; a state that nobody is in is left out."""
        counts = [(STATE_WORDS[state].in_language(language), count) for state, count in self.counts.items() if count]
        counts.append((phrase("report.status.total").in_language(language), self.total))
        widest = max(_WIDEST_STATE, *(width(word) for word, _ in counts))
        told = [f"  {left(word, widest)} {right(str(count), _DIGITS)}" for word, count in counts]
        came_back = events_said(self.events).in_language(language)
        return [*told, f"  {came_back}"] if came_back else told

    def _named(self, state: State, language: str) -> list[str]:
        some = [delivery for delivery in self.attention if delivery.state is state]
        if not some:
            return []
        shown = some if state is State.IN_DOUBT else some[:MAX_NAMED]
        told = [f"{STATE_WORDS[state].in_language(language)}:"]
        told += [f"  {self._told(delivery, language)}" for delivery in shown]
        # Counts and names are read one after the other, and a run may be on between them.
        if (more := self.counts[state] - len(shown)) > 0:
            told.append(f"  {phrase('report.status.more', count=more).in_language(language)}")
        if state is State.IN_DOUBT:
            told.append(f"  {phrase('report.status.to_decide', slug=self.slug).in_language(language)}")
        return told

    def _told(self, delivery: DeliveryRecord, language: str) -> str:
        words = [delivery.address]
        if delivery.reply is not None:
            words.append(delivery.reply.in_language(language))
        if delivery.state is State.DEFERRED and delivery.due_at is not None:
            again = phrase("report.status.again", when=local(delivery.due_at, self.zone))
            words.append(again.in_language(language))
        return "  ".join(words)
