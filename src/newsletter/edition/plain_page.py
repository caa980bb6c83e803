"""The page that the text part is written on: groups of lines in 72 columns, links by number. Touches: nothing.

Limits: a merge field counts with the width of its default, or of a usual value; a longer one makes its line longer.
"""

from collections.abc import Callable, Iterable

from newsletter.issue.sections.section import Image

from .directions import marked_lines
from .markdown.plain_markdown import plain_blocks, plain_line
from .markdown.prose import Prose, paragraphs
from .markers import Markers
from .views import AnswerView, ButtonView, ImageView
from .wrap import TEXT_COLUMNS, columns, wrap

_USUAL = {"email": 24, "name": 6}
"""Columns of a value that has no default: an address, a Korean name of three characters."""
_USUAL_FIELD = 10


class PlainPage:
    """Written from top to bottom; `words` are the letter's own (letter_words.py)."""

    def __init__(self, prose: Prose, markers: Markers, words: Callable[..., str], direction: str = "ltr") -> None:
        self.words = words
        self._prose = prose
        self._markers = markers
        self._links: list[str] = []
        self._groups: list[list[str]] = []
        self._direction = direction

    def finished(self) -> str:
        lines = "\n\n".join("\n".join(group) for group in self._groups if group) + "\n"
        return marked_lines(lines, self._markers.pattern) if self._direction == "rtl" else lines

    def add(self, *lines: str) -> None:
        """A group of lines, with an empty line before it."""
        self._groups.append(list(lines))

    def rule(self, character: str) -> None:
        self.add(character * TEXT_COLUMNS)

    def wrap(self, text: str, first: str = "", rest: str = "") -> list[str]:
        """The lines of a text, which begin with `first` and `rest`; none for no text."""
        return wrap(text, first=first, rest=rest, measure=self.columns) if text else []

    def columns(self, text: str) -> int:
        """How wide a text will be."""
        if self._markers.prefix not in text:
            return columns(text)
        fields = [self._markers.field(match) for match in self._markers.pattern.finditer(text)]
        expected = sum(columns(f.default) if f.default is not None else _USUAL.get(f.key, _USUAL_FIELD) for f in fields)
        return columns(self._markers.pattern.sub("", text)) + expected

    def cite(self, url: str) -> str:
        """`[1]`: the number of a link in the list under the text."""
        return f"[{self._number(url)}]"

    def in_link(self, url: str) -> str:
        """An address as the text part shows it."""
        return self._markers.in_plain_link(url)

    def blocks(self, text: str, place: str, indent: str = "") -> list[str]:
        """The lines of a Markdown text."""
        tree = self._prose.tree(text, place)
        return plain_blocks(tree, self._number, self.columns, in_link=self.in_link, indent=indent)

    def body(self, text: str, place: str) -> None:
        """A Markdown text as a group of its own."""
        if text:
            self.add(*self.blocks(text, place))

    def titled(self, title: str, url: str) -> list[str]:
        """The first lines of an entry, with the number of its link where it has one."""
        return self.wrap(f"{title} {self.cite(url)}" if url else title, "", "  ")

    def below(self, text: str, place: str) -> list[str]:
        """A Markdown text set in under a title; no lines for no text."""
        return self.blocks(text, place, indent="  ") if text else []

    def line(self, text: str, place: str) -> str:
        """Markdown within a line."""
        trees = (self._prose.inline_tree(part, place) for part in paragraphs(text))
        return "\n".join(plain_line(tree, self._number, in_link=self.in_link) for tree in trees)

    def picture(self, image: Image, view: ImageView, place: str) -> None:
        """What stands for a picture: its words, where it leads, who made it, how it may be used."""
        words = f"({self.words('picture')}: {view.alt})" + (f" {self.cite(view.url)}" if view.url else "")
        credit = f"{self.words('credit')} {view.credit}" if view.credit else ""
        rights = " · ".join(part for part in (credit, view.licence) if part)
        caption = self.line(image.caption, f"{place}.caption")
        self.add(*self.wrap(words, "", " "), *self.wrap(caption), *self.wrap(rights))

    def below_data(self, unit: str, source: str) -> None:
        """In what the figures of a table or a chart are counted, and where they come from."""
        said = ((self.words("unit"), unit), (self.words("source"), source))
        self.add(*self.wrap(" · ".join(f"{label}: {text}" for label, text in said if text)))

    def buttons(self, buttons: Iterable[ButtonView | AnswerView]) -> None:
        """What is to be pressed, each in lines of its own."""
        arrow = "← " if self._direction == "rtl" else "→ "
        self.add(*(line for one in buttons for line in self.wrap(f"{one.label} {self.cite(one.url)}", arrow, "  ")))

    def list_of_links(self) -> None:
        if not self._links:
            return
        self.rule("-")
        self.add(
            self.words("links"),
            *(f"[{number}] {self.in_link(url)}" for number, url in enumerate(self._links, start=1)),
        )

    def _number(self, url: str) -> int:
        if url not in self._links:
            self._links.append(url)
        return self._links.index(url) + 1
