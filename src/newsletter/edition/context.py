"""An issue and the settings -> what the templates see. Touches: files (pictures).

A template finds: `letter`, `hero` (or None), `intro`, `sections`, `closing`, `footer` (shapes in views.py), `palette`
(colours by name, six digits), and `t(key, **values)`, the letter's own words in the reader's language (catalogue.py).
Limits: nothing here is HTML yet, but for Markdown; the text part reads the same values.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from newsletter.errors import SettingsError
from newsletter.issue.fields import MergeField
from newsletter.issue.model import Button, Event, Events, Figures, Image, Issue, Notice, Quote, Section, Story
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace

from . import catalogue
from .edition import Picture, Variant
from .markdown import Prose
from .markers import Markers
from .palette import PALETTE
from .pictures import Encoded, load_picture
from .views import (
    ButtonView,
    CardView,
    EventView,
    FigureView,
    FooterView,
    ImageView,
    Letter,
    PhoneView,
    SectionView,
)

HERO_WIDTH = 600
"""CSS pixels: the full width of the letter."""
SECTION_WIDTH = 536
"""CSS pixels: the letter's width without 32 at each side."""
_PREHEADER_LENGTH = 200
"""Characters after which no inbox shows more of a letter's beginning."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that both parts of the letter are made from."""

    letter: Letter
    hero: ImageView | None
    intro: Markup
    sections: tuple[SectionView, ...]
    closing: Markup
    footer: FooterView
    words: Callable[..., str]
    pictures: tuple[Picture, ...]

    def for_templates(self) -> dict[str, Any]:
        """The names a template can use."""
        names = ("letter", "hero", "intro", "sections", "closing", "footer")
        return {name: getattr(self, name) for name in names} | {"palette": PALETTE, "t": self.words}


