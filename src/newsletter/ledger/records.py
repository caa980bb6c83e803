"""What the ledger tells about itself: dispatches, deliveries, plans, and why a book was opened. Touches: nothing."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from newsletter.catalogue import Said
from newsletter.errors import RefusedError, RunAgainError, SettingsError
from newsletter.smtp.reply import Reply

from .states import DispatchStatus, State


class Purpose(Enum):
    """Why the ledger is opened, which decides what is done when there is none."""

    READ = "read"
    """status, pause, resolve: there must be one."""
    PAGES = "pages"
    """The subscribers' pages and `suppress`: made where there is none, but `--due` does not trust such a book."""
    SENDING = "sending"
    """`send ISSUE`: made where there never was one, and from then on good for `--due`."""
    BEGINNING = "beginning"
    """`ledger init`: as SENDING."""
    ADOPTING = "adopting"
    """`ledger adopt`: made where one was lost, for somebody says so; whatever stands there is good."""
    DUE = "due"
    """`send --due`: a lost ledger would mean mailing everybody again, so it is never made here (docs/design.md 4.4)."""


class LedgerMissingError(SettingsError):
    """There is no ledger, or (for DUE) none that a person has started to send with."""


class LedgerLostError(LedgerMissingError):
    """There was one and it is gone, or an empty one stands in its place: what was sent before is not known any more."""


class LedgerBehindError(RefusedError):
    """The ledger is not the one last sent with from here, or an older copy of it: it would mail people twice."""


class LeaseLostError(RunAgainError):
    """This process was silent for so long that its deliveries were taken back; it owns nothing any more."""


class PlannedElsewhereError(RunAgainError):
    """Another process, perhaps of another machine, is writing the plan of this issue just now."""


@dataclass(frozen=True, slots=True)
class DispatchRecord:
    """One issue on its way to its audience."""

    id: int
    newsletter: str
    """The list_id."""
    slug: str
    status: DispatchStatus
    reason: Said | None
    """Why it is paused; None where it is not, or nobody said why."""
    planned_at: datetime
    digest: str
    """SHA-256 in hex over all its newest editions."""
    total: int
    """Deliveries; the counts of all states add up to it."""
    canary_of: int | None = None
    """So many first, and then it pauses."""
    canary_lease: int | None = None
    """The lease that sends them; meanwhile nobody else is handed anything."""
    paused_at: datetime | None = None
    paused_by: Said | None = None
    """A person (`hong@mail1`), or a run itself; None where it is not paused, or an older version kept nobody."""


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What a plan came to. With `existing`, the issue had been planned before and `rows` were not looked at."""

    dispatch: int
    total: int
    suppressed: int
    duplicates: int
    existing: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One issue for one subscriber, as the book has it."""

    id: int
    address: str
    key: str
    line: int
    """Line of the subscriber file when it was planned."""
    variant: str
    revision: int
    """Of the letter, from 1: which words it was sent with, or will be."""
    state: State
    attempts: int
    first_attempt_at: datetime | None
    """Moved forward by the length of every pause since, so that give-up counts trying only."""
    due_at: datetime | None
    changed_at: datetime
    """When it came to its state; claims do not count."""
    reply: Reply | None
    reply_class: str
    reply_rule: str
    """The id of the rule that gave the class; empty where there was no reply, or an older version kept none."""


@dataclass(frozen=True, slots=True)
class ReplyCount:
    """One kind of reply of a dispatch: how many deliveries had it last, and one of them."""

    reply_class: str
    reply_rule: str
    count: int
    example: DeliveryRecord
