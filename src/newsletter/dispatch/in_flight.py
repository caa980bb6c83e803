"""What one connection has in flight, oldest first: the message that is carried, and the one begun behind its dot.

Touches: the network, through the client; the ledger, through the commits. It is what a stream takes its messages from
(smtp/stream.py), and hands their acceptance in to.

Each of them has its intent handed in. That of a message is handed in with or after the outcome of the one two before
it, so there are never more than two of a connection of which the ledger cannot know the truth.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.ledger.states import Claim
from newsletter.message.message import Message
from newsletter.smtp.client import SMTPClient
from newsletter.smtp.failpoints import Failpoint
from newsletter.smtp.reply import Reply

from .answers import Answers
from .decide import interrupted
from .intent import Intent
from .retry import put_back
from .run_context import RunContext
from .session_refusals import SessionRefusals


@dataclass(slots=True)  # not frozen: one is made for every message
class Flight:
    """A delivery whose intent is handed in."""

    claim: Claim
    message: Message
    intent: Intent


class InFlight:
    """At most two deliveries."""

    def __init__(self, run: RunContext, answers: Answers, client: SMTPClient, refusals: SessionRefusals) -> None:
        self._run = run
        self._answers = answers
        self._client = client
        self._refusals = refusals
        self._flights: deque[Flight] = deque()
        self.broken: Exception | None = None
        """Why the next message could not be made: raised when its turn comes, for the one before it is not to blame."""

    @property
    def first(self) -> Flight | None:
        """The one that is carried."""
        return self._flights[0] if self._flights else None

    @property
    def most(self) -> int:
        """Messages over one connection: by the settings, and by what the relay was found to take."""
        wanted, taken = self._run.policy.messages_per_connection, self._run.refusals.session_limit
        return wanted if taken is None else min(wanted, taken)

    def begin(self, claim: Claim) -> Flight:
        """Hand in that this one is about to go. Raises what composing raises."""
        message = self._run.letters.of(claim)
        self._run.on_failpoint(Failpoint.BEFORE_INTENT)
        flight = Flight(claim, message, self._run.commits.intend(claim))
        self._flights.append(flight)
        return flight

    def done(self) -> None:
        """Something became of the first."""
        self._flights.popleft()

    def drop(self, *, dot_written: bool = False) -> None:
        """What is still here is not tried; but if the first has its dot, nobody waits for the answer to it."""
        for flight in self._flights:
            self._answers.settle(interrupted(flight.claim) if dot_written else put_back(flight.claim))
            dot_written = False
        self._flights.clear()

    # What a stream asks for.

    def accepted(self, reply: Reply) -> bool:
        if not self._answers.accepted(reply, self._flights[0].claim, self._refusals):
            return False
        self._flights.popleft()
        self._answers.tell()
        return True

    def agreed(self, then: Callable[[], None]) -> bool | None:
        """No message goes any more once the run ends, whatever the ledger has agreed to."""
        return not self._run.ending.is_set() and self._flights[0].intent.known(then)

    def following(self) -> Message | None:
        if len(self._flights) == 1 and self.broken is None and (claim := self._start_now()) is not None:
            try:
                self.begin(claim)
            except Exception as error:  # noqa: BLE001 - raised when its turn comes
                self._run.queue.give_back(claim)
                self.broken = error
        return self._flights[1].message if len(self._flights) > 1 else None

    def _start_now(self) -> Claim | None:
        """A delivery that may start at this very moment, its start counted; None where there is none, or not yet."""
        run = self._run
        last = self._client.carried + 1 >= self.most
        if last or run.ending.is_set() or run.pool.is_crowded or not run.budget.is_free:
            return None
        claim = run.queue.take_now()
        if claim is not None:
            run.budget.start()
        return claim