class SceneBuilder:
    """Builds the scene of one variant; keeps the pictures it meets."""

    def __init__(self, issue: Issue, workspace: Workspace, variant: Variant, markers: Markers, prose: Prose) -> None:
        self._issue = issue
        self._workspace = workspace
        self._settings: Settings = workspace.settings
        self._variant = variant
        self._markers = markers
        self._prose = prose
        self._zone = ZoneInfo(self._settings.newsletter.timezone)
        self._pictures: dict[str, Picture] = {}

    def build(self, subject: str) -> Scene:
        issue, prose = self._issue, self._prose
        return Scene(
            letter=self._letter(subject),
            hero=self._image(issue.hero, HERO_WIDTH, "hero") if issue.hero else None,
            intro=prose.blocks(issue.intro or "", "intro", level=2),
            sections=self._sections(),
            closing=prose.blocks(issue.closing or "", "closing", level=2),
            footer=self._footer(),
            words=self._word,
            pictures=tuple(self._pictures.values()),
        )

    def _text(self, text: str | None) -> str:
        """One line of text with its merge fields open."""
        return self._markers.open(" ".join((text or "").split()))

    def _word(self, key: str, **values: str) -> str:
        return catalogue.words(self._variant.language)[key].format(**values)

    def _letter(self, subject: str) -> Letter:
        issue, own = self._issue, self._settings.newsletter
        preheader = self._text(issue.preheader)
        published = issue.publish_at.astimezone(self._zone) if issue.publish_at else None
        return Letter(
            newsletter=_nfc(own.name),
            tagline=_nfc(own.tagline),
            title=self._text(issue.title),
            subject=subject,
            preheader=preheader,
            padding=Markup("&nbsp;&zwnj;") * max(0, _PREHEADER_LENGTH - len(preheader)) if preheader else Markup(),
            language=own.language,
            chrome_language=self._variant.language,
            dir="ltr",
            number=self._word("number", number=str(issue.number)) if issue.number is not None else "",
            has_number=issue.number is not None,
            month=catalogue.month_and_year(published, self._variant.language) if published else "",
            date=catalogue.full_date(published, self._variant.language) if published else "",
        )

    def _image(self, image: Image, slot: int, place: str) -> ImageView:
        file = issue_file(self._issue, self._workspace)
        root, beside = self._workspace.root, self._issue.path.parent
        encoded = load_picture(root, beside, image.src, slot, file=file, place=f"{place}.src")
        return ImageView(
            src=self._source(encoded),
            width=encoded.width,
            height=encoded.height,
            alt=self._text(image.alt),
            caption=self._prose.line(image.caption or "", f"{place}.caption"),
            credit=self._text(image.credit),
            licence=self._text(image.licence),
        )

    def _source(self, encoded: Encoded) -> str:
        """Where the letter finds the picture: in itself, or beside its archive."""
        if self._settings.images.mode == "embed":
            cid = f"{encoded.name}@{self._settings.newsletter.list_id}"
            self._pictures[cid] = Picture(cid, encoded.filename, encoded.media_type, encoded.data)
            return f"cid:{cid}"
        if not self._settings.links.archive_url:
            raise SettingsError('[images] mode = "hosted" needs [links] archive_url, where the pictures are published')
        return f"{self._settings.links.archive_url}/pictures/{encoded.filename}"

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
                parts["button"] = self._button(section.button)
            case Figures():
                parts["items"] = tuple(FigureView(self._text(i.value), self._text(i.label)) for i in section.items)
            case Quote():
                parts["text"] = self._prose.blocks(section.text, f"{place}.text", level=level)
                parts["source"] = self._text(section.source)
            case Events():
                parts["items"] = tuple(self._event(item) for item in section.items)
            case Notice():
                parts["body"] = self._prose.blocks(section.body, f"{place}.body", level=level)
        if section.image:
            parts["image"] = self._image(section.image, SECTION_WIDTH, f"{place}.image")
        return SectionView(**{"type": section.type, "ordinal": "", "heading": self._text(section.heading), **parts})

    def _cards(self, story: Story, place: str) -> tuple[CardView, ...]:
        return tuple(
            CardView(
                title=self._text(item.title),
                url=self._text(item.url),
                authors=", ".join(self._text(author) for author in item.authors or ()),
                year=str(item.year) if item.year is not None else "",
                summary=self._prose.line(item.summary or "", f"{place}.research[{index}].summary"),
            )
            for index, item in enumerate(story.research or ())
        )

    def _button(self, button: Button | None) -> ButtonView | None:
        return ButtonView(self._text(button.label), self._text(button.url)) if button else None

    def _event(self, event: Event) -> EventView:
        whole_day = event.starts_at.time() == time.min
        starts = event.starts_at if whole_day else event.starts_at.astimezone(self._zone)
        language = self._variant.language
        return EventView(
            title=self._text(event.title),
            month=catalogue.short_month(starts, language),
            day=str(starts.day),
            weekday=catalogue.weekday(starts, language),
            time="" if whole_day else f"{starts:%H:%M}",
            when=catalogue.day_and_time(starts, language, whole_day=whole_day),
            place=self._text(event.place),
            url=self._text(event.url),
        )

    def _footer(self) -> FooterView:
        institute, links = self._settings.institute, self._settings.links
        mailto = f"mailto:{links.unsubscribe_mailto}?subject=unsubscribe" if links.unsubscribe_mailto else None
        notice = "" if self._settings.sender.reply_to else institute.no_reply_notice or self._word("no_reply")
        return FooterView(
            institute=_nfc(institute.name),
            postal_address=_nfc(institute.postal_address),
            phones=tuple(
                PhoneView(_nfc(phone.label), phone.number, "tel:" + re.sub(r"[^0-9+]", "", phone.number))
                for phone in institute.phones
            ),
            copyright=_nfc(institute.copyright),
            website=institute.website,
            website_label=re.sub(r"^https?://|/$", "", institute.website),
            no_reply_notice=_nfc(notice),
            why=self._word("why", newsletter=_nfc(self._settings.newsletter.name)),
            unsubscribe_url=self._markers.word(MergeField("link.unsubscribe")) if links.pages_url else None,
            unsubscribe_mailto=mailto,
            unsubscribe_hint="" if links.pages_url or mailto else self._word("unsubscribe_contact"),
            web_url=self._markers.word(MergeField("link.web")) if links.archive_url else None,
        )


def issue_file(issue: Issue, workspace: Workspace) -> str:
    """The issue's file as errors name it, relative to the workspace."""
    path = issue.path
    return (path.relative_to(workspace.root) if path.is_relative_to(workspace.root) else path).as_posix()


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
