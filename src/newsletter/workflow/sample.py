"""What stands in a hole where there is no subscriber: the issue's default, and the field's own name where it has none.

Touches: nothing.
"""

from newsletter.audience.subscriber import Subscriber
from newsletter.edition.edition import Edition

PLACEHOLDER_ADDRESS = "subscriber@example.com"


def sample_subscriber(edition: Edition, language: str) -> Subscriber:
    """Somebody without a name or fields; what has no default shows its field's name in corner marks, ‹회사 이름›."""
    bare = {hole.key for hole in edition.holes if hole.default is None}
    fields = {
        key.removeprefix("fields."): f"‹{key.removeprefix('fields.')}›" for key in bare if key.startswith("fields.")
    }
    name = "‹name›" if "name" in bare else ""
    return Subscriber(email=PLACEHOLDER_ADDRESS, key=PLACEHOLDER_ADDRESS, name=name, language=language, fields=fields)


def readable(edition: Edition, text: str) -> str:
    """A text of an edition with every hole filled for a person to read; never for a message."""
    for hole in edition.holes:
        text = text.replace(hole.marker, hole.default if hole.default is not None else f"‹{hole.key}›")
    return text
