"""The Message-ID: the same over retries and machines, another for every issue and subscriber. Touches: nothing."""

from newsletter.audience.links import Links

from .message import Letterhead


def message_id(letterhead: Letterhead, links: Links, key: str) -> str:
    """With angle brackets, in the sender's domain. A proof's depends on its date, so that a second one is shown too."""
    domain = letterhead.sender_address.rpartition("@")[2]
    if letterhead.proof:
        tag = links.message_tag(f"{letterhead.slug} proof {letterhead.date.isoformat()}", key, letterhead.key_id)
        return f"<{letterhead.slug}.proof.{tag}@{domain}>"
    return f"<{letterhead.slug}.{links.message_tag(letterhead.slug, key, letterhead.key_id)}@{domain}>"
