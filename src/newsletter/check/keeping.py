"""Whether git keeps the subscribers' addresses: what the rule csv-tracked asks about. Touches: nothing."""

from enum import StrEnum


class Keeping(StrEnum):
    """How a subscriber file stands to git; `newsletter.probes.git` finds out."""

    PRIVATE = "private"
    """Ignored, in no work tree, or git cannot be asked."""
    TRACKED = "tracked"
    OPEN = "open"
    """Not tracked yet, and not ignored: the next `git add .` takes it."""
