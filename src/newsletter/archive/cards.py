"""The picture of an issue that others show beside a link to it (Open Graph), one for each page.

Touches: the font's file. `2026-11/card.jpg` is half the picture that stands for the
issue, `2026-11/card.png` words alone.
"""

from collections.abc import Callable, Sequence

from newsletter.catalogue import phrase
from newsletter.edition.card_font import CardFont, system_font
from newsletter.edition.share_card import CardWords, draw_card

from .site import IssuePage, Site, SiteFile, SiteIssue

FontsOf = Callable[[str], Sequence[CardFont]]
"""Those to try for a language, the best first."""


def system_fonts(own: str) -> FontsOf:
    """Those of this machine: for the language of a page, and for the newsletter's `own`, which its name is in."""
    return lambda language: [font for font in map(system_font, dict.fromkeys((language, own))) if font is not None]


def share_cards(site: Site, fonts_of: FontsOf) -> tuple[SiteFile, ...]:
    """One for each page; none where the archive has no public address that a card could be shown beside."""
    if not site.base_url:
        return ()
    return tuple(_card(site, issue, page, fonts_of) for issue in site.issues for page in issue.pages)


def card_path(page: IssuePage, issue: SiteIssue) -> str:
    """Below the archive's address."""
    return f"{page.path}card.{'jpg' if issue.picture else 'png'}"


def _card(site: Site, issue: SiteIssue, page: IssuePage, fonts_of: FontsOf) -> SiteFile:
    number = phrase("archive.card.number", number=issue.number) if issue.number else None
    below = [number.in_language(page.language)] if number else []
    words = CardWords(
        above=site.settings.newsletter.name,
        title=page.title,
        below=" · ".join([*below, f"{issue.posted_at:%Y-%m-%d}"]),
    )
    picture = issue.pictures[issue.picture] if issue.picture else None
    data = draw_card(words, site.settings.theme.palette, picture, fonts_of(page.language))
    return SiteFile(card_path(page, issue), data)
