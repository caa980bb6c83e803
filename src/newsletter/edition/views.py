"""What templates see of an issue, as frozen values. Touches: nothing.

A `str` may hold merge markers and is escaped by Jinja; `Markup` is Markdown already made into safe HTML. Optional texts
are empty where they are missing, optional values None, so that `{% if %}` works for both. `untranslated` names the
texts of a view that stayed in the newsletter's language, since the letter's translation has none for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

NO_MARKUP = Markup()
ALL_TRANSLATED: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LetterView:
    """What the masthead, the head and the preheader need."""

    newsletter: str
    tagline: str
    title: str
    subject: str
    preheader: str
    padding: Markup
    """Invisible characters after the preheader, so that the inbox line does not run on into the body."""
    language: str
    """The language of the issue's words: `lang` of the document."""
    chrome_language: str
    """The language of the letter's own words; `lang` of the footer where it differs."""
    newsletter_language: str
    """The language of what comes from the settings (name, tagline, institute), and of what was not translated."""
    dir: str
    """`ltr` or `rtl`, by the language."""
    both_ways: bool
    """Whether some of its words may be read from the other side than the rest."""
    number: str
    """As shown: `제7호`; empty without a number."""
    has_number: bool
    month: str
    """`2021년 7월`; empty without `publish_at`, like `date`."""
    date: str
    reading_time: str = ""
    """`읽는 데 5분`: of all that its readers see."""
    summary_label: str = ""
    """`이번 호 세 줄`"""
    summary: tuple[Markup, ...] = ()
    """The issue in a few lines."""
    untranslated: frozenset[str] = ALL_TRANSLATED
    """Also `intro` and `closing`."""
    has_dark_pictures: bool = False
    """Whether a picture is another one in the dark, which the letter's style has to show."""


@dataclass(frozen=True, slots=True)
class ImageView:
    """A picture; width and height are CSS pixels, the file has up to twice as many."""

    src: str
    width: int
    height: int
    alt: str
    caption: Markup
    credit: str
    licence: str
    untranslated: frozenset[str] = ALL_TRANSLATED
    url: str = ""
    """Where a click on it leads."""
    dark: "ImageView | None" = None
    """Shown instead where the letter is dark; its words are those of this one."""
    has_own_width: bool = False
    """Narrower than its place because the issue says so; in the middle of what is centred."""
    has_small_place: bool = False
    """It stands beside something, or is a mark such as a logo."""


@dataclass(frozen=True, slots=True)
class ButtonView:
    label: str
    url: str
    style: str = "solid"
    """Or `outline`, or `link`."""
    untranslated: frozenset[str] = ALL_TRANSLATED


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What a reader may press under a question."""

    label: str
    url: str
    untranslated: frozenset[str] = ALL_TRANSLATED


class FieldsView:
    """The fields of a type of section that a workspace declares, or of an entry of a list in one.

    By name: `str` for a line, a name, a link (its address), a time and a number as they are said; `Markup` for
    Markdown; an ImageView or None; a bool for a flag; a tuple of FieldsView for a list. `labels` are the words of the
    declaration by the field's name, empty where it has none.
    """

    def __init__(self, values: Mapping[str, Any], labels: Mapping[str, str], untranslated: frozenset[str]) -> None:
        self.__dict__.update(values)
        self.labels = labels
        self.untranslated = untranslated

    @property
    def names(self) -> list[str]:
        return [name for name in vars(self) if name != "untranslated"]


NO_FIELDS = FieldsView({}, {}, ALL_TRANSLATED)


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section that this variant shows. Each type has a view of its own (newsletter/edition/sections)."""

    type: str
    heading: str
    image: ImageView | None = None
    untranslated: frozenset[str] = ALL_TRANSLATED
    ordinal: str = ""
    """`01`, `02`, … where sections of its type are numbered, have a heading, and are several."""
    anchor: str = ""
    """Its name in the archive: the issue's, `story-01`, or `section-5` for the fifth; empty without a heading, and for
    what only some readers get, which is not there."""
    tinted: bool = False
    """It stands on a tint of its own, from edge to edge."""
    after_tint: bool = False
    """So does the section before it, whose edge is all that parts the two."""
    after_line: bool = False
    """The section before it ends in a hairline."""
    buttons: tuple[ButtonView, ...] = ()
    layout: str = "standard"
    """Of a story: also `lead`, `left` and `right`."""
    kicker: str = ""
    byline: str = ""
    reading_time: str = ""
    """`읽는 데 3분`"""
    # A template may ask any section for these, whatever its type: what the type does not have is empty.
    body: Markup = NO_MARKUP
    text: Markup = NO_MARKUP
    source: str = ""
    tone: str = ""
    """Of a callout: `info`, `warning` or `thanks`."""
    label: str = ""
    """Of a sponsor; empty: the letter's own word for it."""
    name: str = ""
    url: str = ""
    question: str = ""
    answers: tuple[AnswerView, ...] = ()
    unit: str = ""
    """Of the figures of a table, or of a chart whose values have no room for it."""
    kind: str = ""
    """Of a chart: `bars`, `columns` or `share`."""
    alt: str = ""
    """What a chart shows, in words."""
    data_table: Any = None
    """Of a table: a `TableView` of tables.py."""
    items: tuple[Any, ...] = ()
    widest: float = 0
    """Of key numbers: the widest of them, in em."""
    images: tuple[ImageView, ...] = ()
    research: tuple[Any, ...] = ()
    fields: FieldsView = NO_FIELDS
    """Of a type that the workspace declares: its fields by their names."""

    @property
    def template(self) -> str:
        """The template that shows it, from the folder of templates."""
        return f"sections/{self.type}/section.html.j2" if self.type.startswith("x-") else f"_{self.type}.html.j2"


@dataclass(frozen=True, slots=True)
class PhoneView:
    label: str
    number: str
    tel: str
    """For `href`: `tel:0221491234`."""


@dataclass(frozen=True, slots=True)
class LinkView:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class FooterView:
    institute: str
    postal_address: str
    phones: tuple[PhoneView, ...]
    copyright: str
    website: str
    website_label: str
    """The address as shown: without scheme and final slash."""
    no_reply_notice: str
    """Empty where replies are read."""
    notice_language: str
    """The newsletter's where the settings give the notice, else that of the letter's own words."""
    why: str
    """Why the reader gets this."""
    unsubscribe_url: str | None
    unsubscribe_mailto: str | None
    """A `mailto:` address for `href`."""
    unsubscribe_hint: str
    """How to leave in words, where there is neither link nor mailbox; else empty."""
    web_url: str | None
    subscribe_url: str = ""
    archive_url: str = ""
    forward_url: str = ""
    """A `mailto:` address to nobody yet, with a subject, and the letter's address on the web in it."""
    social: tuple[LinkView, ...] = ()
    logo: ImageView | None = None
    partners: tuple[ImageView, ...] = ()
    """With an `alt`, the partner's name, and perhaps a `url`."""
    funding: str = ""
