"""Parts of an issue -> what templates see of them; one for a letter, which its sections share. Touches: pictures.

Here is what every section may have: text with its merge fields open, Markdown, pictures, buttons, and which of it the
letter's translation lacks. Places are written as in `sections[0].body`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from markupsafe import Markup

from newsletter.issue.part import Part, declared_keys
from newsletter.issue.sections.section import Button, Image, Section
from newsletter.issue.texts import TextKind

from .data_set import DataSet
from .letter_words import LetterWords
from .markdown.prose import Prose
from .markers import Markers
from .picture_set import PictureSet
from .picture_shape import shape_of
from .pictures import Encoded
from .theme import ThemeView
from .views import NO_MARKUP, ButtonView, ImageView

_T = TypeVar("_T")


class PartViews:
    """Makes views of one letter's parts, in the order in which they stand in it."""

    def __init__(
        self,
        markers: Markers,
        prose: Prose,
        pictures: PictureSet,
        theme: ThemeView,
        data: DataSet,
        untranslated: frozenset[str],
        chrome: LetterWords,
        zone: ZoneInfo,
    ) -> None:
        self._markers = markers
        self._prose = prose
        self._pictures = pictures
        self._theme = theme
        self.data = data
        """The tables of the issue's files."""
        self._untranslated = untranslated
        self._ordinals = (f"{number:02d}" for number in count(1))
        self.word = chrome.say
        """The letter's own words: `word("number", number="7")`."""
        self.chrome = chrome
        """Those words, and how dates are said in their language."""
        self.zone = zone
        """The newsletter's, in which times are said."""
        self.has_dark_pictures = False
        """Whether one of the pictures so far is another one in the dark."""

    def text(self, text: str | None) -> str:
        """One line of text with its merge fields open."""
        return self._markers.open(" ".join((text or "").split()))

    def address(self, url: str | None) -> str:
        """The address of a link with its merge fields open; empty for none."""
        return self._prose.address(url) if url else ""

    def blocks(self, text: str, place: str, *, under: str = "") -> Markup:
        """Markdown as HTML; its headings stand one level below the heading `under` which it stands."""
        return self._prose.blocks(text, place, level=3 if under else 2)

    def line(self, text: str, place: str) -> Markup:
        """Markdown within a line."""
        return self._prose.line(text, place)

    def image(self, image: Image, place: str, *, width: int = 0, crop: str = "") -> ImageView:
        """A picture for a place `width` CSS pixels wide: 96 beside a person, 272 at a side; 0: the column of text.

        The file that travels has twice the pixels shown, so that a thumbnail costs what a thumbnail shows. A picture
        with fewer pixels than the place, or a `width` of its own, is shown smaller; the view says how large. `crop` is
        the ratio where the issue names none, such as `1:1`. Templates show the view with `_image.html.j2`, which wants
        it as `image`; what stands for it in the text part is written by `PlainPage.picture`. Raises InputError that
        points at the file's name in the issue.
        """
        place_width = width or self._theme.column
        slot = min(image.width or place_width, place_width)
        shape = shape_of(image.crop or crop, image.focus, play=image.play)
        ground = self._theme.palette["tint"]  # on which templates show every picture
        shown = image_view(*self._pictures.of_issue(image.src, slot, f"{place}.src", shape=shape, if_lost=ground))
        dark = (
            self._pictures.of_issue(image.src_dark, slot, f"{place}.src_dark", shape=shape) if image.src_dark else None
        )
        self.has_dark_pictures = self.has_dark_pictures or dark is not None
        return replace(
            shown,
            alt=self.text(image.alt),
            caption=self.line(image.caption, f"{place}.caption"),
            credit=self.text(image.credit),
            licence=self.text(image.licence),
            untranslated=self.untranslated(image, place),
            url=self.address(image.url),
            dark=image_view(*dark) if dark else None,
            has_own_width=bool(image.width and image.width < place_width),
            has_small_place=0 < width < self._theme.column,
        )

    def button(self, button: Button, place: str) -> ButtonView:
        return ButtonView(
            self.text(button.label), self.address(button.url), button.style, self.untranslated(button, place)
        )

    @property
    def side(self) -> int:
        """CSS pixels of a picture beside a text."""
        return self._theme.side

    @property
    def half(self) -> int:
        """CSS pixels of one of two pictures in a row."""
        return self._theme.half

    def of_every_section(self, section: Section, place: str, *, image_width: int = 0) -> dict[str, Any]:
        """What the view of every section has; its picture is as wide as the column, or as `image_width`."""
        return {
            "type": section.type,
            "heading": self.text(section.heading),
            "image": self.image(section.image, f"{place}.image", width=image_width) if section.image else None,
            "anchor": section.anchor,
            "buttons": tuple(self.button(one, at) for at, one in with_places(f"{place}.buttons", section.buttons)),
            "untranslated": self.untranslated(section, place),
        }

    def next_ordinal(self) -> str:
        """`01`, `02`, … for the sections that are numbered."""
        return next(self._ordinals)

    def untranslated(self, part: Part, place: str) -> frozenset[str]:
        """Which texts of the part at `place` are in the newsletter's language, though the letter is in another."""
        keys = declared_keys(type(part)).items()
        said = (name for name, key in keys if key.is_said and key.kind is not TextKind.LINK)
        return frozenset(name for name in said if (f"{place}.{name}" if place else name) in self._untranslated)


def with_places(place: str, items: Iterable[_T]) -> Iterator[tuple[str, _T]]:
    """The items of a list of the issue, each with its place: `sections[0].items[2]`."""
    return ((f"{place}[{index}]", item) for index, item in enumerate(items))


def image_view(encoded: Encoded, source: str) -> ImageView:
    """A picture without words; `source` is what its `src` says."""
    return ImageView(source, encoded.width, encoded.height, alt="", caption=NO_MARKUP, credit="", licence="")
