"""A card for a piece of research: what it is, who made it, where it appeared. Touches: nothing."""

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from newsletter.issue.sections.story import Research

from .part_views import PartViews
from .plain_page import PlainPage
from .views import ALL_TRANSLATED, ImageView

COVER_WIDTH = 72
"""CSS pixels."""
_RESOLVER = "https://doi.org/"
_AS_IT_IS = "/:;.,()[]!$&'*+=@~%"
"""Of a DOI in its address; `#`, `?`, `<` and `>` would end the path."""


@dataclass(frozen=True, slots=True)
class CardView:
    title: str
    url: str
    """The address that was given, else that of the DOI; empty where there is neither."""
    kind: str
    """In the letter's own words: `연구보고서`, `논문`."""
    authors: str
    """Joined by commas."""
    journal: str
    year: str
    doi: str
    doi_url: str
    open_access: str
    """`누구나 열람`, or empty."""
    summary: Markup
    cover: ImageView | None = None
    untranslated: frozenset[str] = ALL_TRANSLATED


def card_view(item: Research, place: str, views: PartViews) -> CardView:
    doi_url = views.address(_RESOLVER + quote(item.doi, safe=_AS_IT_IS)) if item.doi else ""
    return CardView(
        title=views.text(item.title),
        url=views.address(item.url) or doi_url,
        kind=views.word("research" if item.kind == "report" else item.kind),
        authors=", ".join(views.text(author) for author in item.authors),
        journal=views.text(item.journal),
        year=str(item.year) if item.year is not None else "",
        doi=views.text(item.doi),
        doi_url=doi_url,
        open_access=views.word("open_access") if item.open_access else "",
        summary=views.line(item.summary, f"{place}.summary"),
        cover=views.image(item.cover, f"{place}.cover", width=COVER_WIDTH) if item.cover else None,
        untranslated=views.untranslated(item, place),
    )


def write_card(page: PlainPage, item: Research, card: CardView, place: str) -> None:
    """The card in the text part: the title first, then who and where, then what it says."""
    title = f"{card.title} {page.cite(card.url)}" if card.url else card.title
    about = ", ".join(part for part in (card.authors, card.journal, card.year) if part)
    more = ", ".join(part for part in (f"doi:{card.doi}" if card.doi else "", card.open_access) if part)
    page.add(
        *page.wrap(f"{card.kind}: {title}", "", "  "),
        *page.wrap(about, "  ", "  "),
        *page.wrap(more, "  ", "  "),
        *page.wrap(page.line(item.summary, f"{place}.summary"), "  ", "  "),
    )
    if item.cover and card.cover:
        page.picture(item.cover, card.cover, f"{place}.cover")
