"""People in the letter, each with a small portrait where there is one. Touches: nothing."""

from dataclasses import dataclass

from markupsafe import Markup

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import ALL_TRANSLATED, ImageView, SectionView
from newsletter.issue.sections.people import People, Profile

from .shown import ShownSection

_PORTRAIT = 96
"""CSS pixels of a portrait's width."""


@dataclass(frozen=True, slots=True)
class ProfileView:
    name: str
    role: str
    image: ImageView | None
    body: Markup
    url: str
    untranslated: frozenset[str] = ALL_TRANSLATED


class ShownPeople(ShownSection):
    section: People

    def __init__(self, section: People, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self._people = tuple(
            ProfileView(
                name=views.text(item.name),
                role=views.text(item.role),
                image=views.image(item.image, f"{at}.image", width=_PORTRAIT, crop="1:1") if item.image else None,
                body=views.blocks(item.body, f"{at}.body", under=section.heading),
                url=views.address(item.url),
                untranslated=views.untranslated(item, at),
            )
            for at, item in with_places(f"{place}.items", section.items)
        )
        self.view = SectionView(**views.of_every_section(section, place), items=self._people)

    def write(self, page: PlainPage) -> None:
        items = with_places(f"{self.place}.items", self.section.items)
        for (place, item), person in zip(items, self._people, strict=True):
            self._write(page, item, person, place)

    def _write(self, page: PlainPage, item: Profile, person: ProfileView, place: str) -> None:
        page.add(
            *page.titled(person.name, person.url),
            *page.wrap(person.role, "  ", "  "),
            *page.below(item.body, f"{place}.body"),
        )
        if item.image and person.image:
            page.picture(item.image, person.image, f"{place}.image")
