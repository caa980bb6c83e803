"""HTML as a list of elements, and whether its tags are balanced. Touches: nothing. Limits: no implied end tags."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "col", "hr", "img", "link", "meta", "o:allowpng"})


@dataclass(slots=True)
class Element:
    """A start tag with the text of everything inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list["Element"] = field(default_factory=list)
    """The elements around it, outermost first."""

    @property
    def style(self) -> dict[str, str]:
        """Its style attribute by property."""
        pairs = (part.split(":", 1) for part in self.attributes.get("style", "").split(";") if ":" in part)
        return {name.strip(): value.strip() for name, value in pairs}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.mistakes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, inside=list(self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, inside=list(self.open)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            where = self.open[-1].tag if self.open else "nothing"
            self.mistakes.append(f"</{tag}> closes <{where}> in line {self.getpos()[0]}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def elements(html: str) -> list[Element]:
    """Every element in order, with its text."""
    return _read(html).elements


def unbalanced(html: str) -> list[str]:
    """End tags that close something else, and tags that are never closed."""
    reader = _read(html)
    return reader.mistakes + [f"<{element.tag}> is never closed" for element in reader.open]


def as_outlook_reads(html: str) -> str:
    """`html` with what stands in `<!--[if mso]>` comments as part of it, without what is hidden from Outlook."""
    html = re.sub(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", "", html, flags=re.DOTALL)
    return re.sub(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", r"\1", html, flags=re.DOTALL)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
