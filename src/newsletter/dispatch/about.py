"""What is to be found out about a refusal: whom it is about, and which may be a limit at all. Touches: nothing."""

from dataclasses import dataclass
from enum import Enum, auto

from newsletter.ledger.states import Claim, Outcome, State

from .decide import Decision
from .reply_class import ReplyClass

_ABOUT_WHOM = frozenset(
    {
        ReplyClass.THROTTLE,
        ReplyClass.SESSION_LIMIT,
        ReplyClass.GREYLIST,
        ReplyClass.TEMPORARY,
        ReplyClass.PERMANENT,
        ReplyClass.POLICY,
        ReplyClass.CONTENT,
        ReplyClass.RELAYING,
    }
)
"""Classes that a limit may hide behind; the others say clearly whom they are about."""


class About(Enum):
    """Whom the refusals so far are about."""

    NOBODY = auto()
    """Nothing follows yet."""
    UNKNOWN = auto()
    """To be found out: the same reader, once, on a fresh connection."""
    SESSION = auto()
    READERS = auto()
    DOMAIN = auto()
    """Or the relay: too few domains were asked to tell."""
    RELAY = auto()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What follows from one decision, beside its outcome."""

    about: About = About.NOBODY
    untried: tuple[Outcome, ...] = ()
    """These were refused for nothing: they have lost no try."""
    believed: tuple[Claim, ...] = ()
    """Refused in words that nobody foresaw, and it was about them: they have failed."""


def is_some_limit(decision: Decision) -> bool:
    """A limit, nobody can tell of what: `too many emails` may be an hour's or a session's."""
    return decision.reply_class is ReplyClass.QUOTA and decision.is_vague and not decision.receivers


def may_be_a_limit(decision: Decision) -> bool:
    """Whether it may be about somebody else than its reader."""
    return (
        decision.reply_class in _ABOUT_WHOM
        and not decision.receivers
        and decision.stop is None
        and decision.outcome.state in (State.DEFERRED, State.PLANNED, State.EXPIRED)
    )
