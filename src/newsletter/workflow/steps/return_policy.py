"""What follows from a return: an event, and perhaps a suppression. Touches: nothing.

Only what is proved may suppress: a bad address and a complaint everywhere, a mailto its own newsletter. What is ours to
mend (policy, authentication, size) never does, a full mailbox only after several issues. Who moved is told, not
followed.
"""

from collections.abc import Mapping

from newsletter.dispatch.reply_class import ReplyClass
from newsletter.ledger.returns import EventKind, ReturnEvent
from newsletter.ledger.states import SuppressionReason
from newsletter.returns.model import Kind, Return

from .return_proof import Proven

FULL_ISSUES = 3
"""For so many issues in a row a mailbox is full; then it is nobody's any more."""

_EVENTS: Mapping[Kind, EventKind] = {
    Kind.BOUNCE: EventKind.BOUNCED,
    Kind.DELAY: EventKind.DELAYED,
    Kind.COMPLAINT: EventKind.COMPLAINED,
    Kind.UNSUBSCRIBE: EventKind.UNSUBSCRIBED,
    Kind.MOVED: EventKind.MOVED,
    Kind.AUTO_REPLY: EventKind.REPLIED,
    Kind.CHALLENGE: EventKind.REPLIED,
}


def event_of(
    one: Return, proven: Proven | None, fingerprint: str, *, newsletter: str, claimed_hash: bytes
) -> ReturnEvent | None:
    """None for what is no event: it arrived, nobody understood it, or it is about a letter that was only tried.

    Where nobody is proved, it stands under `newsletter` and the hash of the address that it names.
    """
    event = _EVENTS.get(one.kind)
    if event is None or (proven and proven.is_proof):
        return None
    return ReturnEvent(
        fingerprint,
        proven.newsletter if proven else newsletter,
        event,
        proven.address_hash if proven else claimed_hash,
        key=proven.key if proven else "",
        delivery=proven.delivery if proven else None,
        reply_class=one.reply_class,
        code=one.code,
        enhanced=one.enhanced,
        text=one.text,
        rule=one.rule,
        suppress=_reason(one) if proven else None,
    )


def is_full(event: ReturnEvent) -> bool:
    """A mailbox was full; counted over several issues."""
    return event.event is EventKind.BOUNCED and event.reply_class == ReplyClass.MAILBOX_FULL


def _reason(one: Return) -> SuppressionReason | None:
    if one.kind is Kind.COMPLAINT:
        return SuppressionReason.COMPLAINED
    if one.kind is Kind.UNSUBSCRIBE:
        return SuppressionReason.UNSUBSCRIBED
    if one.kind is Kind.BOUNCE and one.reply_class == ReplyClass.BAD_ADDRESS:
        return SuppressionReason.BAD_ADDRESS
    return None
