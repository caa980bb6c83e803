"""The foot of the letter: why it came, the way out, and who sent it. Touches: files (pictures)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from newsletter.catalogue import Said, phrase
from newsletter.issue.fields import MergeField
from newsletter.settings.footer import AUTO, Service
from newsletter.settings.model import Settings

from .letter_words import LetterWords
from .markers import Markers
from .part_views import image_view
from .picture_set import SettingsPictures
from .views import FooterView, ImageView, LinkView, PhoneView

_LOGO_WIDTH, _PARTNER_WIDTH = 160, 112
"""CSS pixels, at most."""

SERVICES: Mapping[Service, Said] = {
    "bluesky": phrase("edition.social.bluesky"),
    "facebook": phrase("edition.social.facebook"),
    "github": phrase("edition.social.github"),
    "instagram": phrase("edition.social.instagram"),
    "kakao": phrase("edition.social.kakao"),
    "linkedin": phrase("edition.social.linkedin"),
    "mastodon": phrase("edition.social.mastodon"),
    "naver-blog": phrase("edition.social.naver-blog"),
    "rss": phrase("edition.social.rss"),
    "telegram": phrase("edition.social.telegram"),
    "threads": phrase("edition.social.threads"),
    "tiktok": phrase("edition.social.tiktok"),
    "x": phrase("edition.social.x"),
    "youtube": phrase("edition.social.youtube"),
}
"""What each is called."""


def footer_view(
    settings: Settings,
    words: LetterWords,
    markers: Markers,
    pictures: SettingsPictures,
    title: str,
    ground: str,
    written_in: str,
) -> FooterView:
    """What the settings say, with the letter's own `words`; pictures that are transparent stand on the `ground`.

    The `title` is that of the issue, with its markers, for who forwards it; `written_in` the language of its texts,
    each of which has a page of its own in the archive.
    """
    word = words.say
    institute, links = settings.institute, settings.links
    mailto = f"mailto:{links.unsubscribe_mailto}?subject=unsubscribe" if links.unsubscribe_mailto else None
    own = settings.footer
    newsletter = nfc(settings.newsletter.name)
    page = "" if written_in == settings.newsletter.language else f"{written_in}/"
    web = f"{markers.word(MergeField('link.web'))}{page}" if links.archive_url else None
    notice = "" if settings.sender.reply_to else institute.no_reply_notice or word("no_reply")

    def _picture(src: str, alt: str, key: str, width: int) -> ImageView:
        return replace(image_view(*pictures.of_settings(src, width, f"footer.{key}", ground=ground)), alt=nfc(alt))

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
        why=word("why", newsletter=newsletter),
        unsubscribe_url=markers.word(MergeField("link.unsubscribe")) if links.pages_url else None,
        unsubscribe_mailto=mailto,
        unsubscribe_hint="" if links.pages_url or mailto else word("unsubscribe_contact"),
        web_url=web,
        subscribe_url=own.subscribe,
        archive_url=links.archive_url if own.archive == AUTO else own.archive,
        forward_url=f"mailto:?subject={quote(f'{newsletter}: {title}')}&body={web}" if own.forward else "",
        social=tuple(LinkView(SERVICES[one.kind].in_language(words.language), one.url) for one in own.social),
        logo=_picture(own.logo, own.logo_alt or institute.name, "logo", _LOGO_WIDTH) if own.logo else None,
        partners=tuple(
            replace(_picture(one.logo, one.alt, f"partners[{at}].logo", _PARTNER_WIDTH), url=one.url)
            for at, one in enumerate(own.partners)
        ),
        funding=nfc(own.funding),
    )


def of_no_issue(footer: FooterView, why: str) -> FooterView:
    """The same under a mail that no subscription brings: what is about this issue and about leaving is not there."""
    without_ways = replace(footer, unsubscribe_url=None, unsubscribe_mailto=None, unsubscribe_hint="", web_url=None)
    return replace(without_ways, why=nfc(why), forward_url="", subscribe_url="")


def nfc(text: str) -> str:
    """A text of the settings on one line, composed as all text of the letter."""
    return unicodedata.normalize("NFC", " ".join(text.split()))
