"""What somebody is told: what happened, in words and in numbers, and the next command. Touches: nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from newsletter.catalogue import SILENCE, Lines, Said, phrase
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.states import UNFINISHED, State
from newsletter.printable import printable

from .ending import Ending
from .replies import masked
from .run_end import STOPPED_BY


class Occasion(StrEnum):
    """What happened, for programs (docs/operating.md)."""

    FINISHED = "finished"
    UNFINISHED = "unfinished"
    """A run ended; deferred ones remain, or others are still at work."""
    STOPPED = "stopped"
    PAUSED = "paused"
    IN_DOUBT = "in_doubt"
    WAITING = "waiting"
    """For a limit of hours or days, or until a record of the sender's is published."""
    MISSED = "missed"
    NEAR = "near"
    """An issue's time comes near and it cannot go out as it is."""
    NOT_READY = "not_ready"
    """The time is there and it cannot."""
    APPROVED_LATE = "approved_late"
    AUDIENCE_CHANGED = "audience_changed"
    BOUNCES = "bounces"
    COMPLAINTS = "complaints"
    ERROR = "error"


_IN_SHORT: Mapping[Occasion, Said] = {
    Occasion.FINISHED: phrase("report.notice.finished"),
    Occasion.UNFINISHED: phrase("report.notice.another_look"),
    Occasion.STOPPED: phrase("report.notice.has_stopped"),
    Occasion.PAUSED: phrase("report.notice.is_paused"),
    Occasion.IN_DOUBT: phrase("report.notice.in_doubt"),
    Occasion.WAITING: phrase("report.notice.waiting"),
    Occasion.MISSED: phrase("report.notice.missed"),
    Occasion.NEAR: phrase("report.notice.near"),
    Occasion.NOT_READY: phrase("report.notice.not_ready"),
    Occasion.APPROVED_LATE: phrase("report.notice.approved_late"),
    Occasion.AUDIENCE_CHANGED: phrase("report.notice.audience_changed"),
    Occasion.BOUNCES: phrase("report.notice.bounces"),
    Occasion.COMPLAINTS: phrase("report.notice.complaints"),
    Occasion.ERROR: phrase("report.notice.error"),
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """One thing to tell."""

    event: Occasion
    words: Said
    issue: str | None = None
    exit_code: int = 0
    states: Mapping[State, int] = field(default_factory=dict)
    """Counts of the issue's deliveries, after a run."""
    numbers: Mapping[str, int | float] = field(default_factory=dict)
    """Whatever else was counted, by name."""
    next_command: str = ""
    """What to type next; empty where there is no one command."""
    stopped: StopKind | None = None
    subject: Said | None = None
    """What the subject says in place of the event's own words."""

    @property
    def in_short(self) -> Said:
        """Two or three words, for a subject."""
        if self.stopped is not None:
            return phrase("report.notice.stopped", why=STOPPED_BY[self.stopped])
        return self.subject or _IN_SHORT[self.event]

    def text(self, language: str) -> str:
        """All of it for a person, addresses masked; the command where the words do not name it."""
        words = self.words.in_language(language)
        missing = self.next_command and self.next_command not in words
        further = phrase("report.notice.next", command=self.next_command) if missing else SILENCE
        return _fit(Lines((self.words, further)).in_language(language))

    def as_json(self, newsletter: str, language: str, now: datetime) -> dict[str, object]:
        """What the operator's command is given (docs/operating.md)."""
        return {
            "newsletter": newsletter,
            "issue": None if self.issue is None else printable(self.issue),
            "event": self.event.value,
            "exit_code": self.exit_code,
            "message": _fit(self.words.in_language(language)),
            "states": {state.value: count for state, count in self.states.items()},
            "numbers": dict(self.numbers),
            "next_command": self.next_command or None,
            "at": now.isoformat(timespec="seconds"),
        }


def _fit(words: str) -> str:
    """Without addresses, and without what a mail or JSON cannot carry: names of files may hold anything."""
    return printable(masked(words, ""))


def announcement_of(ending: Ending, *, by_hand: bool = True) -> Announcement:
    """How a run ended: of a person (`by_hand`), to whom what is in doubt is 75, or of cron, to whom it is 0."""
    stopped = ending.report.stopped
    numbers = {"total": sum(ending.counts.values()), "sent_by_this_run": max(ending.gained(State.SENT), 0)}
    return Announcement(
        _event_of(ending),
        ending.summary(),
        ending.slug,
        ending.exit_code(by_hand=by_hand),
        ending.counts,
        numbers,
        f"newsletter {_next_of(ending)} {ending.slug}",
        stopped.kind if stopped else None,
    )


def _event_of(ending: Ending) -> Occasion:
    if ending.paused is not None:
        return Occasion.PAUSED
    if ending.out_of_budget:
        return Occasion.WAITING
    if ending.report.stopped is not None:
        return Occasion.STOPPED
    if ending.exit_code(by_hand=False):
        return Occasion.UNFINISHED
    return Occasion.IN_DOUBT if ending.counts[State.IN_DOUBT] else Occasion.FINISHED


def _next_of(ending: Ending) -> str:
    if ending.paused is not None:
        return "resume"
    return "send" if any(ending.counts[state] for state in UNFINISHED) else "status"
