"""An edition's HTML as the rules look at it: tags in order, their words, what is not closed. Touches: nothing.

Limits: what stands in conditional comments, for Outlook alone, is not looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# HTML 13.1.2: elements that never have an end tag.
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
# Between these and their surroundings there is no space but a typed one.
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "code", "del", "em", "font", "i", "img", "ins", "mark"}
    | {"q", "s", "small", "span", "strong", "sub", "sup", "u", "wbr"}
)
_SPACES = re.compile(r"\s+")


@dataclass(slots=True, eq=False)
class StartTag:
    """One start tag; attribute names in lower case, a value of None is an attribute without one."""

    name: str
    attributes: dict[str, str | None]
    index: int = 0
    """How many start tags stand before it; merging changes no tag, so it counts the same in a merged letter."""
    line: int = 1
    """From 1, in the edition's HTML, as the column."""
    column: int = 1
    written: str = ""
    """The start tag as it stands in the HTML."""
    said: list[str] = field(default_factory=list, repr=False)
    """All that the page says, `alt` of pictures too; what is inside this element is from `begin` to `end`."""
    begin: int = 0
    end: int = 0
    parent: "StartTag | None" = field(default=None, repr=False)
    """The element it stands in."""

    def get(self, attribute: str) -> str:
        return (self.attributes.get(attribute) or "").strip()

    def around(self) -> Iterator["StartTag"]:
        """The elements it stands in, the nearest first."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent

    def says_something(self) -> bool:
        return any(piece.strip() for piece in self.said[self.begin : self.end])

    @property
    def words(self) -> str:
        """The text inside, spaces collapsed, with the `alt` of pictures."""
        return collapsed("".join(self.said[self.begin : self.end]))


@dataclass(slots=True)
class Page:
    """What was read; `words` is the visible text, spaces collapsed."""

    tags: list[StartTag] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)
    """Names of elements that are opened and not closed, or closed and not opened."""
    words: str = ""
    texts: list[tuple[StartTag, str]] = field(default_factory=list)
    """The visible text in pieces, each with the element right around it; that of a picture is its `alt`."""

    def named(self, *names: str) -> list[StartTag]:
        return [tag for tag in self.tags if tag.name in names]


def read_page(html: str) -> Page:
    """Read whatever is given; nothing is too broken for it."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:
        # html.parser gives up so at a marked section it does not know, `<![x[`.
        reader.page.unclosed.append("![")
    return reader.finished()


def collapsed(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[StartTag] = []
        self._seen: list[str] = []
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, offset = self.getpos()
        attributes: dict[str, str | None] = {}
        for name, value in attrs:
            attributes.setdefault(name, value)  # of two of a name, HTML takes the first
        index, written = len(self.page.tags), self.get_starttag_text() or ""
        parent = self._open[-1] if self._open else None
        found = StartTag(tag, attributes, index, line, offset + 1, written, self._said, parent=parent)
        self.page.tags.append(found)
        self._part(tag)
        found.begin = len(self._said)
        if tag not in _VOID:
            self._open.append(found)
        elif tag == "img":
            self._said.append(found.get("alt"))
            self.page.texts.append((found, found.get("alt")))
        found.end = len(self._said)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if all(opened.name != tag for opened in self._open):
            self.page.unclosed.append(tag)
            return
        while (closed := self._open.pop()).name != tag:
            closed.end = len(self._said)
            self.page.unclosed.append(closed.name)
        closed.end = len(self._said)
        self._part(tag)

    def handle_data(self, data: str) -> None:
        inside = self._open[-1].name if self._open else ""
        if inside == "style":
            self.page.styles.append(data)
        elif inside != "script":
            self._said.append(data)
            if inside != "title":
                self._seen.append(data)
                self.page.texts.extend((tag, data) for tag in self._open[-1:])

    def finished(self) -> Page:
        for tag in self._open:
            tag.end = len(self._said)
        self.page.unclosed.extend(tag.name for tag in self._open)
        self.page.words = collapsed("".join(self._seen))
        return self.page

    def _part(self, name: str) -> None:
        """Between two elements: what is read aloud parts at blocks only, what is looked through at every tag."""
        self._seen.append(" ")
        if name not in _INLINE:
            self._said.append(" ")
