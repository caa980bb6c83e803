"""The foot of the letter: why it came, the way out, and who sent it. Touches: nothing."""

import re
import unicodedata

from newsletter.issue.fields import MergeField
from newsletter.settings.model import Settings

from .letter_words import LetterWords
from .markers import Markers
from .views import FooterView, PhoneView


def footer_view(settings: Settings, words: LetterWords, markers: Markers) -> FooterView:
    """What the settings say, with the letter's own `words`."""
    word = words.say
    institute, links = settings.institute, settings.links
    mailto = f"mailto:{links.unsubscribe_mailto}?subject=unsubscribe" if links.unsubscribe_mailto else None
    notice = "" if settings.sender.reply_to else institute.no_reply_notice or word("no_reply")
    return FooterView(
        institute=nfc(institute.name),
        postal_address=nfc(institute.postal_address),
        phones=tuple(
            PhoneView(nfc(phone.label), phone.number, "tel:" + re.sub(r"[^0-9+]", "", phone.number))
            for phone in institute.phones
        ),
        copyright=nfc(institute.copyright),
        website=institute.website,
        website_label=re.sub(r"^https?://|/$", "", institute.website),
        no_reply_notice=nfc(notice),
        notice_language=settings.newsletter.language if institute.no_reply_notice else words.language,
        why=word("why", newsletter=nfc(settings.newsletter.name)),
        unsubscribe_url=markers.word(MergeField("link.unsubscribe")) if links.pages_url else None,
        unsubscribe_mailto=mailto,
        unsubscribe_hint="" if links.pages_url or mailto else word("unsubscribe_contact"),
        web_url=markers.word(MergeField("link.web")) if links.archive_url else None,
    )


def nfc(text: str) -> str:
    """A text of the settings on one line, composed as all text of the letter."""
    return unicodedata.normalize("NFC", " ".join(text.split()))
