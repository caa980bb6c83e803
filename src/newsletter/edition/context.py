"""An issue and the settings -> what the templates see. Touches: files (pictures).

A template finds: `letter`, `logo` and `hero` (or None), `intro`, `sections`, `closing`, `footer` (shapes in views.py),
`theme` (sizes), `palette` (colours by name, six digits), `t(key, **values)`, the letter's own words in the reader's
language (catalogue.py), `lang(code)` and `lang_of(view, "heading")`, the attribute of what is in another language.
Limits: nothing here is HTML yet, but for Markdown; the text part reads the same values.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from markupsafe import Markup

from newsletter.issue.model import Button, Event, Events, Figures, Image, Issue, Notice, Quote, Section, Story
from newsletter.issue.translation import Translated
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from . import catalogue
from .edition import Picture, Variant
from .footer import footer_view, nfc
from .markdown import Prose
from .markers import Markers
from .picture_set import PictureSet
from .theme import ThemeView, theme_view
from .views import (
    NO_MARKUP,
    ButtonView,
    CardView,
    EventView,
    FigureView,
    FooterView,
    ImageView,
    LetterView,
    SectionView,
)

_T = TypeVar("_T")
_PREHEADER_LENGTH = 200
"""Characters after which no inbox shows more of a letter's beginning."""


@dataclass(frozen=True, slots=True)
class LetterContext:
    """All that both parts of the letter are made from."""

    letter: LetterView
    theme: ThemeView
    logo: ImageView | None
    hero: ImageView | None
    intro: Markup
    sections: tuple[SectionView, ...]
    closing: Markup
    footer: FooterView
    words: Callable[..., str]
    pictures: tuple[Picture, ...]

    def for_templates(self) -> dict[str, Any]:
        """The names a template can use."""
        names = ("letter", "theme", "logo", "hero", "intro", "sections", "closing", "footer")
        tools = {"palette": self.theme.palette, "t": self.words, "lang": self._lang, "lang_of": self._lang_of}
        return {name: getattr(self, name) for name in names} | tools

    def _lang(self, language: str, around: str = "") -> Markup:
        """The `lang` attribute of an element, nothing where what is around it is in the same language (WCAG 3.1.2)."""
        return Markup() if language == (around or self.letter.language) else Markup(' lang="{}"').format(language)

    def _lang_of(self, view: LetterView | ImageView | SectionView, name: str) -> Markup:
        """The `lang` attribute for one text of a view, nothing where it is in the language of the letter."""
        return self._lang(self.letter.newsletter_language) if name in view.untranslated else Markup()


