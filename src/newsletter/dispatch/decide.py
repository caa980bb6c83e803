"""What becomes of one delivery after its attempt: a pure answer, for the run to act upon.

Touches: nothing. What follows from a reply is settled in docs/design.md 4.6. Every claim that is decided leaves with
exactly one outcome. `planned` there means: put back, untried.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsletter.catalogue import phrase
from newsletter.ledger.states import Claim, Outcome, State, refusal_key
from newsletter.smtp.client import Lost, TransactionResult
from newsletter.smtp.reply import Reply, no_reply

from .policy import Policy
from .reply_class import ReplyClass
from .reply_meanings import meaning_of
from .reply_rule import ReplyRule, domain_of
from .reply_rules import rule_for
from .retry import put_back, try_later, wait_untried
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
    rest: timedelta = timedelta(0)
    """For so long whoever said it wants nothing more: a quota, or a sender that is not authenticated."""
    holds_domain: bool = False
    """Nothing is to be tried for the recipient's domain until then."""
    is_vague: bool = False
    """The words do not say whom they are about, as far as a rule can tell."""
    is_unforeseen: bool = False
    """A 5xx that may as well be a limit of the relay: deferred, until it is clear whom it was about (refusals.py)."""

    @property
    def is_bad_address(self) -> bool:
        """The address itself is refused: to be suppressed, if the circuit breaker allows it."""
        return self.reply_class is ReplyClass.BAD_ADDRESS

    @property
    def is_full(self) -> bool:
        """Given up because the mailbox was full at every try."""
        return self.reply_class is ReplyClass.MAILBOX_FULL and self.outcome.state is State.FAILED

    @property
    def lost(self) -> bool:
        """There was no reply: the link was lost."""
        return self.reply_class is ReplyClass.LOST

    @property
    def refused(self) -> bool:
        """A reader will not get it, by the words of a relay: what the circuit breaker counts."""
        return self.outcome.state is State.FAILED or self.is_unforeseen

    @property
    def refusal(self) -> str:
        """Equal for equal refusals; empty where there was no reply."""
        reply = self.outcome.reply
        return "" if reply is None else refusal_key(reply.code, reply.enhanced, self.outcome.rule)


def decide(answer: TransactionResult, claim: Claim, now: datetime, policy: Policy, *, any_accepted: bool) -> Decision:
    """What follows from an answer.

    `any_accepted`: somebody of this dispatch has got this letter. Then content that is refused cannot be the same for
    everybody, and one reader's receiver must not hold up all the others.
    """
    if isinstance(answer, Lost):
        return _lost(answer, claim, now, policy)
    rule = rule_for(answer, domain_of(claim.key), policy.rules)
    decision = _replied(answer, rule, claim, now, policy, any_accepted=any_accepted)
    if decision.outcome.state is State.FAILED and _is_unforeseen(answer, rule):
        decision = _not_yet_believed(answer, rule, claim, now, policy)
    if rule.reply_class is ReplyClass.ACCEPTED:
        return decision
    return replace(
        decision, outcome=replace(decision.outcome, rule=rule.id), receivers=rule.is_receivers, is_vague=rule.is_vague
    )


def _lost(lost: Lost, claim: Claim, now: datetime, policy: Policy) -> Decision:
    reply = no_reply(lost.stage, lost.reason)
    if lost.in_doubt:
        return Decision(Outcome(claim, State.IN_DOUBT, reply, ReplyClass.LOST), ReplyClass.LOST)
    if lost.idle:
        return Decision(put_back(claim, reply, ReplyClass.LOST), ReplyClass.LOST)
    return Decision(try_later(claim, reply, ReplyClass.LOST, now, policy), ReplyClass.LOST)


_PERMANENT = 500
"""The first of the codes that say: for good (RFC 5321 4.2.1)."""


def _is_unforeseen(reply: Reply, rule: ReplyRule) -> bool:
    """Whether a limit in words that nobody foresaw may hide behind it.

    What is the same for everybody has been accepted for somebody, else the run had stopped here.
    """
    of_everybody = rule.reply_class in (ReplyClass.CONTENT, ReplyClass.RELAYING)
    return reply.code >= _PERMANENT and (rule.is_vague or of_everybody)


