"""Names of the points at which a process may die. Touches: nothing.

A run tells them to a callback, which does nothing unless a caller has one: so a test can end the process exactly there
without any code for tests on the way of a letter.
"""

from collections.abc import Callable
from enum import StrEnum


class Failpoint(StrEnum):
    BEFORE_INTENT = "before intent"
    AFTER_INTENT = "after intent"
    AFTER_BODY = "after body"
    AFTER_DOT = "after dot"
    AFTER_REPLY = "after reply"
    BEFORE_COMMIT = "before commit"


OnFailpoint = Callable[[Failpoint], None]


def no_failpoint(_point: Failpoint) -> None:
    """The default: nobody listens."""
