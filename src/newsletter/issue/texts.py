"""The kinds of values in an issue: text as typed -> a value that nobody needs to check again.

Touches: nothing. Limits: an address that begins with a merge field is checked again when it is merged.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from newsletter.catalogue import Said, phrase
from newsletter.language_tags import TAG, meant_tag
from newsletter.settings.explain import WrongValueError
from newsletter.settings.values import six_digits

from .addresses import is_telephone
from .fields import MergeField, parse_text, with_samples

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
ANCHOR = r"(?!story-\d+$)[a-z][a-z0-9-]{0,63}"
"""`story-01` is what a numbered story is called without one."""
LONGEST = 20_000
"""Characters of one text: nine times the example letter. Markdown takes 0.3 s for so much emphasis, and four times as
long for twice as much, so that a hostile file could hold the machine for minutes."""

_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s?([Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_LONGEST_TOPIC = 40
"""Characters."""
_YEARS = range(1900, 3000)


class TextKind(StrEnum):
    """What a text of an issue is for; who walks through an issue goes by this, never by the names of keys."""

    LINE = "line"
    """Words on one line."""
    NAME = "name"
    """On one line, too: a name, a number, a source, which nobody says."""
    MARKDOWN = "markdown"
    """Paragraphs."""
    MARKDOWN_LINE = "markdown-line"
    """Markdown within a line."""
    LINK = "link"
    """An address."""
    PICTURE = "picture"
    """The file of a picture."""
    DATA = "data"
    """The file of a table."""

    @property
    def is_markdown(self) -> bool:
        return self in {TextKind.MARKDOWN, TextKind.MARKDOWN_LINE}

    @property
    def is_file(self) -> bool:
        return self in {TextKind.PICTURE, TextKind.DATA}

    @property
    def is_read(self) -> bool:
        """It is for people, not an address or the name of a file."""
        return self is not TextKind.LINK and not self.is_file


@dataclass(frozen=True, slots=True)
class FileContext:
    """What validation needs to know beside the data: the issue's file, and the zone of times without an offset."""

    path: Path
    zone: tzinfo
    days_alone: set[str] = field(default_factory=set)
    """Filled while validating: keys whose time is a date without an hour."""
    section_types: tuple[str, ...] = ()
    """The words for the types of the file's sections, by which those of a translation are read; empty for a wrong one.

    Needed where a workspace has types of its own.
    """


def typed(value: object) -> str:
    """Text as it is compared and kept: NFC, trimmed, of characters that can be written in a mail."""
    if not isinstance(value, str):
        is_list = isinstance(value, list)
        raise WrongValueError(
            phrase("issue.value.must_be_text_not_list") if is_list else phrase("issue.value.must_be_text_not_mapping")
        )
    text = unicodedata.normalize("NFC", value).strip()
    for char in text:
        # An escape in double quotes ("\\0", "\\ud800") can make what the file itself may not hold.
        if char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}:
            raise WrongValueError(phrase("issue.value.holds_invisible_character", character=f"U+{ord(char):04X}"))
    return text


def _filled(value: object) -> str:
    text = typed(value)
    if not text:
        raise WrongValueError(phrase("settings.value.must_not_be_empty"))
    return text


def _block(value: object) -> str:
    text = _filled(value)
    parse_text(text)
    if len(text) > LONGEST:
        raise WrongValueError(phrase("issue.value.is_too_long", size=f"{len(text):,}", most=f"{LONGEST:,}"))
    return text


def _line(value: object) -> str:
    text = _block(value)
    if "\n" in text:
        raise WrongValueError(phrase("issue.value.must_be_one_line"))
    if "\t" in text:
        raise WrongValueError(phrase("issue.value.holds_tab"))
    return text


def _topic(value: object) -> str:
    text = _line(value)
    if "{{" in text or len(text) > _LONGEST_TOPIC or not any(map(str.isalnum, text)):
        raise WrongValueError(phrase("issue.value.must_be_topic", most=_LONGEST_TOPIC))
    return text


def _link(value: object) -> str:
    text = _line(value)
    pieces = parse_text(text)
    if isinstance(pieces[0], MergeField):
        return text
    sample = with_samples(text, "sample")
    scheme = sample.partition(":")[0].lower()
    if ":" not in sample or scheme not in SCHEMES:
        raise WrongValueError(phrase("issue.value.must_be_address"))
    if re.search(r"[\s<>\"\\^`{|}]", sample):
        raise WrongValueError(phrase("issue.value.holds_what_no_address_may"))
    try:
        parts = urlsplit(sample)
        if scheme == "tel":
            whole = is_telephone(with_samples(text, "000"))
        else:
            whole = "@" in parts.path if scheme == "mailto" else bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise WrongValueError(phrase("issue.value.is_no_whole_address"))
    return text


def _cell(value: object) -> str:
    return _line(value) if value not in ("", None) else ""


def _picture_file(value: object) -> str:
    return _file(value, phrase("issue.value.must_be_file_not_address"))


def _data_file(value: object) -> str:
    return _file(value, phrase("issue.value.must_be_data_file_not_address"))


def _file(value: object, is_address: Said) -> str:
    text = _filled(value)
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+:", text):
        raise WrongValueError(is_address)
    if "\\" in text or "\n" in text or text.startswith(("/", "~")):
        raise WrongValueError(phrase("issue.value.must_be_path"))
    return str(PurePosixPath(text))


def _colour(value: object) -> str:
    return six_digits(typed(value))


