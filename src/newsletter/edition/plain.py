"""The text part: the whole letter in 72 columns, written from the issue and not scraped from HTML. Touches: nothing.

Links stand as [1], [2], … in the text and as a list under it, so that they can be read aloud and are never broken.
Limits: a merge field counts with the width of its default, or of a usual value; a longer one makes its line longer.
"""

import re

from newsletter.issue.model import Image, Issue, Notice, Quote, Story

from .context import LetterContext
from .edition import Variant
from .markdown import Prose, paragraphs
from .markers import Markers
from .plain_markdown import plain_blocks, plain_line
from .views import CardView, EventView, FigureView, FooterView, ImageView, SectionView
from .wrap import TEXT_COLUMNS, columns, wrap

_USUAL = {"email": 24, "name": 6}
"""Columns of a value that has no default: an address, a Korean name of three characters."""
_USUAL_FIELD = 10
_WIDEST_VALUE = 24
"""Columns of a figure beside which there is room to say what it counts."""


def plain_text(issue: Issue, variant: Variant, scene: LetterContext, prose: Prose, markers: Markers) -> str:
    """The text part of one variant, ending with a line end; merge fields are markers."""
    return _PlainLetter(issue, variant, scene, prose, markers).write()


class _PlainLetter:
    def __init__(self, issue: Issue, variant: Variant, scene: LetterContext, prose: Prose, markers: Markers) -> None:
        self._issue = issue
        self._variant = variant
        self._scene = scene
        self._prose = prose
        self._markers = markers
        self._links: list[str] = []
        self._groups: list[list[str]] = []

    def write(self) -> str:
        self._masthead()
        self._body(self._issue.intro, "intro")
        for index, view in zip(self._variant.sections, self._scene.sections, strict=True):
            self._section(index, view)
        if self._issue.closing:
            self._add([_rule("-")])
            self._body(self._issue.closing, "closing")
        self._list_of_links()
        self._footer(self._scene.footer)
        return "\n\n".join("\n".join(group) for group in self._groups if group) + "\n"

    def _add(self, lines: list[str]) -> None:
        self._groups.append(lines)

    def _wrap(self, text: str, first: str = "", rest: str = "") -> list[str]:
        return wrap(text, first=first, rest=rest, measure=self._columns) if text else []

    def _columns(self, text: str) -> int:
        if self._markers.prefix not in text:
            return columns(text)
        fields = [self._markers.field(match) for match in self._markers.pattern.finditer(text)]
        expected = sum(columns(f.default) if f.default is not None else _USUAL.get(f.key, _USUAL_FIELD) for f in fields)
        return columns(self._markers.pattern.sub("", text)) + expected

    def _cite(self, url: str) -> int:
        if url not in self._links:
            self._links.append(url)
        return self._links.index(url) + 1

    def _masthead(self) -> None:
        letter = self._scene.letter
        self._add(
            [
                *self._wrap(letter.newsletter),
                *self._wrap(letter.tagline),
                *self._wrap(" · ".join(part for part in (letter.date or letter.month, letter.number) if part)),
                _rule("="),
            ]
        )
        self._add(self._wrap(letter.title))
        if self._issue.hero and self._scene.hero:
            self._picture(self._issue.hero, self._scene.hero, "hero")

    def _body(self, text: str, place: str) -> None:
        if text:
            self._add(plain_blocks(self._prose.tree(text, place), self._cite, self._columns))

    def _line(self, text: str, place: str) -> str:
        parts = (plain_line(self._prose.inline_tree(part, place), self._cite) for part in paragraphs(text))
        return "\n".join(parts)

    def _section(self, index: int, view: SectionView) -> None:
        section, place = self._issue.sections[index], f"sections[{index}]"
        self._add([_rule("-")])
        heading = "  ".join(part for part in (view.ordinal, view.heading) if part)
        self._add(self._wrap(heading, rest=" " * (len(view.ordinal) + 2) if view.ordinal else ""))
        if section.image and view.image:
            self._picture(section.image, view.image, f"{place}.image")
        match section:
            case Story():
                self._body(section.body, f"{place}.body")
                for position, (item, card) in enumerate(zip(section.research, view.research, strict=True)):
                    self._card(card, self._line(item.summary, f"{place}.research[{position}].summary"))
                if view.button:
                    self._add(self._wrap(f"{view.button.label} [{self._cite(view.button.url)}]", "→ ", "  "))
            case Notice():
                self._body(section.body, f"{place}.body")
            case Quote():
                self._quote(section, view, place)
            case _:
                self._items(view)

    def _quote(self, section: Quote, view: SectionView, place: str) -> None:
        text = self._prose.tree(section.text, f"{place}.text")
        lines = [
            f"    {line}".rstrip() for line in plain_blocks(text, self._cite, lambda part: self._columns(part) + 4)
        ]
        self._add(lines + self._wrap(view.source, "    — ", "      "))

    def _items(self, view: SectionView) -> None:
        self._figures([item for item in view.items if isinstance(item, FigureView)])
        for item in view.items:
            if isinstance(item, EventView):
                title = f"{item.title} [{self._cite(item.url)}]" if item.url else item.title
                self._add(self._wrap(item.when) + self._wrap(title, "  ", "  ") + self._wrap(item.place, "  ", "  "))

    def _figures(self, figures: list[FigureView]) -> None:
        """The numbers in a column, what they count beside them; very long ones stand in their own line."""
        width = max((self._columns(figure.value) for figure in figures), default=0)
        lines: list[str] = []
        for figure in figures:
            if width > _WIDEST_VALUE:
                lines += self._wrap(figure.value, "  ", "  ") + self._wrap(figure.label, "    ", "    ")
            else:
                value = figure.value + " " * (width - self._columns(figure.value))
                lines += self._wrap(figure.label, f"  {value}   ", " " * (width + 5))
        self._add(lines)

    def _card(self, card: CardView, summary: str) -> None:
        lines = self._wrap(f"{self._scene.words('research')}: {card.title} [{self._cite(card.url)}]", "", "  ")
        about = ", ".join(part for part in (card.authors, card.year) if part)
        self._add(lines + self._wrap(about, "  ", "  ") + self._wrap(summary, "  ", "  "))

    def _picture(self, image: Image, view: ImageView, place: str) -> None:
        words = self._scene.words
        credit = f"{words('credit')} {view.credit}" if view.credit else ""
        rights = " · ".join(part for part in (credit, view.licence) if part)
        caption = self._line(image.caption, f"{place}.caption")
        self._add(self._wrap(f"({words('picture')}: {view.alt})", "", " ") + self._wrap(caption) + self._wrap(rights))

    def _list_of_links(self) -> None:
        if not self._links:
            return
        self._add([_rule("-")])
        numbered = [f"[{number}] {self._markers.in_plain_link(url)}" for number, url in enumerate(self._links, start=1)]
        self._add([self._scene.words("links"), *numbered])

    def _footer(self, footer: FooterView) -> None:
        self._add([_rule("=")])
        words = self._scene.words
        self._add(self._wrap(footer.no_reply_notice))
        self._add(self._wrap(footer.why) + self._wrap(footer.unsubscribe_hint) + self._ways_out(footer))
        phones = [f"{phone.label} {phone.number}" for phone in footer.phones]
        self._add(
            [
                *self._wrap(footer.institute),
                *self._wrap(footer.postal_address),
                *self._wrap(" · ".join(phones)),
                *([f"{words('website')}: {footer.website}"] if footer.website else []),
                *self._wrap(footer.copyright),
            ]
        )

    def _ways_out(self, footer: FooterView) -> list[str]:
        words, lines = self._scene.words, []
        if footer.unsubscribe_url:
            lines.append(f"{words('unsubscribe')}: {self._markers.in_plain_link(footer.unsubscribe_url)}")
        if footer.unsubscribe_mailto:
            address = re.sub(r"^mailto:|\?.*$", "", footer.unsubscribe_mailto)
            lines.extend(self._wrap(words("unsubscribe_mail", address=address)))
        if footer.web_url:
            lines.append(f"{words('web_version')}: {self._markers.in_plain_link(footer.web_url)}")
        return lines


def _rule(character: str) -> str:
    return character * TEXT_COLUMNS
