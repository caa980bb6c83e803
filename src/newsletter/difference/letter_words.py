"""An edition -> what it says, part by part and sentence by sentence: `letter_parts(edition)`. Touches: nothing.

It is read from the letter's HTML, so it is what readers see, whatever it came from: the issue, settings, templates or
words of our own. A merge field stands as `{{ name | 구독자 }}`. Limits: what is for Outlook alone is not looked at; a
template that has no rows is parted at its headings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from html.parser import HTMLParser
from typing import Literal

from newsletter.edition.edition import Edition

from .sentences import sentences_of

ItemKind = Literal[
    "subject", "preheader", "date", "only_for", "heading", "sentence", "contents", "link", "alt", "picture"
]
PartKind = Literal["inbox", "top", "opening", "section", "foot"]


@dataclass(frozen=True, slots=True)
class WordItem:
    """One thing that a letter says. Two are the same where kind and text are."""

    kind: ItemKind
    text: str
    """Of a link its address; of a picture the name that its file and its crop give it."""
    of: str = field(default="", compare=False)
    """What it belongs to, to be shown: the words of a link, the file name of a picture."""


@dataclass(frozen=True, slots=True)
class SaidPart:
    """A part of the letter in the order it is read."""

    kind: PartKind
    items: tuple[WordItem, ...]

    @property
    def heading(self) -> str:
        """Its own, or the first words of one that has none."""
        headings = (item.text for item in self.items if item.kind == "heading")
        said = (item.text.lstrip(_MARKS) for item in self.items if item.kind in {"sentence", "alt", "link"})
        return next(headings, "") or _begun(next((text for text in said if any(map(str.isalnum, text))), ""))


_BLANKS = re.compile(r"\s+")
_SHORT = 24
_MARKS = "•> "
"""Before an item of a list, and what is quoted."""
_PADDING = "\N{ZERO WIDTH NON-JOINER}"
_NO_BREAK = str.maketrans("", "", "\N{WORD JOINER}\N{SOFT HYPHEN}")
"""What the letter puts into words so that they break well."""
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "code", "del", "em", "font", "i", "ins", "mark", "q", "s", "small", "span", "strong"}
    | {"sub", "sup", "u", "wbr", "img"}
)
_SIGNS = {"strong": "**", "em": "*", "del": "~~", "s": "~~", "code": "`"}
"""Emphasis that somebody wrote; templates make theirs by other elements."""
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "col", "area", "base", "source"})
_MUTE = frozenset({"style", "script", "title", "head"})
_WAYS_OUT = "{{ link."


def letter_parts(edition: Edition) -> tuple[SaidPart, ...]:
    """The line in the inbox first, then the parts in the order of the letter."""
    filled = with_fields_named(edition)
    reader = _Reader({f"cid:{one.cid}": (one.cid.partition("@")[0], one.filename) for one in filled.pictures})
    reader.feed(filled.html)
    reader.close()
    rows = reader.finished()
    inbox = [WordItem("subject", _clean(filled.subject))]
    if reader.preheader:
        inbox.append(WordItem("preheader", reader.preheader))
    return (SaidPart("inbox", tuple(inbox)), *_as_parts(rows))


def with_fields_named(edition: Edition) -> Edition:
    """The edition with pictures inside, and its merge fields as somebody might have typed them."""
    inside = edition.with_pictures_inside()
    html, text, subject = inside.html, inside.text, inside.subject
    for hole in sorted(inside.holes, key=lambda one: -len(one.marker)):
        named = f"{{{{ {hole.key} }}}}" if hole.default is None else f"{{{{ {hole.key} | {hole.default} }}}}"
        html, text = html.replace(hole.marker, escape(named)), text.replace(hole.marker, named)
        subject = subject.replace(hole.marker, named)
    return replace(inside, html=html, text=text, subject=subject, holes=())


@dataclass(slots=True)
class _Row:
    """What stands between two boundaries; of a letter of ours a row of its table."""

    items: list[WordItem] = field(default_factory=list)
    levels: set[str] = field(default_factory=set)
    """Which of h1, h2 are in it."""
    is_foot: bool = False

    @property
    def only_shows(self) -> bool:
        """Pictures and buttons alone: it goes on with what stands above it."""
        said = {item.text for item in self.items if item.kind == "sentence"}
        return said <= {item.of for item in self.items if item.kind == "link"}


def _as_parts(rows: list[_Row]) -> Iterator[SaidPart]:
    opening = next((number for number, row in enumerate(rows) if "h1" in row.levels), -1)
    foot = next((number for number, row in enumerate(rows) if row.is_foot), len(rows))
    groups: list[tuple[PartKind, list[WordItem]]] = []
    for number, row in enumerate(rows):
        kind: PartKind = "top" if number < opening else "opening" if number == opening else "section"
        kind = "foot" if number >= foot else kind
        joins = groups and groups[-1][0] == kind and (kind != "section" or (row.only_shows and not row.levels))
        if joins:
            groups[-1][1].extend(row.items)
        else:
            groups.append((kind, list(row.items)))
    for kind, items in groups:
        yield SaidPart(kind, tuple(items))


def _clean(text: str) -> str:
    return _BLANKS.sub(" ", text.translate(_NO_BREAK)).strip()


def _begun(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT].rstrip()}…"


@dataclass(slots=True)
class _Open:
    name: str
    classes: frozenset[str]
    address: str = ""
    begin: int = 0
    """How much of the block was said before it, in pieces."""


class _Reader(HTMLParser):
    def __init__(self, pictures: dict[str, tuple[str, str]]) -> None:
        super().__init__(convert_charrefs=True)
        self.preheader = ""
        self._pictures = pictures
        self._rows = [_Row()]
        self._open: list[_Open] = []
        self._said: list[str] = []
        self._below: list[WordItem] = []
        """Links and pictures of the block, told behind its sentences."""
        self._contents: list[str] = []

    def finished(self) -> list[_Row]:
        self._end_row()
        return [row for row in self._rows if row.items]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        opened = _Open(tag, frozenset(given.get("class", "").split()))
        if tag not in _INLINE:
            self._end_block()
        if tag == "tr" and self._tables == 2:
            self._end_row()
        if tag == "img":
            self._picture(given)
        if tag == "a":
            opened.address, opened.begin = _clean(given.get("href", "")), len(self._said)
        if tag in {"h1", "h2"}:
            levels = self._rows[-1].levels
            if tag == "h2" and ("h2" in levels or (levels and self._tables < 2)):
                self._end_row()
            self._rows[-1].levels.add(tag)
        self._say_sign(tag)
        if tag not in _VOID:
            self._open.append(opened)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or all(opened.name != tag for opened in self._open):
            return
        self._say_sign(tag)
        if tag not in _INLINE:
            self._end_block()
        while (closed := self._open.pop()).name != tag:
            pass
        if closed.address and not closed.address.startswith("#") and not self._is_contents:
            words = _clean("".join(self._said[closed.begin :]))
            self._below.append(WordItem("link", closed.address, words))
            self._rows[-1].is_foot |= closed.address.startswith(_WAYS_OUT)

    def handle_data(self, data: str) -> None:
        if not any(opened.name in _MUTE for opened in self._open) and not self._is_ordinal(data):
            self._said.append(data)

    @property
    def _tables(self) -> int:
        return sum(opened.name == "table" for opened in self._open)

    @property
    def _is_contents(self) -> bool:
        """In the list of what the issue holds, which says its headings again."""
        in_opening = "h1" in self._rows[-1].levels and "h2" not in self._rows[-1].levels
        return in_opening and any(opened.name == "td" and "rule" in opened.classes for opened in self._open)

    def _is_ordinal(self, data: str) -> bool:
        """The number of a story, which follows from where it stands."""
        around = any("ordinal" in opened.classes for opened in self._open)
        return data.strip().isdigit() and (self._is_contents or (around and self._open[-1].name == "b"))

    def _say_sign(self, tag: str) -> None:
        if tag in _SIGNS:
            self._said.append(_SIGNS[tag])

    def _picture(self, given: dict[str, str]) -> None:
        name, filename = self._pictures.get(given.get("src", ""), (given.get("src", ""), ""))
        size = "×".join(filter(None, (given.get("width"), given.get("height"))))
        shown = f"{filename or name} ({size})" if size else filename or name
        self._below.append(WordItem("picture", f"{name} {size}", shown))
        if alt := _clean(given.get("alt", "")):
            self._below.append(WordItem("alt", alt))

    def _end_block(self) -> None:
        text = "".join(self._said)
        row, below, self._said, self._below = self._rows[-1], self._below, [], []
        if _PADDING in text and not self._tables and not self.preheader:
            self.preheader = _clean(text.partition(_PADDING)[0])
            return
        text = _clean(text.replace(_PADDING, ""))
        names = [opened.name for opened in self._open]
        if text and self._is_contents:
            self._contents.append(text)
        elif text and any(name in {"h1", "h2", "h3", "h4"} for name in names):
            row.items.append(WordItem("heading", text))
        elif text:
            begins = "• " if "li" in names else "> " if "blockquote" in names else ""
            row.items += [WordItem("sentence", begins + one) for one in sentences_of(text)]
        row.items += below

    def _end_row(self) -> None:
        self._end_block()
        if self._contents:
            self._rows[-1].items.append(WordItem("contents", " · ".join(self._contents)))
            self._contents = []
        if self._rows[-1].items:
            self._rows.append(_Row())
