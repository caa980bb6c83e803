"""Whom a refusal is about: the reader who met it, this connection, or the relay (docs/design.md 4.6). Touches: nothing.

Many relays end a session by refusing everybody in it from some message on, with a code that says nothing of that:
`451 Mails per session limit` after ten. Waiting on the same connection would never end. So after three equal refusals
in a row, on a connection that has carried mail, the same reader is asked about on a fresh one:

- accepted: it was a limit of the session. Its number is kept, and connections end before it from now on.
- refused, but somebody else is accepted there: it is about these readers (greylisting, mostly), and the same words
  are not asked about again so soon.
- refused, and so are two more: it is the relay, for everybody; the run stops. The same on a connection that begins so.
  Of a recipient's refusal one domain cannot tell: it may be dead, and its readers stand together in the file. So that
  domain is left alone until readers in other domains were asked, where there are any.

Who met only the first or the last kind has lost no try by it. A 5xx in words that no rule foresaw may be such a limit,
too: it waits as deferred and is believed as soon as somebody else is accepted on the same connection after it.

What one connection knows of it stands in session_refusals.py, what all of them have found out together here.
"""

from collections import Counter, deque
from collections.abc import Iterable
from typing import Protocol

from newsletter.ledger.states import Claim, Outcome, State

from .decide import Decision
from .reply_class import ReplyClass
from .reply_rule import domain_of

IN_A_ROW = 3
"""Equal refusals after which they are no chance any more."""

_FEW = 5
"""Messages a connection; to connect anew so often costs more than a refusal now and then."""

_REMEMBERED = 100
"""Refusals that may be thought of differently later: the circuit breaker looks as far back."""


class RefusedInSession(Protocol):
    """The refusals of one connection (session_refusals.py)."""

    @property
    def in_a_row(self) -> tuple[Decision, ...]:
        """Nobody was accepted after them."""

    def give_up(self, refusal: str) -> tuple[Outcome, ...]:
        """It is the relay: what this has cost here."""


class Refusals:
    """What the connections of a run have found out together."""

    def __init__(self, connections: int) -> None:
        """`connections`: as many may have been accepted before a refusal, and be told after it."""
        self.connections = connections
        self.session_limit: int | None = None
        """Messages that the relay takes over one connection, where that was learned."""
        self.learned_now = False
        """It was learned in this run."""
        self.about_readers: set[str] = set()
        """Refusals of which it is known."""
        self.accepted = 0
        self._seen: int | None = None
        self._open: deque[Decision] = deque(maxlen=_REMEMBERED)
        """Refusals of sessions that have ended since, of which nobody knows yet whom they were about."""
        self._ends_sessions: set[str] = set()
        """Refusals that were a session's limit."""
        self._believed: deque[Decision] = deque(maxlen=_REMEMBERED)
        self._refuses_all = ""
        """The refusal that the relay has for everybody."""
        self.sessions: set[RefusedInSession] = set()
        """Of the connections that are at work."""

    @property
    def is_calm(self) -> bool:
        """No try is to be given back (`cost_of_limits`)."""
        return not (self._open and self._ends_sessions)

    def learn(self, messages: int, refusal: str) -> None:
        """A session took so many. Few are believed when it happens again: a relay may just have been unwell then."""
        self._ends_sessions.add(refusal)
        self.about_readers.discard(refusal)
        if messages >= _FEW or messages == self._seen:
            self.session_limit, self.learned_now = messages, True
        self._seen = messages

    def relay_refuses_all(self, refusal: str) -> tuple[Outcome, ...]:
        """It is the relay: the tries that this has cost on any connection."""
        self._refuses_all = refusal
        return tuple(outcome for session in self.sessions for outcome in session.give_up(refusal))

    def domains(self, refusal: str) -> frozenset[str]:
        """Whose readers have met it, nobody accepted after them on their connection."""
        met = (one for session in self.sessions for one in session.in_a_row if one.refusal == refusal)
        return frozenset(domain_of(one.outcome.claim.key) for one in met)

    def is_for_all(self, decision: Decision) -> bool:
        """It is known to be the relay's answer to everybody."""
        return decision.refusal == self._refuses_all

    def leave_open(self, decisions: Iterable[Decision]) -> None:
        """Their session has ended, and nobody was accepted in it after them."""
        self._open.extend(decisions)

    def cost_of_limits(self) -> tuple[Outcome, ...]:
        """Those left open whose refusal turned out to be a session's limit; each is given once."""
        if not (self._open and self._ends_sessions):
            return ()
        found = [one for one in self._open if one.refusal in self._ends_sessions]
        if found:
            self._open = deque((one for one in self._open if one.refusal not in self._ends_sessions), _REMEMBERED)
        return outcomes_of(found)

    def believe(self, decisions: Iterable[Decision]) -> tuple[Claim, ...]:
        """Of these, the unforeseen ones: somebody else was accepted after them."""
        found = [decision for decision in decisions if decision.is_unforeseen]
        self._believed.extend(found)
        return tuple(decision.outcome.claim for decision in found)

    def doubted(self, reply_class: ReplyClass) -> tuple[Claim, ...]:
        """The circuit breaker was tripped by this class: who was believed to be refused by it, after all may not be."""
        found = [one for one in self._believed if one.reply_class is reply_class]
        self._believed.clear()
        return tuple(decision.outcome.claim for decision in found)

    def at_end(self) -> tuple[Claim, ...]:
        """The run ends. One or two that a receiver's policy refused are what they seem; the others are asked again."""
        equal = Counter(one.refusal for one in self._open)
        return self.believe(
            one for one in self._open if one.reply_class is not ReplyClass.PERMANENT and equal[one.refusal] < IN_A_ROW
        )


def outcomes_of(decisions: Iterable[Decision]) -> tuple[Outcome, ...]:
    """Those that were written down; what was put back has nothing to be taken back."""
    return tuple(one.outcome for one in decisions if one.outcome.state is not State.PLANNED)
