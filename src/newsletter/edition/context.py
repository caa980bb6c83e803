"""An issue and the settings -> what the templates see. Touches: files (pictures, tables).

A template finds: `letter`, `logo` and `hero` (or None), `intro`, `sections`, `closing`, `footer` (shapes in views.py
and, for what is in a section, beside its type), `theme` (sizes), `typeface` (fonts),
`palette` (colours by name, six digits),
`t(key, **values)`, the letter's own words in the reader's language (letter_words.py), `lang(code)` and
`lang_of(view, "heading")`, the attribute of what is in another language.
Limits: nothing here is HTML yet, but for Markdown; the text part reads the same values.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from newsletter.issue.model import Issue
from newsletter.issue.translation import Translated
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace
from newsletter.writing import direction_of

from .accent import theme_of
from .arrangement import anchors_of, arrange, contents_of
from .data_set import DataSet
from .directions import dir_attribute, runs_right
from .edition import Picture, Variant
from .footer import footer_view, nfc
from .markdown.prose import Prose
from .markers import Markers
from .own_words import letter_words
from .part_views import PartViews, image_view, with_places
from .picture_set import PictureSet
from .reading_time import minutes_to_read
from .sections.registry import shown_section
from .sections.shown import ShownSection
from .theme import ThemeView, theme_view
from .typeface import TypefaceView, typeface_view
from .views import FooterView, ImageView, LetterView, SectionView

_PREHEADER_LENGTH = 200
"""Characters after which no inbox shows more of a letter's beginning."""


@dataclass(frozen=True, slots=True)
class LetterContext:
    """All that both parts of the letter are made from."""

    letter: LetterView
    theme: ThemeView
    typeface: TypefaceView
    logo: ImageView | None
    hero: ImageView | None
    intro: Markup
    contents: tuple[SectionView, ...]
    """The sections whose headings are listed under the introduction; none: there is no list."""
    shown: tuple[ShownSection, ...]
    """The sections that this variant shows."""
    closing: Markup
    footer: FooterView
    words: Callable[..., str]
    pictures: tuple[Picture, ...]

    def for_templates(self) -> dict[str, Any]:
        """The names a template can use."""
        names = ("letter", "theme", "typeface", "logo", "hero", "intro", "contents", "closing", "footer")
        start, end = ("right", "left") if self.letter.dir == "rtl" else ("left", "right")
        directed = partial(dir_attribute, around=self.letter.dir)
        tools = {"t": self.words, "lang": self._lang, "lang_of": self._lang_of, "dir": directed}
        values = {"palette": self.theme.palette, "start": start, "end": end}
        sections = {"sections": tuple(section.view for section in self.shown)}
        return {name: getattr(self, name) for name in names} | sections | values | tools

    def _lang(self, language: str, around: str = "") -> Markup:
        """The `lang` attribute of an element, nothing where what is around it is in the same language (WCAG 3.1.2)."""
        return Markup() if language == (around or self.letter.language) else Markup(' lang="{}"').format(language)

    def _lang_of(self, view: LetterView | ImageView | SectionView, name: str) -> Markup:
        """The `lang` attribute for one text of a view, nothing where it is in the language of the letter."""
        return self._lang(self.letter.newsletter_language) if name in view.untranslated else Markup()


