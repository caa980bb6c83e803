"""Ask flufl.bounce where our own reading finds no address, or only one within a sentence. Touches: nothing.

It knows some forms that name no address at all (a local part under the name of its system). Where a line or a label
names the recipient, ours is as good; for reasons and classes it has nothing. Its patterns go over each line many times
and some with the square of its length, so it gets a plain message of bounded lines, made here: no parts, no fields of
the stranger but From and Subject.
"""

import logging
from email.message import Message

from flufl.bounce import all_failures

from newsletter.printable import one_line

_MOST_LINES = 150
_LONGEST_LINE = 200
_LONGEST_FIELD = 300
_NOBODY = "MAILER-DAEMON@invalid"
"""One of its detectors ends at a message without sender, and with it all that come after."""

# What it cannot read it logs with a traceback, which would stand before the operator as an error of ours.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


def addresses_by_flufl(lines: tuple[str, ...], subject: str, sender: str) -> tuple[str, ...]:
    """In the order of the alphabet, since it answers with a set; empty where it recognises nothing."""
    message = Message()
    message["From"] = _plain(sender) or _NOBODY
    message["Subject"] = _plain(subject)
    message.set_payload("\n".join(line[:_LONGEST_LINE] for line in lines[:_MOST_LINES]))
    try:
        delayed, failed = all_failures(message)
    except (ValueError, LookupError, TypeError, AttributeError):
        # Its detectors let through what the email package raises on fields that are none.
        return ()
    return tuple(sorted(address.decode("ascii", "replace") for address in delayed | failed))


def _plain(field: str) -> str:
    return one_line(field)[:_LONGEST_FIELD].encode("ascii", "replace").decode()
