"""What became of an issue, in numbers: the values that accounting.py counts. Touches: nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .records import DeliveryRecord, DispatchRecord
from .returns import EventKind
from .states import State

Counts = Mapping[State, int]


@dataclass(frozen=True, slots=True)
class PastRun:
    """One process's part of the sending of an issue."""

    began_at: datetime
    ended_at: datetime | None
    """None while it is at work, or was not heard of since."""
    messages: int
    """That it began; one that was tried again counts again."""
    ended_by: str
    """`ENDED_DONE`, or the name of what stopped it; empty where it did not say."""
    rested: timedelta
    """How long it waited for a window of hours or days."""
    pid: int
    machine: str


@dataclass(frozen=True, slots=True)
class Times:
    """When deliveries came to their end, by steps of time: `since + step * width`."""

    since: datetime
    last: datetime
    """When the last one ended."""
    width: timedelta
    counts: Mapping[int, Counts]
    """By step; one in which nothing ended is left out."""
    latecomers: int = 0
    """Deliveries of those who joined after the plan: they come days later, and are in nothing of this."""
    last_latecomer: datetime | None = None
    """When the last of these ended."""


@dataclass(frozen=True, slots=True)
class Departures:
    """Who was suppressed from one moment to another."""

    until: datetime | None
    """None: until now."""
    by_reason: Mapping[str, int]
    one_clicks: int
    """Of them those of whom a link told."""
    said_why: Mapping[str, int] = field(default_factory=dict)
    """How often each reason was given on the page, by whole days; of who gave it, nothing is known."""


@dataclass(frozen=True, slots=True)
class ShortAccount:
    """What is asked of every issue, so that they can be compared."""

    record: DispatchRecord
    counts: Counts
    """As the lots count them."""
    runs: Sequence[PastRun]
    times: Times | None
    """None where nothing has come to its end."""
    departures: Departures
    events: Mapping[EventKind, int] = field(default_factory=dict)
    """Of so many deliveries came back what."""


@dataclass(frozen=True, slots=True)
class DomainAccount:
    """The readers of one domain; of those with few readers together."""

    domain: str
    """As A-labels; empty: several domains."""
    domains: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Retried:
    """Those that were accepted after more than one attempt, and how long that took from the first one on."""

    accepted: int = 0
    median: timedelta = timedelta()
    most: timedelta = timedelta()
    """95 of a hundred took no longer."""
    longest: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class StateReply:
    """One kind of last reply to deliveries that are in one state."""

    state: State
    reply_class: str
    reply_rule: str
    count: int
    example: DeliveryRecord


@dataclass(frozen=True, slots=True)
class LetterSize:
    """A frozen edition; in bytes, before it is encoded for the mail."""

    variant: str
    revision: int
    subject: str
    """With merge fields as the edition's defaults have them."""
    readers: int
    html: int
    text: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Account:
    """All that the book tells of one issue, of one moment."""

    short: ShortAccount
    rows: Counts
    """Counted delivery by delivery."""
    by_person: int
    """Of the sent those that a person counted as sent: no reply is known."""
    domains: Sequence[DomainAccount]
    attempts: Mapping[int, Counts]
    """By how often they were tried; the greatest number stands for more as well."""
    retried: Retried
    replies: Sequence[StateReply]
    doubts: Sequence[DeliveryRecord]
    """The first ones."""
    letters: Sequence[LetterSize]
    few: frozenset[str]
    """Domains of `replies` and `doubts` with few readers."""
    others: Sequence[ShortAccount] = field(default=())
    """Earlier issues, the oldest first."""
    leave_words: Sequence[str] = ()
    """What readers wrote when they left, the newest first; of who wrote it, nothing is known."""
    leave_words_total: int = 0
    """As many there are."""
