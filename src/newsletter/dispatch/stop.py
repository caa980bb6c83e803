"""Why a run ends before everything is done, in words and as an exit code (docs/design.md 4.4). Touches: nothing."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from newsletter.catalogue import Phrase, Said, Verbatim, phrase
from newsletter.ledger.budgets import Block
from newsletter.smtp.reply import Reply

from .reply_meanings import ReplyMeaning


class StopKind(Enum):
    """The reason; each knows the exit code and whether the dispatch is paused by it."""

    RELAY = ("relay", 69, False)
    LOGIN = ("login", 69, False)
    SENDER = ("sender", 77, False)
    CONTENT = ("content", 77, False)
    QUOTA = ("quota", 75, False)
    UNAUTHENTICATED = ("unauthenticated", 77, False)
    REFUSALS = ("refusals", 77, True)
    BAD_ADDRESSES = ("bad addresses", 77, True)
    PAUSED = ("paused", 77, False)
    CANCELLED = ("cancelled", 77, False)
    CANARY = ("canary", 75, False)
    ASKED = ("asked to stop", 75, False)
    LEASE = ("lease", 75, False)
    BUDGET = ("budget", 75, False)
    LEDGER = ("ledger", 73, False)

    def __init__(self, label: str, exit_code: int, pauses: bool) -> None:
        self.label = label
        self.exit_code = exit_code
        self.pauses = pauses


_BY_REPLY = {
    StopKind.RELAY: "dispatch.stop.relay",
    StopKind.LOGIN: "dispatch.stop.login",
    StopKind.SENDER: "dispatch.stop.sender",
    StopKind.CONTENT: "dispatch.stop.content",
    StopKind.QUOTA: "dispatch.stop.quota",
    StopKind.UNAUTHENTICATED: "dispatch.stop.unauthenticated",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One reason, for people."""

    kind: StopKind
    reason: Phrase
    rest: timedelta = timedelta(0)
    """For so long the relay is not to be asked again, by later runs neither."""
    meaning: ReplyMeaning | None = None
    """What the reply means that stopped it, and how to mend it."""

    @property
    def exit_code(self) -> int:
        return self.kind.exit_code

    @classmethod
    def because(
        cls, kind: StopKind, reply: Reply, meaning: ReplyMeaning | None = None, rest: timedelta = timedelta(0)
    ) -> "Stop":
        """With the relay's own words."""
        return cls(kind, phrase(_BY_REPLY[kind], reply=reply_at_stage(reply)), rest, meaning)

    @classmethod
    def used_up(cls, block: Block) -> "Stop":
        """Of a window of hours or days nothing is left."""
        return cls(StopKind.BUDGET, phrase("dispatch.stop.used_up", windows=tuple(map(str, block.used_up))))


_STAGES: dict[str, Said] = {
    "connect": phrase("dispatch.stop.at_connection"),
    "ehlo": Verbatim("EHLO"),
    "auth": phrase("dispatch.stop.at_login"),
    "mail": Verbatim("MAIL FROM"),
    "rcpt": Verbatim("RCPT TO"),
    "dot": phrase("dispatch.stop.at_end_of_data"),
}


def reply_at_stage(reply: Reply) -> Phrase:
    """The relay's own words, and to what; where nobody answered at all, that says it."""
    if reply.stage == "connect" and not reply.code:
        return phrase("dispatch.stop.no_reply", reason=reply)
    return phrase("dispatch.stop.reply", reply=reply, stage=_STAGES.get(reply.stage, Verbatim(reply.stage.upper())))
