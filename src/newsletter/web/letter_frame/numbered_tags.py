"""Number the start tags of a letter, so that a finding can be shown in the frame, and give its styles another look.

Touches: nothing. Tags are counted as `check` counts them (check/page.py). Limits: where the HTML is so broken that a
browser reads other tags in it than Python does, a number may stand inside a text or a comment, and does no harm there:
it holds no quote and no angle bracket.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from html.parser import HTMLParser

_NAME = re.compile(r"<[a-zA-Z][^\t\n\f\r />\x00]*")
_STYLED = re.compile(
    r"""(?P<before>[\s"'/](?:style|bgcolor|color|media)\s*=\s*)(?P<value>"[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE
)

Edit = tuple[int, int, str]
"""From, to, and what stands there instead; offsets in characters."""


def numbered(html: str, restyle: Callable[[str], str]) -> str:
    """The letter with ` data-tag=<number>` in each start tag, counted from 0, and every style given to `restyle`."""
    reader = _Reader(html, restyle)
    reader.read()
    return "".join(_applied(html, reader.edits))


def tag_lines(html: str) -> list[int]:
    """For each start tag, by its number, the line it stands in, from 1."""
    reader = _Reader(html, str)
    reader.read()
    return reader.lines


def _applied(html: str, edits: list[Edit]) -> Iterator[str]:
    done = 0
    for start, end, text in edits:
        yield html[done:start]
        yield text
        done = end
    yield html[done:]


class _Reader(HTMLParser):
    def __init__(self, html: str, restyle: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self.edits: list[Edit] = []
        self.lines: list[int] = []
        self._html = html
        self._restyle = restyle
        self._starts = [0, *(found.end() for found in re.finditer("\n", html))]
        self._style: int | None = None
        """Where the style element that is open begins to say something."""

    def read(self) -> None:
        # html.parser gives up so at a marked section it does not know, `<![x[`: the rest stays as it is.
        with suppress(AssertionError):
            self.feed(self._html)
            self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as HTMLParser
        start = self._place()
        source = self.get_starttag_text() or ""
        name = _NAME.match(self._html, start)
        if name and self._html.startswith(source, start):
            self.edits.append((name.end(), name.end(), f" data-tag={len(self.lines)}"))
            self._edit_attributes(start, source, name.end() - start)
        self.lines.append(self.getpos()[0])
        self._style = start + len(source) if tag == "style" else None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._style = None

    def handle_endtag(self, tag: str) -> None:
        if self._style is not None and tag == "style":
            self._edit(self._style, self._place())
        self._style = None

    def _edit_attributes(self, start: int, source: str, begin: int) -> None:
        for found in _STYLED.finditer(source, begin):
            self._edit(start + found.start("value"), start + found.end("value"))

    def _edit(self, start: int, end: int) -> None:
        before = self._html[start:end]
        after = self._restyle(before)
        if after != before:
            self.edits.append((start, end, after))

    def _place(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column
