"""The ten states of a delivery and the values that pass between the ledger and a dispatch. Touches: nothing.

planned ──claim──▶ claimed ──intent──▶ in_flight ──reply──▶ sent | failed | deferred
   ▲                  │                    └──link lost after the dot, lease run out──▶ in_doubt
   └──lease run out, put back──┘           deferred ──due again──▶ claimed;  ──tried too long──▶ expired
suppressed (at plan or claim time) and cancelled are never tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsletter.catalogue import Phrase, Said, Verbatim, phrase
from newsletter.smtp.reply import Reply


class State(StrEnum):
    """Of a delivery. The sets below have names by what is asked of them, so that Python and SQL ask the same."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    IN_FLIGHT = "in_flight"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


WAITING = (State.PLANNED, State.DEFERRED)
"""No process has it: a run may claim it, a deferred one from its time on."""
HELD = (State.CLAIMED, State.IN_FLIGHT)
"""A process has it, under a lease."""
UNFINISHED = (*WAITING, *HELD)
"""A run can still do something about it."""
COUNTED = (
    State.SENT,
    State.FAILED,
    State.IN_DOUBT,
    State.SUPPRESSED,
    State.EXPIRED,
    State.CANCELLED,
)
"""Whoever is in one of these waits for no run: a lot counts them by name."""
OPEN = (*UNFINISHED, State.IN_DOUBT)
"""It can still become another state: by a run, or by a person who decides."""
READY = (State.PLANNED, *HELD)
"""It waits for no time: a run is needed now, or at work."""
REVISABLE = (*WAITING, State.CLAIMED)
"""Its message has not begun, for no dot goes without another intent: it can be corrected or cancelled."""
WENT_OUT = (State.SENT, State.IN_DOUBT)
"""The dot was written, or may have been, and nobody is at work on it any more."""
REACHED = (*WENT_OUT, State.IN_FLIGHT)
"""Its reader has the message, or may have it in a moment."""
SETTLED = (*WENT_OUT, State.FAILED, State.EXPIRED)
"""A run is done with it."""
TRIED = (*SETTLED, State.IN_FLIGHT, State.DEFERRED)
"""Its message was begun at least once, as far as the state tells."""
ATTENTION = (State.IN_DOUBT, State.FAILED, State.EXPIRED, State.DEFERRED)
"""Somebody may want to know who these are, most urgent first."""
NEVER_REACHED = (State.FAILED, State.SUPPRESSED, State.EXPIRED, State.CANCELLED)
"""At an end, and its reader has not got the message."""


class DispatchStatus(StrEnum):
    """The kill switch: only `running` lets an intent through."""

    STAGING = "staging"
    """Being planned: only its planner sees it."""
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Claim:
    """A delivery that is this process's own for now; every update of it is fenced by the lease.

    Nobody changes one, nor an `Outcome`. They are not frozen: making a frozen one takes eight times as long, 2 µs.
    """

    delivery: int
    lease: int
    address: str
    key: str
    variant: str
    values: Mapping[str, str]
    attempts: int
    """How often it was tried before."""
    first_attempt_at: datetime | None
    edition: int = 0
    """Number of the frozen edition; when the delivery gets a corrected one meanwhile, this claim is lost."""
    refused_with: str = ""
    """Code, enhanced code and rule of the 5xx that its last try got and that was not believed yet."""
    met_limit: bool = False
    """Its last try met a limit of hours or days, or a sender that is not authenticated."""
    dispatch: int = 0
    lot: int = 0
    revision: int = 1
    """Of the dispatch's editions when it was claimed."""
    seen: int = 0
    """The newest suppression that this claim was held against; 0 where that says nothing (PostgreSQL)."""


def refusal_key(code: int, enhanced: str, rule: str) -> str:
    """What makes two refusals equal: words may carry queue ids and times."""
    return f"{code} {enhanced} {rule}"


@dataclass(slots=True)
class Outcome:
    """What became of a claim. `state` is sent, failed, deferred, in_doubt, expired, planned (put back untried), or
    claimed (kept by this process, to be tried at once in another way)."""

    claim: Claim
    state: State
    reply: Reply | None = None
    reply_class: str = ""
    attempted: bool = True
    due_at: datetime | None = None
    """For deferred: not before."""
    rule: str = ""
    """The id of the rule that gave the reply its class."""


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """One row of a plan, before it is in the ledger."""

    address: str
    key: str
    address_hash: bytes
    variant: str
    values: Mapping[str, str]
    line: int
    former_hashes: tuple[bytes, ...] = ()
    """Made with the newsletter's former list_ids: who left by a link of an earlier letter is known by one of them."""


@dataclass(frozen=True, slots=True)
class Learned:
    """How much a relay was last willing to take; with a domain: the receiver behind it."""

    domain: str
    """Of recipients; empty: the relay itself."""
    window: float
    """Connections at once."""
    in_a_row: int = 0
    """Replies that asked for patience, none accepted since."""
    rests_until: datetime | None = None
    session_limit: int | None = None
    """Messages that the relay takes over one connection; None: not known."""


class SuppressionReason(StrEnum):
    """Why an address is never mailed, as it is kept and exported; an operator may keep words of his own instead."""

    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    BAD_ADDRESS = "bad address"
    MAILBOX_FULL = "mailbox full"
    MANUAL = "manual"
    FORGOTTEN = "forgotten"
    """Erased on request: only the keyed hash is kept."""


_REASONS: Mapping[str, Phrase] = {
    SuppressionReason.UNSUBSCRIBED: phrase("ledger.suppression.unsubscribed"),
    SuppressionReason.COMPLAINED: phrase("ledger.suppression.complained"),
    SuppressionReason.BAD_ADDRESS: phrase("ledger.suppression.bad_address"),
    SuppressionReason.MAILBOX_FULL: phrase("ledger.suppression.mailbox_full"),
    SuppressionReason.MANUAL: phrase("ledger.suppression.manual"),
    SuppressionReason.FORGOTTEN: phrase("ledger.suppression.forgotten"),
}


def reason_said(reason: str) -> Said:
    """A reason for suppressing, to be shown: the known ones in words, an operator's own as they stand."""
    return _REASONS.get(reason) or Verbatim(reason)


LIFTED_BY_SIGN_UP = (SuppressionReason.UNSUBSCRIBED, SuppressionReason.FORGOTTEN, SuppressionReason.MAILBOX_FULL)
"""By a yes: the person has changed their mind, and a mail has reached them. Who is suppressed for another reason stays
so, and gets no mail that asks, either."""
EVERYWHERE = "*"
"""Of a suppression: it holds for all newsletters of the ledger."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address never to mail."""

    newsletter: str
    """Its list_id, or EVERYWHERE."""
    reason: str
    """A `SuppressionReason`, or an operator's own words; `reason_said` shows it."""
    at: datetime
    key: str = ""
    """The normalised address where it is known; a link knows only the hash."""
    address_hash: bytes = b""
