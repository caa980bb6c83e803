"""An edition's HTML as the rules look at it: tags in order, their words, what is not closed. Touches: nothing.

Limits: what stands in conditional comments, for Outlook alone, is not looked at.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

# HTML 13.1.2: elements that never have an end tag.
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class Tag:
    """One start tag; attribute names in lower case, a value of None is an attribute without one."""

    name: str
    attributes: dict[str, str | None]
    words: str = ""
    """The text inside, spaces collapsed, with the `alt` of pictures."""

    def get(self, attribute: str) -> str:
        return (self.attributes.get(attribute) or "").strip()


@dataclass(slots=True)
class Page:
    """What was read; `words` is the visible text, spaces collapsed."""

    tags: list[Tag] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)
    """Names of elements that are opened and not closed, or closed and not opened."""
    words: str = ""

    def named(self, *names: str) -> list[Tag]:
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
        self._open: list[Tag] = []
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Tag(tag, dict(attrs))
        self.page.tags.append(found)
        if tag not in _VOID:
            self._open.append(found)
        elif tag == "img":
            self._say(found.get("alt"), visible=False)
        self._said.append(" ")

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
            self.page.unclosed.append(closed.name)
        self._said.append(" ")

    def handle_data(self, data: str) -> None:
        inside = self._open[-1].name if self._open else ""
        if inside == "style":
            self.page.styles.append(data)
        elif inside != "script":
            self._say(data, visible=inside != "title")

    def finished(self) -> Page:
        self.page.unclosed.extend(tag.name for tag in self._open)
        self.page.words = collapsed("".join(self._said))
        for tag in self.page.tags:
            tag.words = collapsed(tag.words)
        return self.page

    def _say(self, text: str, *, visible: bool) -> None:
        if visible:
            self._said.append(text)
        for tag in self._open:
            # Only where the words are asked for: adding them to every element would be quadratic.
            if tag.name in {"a", "title", "h1"}:
                tag.words += text
