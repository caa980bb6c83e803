"""What was refused on one connection since the relay last took a message over it, and what follows from one more.

Touches: nothing but what the connections of a run know together (refusals.py, where the whole is told).
"""

from newsletter.ledger.states import Claim, Outcome, State

from .about import About, Conclusion, is_some_limit, may_be_a_limit
from .decide import Decision
from .refusals import IN_A_ROW, Refusals, outcomes_of
from .reply_class import ReplyClass

_IN_A_ROW_AGAIN = 20
"""The same for a refusal that was about readers before: a relay may say both in the same words."""


class SessionRefusals:
    """What was refused in the session of one connection since it last took a message."""

    def __init__(self, run: Refusals) -> None:
        self._run = run
        run.sessions.add(self)
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
            return Conclusion(About.RELAY, untried=outcomes_of([decision]))
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
        return outcomes_of(found)

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
            return Conclusion(About.SESSION, untried=outcomes_of(before))
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
