"""A story in the letter: its number, its text, the reports it draws on, a button. Touches: nothing."""

from dataclasses import dataclass

from markupsafe import Markup

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import ALL_TRANSLATED, SectionView
from newsletter.issue.sections.story import Research, Story

from .shown import ShownSection


@dataclass(frozen=True, slots=True)
class CardView:
    """A research report."""

    title: str
    url: str
    authors: str
    """Joined by commas."""
    year: str
    summary: Markup
    untranslated: frozenset[str] = ALL_TRANSLATED


class ShownStory(ShownSection):
    section: Story

    def __init__(self, section: Story, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self.view = SectionView(
            **views.of_every_section(section, place),
            ordinal=views.next_ordinal(),
            body=views.blocks(section.body, f"{place}.body", under=section.heading),
            research=tuple(_card(item, at, views) for at, item in with_places(f"{place}.research", section.research)),
            button=views.button(section.button, f"{place}.button") if section.button else None,
        )

    def write(self, page: PlainPage) -> None:
        page.body(self.section.body, f"{self.place}.body")
        items = with_places(f"{self.place}.research", self.section.research)
        for (place, item), card in zip(items, self.view.research, strict=True):
            summary = page.line(item.summary, f"{place}.summary")
            about = ", ".join(part for part in (card.authors, card.year) if part)
            page.add(
                *page.wrap(f"{page.words('research')}: {card.title} {page.cite(card.url)}", "", "  "),
                *page.wrap(about, "  ", "  "),
                *page.wrap(summary, "  ", "  "),
            )
        if self.view.button:
            page.button(self.view.button)


def _card(item: Research, place: str, views: PartViews) -> CardView:
    return CardView(
        title=views.text(item.title),
        url=views.text(item.url),
        authors=", ".join(views.text(author) for author in item.authors),
        year=str(item.year) if item.year is not None else "",
        summary=views.line(item.summary, f"{place}.summary"),
        untranslated=views.untranslated(item, place),
    )
