"""Whether it is worth going on when the relay does not answer, hangs up or asks for patience. Touches: nothing."""

from newsletter.smtp.reply import Reply

from .replies import ReplyClass
from .reply_rules import Rules, rule_for
from .stop import Stop, StopKind


class Reach:
    """Counts troubles in a row over all connections; anything the relay decides about a letter ends the row."""

    def __init__(self, connections: int, rules: Rules | None = None) -> None:
        self._rules = rules
        self._ever = False
        self._troubles = 0
        self._most = 3 + 2 * connections
        """Each connection may fail twice at the same moment, as when a relay restarts, and then there must be patience
        left: with the pauses of `Pacer` this is half a minute of a relay that is away."""

    def reached(self) -> None:
        """A connection was made."""
        self._ever = True

    def well(self) -> None:
        """The relay has decided about a letter, in whatever way."""
        self._troubles = 0

    def refused(self, reply: Reply) -> Stop | None:
        """No connection was made. A wrong login, or a relay that was never there, does not get better by waiting."""
        reply_class = rule_for(reply, "", self._rules).reply_class
        if reply_class is ReplyClass.LOGIN:
            return Stop.because(StopKind.LOGIN, reply)
        if reply_class is ReplyClass.CONNECT and not self._ever:
            return Stop.because(StopKind.RELAY, reply)
        return self.trouble(reply)

    def trouble(self, reply: Reply) -> Stop | None:
        """A link was lost, or the relay wants us slower; a Stop when that has been all for too long."""
        self._troubles += 1
        return Stop.because(StopKind.RELAY, reply) if self._troubles >= self._most else None
