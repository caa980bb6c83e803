"""Try a merge: compose one subscriber's message as a send would, and say what came of it. Touches: nothing.

Signed with a key of its own: no secret is needed, or made, to look; all tokens have the same length.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from newsletter.audience.links import Links
from newsletter.audience.subscriber import Subscriber
from newsletter.check.audience import Extent, Largest
from newsletter.check.counting import Tried
from newsletter.edition.edition import Edition
from newsletter.message.escape import clean, is_link
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer
from newsletter.settings.model import Settings

from .sample import sample_subscriber

_NO_SECRET = b"a merge that is tried and not sent"


class Trial:
    """Callable, as `newsletter.check.counting.Trial`."""

    def __init__(self, editions: Mapping[str, Edition], settings: Settings, slug: str) -> None:
        links = Links((_NO_SECRET,), settings.newsletter.list_id)
        head = letterhead(settings, slug, datetime.now(UTC), links.key_id)
        self.composer = Composer(editions, head, links)
        self._link_keys = {name: edition.link_keys() for name, edition in editions.items()}
        self._merged = {name: {"name", *(hole.key for hole in edition.holes)} for name, edition in editions.items()}

    def __call__(self, subscriber: Subscriber, variant: str, values: Mapping[str, str], /) -> Tried:
        weight = self.composer.weigh(subscriber.email, subscriber.key, variant, values)
        dead = [key for key in self._link_keys[variant] if key in values and not is_link(values[key])]
        changed = [key for key in self._merged[variant] if key in values and clean(values[key]) != values[key]]
        return Tried(weight.html, weight.mail, weight.header_line, tuple(sorted(dead)), tuple(sorted(changed)))

    def plain(self, edition: Edition) -> Extent:
        """The sizes of an edition with the issue's defaults."""
        nobody = sample_subscriber(edition)
        tried = self(nobody, edition.variant, nobody.values())
        return Extent(tried.html, Largest(tried.html), Largest(tried.mail), Largest(tried.header))