def _not_yet_believed(reply: Reply, rule: ReplyRule, claim: Claim, now: datetime, policy: Policy) -> Decision:
    """Deferred at the first time, with no try counted; the same refusal a second time is final."""
    kind = rule.reply_class
    if claim.refused_with == refusal_key(reply.code, reply.enhanced, rule.id):
        return Decision(Outcome(claim, State.FAILED, reply, kind), kind)
    later = try_later(claim, reply, kind, now, policy)
    if claim.refused_with or later.state is State.EXPIRED:
        # In other words each time: by counting it, that ends after `give_up_after`.
        return Decision(later, kind)
    return Decision(replace(later, attempted=False), kind, is_unforeseen=True)


def interrupted(claim: Claim) -> Outcome:
    """The run is dropped behind the dot of this one, and does not wait for the answer."""
    reply = no_reply("dot", phrase("dispatch.connection.interrupted"))
    return Outcome(claim, State.IN_DOUBT, reply, ReplyClass.LOST)


def _replied(
    reply: Reply, rule: ReplyRule, claim: Claim, now: datetime, policy: Policy, *, any_accepted: bool
) -> Decision:
    kind = rule.reply_class
    match kind:
        case ReplyClass.ACCEPTED:
            return Decision(Outcome(claim, State.SENT, reply, kind), kind)
        case ReplyClass.CONNECT | ReplyClass.LOGIN | ReplyClass.SENDER:
            return _stopped(reply, rule, claim)
        case ReplyClass.CONTENT | ReplyClass.RELAYING if not any_accepted:
            return _stopped(reply, rule, claim)
        case ReplyClass.QUOTA | ReplyClass.UNAUTHENTICATED if reply.stage == "mail":
            return _stopped(reply, rule, claim)
        case ReplyClass.QUOTA | ReplyClass.UNAUTHENTICATED:
            # A relay's quota does not hold the domain: that it is the relay's, several replies in a row have to say.
            whole_domain = rule.is_receivers or kind is ReplyClass.UNAUTHENTICATED
            outcome = wait_untried(claim, reply, kind, now + rule.rest)
            return Decision(outcome, kind, rest=rule.rest, holds_domain=whole_domain)
        case ReplyClass.THROTTLE | ReplyClass.SESSION_LIMIT if reply.stage == "mail":
            # Said before there was a recipient: about us, so it costs the reader no attempt.
            return Decision(put_back(claim, reply, kind), kind, slow_down=True)
        case (
            ReplyClass.THROTTLE
            | ReplyClass.SESSION_LIMIT
            | ReplyClass.GREYLIST
            | ReplyClass.TEMPORARY
            | ReplyClass.LOST
        ):
            outcome = try_later(claim, reply, kind, now, policy)
            return Decision(outcome, kind, slow_down=kind is ReplyClass.THROTTLE)
        case ReplyClass.MAILBOX_FULL if claim.attempts + 1 < policy.mailbox_full_tries:
            return Decision(try_later(claim, reply, kind, now, policy), kind)
        case _:
            return Decision(Outcome(claim, State.FAILED, reply, kind), kind)


def _stopped(reply: Reply, rule: ReplyRule, claim: Claim) -> Decision:
    """It is the same for everybody, and costs nobody a try."""
    kind = rule.reply_class
    rest = rule.rest if kind is ReplyClass.QUOTA else timedelta(0)
    stop = Stop.because(_STOPS[kind], reply, meaning_of(rule.id, kind), rest)
    return Decision(put_back(claim, reply, kind), kind, stop=stop)


_STOPS = {
    ReplyClass.CONNECT: StopKind.RELAY,
    ReplyClass.LOGIN: StopKind.LOGIN,
    ReplyClass.RELAYING: StopKind.LOGIN,
    ReplyClass.SENDER: StopKind.SENDER,
    ReplyClass.CONTENT: StopKind.CONTENT,
    ReplyClass.QUOTA: StopKind.QUOTA,
    ReplyClass.UNAUTHENTICATED: StopKind.UNAUTHENTICATED,
}