class LetterContextBuilder:
    """Builds the context of one variant; keeps the pictures it meets."""

    def __init__(
        self,
        words: Translated,
        workspace: Workspace,
        variant: Variant,
        markers: Markers,
        prose: Prose,
        data: DataSet,
        *,
        theme: ThemeView | None = None,
        pictures: PictureSet | None = None,
    ) -> None:
        """`theme` and `pictures` where they are not those of a letter, but of a page of the archive."""
        self._words = words
        self._issue = words.issue
        self._workspace = workspace
        self._settings: Settings = workspace.settings
        self._variant = variant
        self._markers = markers
        self._chrome = letter_words(variant.language, self._settings.newsletter.language, workspace.templates)
        self._zone = ZoneInfo(self._settings.newsletter.timezone)
        self._theme = theme or theme_view(theme_of(self._issue, workspace))
        self._pictures = pictures or PictureSet(self._issue, workspace)
        self._views = PartViews(
            markers,
            prose,
            self._pictures,
            self._theme,
            data,
            words.kept,
            chrome=self._chrome,
            zone=self._zone,
        )

    def build(self, subject: str) -> LetterContext:
        issue, views = self._issue, self._views
        letter, logo = self._letter(subject), self._logo()
        hero = views.image(issue.hero, "hero", width=self._theme.width) if issue.hero else None
        intro = views.blocks(issue.intro, "intro")
        places = self._variant.sections
        shown = tuple(shown_section(issue.sections[index], f"sections[{index}]", views) for index in places)
        anchors = anchors_of(issue)
        arrange(shown, [anchors[index] for index in places])
        return LetterContext(
            letter=replace(letter, has_dark_pictures=views.has_dark_pictures or bool(logo and logo.dark)),
            theme=self._theme,
            typeface=typeface_view(self._words.language, self._settings.newsletter.language),
            logo=logo,
            hero=hero,
            intro=intro,
            contents=contents_of(shown, issue.contents),
            shown=shown,
            closing=views.blocks(issue.closing, "closing"),
            footer=footer_view(
                self._settings,
                self._chrome,
                self._markers,
                self._pictures,
                letter.title,
                self._theme.palette["ground"],
                self._words.language,
            ),
            words=self._chrome.say,
            pictures=self._pictures.pictures,
        )

    def _letter(self, subject: str) -> LetterView:
        issue, own = self._issue, self._settings.newsletter
        preheader = self._views.text(issue.preheader)
        published = issue.publish_at.astimezone(self._zone) if issue.publish_at else None
        return LetterView(
            newsletter=nfc(own.name),
            tagline=nfc(own.tagline),
            title=self._views.text(issue.title),
            subject=subject,
            preheader=preheader,
            padding=Markup("&nbsp;&zwnj;") * max(0, (_PREHEADER_LENGTH + 1 - len(preheader)) // 2)
            if preheader
            else Markup(),
            language=self._words.language,
            chrome_language=self._chrome.language,
            newsletter_language=own.language,
            dir=direction_of(self._words.language),
            both_ways=direction_of(self._words.language) == "rtl"
            or runs_right(issue.model_dump_json(exclude={"translations"})),
            number=self._chrome.say("number", number=str(issue.number)) if issue.number is not None else "",
            has_number=issue.number is not None,
            month=self._chrome.month_and_year(published) if published else "",
            date=self._chrome.full_date(published) if published else "",
            reading_time=self._chrome.say("reading_time", minutes=str(minutes_to_read(self._said()))),
            summary_label=self._chrome.say("summary", lines=self._chrome.lines_counted(len(issue.summary)))
            if issue.summary
            else "",
            summary=tuple(self._views.line(line, at) for at, line in with_places("summary", issue.summary)),
            untranslated=self._views.untranslated(issue, ""),
        )

    def _said(self) -> str:
        """The Markdown of the letter that this variant shows."""
        shown = [self._issue.sections[index] for index in self._variant.sections]
        texts = (one.text for section in shown for one in section.texts() if one.kind.is_markdown)
        return " ".join((self._issue.intro, *texts, self._issue.closing))

    def _logo(self) -> ImageView | None:
        theme = self._settings.theme
        if not theme.logo:
            return None
        width, paper = theme.logo_width, self._theme.palette["paper"]
        shown = self._pictures.of_settings(theme.logo, width, "theme.logo", ground=paper)
        dark = self._pictures.of_settings(theme.logo_dark, width, "theme.logo_dark") if theme.logo_dark else None
        alt = nfc(theme.logo_alt or self._settings.newsletter.name)
        return replace(image_view(*shown), alt=alt, dark=image_view(*dark) if dark else None)


def issue_file_name(issue: Issue, workspace: Workspace) -> str:
    """The issue's file as errors name it, relative to the workspace."""
    path = issue.path
    return (path.relative_to(workspace.root) if path.is_relative_to(workspace.root) else path).as_posix()