def _anchor(value: object) -> str:
    text = typed(value)
    if not re.fullmatch(ANCHOR, text):
        raise WrongValueError(phrase("issue.value.must_be_anchor"))
    return text


def _flag(value: object) -> bool:
    if value is True or value is False:
        return value
    word = typed(value).lower()
    if word not in {"true", "false"}:
        raise WrongValueError(phrase("settings.value.must_be_true_or_false"))
    return word == "true"


def _number(value: object) -> int:
    text = _filled(value)
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) == 0:
        raise WrongValueError(phrase("issue.value.must_be_number"))
    return int(text)


def _language(value: object) -> str:
    text = typed(value)
    if not re.fullmatch(TAG, text):
        if meant := meant_tag(text):
            raise WrongValueError(phrase("issue.value.must_be_language_near", near=meant))
        raise WrongValueError(phrase("issue.value.must_be_language"))
    return text


def _moment(value: object, info: ValidationInfo[FileContext]) -> datetime:
    match = _MOMENT.fullmatch(_filled(value))
    if match is None:
        raise WrongValueError(phrase("issue.value.must_be_time"))
    day, clock, offset = match.groups()
    if clock is None and info.field_name:
        info.context.days_alone.add(info.field_name)
    try:
        moment = datetime.fromisoformat(f"{date.fromisoformat(day)}T{clock or '00:00'}{(offset or '').upper()}")
    except ValueError:
        raise WrongValueError(phrase("issue.value.is_no_time_of_calendar")) from None
    if moment.year not in _YEARS:
        # Near the ends of the calendar a time leaves it when it is told in another zone.
        raise WrongValueError(phrase("issue.value.is_far_away", first=str(_YEARS[0]), last=str(_YEARS[-1])))
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=info.context.zone)


def is_whole_day(moment: datetime) -> bool:
    """At midnight a time of an issue means its whole day; a date alone is read as its midnight."""
    return moment.time() == time.min


# What the JSON Schema says of these values. Editors make numbers and booleans of text such as `010` and `true`.
_TYPED = ["string", "number", "boolean"]
_ONE_LINE = r"^\s*\S[^\n\t]*\s*$"
_BEGINS_AS_LINK = r"^\s*([hH][tT][tT][pP][sS]?://|[mM][aA][iI][lL][tT][oO]:|[tT][eE][lL]:|\{\{)"
_FILE_NAME = r"^\s*(?![a-zA-Z][a-zA-Z0-9+.-]+:)[^/~\\\s][^\\\n]*$"
_WHOLE_NUMBER = {"type": ["integer", "string"], "minimum": 1, "maximum": 999_999, "pattern": "^[0-9]{1,6}$"}

_SHAPE_OF_TEXT = WithJsonSchema({"type": _TYPED, "pattern": r"\S"})
_SHAPE_OF_LINE = WithJsonSchema({"type": _TYPED, "pattern": _ONE_LINE})
_SHAPE_OF_LINK = WithJsonSchema({"type": "string", "pattern": _BEGINS_AS_LINK})
_SHAPE_OF_FILE = WithJsonSchema({"type": "string", "pattern": _FILE_NAME})

MarkdownText = Annotated[str, BeforeValidator(_block), _SHAPE_OF_TEXT, TextKind.MARKDOWN]
"""Text of one or more lines, trimmed, never empty where it is required."""
MarkdownLine = Annotated[str, BeforeValidator(_block), _SHAPE_OF_TEXT, TextKind.MARKDOWN_LINE]
OneLine = Annotated[str, BeforeValidator(_line), _SHAPE_OF_LINE, TextKind.LINE]
NameLine = Annotated[str, BeforeValidator(_line), _SHAPE_OF_LINE, TextKind.NAME]
AudienceTag = Annotated[str, BeforeValidator(_line), _SHAPE_OF_LINE]
"""A tag of subscribers, which the letter does not show."""
Topic = Annotated[str, BeforeValidator(_topic), _SHAPE_OF_LINE]
"""What an issue is about, in a word or two, which the letter does not show."""
TypeName = Annotated[str, BeforeValidator(typed)]
"""The word that says what a mapping is; each class has one of its own."""
Link = Annotated[str, BeforeValidator(_link), _SHAPE_OF_LINK, TextKind.LINK]
PictureFile = Annotated[str, BeforeValidator(_picture_file), _SHAPE_OF_FILE, TextKind.PICTURE]
DataFile = Annotated[str, BeforeValidator(_data_file), _SHAPE_OF_FILE, TextKind.DATA]
Cell = Annotated[
    str, BeforeValidator(_cell), WithJsonSchema({"type": [*_TYPED, "null"], "pattern": r"^[^\n\t]*$"}), TextKind.LINE
]
"""Words on one line, which may be none."""
ColumnName = Annotated[str, BeforeValidator(_line), _SHAPE_OF_LINE]
"""What a column of a file is called there, which the letter does not show."""
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Number = Annotated[int, BeforeValidator(_number), WithJsonSchema(_WHOLE_NUMBER)]
AccentColour = Annotated[
    str, BeforeValidator(_colour), WithJsonSchema({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"})
]
Anchor = Annotated[str, BeforeValidator(_anchor), WithJsonSchema({"type": "string", "pattern": f"^{ANCHOR}$"})]
"""The name of a section in addresses, which the letter does not show."""
LanguageCode = Annotated[str, BeforeValidator(_language), WithJsonSchema({"type": "string", "pattern": TAG})]
Timestamp = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "pattern": f"^{_MOMENT.pattern}$"})
]
