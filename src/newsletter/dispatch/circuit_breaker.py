"""When a run has to end for what many replies say together (docs/design.md 4.6). Touches: nothing.

It trips on four things. The relay does not answer, hangs up or asks for patience, many times in a row. Refusals of one
class for more than 20 % of the last 100 attempts. And bad addresses beyond 2 % of the attempted, or 20 if that is more:
then it is more likely the relay or the sender that is wrong, and none is suppressed.

"None" cannot be kept by suppressing as one goes, so bad addresses are withheld and released in tranches: after each
1,000 attempts, and at the end of the run, if it has not tripped by then. A relay that begins to refuse everybody in the
middle so harms nobody: its tranche is dropped. Who is refused is `failed` at once in either case, and a process that is
killed forgets only what it withheld: the next issue finds these addresses again. Full mailboxes wait with them, and
whether one was full for several issues the ledger knows.
"""

from collections import Counter, deque
from dataclasses import dataclass

from newsletter.catalogue import Phrase, phrase
from newsletter.ledger.states import Claim
from newsletter.smtp.reply import Reply

from .decide import Decision
from .reply_class import CLASS_IN_WORDS, ReplyClass
from .reply_meanings import ReplyMeaning, meaning_of
from .reply_rule import domain_of
from .reply_rules import ReplyRules, rule_for
from .stop import Stop, StopKind

_WINDOW = 100
_MOST_REFUSALS = 20
"""More than these of the last 100 attempts, in one class: 20 %."""
_TRANCHE = 1000
_QUOTAS = 3
"""Readers in a row whose letters met a limit that is used up, nobody accepted meanwhile: then it is the relay's own,
and not that of a receiver whose words it passes on."""
_UNAUTHENTICATED = 10
"""Domains in a row that take us for somebody else, nobody accepted meanwhile: then it is so everywhere."""
_BAD_SHARE = 0.02
_BAD_AT_LEAST = 20


@dataclass(frozen=True, slots=True)
class Suppressible:
    """Whom the run may suppress now."""

    bad: tuple[Claim, ...] = ()
    full: tuple[Claim, ...] = ()
    """Given up because the mailbox is full; to be suppressed if it was for earlier issues, too."""


