"""Take from the settings what all messages of one issue have in common. Touches: nothing."""

from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from newsletter.audience.links import TOKEN_LENGTH
from newsletter.catalogue import phrase
from newsletter.errors import SettingsError
from newsletter.issue.find import WELCOME
from newsletter.settings.model import Settings

from .message import Letterhead

_LONGEST_LOCAL_PART = 64  # octets, RFC 5321 4.5.3.1.1
_BOUNCE = "bounce"


def letterhead(settings: Settings, slug: str, date: datetime, key_id: str, *, proof: bool = False) -> Letterhead:
    """The letterhead of one issue. `date` is aware; readers see it in the newsletter's time zone.

    Raises SettingsError where `verp` is set and the bounce address leaves no room for a token.
    """
    return Letterhead(
        newsletter=settings.newsletter.name,
        list_id=settings.newsletter.list_id,
        slug=slug,
        sender_name=settings.sender_name,
        sender_address=settings.sender.address,
        reply_to=settings.sender.reply_to,
        envelope_sender=_envelope_sender(settings),
        date=date.astimezone(ZoneInfo(settings.newsletter.timezone)).replace(microsecond=0),
        pages_url=_ascii_url(settings.links.pages_url),
        archive_url="" if slug == WELCOME else _ascii_url(settings.links.archive_url),
        unsubscribe_mailto=settings.links.unsubscribe_mailto,
        key_id=key_id,
        proof=proof,
        verp=settings.sender.verp,
        cfbl_address=settings.sender.cfbl_address,
    )


def _envelope_sender(settings: Settings) -> str:
    if not settings.sender.verp:
        return settings.envelope_sender
    base = settings.sender.bounce_address or f"{_BOUNCE}@{settings.sender.address.rpartition('@')[2]}"
    room = _LONGEST_LOCAL_PART - len(base.rpartition("@")[0]) - 1
    if room < TOKEN_LENGTH:
        raise SettingsError(
            phrase(
                "message.head.no_room_for_verp", most=_LONGEST_LOCAL_PART - 1 - TOKEN_LENGTH, token=str(TOKEN_LENGTH)
            )
        )
    return base


def _ascii_url(url: str) -> str:
    return quote(url, safe="%/:[]@!$&'()*+,;=~")