class LetterContextBuilder:
    """Builds the scene of one variant; keeps the pictures it meets."""

    def __init__(
        self, words: Translated, workspace: Workspace, variant: Variant, markers: Markers, prose: Prose
    ) -> None:
        self._words = words
        self._issue = words.issue
        self._workspace = workspace
        self._settings: Settings = workspace.settings
        self._variant = variant
        self._markers = markers
        self._prose = prose
        self._chrome = catalogue.known_language(variant.language, self._settings.newsletter.language)
        self._zone = ZoneInfo(self._settings.newsletter.timezone)
        self._theme = theme_view(self._settings.theme)
        self._gallery = PictureSet(self._issue, workspace)

    def build(self, subject: str) -> LetterContext:
        issue, prose = self._issue, self._prose
        return LetterContext(
            letter=self._letter(subject),
            theme=self._theme,
            logo=self._logo(),
            hero=self._image(issue.hero, self._theme.width, "hero") if issue.hero else None,
            intro=prose.blocks(issue.intro or "", "intro", level=2),
            sections=self._sections(),
            closing=prose.blocks(issue.closing or "", "closing", level=2),
            footer=footer_view(self._settings, self._chrome, self._markers, self._word),
            words=self._word,
            pictures=self._gallery.pictures,
        )

    def _text(self, text: str | None) -> str:
        """One line of text with its merge fields open."""
        return self._markers.open(" ".join((text or "").split()))

    def _word(self, key: str, **values: str) -> str:
        return catalogue.words(self._chrome)[key].format(**values)

    def _untranslated(self, place: str, *names: str) -> frozenset[str]:
        """Which texts of the part at `place` are in the newsletter's language, though the letter is in another."""
        return frozenset(name for name in names if f"{place}{name}" in self._words.kept)

    def _letter(self, subject: str) -> LetterView:
        issue, own = self._issue, self._settings.newsletter
        preheader = self._text(issue.preheader)
        published = issue.publish_at.astimezone(self._zone) if issue.publish_at else None
        return LetterView(
            newsletter=nfc(own.name),
            tagline=nfc(own.tagline),
            title=self._text(issue.title),
            subject=subject,
            preheader=preheader,
            padding=Markup("&nbsp;&zwnj;") * max(0, _PREHEADER_LENGTH - len(preheader)) if preheader else Markup(),
            language=self._words.language,
            chrome_language=self._chrome,
            newsletter_language=own.language,
            dir="ltr",
            number=self._word("number", number=str(issue.number)) if issue.number is not None else "",
            has_number=issue.number is not None,
            month=catalogue.month_and_year(published, self._chrome) if published else "",
            date=catalogue.full_date(published, self._chrome) if published else "",
            untranslated=self._untranslated("", "title", "subject", "preheader", "intro", "closing"),
        )

    def _image(self, image: Image, slot: int, place: str) -> ImageView:
        encoded, source = self._gallery.of_issue(image.src, slot, f"{place}.src")
        return ImageView(
            src=source,
            width=encoded.width,
            height=encoded.height,
            alt=self._text(image.alt),
            caption=self._prose.line(image.caption or "", f"{place}.caption"),
            credit=self._text(image.credit),
            licence=self._text(image.licence),
            untranslated=self._untranslated(f"{place}.", "alt", "caption", "credit", "licence"),
        )

    def _logo(self) -> ImageView | None:
        found = self._gallery.logo(self._theme.palette["paper"])
        if not found:
            return None
        encoded, source = found
        alt = nfc(self._settings.theme.logo_alt or self._settings.newsletter.name)
        return ImageView(source, encoded.width, encoded.height, alt, caption=NO_MARKUP, credit="", licence="")

    def _sections(self) -> tuple[SectionView, ...]:
        views, stories = [], 0
        for index in self._variant.sections:
            section = self._issue.sections[index]
            stories += isinstance(section, Story)
            views.append(self._section(section, f"sections[{index}]", f"{stories:02d}"))
        return tuple(views)

    def _section(self, section: Section, place: str, ordinal: str) -> SectionView:
        parts: dict[str, Any] = {}
        level = 3 if section.heading else 2
        match section:
            case Story():
                parts["ordinal"] = ordinal
                parts["body"] = self._prose.blocks(section.body or "", f"{place}.body", level=level)
                parts["research"] = self._cards(section, place)
                parts["button"] = self._button(section.button, f"{place}.button.")
            case Figures():
                parts["items"] = tuple(
                    FigureView(self._text(item.value), self._text(item.label), self._untranslated(at, "value", "label"))
                    for at, item in _numbered(place, section.items)
                )
            case Quote():
                parts["text"] = self._prose.blocks(section.text, f"{place}.text", level=level)
                parts["source"] = self._text(section.source)
            case Events():
                parts["items"] = tuple(self._event(item, at) for at, item in _numbered(place, section.items))
            case Notice():
                parts["body"] = self._prose.blocks(section.body, f"{place}.body", level=level)
        if section.image:
            parts["image"] = self._image(section.image, self._theme.column, f"{place}.image")
        parts["untranslated"] = self._untranslated(f"{place}.", "heading", "body", "text", "source")
        return SectionView(**{"type": section.type, "ordinal": "", "heading": self._text(section.heading), **parts})

    def _cards(self, story: Story, place: str) -> tuple[CardView, ...]:
        return tuple(
            CardView(
                title=self._text(item.title),
                url=self._text(item.url),
                authors=", ".join(self._text(author) for author in item.authors or ()),
                year=str(item.year) if item.year is not None else "",
                summary=self._prose.line(item.summary or "", f"{place}.research[{index}].summary"),
                untranslated=self._untranslated(f"{place}.research[{index}].", "title", "authors", "summary"),
            )
            for index, item in enumerate(story.research or ())
        )

    def _button(self, button: Button | None, place: str) -> ButtonView | None:
        if button is None:
            return None
        return ButtonView(self._text(button.label), self._text(button.url), self._untranslated(place, "label"))

    def _event(self, event: Event, place: str) -> EventView:
        whole_day = event.starts_at.time() == time.min
        starts = event.starts_at if whole_day else event.starts_at.astimezone(self._zone)
        language = self._chrome
        return EventView(
            title=self._text(event.title),
            month=catalogue.short_month(starts, language),
            day=str(starts.day),
            weekday=catalogue.weekday(starts, language),
            time="" if whole_day else f"{starts:%H:%M}",
            when=catalogue.day_and_time(starts, language, whole_day=whole_day),
            place=self._text(event.place),
            url=self._text(event.url),
            untranslated=self._untranslated(place, "title", "place"),
        )


def issue_file_name(issue: Issue, workspace: Workspace) -> str:
    """The issue's file as errors name it, relative to the workspace."""
    path = issue.path
    return (path.relative_to(workspace.root) if path.is_relative_to(workspace.root) else path).as_posix()


def _numbered(place: str, items: Iterable[_T]) -> Iterator[tuple[str, _T]]:
    """The items of a section, each with the beginning of its texts' places: `sections[0].items[2].`."""
    return ((f"{place}.items[{index}].", item) for index, item in enumerate(items))