class CircuitBreaker:
    """Sees every connection and every decision of a run; says when to stop and which addresses may be suppressed."""

    def __init__(self, connections: int, rules: ReplyRules | None = None) -> None:
        self.attempted = 0
        """Over all processes of the run."""
        self.attempted_elsewhere = 0
        """Of these, by the other processes."""
        self._rules = rules
        self._ever_connected = False
        self._troubles = 0
        """In a row, over all connections."""
        self._most_troubles = 3 + 2 * connections
        """Each connection may fail twice at the same moment, as when a relay restarts, and then there must be patience
        left: with the pauses of `Throttle` this is half a minute of a relay that is away."""
        self._recent: deque[ReplyClass | None] = deque()
        self._refused: Counter[ReplyClass] = Counter()
        self._quotas = 0
        self._unauthenticated: set[str] = set()
        self._bad = 0
        self._withheld: list[Claim] = []
        self._full: list[Claim] = []
        self._tranche = 0
        """The last that was released."""
        self._tripped = False

    def connected(self) -> None:
        """A connection was made."""
        self._ever_connected = True

    def not_connected(self, reply: Reply) -> Stop | None:
        """No connection was made. A wrong login, or a relay that was never there, does not get better by waiting."""
        rule = rule_for(reply, "", self._rules)
        reply_class, meaning = rule.reply_class, meaning_of(rule.id, rule.reply_class)
        if reply_class is ReplyClass.QUOTA:
            return Stop.because(StopKind.QUOTA, reply, meaning, rule.rest)
        if reply_class is ReplyClass.UNAUTHENTICATED:
            return Stop.because(StopKind.UNAUTHENTICATED, reply, meaning)
        if reply_class is ReplyClass.LOGIN:
            return Stop.because(StopKind.LOGIN, reply, meaning)
        if reply_class is ReplyClass.CONNECT and not self._ever_connected:
            return Stop.because(StopKind.RELAY, reply, meaning)
        return self.trouble(reply)

    def trouble(self, reply: Reply) -> Stop | None:
        """A link was lost, or the relay wants us slower; a Stop when that has been all for too long."""
        self._troubles += 1
        return Stop.because(StopKind.RELAY, reply) if self._troubles >= self._most_troubles else None

    def relay_is_well(self) -> None:
        """The relay has decided about a letter, in whatever way: that ends the row of troubles."""
        self._troubles = 0

    @property
    def is_calm(self) -> bool:
        """One more that is accepted releases nobody (`release`)."""
        return not (self._withheld or self._full) or (self.attempted + 1) // _TRANCHE <= self._tranche

    def accepted(self) -> None:
        """The same as to `see` a message that was accepted, and to `release`: it cannot trip."""
        self.relay_is_well()
        self._quotas = 0
        self._unauthenticated.clear()
        self.attempted += 1
        self._tranche = max(self._tranche, self.attempted // _TRANCHE)
        self._remember(None)

    def accepted_elsewhere(self, messages: int) -> None:
        """So many by other processes of the run."""
        self.relay_is_well()
        self._quotas = 0
        self._unauthenticated.clear()
        self.attempted += messages
        self.attempted_elsewhere += messages
        for _ in range(min(messages, _WINDOW)):
            self._remember(None)

    def see(self, decision: Decision, *, ours: bool = True) -> Stop | None:
        """Count one decision; a Stop means that it has tripped, for the rest of the run.

        What is not `ours` another process has decided, which withholds whom it may suppress.
        """
        if decision.reply_class is ReplyClass.ACCEPTED:
            self._quotas = 0
            self._unauthenticated.clear()
        if not (decision.outcome.attempted or decision.is_unforeseen):
            return self._everywhere(decision)
        self.attempted += 1
        self.attempted_elsewhere += not ours
        if decision.is_bad_address:
            self._bad += 1
            if ours:
                self._withheld.append(decision.outcome.claim)
        elif decision.is_full and ours:
            self._full.append(decision.outcome.claim)
        self._remember(decision.reply_class if decision.refused else None)
        return self._judge(decision)

    def _everywhere(self, decision: Decision) -> Stop | None:
        """A Stop where what holds up one reader or domain holds up one after the other."""
        reply, claim = decision.outcome.reply, decision.outcome.claim
        if reply is None or decision.stop is not None or claim.met_limit:
            # Perhaps it is their receiver's limit, and without end: they must not stop the run again and again.
            return None
        meaning = meaning_of(decision.outcome.rule, decision.reply_class)
        if decision.reply_class is ReplyClass.QUOTA and not decision.holds_domain:
            self._quotas += 1
            if self._quotas >= _QUOTAS:
                return Stop.because(StopKind.QUOTA, reply, meaning, decision.rest)
        elif decision.reply_class is ReplyClass.UNAUTHENTICATED:
            self._unauthenticated.add(domain_of(claim.key))
            if len(self._unauthenticated) >= _UNAUTHENTICATED:
                return Stop.because(StopKind.UNAUTHENTICATED, reply, meaning)
        return None

    def release(self, *, at_end: bool) -> Suppressible:
        """Those to suppress now; each is given once."""
        tranche = self.attempted // _TRANCHE
        if self._tripped or not (at_end or tranche > self._tranche):
            return Suppressible()
        self._tranche = tranche
        released = Suppressible(tuple(self._withheld), tuple(self._full))
        self._withheld, self._full = [], []
        return released

    def _remember(self, refused: ReplyClass | None) -> None:
        self._recent.append(refused)
        if refused is not None:
            self._refused[refused] += 1
        if len(self._recent) > _WINDOW and (old := self._recent.popleft()) is not None:
            self._refused[old] -= 1

    def _judge(self, decision: Decision) -> Stop | None:
        if self._bad > max(_BAD_AT_LEAST, self.attempted * _BAD_SHARE):
            return self._trip(
                StopKind.BAD_ADDRESSES, phrase("dispatch.stop.bad_addresses", bad=self._bad, attempted=self.attempted)
            )
        count = self._refused[decision.reply_class]
        if not decision.refused or count <= _MOST_REFUSALS:
            return None
        attempts, kind = len(self._recent), CLASS_IN_WORDS[decision.reply_class]
        if (reply := decision.outcome.reply) is None:
            reason = phrase("dispatch.stop.refused_alike", count=count, attempts=attempts, kind=kind)
        else:
            reason = phrase(
                "dispatch.stop.refused_alike_last_with", count=count, attempts=attempts, kind=kind, reply=reply
            )
        # What an address or a mailbox is told to wait for is nothing to do about many of them.
        is_about_one = decision.is_bad_address or decision.is_full
        meaning = None if is_about_one else meaning_of(decision.outcome.rule, decision.reply_class)
        return self._trip(StopKind.REFUSALS, reason, meaning)

    def trip(self) -> None:
        """Nobody is suppressed any more for what was refused until now."""
        self._tripped, self._withheld, self._full = True, [], []

    def _trip(self, kind: StopKind, reason: Phrase, meaning: ReplyMeaning | None = None) -> Stop:
        self.trip()
        return Stop(kind, reason, meaning=meaning)
