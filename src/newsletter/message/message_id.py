"""The Message-ID: the same over retries and machines, another for every issue and subscriber. Touches: nothing."""

from collections.abc import Callable

from newsletter.audience.links import Links

from .message import Letterhead


def message_ids(letterhead: Letterhead, links: Links) -> Callable[[str], str]:
    """What gives it to a subscriber's key: with angle brackets, in the sender's domain.

    A proof's depends on its date, so that a second one is shown too. Raises SettingsError where the key is gone that
    makes them.
    """
    domain = letterhead.sender_address.rpartition("@")[2]
    if letterhead.proof:
        begins = f"<{letterhead.slug}.proof."
        tag = links.message_tags(f"{letterhead.slug} proof {letterhead.date.isoformat()}", letterhead.key_id)
    else:
        begins = f"<{letterhead.slug}."
        tag = links.message_tags(letterhead.slug, letterhead.key_id)
    return lambda key: f"{begins}{tag(key)}@{domain}>"
