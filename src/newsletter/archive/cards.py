"""The picture of an issue that others show beside a link to it (Open Graph), one for each page.

Touches: the font's file. `2026-11/card.jpg` is half the picture that stands for the
issue, `2026-11/card.png` words alone.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.edition.card_font import CardFont, font_in, system_font
from newsletter.edition.share_card import CardWords, draw_card
from newsletter.errors import Problem, SettingsError
from newsletter.settings.workspace import Workspace

from .card_cache import KeepsCards, draw_anew
from .site import IssuePage, Site, SiteFile, SiteIssue

FontsOf = Callable[[str], Sequence[CardFont]]
"""Those to try for a language, the best first."""


def card_fonts(workspace: Workspace) -> FontsOf:
    """The one that is set, those of this machine for a page's language, and for the newsletter's, which its name is in.

    Raises SettingsError for a file that is no font.
    """
    own, given = workspace.settings.newsletter.language, workspace.settings.archive.card_font
    named = [_named(workspace.root / given)] if given else []
    return lambda language: [*named, *filter(None, map(system_font, dict.fromkeys((language, own))))]


def wordless_cards(site: Site, fonts_of: FontsOf) -> tuple[str, ...]:
    """The pages of the issues that anything leads to whose title no font can draw, by their paths."""
    pages = [page for issue in site.listed for page in issue.pages] if site.base_url else []
    return tuple(page.path for page in pages if not any(one.drawable(page.title) for one in fonts_of(page.language)))


def _named(path: Path) -> CardFont:
    font = font_in(path)
    if font is None:
        said = phrase("archive.card.is_no_font", file=str(path))
        raise SettingsError(problems=[Problem(said, path="archive.card_font")])
    return font


def share_cards(site: Site, fonts_of: FontsOf, keep: KeepsCards = draw_anew) -> tuple[SiteFile, ...]:
    """One for each page; none where the archive has no public address that a card could be shown beside."""
    if not site.base_url:
        return ()
    return tuple(_card(site, issue, page, fonts_of, keep) for issue in site.issues for page in issue.pages)


def card_path(page: IssuePage, issue: SiteIssue) -> str:
    """Below the archive's address."""
    return f"{page.path}card.{'jpg' if issue.picture else 'png'}"


def _card(site: Site, issue: SiteIssue, page: IssuePage, fonts_of: FontsOf, keep: KeepsCards) -> SiteFile:
    number = phrase("archive.card.number", number=issue.number) if issue.number else None
    below = [number.in_language(page.language)] if number else []
    words = CardWords(
        above=site.settings.newsletter.name,
        title=page.title,
        below=" · ".join([*below, f"{issue.posted_at:%Y-%m-%d}"]),
    )
    theme, fonts = site.settings.theme, fonts_of(page.language)
    palette = theme.model_copy(update={"accent": issue.accent}).palette if issue.accent else theme.palette

    def draw() -> bytes:
        return draw_card(words, palette, issue.pictures[issue.picture] if issue.picture else None, fonts)

    made_from = repr((words, sorted(palette.items()), issue.picture, fonts))
    return SiteFile(card_path(page, issue), keep(made_from, draw))
