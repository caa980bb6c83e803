"""Why a run ends before everything is done, in words and as an exit code (DESIGN 4.4). Touches: nothing."""

from dataclasses import dataclass
from enum import Enum

from newsletter.smtp.reply import Reply


class StopKind(Enum):
    """The reason; each knows the exit code and whether the dispatch is paused by it."""

    RELAY = ("relay", 69, False)
    LOGIN = ("login", 69, False)
    SENDER = ("sender", 77, False)
    CONTENT = ("content", 77, False)
    REFUSALS = ("refusals", 77, True)
    BAD_ADDRESSES = ("bad addresses", 77, True)
    PAUSED = ("paused", 77, False)
    CANCELLED = ("cancelled", 77, False)
    CANARY = ("canary", 75, False)
    ASKED = ("asked to stop", 75, False)
    LEASE = ("lease", 75, False)
    LEDGER = ("ledger", 73, False)

    def __init__(self, label: str, exit_code: int, pauses: bool) -> None:
        self.label = label
        self.exit_code = exit_code
        self.pauses = pauses


_WORDS = {
    StopKind.RELAY: "the relay is not available",
    StopKind.LOGIN: "the relay does not let us in",
    StopKind.SENDER: "the relay refuses the sender",
    StopKind.CONTENT: "the relay refuses this letter, for everybody",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One reason, for people."""

    kind: StopKind
    reason: str

    @property
    def exit_code(self) -> int:
        return self.kind.exit_code

    @classmethod
    def because(cls, kind: StopKind, reply: Reply) -> "Stop":
        """With the relay's own words."""
        return cls(kind, f"{_WORDS[kind]}: {said(reply)}")


_STAGES = {
    "connect": "the connection",
    "ehlo": "EHLO",
    "auth": "the login",
    "mail": "MAIL FROM",
    "rcpt": "RCPT TO",
    "dot": "the end of data",
}


def said(reply: Reply) -> str:
    """The relay's own words, and to what."""
    words = " ".join(part for part in (str(reply.code or ""), reply.enhanced, reply.text) if part)
    return f"{words} (at {_STAGES.get(reply.stage, reply.stage.upper())})"
