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

from newsletter.smtp.reply import Reply


class State(StrEnum):
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


UNFINISHED = (State.PLANNED, State.CLAIMED, State.IN_FLIGHT, State.DEFERRED)
"""States of a delivery that a run can still do something about."""


class DispatchStatus(StrEnum):
    """The kill switch: only `running` lets an intent through."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is this process's own for now; every update of it is fenced by the lease."""

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim. `state` is sent, failed, deferred, in_doubt, expired, or planned (put back untried)."""

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


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address never to mail. `newsletter` is a list_id, or `*` for all newsletters of the ledger."""

    newsletter: str
    reason: str
    """unsubscribed, complained, bad address, mailbox full, manual."""
    at: datetime
    key: str = ""
    """The normalised address where it is known; a link knows only the hash."""
    address_hash: bytes = b""
