"""What a mail says to people, as plain text within bounds. Touches: nothing."""

import re
from html import unescape

from newsletter.printable import one_line

from .mime import HEADERS_ALONE, MimePart

MOST_CHARACTERS = 64 * 1024
_LONGEST_LINE = 2000
_LONGEST_SAYING = 500
_EDGE = re.compile(r"<(/?)(style|script|head|title)\b[^<>]{0,1000}>", re.IGNORECASE)
_BREAK = re.compile(
    r"<(?:br|/?p|/?div|/?tr|/?table|/?li|/?h[1-6]|hr|/?blockquote|/?pre)\b[^<>]{0,1000}>", re.IGNORECASE
)
_CELL = re.compile(r"</t[hd]\s{0,10}>\s{0,100}<t[hd]\b[^<>]{0,1000}>", re.IGNORECASE)
"""Between a heading and its value in a table."""
_TAG = re.compile(r"<(?!/?[\w.+-]{1,64}@)[a-z/!?][^<>]{0,2000}>", re.IGNORECASE)
"""Not `<user@example.com>`, which careless notices write without escaping it."""
_HUGE_REFERENCE = re.compile(r"&#x?[0-9a-f]{8,};?", re.IGNORECASE)
"""`html.unescape` raises on a number of more than 4,300 digits."""
_BLANKS = re.compile(r"[ \t\xa0]+")
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def body_text(message: MimePart) -> str:
    """The text parts of a message, not those of a message within it; HTML only where there is no plain text."""
    plain: list[str] = []
    html: list[str] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.content_type.startswith("multipart/"):
            waiting.extend(reversed(part.parts))
            if not part.parts:
                plain.append(part.text)
        elif part.content_type == "text/html":
            html.append(part.text)
        elif part.content_type.startswith("text/") and part.content_type not in HEADERS_ALONE:
            plain.append(part.text)
    readable = "\n\n".join(text for text in plain if text.strip())
    return bounded(readable or "\n\n".join(map(text_of_html, html)))


def text_of_html(html: str) -> str:
    """The words of a page, a line for each block."""
    html = _cut_invisible(html[: 4 * MOST_CHARACTERS])
    html = _TAG.sub("", _BREAK.sub("\n", _CELL.sub(" | ", html.replace("\n", " "))))
    text = unescape(_HUGE_REFERENCE.sub("", html))
    return _EMPTY_LINES.sub("\n\n", "\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n")))


def _cut_invisible(html: str) -> str:
    """Without what no reader sees. One way through: a search for the end of each would take the square of the time."""
    kept: list[str] = []
    place, inside = 0, ""
    for edge in _EDGE.finditer(html):
        name = edge[2].lower()
        if not inside and not edge[1]:
            kept.append(html[place : edge.start()])
            place, inside = edge.end(), name
        elif inside == name and edge[1]:
            place, inside = edge.end(), ""
    return " ".join([*kept, html[place:]])


def saying(text: str) -> str:
    """On one line, no longer than what is kept of it."""
    return one_line(text[: 2 * _LONGEST_SAYING])[:_LONGEST_SAYING].strip()


def bounded(text: str) -> str:
    """No line longer than some reader's pattern can bear."""
    lines = text[:MOST_CHARACTERS].split("\n")
    return "\n".join(
        line
        if len(line) <= _LONGEST_LINE
        else "\n".join(line[at : at + _LONGEST_LINE] for at in range(0, len(line), _LONGEST_LINE))
        for line in lines
    )
