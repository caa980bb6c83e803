"""What stands in a hole where there is no subscriber: the issue's default, and the field's own name where it has none.

Touches: nothing.
"""

from newsletter.audience.subscriber import Subscriber
from newsletter.edition.edition import Edition
from newsletter.message.holes import stand_ins

PLACEHOLDER_ADDRESS = "subscriber@example.com"


def sample_subscriber(edition: Edition) -> Subscriber:
    """Somebody without a name or fields; what has no default shows its field's name in brackets."""
    shown = stand_ins(edition)
    fields = {key.removeprefix("fields."): name for key, name in shown.items() if key.startswith("fields.")}
    return Subscriber(
        email=PLACEHOLDER_ADDRESS,
        key=PLACEHOLDER_ADDRESS,
        name=shown.get("name", ""),
        language=edition.language,
        fields=fields,
    )


def readable(edition: Edition, text: str) -> str:
    """A text of an edition with every hole filled for a person to read; never for a message."""
    shown = stand_ins(edition)
    for hole in edition.holes:
        shown_here = hole.default if hole.default is not None else shown.get(hole.key, f"({hole.key})")
        text = text.replace(hole.marker, shown_here)
    return text
