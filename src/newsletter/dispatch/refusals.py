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
"""

from collections import Counter, deque
from collections.abc import Iterable

from newsletter.ledger.states import Claim, Outcome, State

from .about import About, Conclusion, is_some_limit, may_be_a_limit
from .decide import Decision
from .reply_class import ReplyClass
from .reply_rule import domain_of

IN_A_ROW = 3
"""Equal refusals after which they are no chance any more."""

_IN_A_ROW_AGAIN = 20
"""The same for a refusal that was about readers before: a relay may say both in the same words."""

_FEW = 5
"""Messages a connection; to connect anew so often costs more than a refusal now and then."""

_REMEMBERED = 100
"""Refusals that may be thought of differently later: the circuit breaker looks as far back."""


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
        self.sessions: set[SessionRefusals] = set()
        """Of the connections that are at work."""

    @property
    def is_calm(self) -> bool:
        """No try is to be given back (`cost_of_limits`)."""
        return not (self._open and self._ends_sessions)

    def session(self) -> "SessionRefusals":
        """Of one more connection."""
        made = SessionRefusals(self)
        self.sessions.add(made)
        return made

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
        return _outcomes(found)

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


class SessionRefusals:
    """What was refused in the session of one connection since it last took a message."""

    def __init__(self, run: Refusals) -> None:
        self._run = run
        self._accepted = 0
        self._since: list[Decision] = []
        self._asked: Claim | None = None
        """Who is asked about on a fresh connection."""
        self._because = ""
        """The refusal that it is about."""
        self._before: tuple[Decision, ...] = ()
        """Those who met the same refusal before the fresh connection."""
        self._took = 0
        """Messages, by the session before."""
        self._accepted_by_all = 0
        """Messages, over all connections until then."""

    def ended(self) -> None:
        """The session is over; perhaps to begin a fresh one with the reader who is asked about."""
        if self._since:
            self._give_up_asking()
        self._run.leave_open(self._since)
        self._since, self._accepted = [], 0

    def left(self) -> None:
        """The connection is over."""
        self._give_up_asking()
        self.ended()
        self._run.sessions.discard(self)

    @property
    def is_calm(self) -> bool:
        """Nobody was refused since the last that was taken, or is asked about: nothing follows from one more."""
        return not (self._since or self._before or self._asked)

    def took(self) -> None:
        """One more message."""
        self._run.accepted += 1
        self._accepted += 1

    def see(self, decision: Decision, *, any_accepted: bool) -> Conclusion:
        """One decision of this session; `any_accepted`: this dispatch's letter has been accepted for somebody."""
        if decision.outcome.state is State.SENT:
            return self._taken(decision.outcome.claim)
        if is_some_limit(decision):
            return self._some_limit(decision)
        if not may_be_a_limit(decision):
            if decision.outcome.claim is self._asked:
                self._give_up_asking()
            return Conclusion()
        if self._run.is_for_all(decision):
            return Conclusion(About.RELAY, untried=_outcomes([decision]))
        if not self._since:
            self._accepted_by_all = self._run.accepted
        self._since.append(decision)
        if self._accepted:
            says_so = decision.reply_class is ReplyClass.SESSION_LIMIT  # one of them is enough to ask
            return self._ask_again(decision) if says_so or self._is_no_chance(decision) else Conclusion()
        return self._first_thing(decision) if any_accepted else Conclusion()

    def _some_limit(self, decision: Decision) -> Conclusion:
        """One of them is enough to ask, and one answer to know; before the number that is known it is no session's."""
        limit = self._run.session_limit
        if decision.outcome.claim is self._asked:
            self._run.about_readers.add(decision.refusal)
            self._give_up_asking()
        known = decision.refusal in self._run.about_readers or (limit is not None and self._accepted < limit)
        if known or not self._accepted:
            return Conclusion()
        self._since.append(decision)
        return self._ask_again(decision)

    def give_up(self, refusal: str) -> tuple[Outcome, ...]:
        """It is the relay: what this has cost here."""
        found = [one for one in self.in_a_row if one.refusal == refusal]
        self._since = [one for one in self._since if one.refusal != refusal]
        self._before, self._asked = (), None
        return _outcomes(found)

    @property
    def in_a_row(self) -> tuple[Decision, ...]:
        return (*self._before, *self._since)

    def is_relay(self, decision: Decision) -> Conclusion:
        """Nobody anywhere is accepted."""
        return Conclusion(About.RELAY, untried=self._run.relay_refuses_all(decision.refusal))

    def is_domain(self) -> Conclusion:
        """The last domains that are left refuse their readers, as domains do: each of them is asked."""
        refused = self._forget()
        self._run.about_readers.update(one.refusal for one in refused)
        self._run.leave_open(refused)
        return Conclusion(About.READERS)

    def _forget(self) -> tuple[Decision, ...]:
        refused = self.in_a_row
        self._since, self._before, self._asked = [], (), None
        return refused

    def _is_no_chance(self, decision: Decision) -> bool:
        last = self._last(decision)
        return bool(last) and all(one.refusal == decision.refusal for one in last)

    def _last(self, decision: Decision) -> list[Decision]:
        """As many as are no chance if they are equal; empty while there are fewer."""
        needed = _IN_A_ROW_AGAIN if decision.refusal in self._run.about_readers else IN_A_ROW
        return self._since[-needed:] if len(self._since) >= needed else []

    def _ask_again(self, decision: Decision) -> Conclusion:
        others = self._since[:-1]
        self._asked, self._because = decision.outcome.claim, decision.refusal
        self._took = self._accepted
        self._before = tuple(one for one in others if one.refusal == decision.refusal)
        self._run.leave_open(one for one in others if one.refusal != decision.refusal)
        self._since = []
        return Conclusion(About.UNKNOWN)

    def _give_up_asking(self) -> None:
        self._run.leave_open(self._before)
        self._before, self._asked = (), None

    def _taken(self, claim: Claim) -> Conclusion:
        before, asked = self._before, self._asked
        self.took()
        refused = self._forget()
        if claim is asked:
            self._run.learn(self._took, self._because)
            return Conclusion(About.SESSION, untried=_outcomes(before))
        return self._about_readers(refused)

    def _about_readers(self, refused: tuple[Decision, ...]) -> Conclusion:
        self._run.about_readers.update(one.refusal for one in refused)
        return Conclusion(About.READERS if refused else About.NOBODY, believed=self._run.believe(refused))

    def _first_thing(self, decision: Decision) -> Conclusion:
        """A connection begins with refusals: it is the relay where that goes on, and nobody is accepted elsewhere.

        Who was deferred before may simply be greylisted still.
        """
        new = self._asked is not None or all(one.outcome.claim.attempts == 0 for one in self._last(decision))
        if len({one.refusal for one in self.in_a_row}) > 1:
            self._give_up_asking()
            return Conclusion()
        if not (new and self._is_no_chance(decision)):
            return Conclusion()
        if self._run.accepted > self._accepted_by_all + self._run.connections:
            return self._about_readers(self._forget())
        reply = decision.outcome.reply
        is_at_mail = reply is not None and reply.stage == "mail"  # before any recipient was named
        return (
            self.is_relay(decision)
            if is_at_mail or len(self._run.domains(decision.refusal)) >= IN_A_ROW
            else Conclusion(About.DOMAIN)
        )


def _outcomes(decisions: Iterable[Decision]) -> tuple[Outcome, ...]:
    """Those that were written down; what was put back has nothing to be taken back."""
    return tuple(one.outcome for one in decisions if one.outcome.state is not State.PLANNED)
