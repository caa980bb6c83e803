"""What becomes of one delivery after its attempt: a pure answer that the run obeys (DESIGN 4.6). Touches: nothing.

Every claim that is decided leaves with exactly one outcome. `planned` there means: put back, untried.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.ledger.states import Claim, Outcome, State
from newsletter.smtp.client import Answer, Lost
from newsletter.smtp.reply import Reply

from .policy import Policy
from .replies import ReplyClass
from .reply_rules import rule_for
from .stop import Stop, StopKind


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a claim, and what it tells the run."""

    outcome: Outcome
    reply_class: ReplyClass
    stop: Stop | None = None
    """The run cannot go on like this."""
    slow_down: bool = False
    """The relay wants it, or with `receivers` the domain behind it."""
    receivers: bool = False
    """The words are the receiver's, not the relay's, as far as a rule can tell."""

    @property
    def is_bad_address(self) -> bool:
        """The address itself is refused: to be suppressed, if the brakes allow it."""
        return self.reply_class is ReplyClass.BAD_ADDRESS

    @property
    def is_full(self) -> bool:
        """Given up because the mailbox was full at every try."""
        return self.reply_class is ReplyClass.MAILBOX_FULL and self.outcome.state is State.FAILED

    @property
    def refused(self) -> bool:
        """A reader will not get it, by the words of a relay: what the brakes count."""
        return self.outcome.state is State.FAILED


def domain_of(address: str) -> str:
    """The part after the last at sign; the ledger's keys have it as an A-label."""
    return address.rpartition("@")[2]


def decide(answer: Answer, claim: Claim, now: datetime, policy: Policy, *, any_accepted: bool) -> Decision:
    """What follows from an answer.

    `any_accepted`: somebody of this dispatch has got this letter. Then content that is refused cannot be the same for
    everybody, and one reader's receiver must not hold up all the others.
    """
    if isinstance(answer, Lost):
        return _lost(answer, claim, now, policy)
    rule = rule_for(answer, domain_of(claim.key), policy.rules)
    decision = _replied(answer, rule.reply_class, claim, now, policy, any_accepted=any_accepted)
    if rule.reply_class is ReplyClass.ACCEPTED:
        return decision
    return replace(decision, outcome=replace(decision.outcome, rule=rule.id), receivers=rule.is_receivers)


def _lost(lost: Lost, claim: Claim, now: datetime, policy: Policy) -> Decision:
    reply = Reply(lost.stage, 0, "", lost.reason)
    if lost.in_doubt:
        return Decision(Outcome(claim, State.IN_DOUBT, reply, ReplyClass.LOST), ReplyClass.LOST)
    if lost.idle:
        return Decision(put_back(claim, reply, ReplyClass.LOST), ReplyClass.LOST)
    return Decision(_try_later(claim, reply, ReplyClass.LOST, now, policy), ReplyClass.LOST)


def _replied(
    reply: Reply, kind: ReplyClass, claim: Claim, now: datetime, policy: Policy, *, any_accepted: bool
) -> Decision:
    match kind:
        case ReplyClass.ACCEPTED:
            return Decision(Outcome(claim, State.SENT, reply, kind), kind)
        case ReplyClass.CONNECT | ReplyClass.LOGIN | ReplyClass.SENDER:
            return Decision(put_back(claim, reply, kind), kind, stop=Stop.because(_STOPS[kind], reply))
        case ReplyClass.CONTENT | ReplyClass.RELAYING if not any_accepted:
            return Decision(put_back(claim, reply, kind), kind, stop=Stop.because(_STOPS[kind], reply))
        case ReplyClass.THROTTLE if reply.stage == "mail":
            # Said before there was a recipient: about us, so it costs the reader no attempt.
            return Decision(put_back(claim, reply, kind), kind, slow_down=True)
        case ReplyClass.THROTTLE | ReplyClass.GREYLIST | ReplyClass.TEMPORARY | ReplyClass.LOST:
            outcome = _try_later(claim, reply, kind, now, policy)
            return Decision(outcome, kind, slow_down=kind is ReplyClass.THROTTLE)
        case ReplyClass.MAILBOX_FULL if claim.attempts + 1 < policy.mailbox_full_tries:
            return Decision(_try_later(claim, reply, kind, now, policy), kind)
        case _:
            return Decision(Outcome(claim, State.FAILED, reply, kind), kind)


_STOPS = {
    ReplyClass.CONNECT: StopKind.RELAY,
    ReplyClass.LOGIN: StopKind.LOGIN,
    ReplyClass.RELAYING: StopKind.LOGIN,
    ReplyClass.SENDER: StopKind.SENDER,
    ReplyClass.CONTENT: StopKind.CONTENT,
}


def put_back(claim: Claim, reply: Reply | None = None, kind: str = "") -> Outcome:
    """Nothing became of this claim, and it costs the reader no attempt."""
    return Outcome(claim, State.PLANNED, reply, kind, attempted=False)


def _try_later(claim: Claim, reply: Reply, kind: ReplyClass, now: datetime, policy: Policy) -> Outcome:
    """Deferred, or expired after `give_up_after` of trying; the ledger moves the first attempt past every pause."""
    first = claim.first_attempt_at or now
    if now - first >= policy.give_up_after:
        return Outcome(claim, State.EXPIRED, reply, kind)
    return Outcome(claim, State.DEFERRED, reply, kind, due_at=now + policy.wait_after(claim.attempts + 1))
