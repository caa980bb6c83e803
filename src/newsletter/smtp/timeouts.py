"""How long each step of SMTP may take (RFC 5321 4.5.3.2), in seconds. Touches: nothing.

One short timeout for everything manufactures doubt: a relay that scans a message for two minutes after the dot has it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    connect: float = 30
    """One address of the relay; TCP itself would try for two minutes."""
    greeting: float = 300
    """Also EHLO, STARTTLS and each step of AUTH, for which the RFC names no figure."""
    mail: float = 300
    rcpt: float = 300
    data: float = 120
    """Until 354."""
    block: float = 180
    """Until the relay has taken a piece of the body."""
    dot: float = 600
    """Until the reply to the end of data: the relay may be scanning or storing."""
    reset: float = 30
    """RSET and QUIT decide about nothing, so a relay that hangs there is simply left."""
