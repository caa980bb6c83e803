"""HTML that somebody typed in a text, which readers would see as it stands, and what to write for it.

Touches: nothing. Told are elements that HTML has, so that `<책 이름>` and `<A>` are text; of each the first in a text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from newsletter.issue.texts import TextKind

from .picture_keys import picture_keys
from .shown_words import NOT_TEXT, paragraphs_of, shown_words

_FORMATTING = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~", "code": "`"}
_LEADS = {f"h{level}": f"{'#' * level} " for level in range(1, 7)} | {"li": "- ", "blockquote": "> "}
_BREAKS = {"br", "wbr"}
_PARTS = {"p", "div", "center", "ul", "ol", "table", "tbody", "thead", "tr", "td", "th", "dl", "dt", "dd", "pre"}
_PLAIN = {"u", "span", "font", "small", "big", "sub", "sup", "mark", "ins", "kbd", "q", "cite", "abbr", "tt"}
_ALONE = {"br", "wbr", "hr", "img"}
_RARE = {"a", "iframe", "video", "audio", "script", "style", "button", "form", "input", "section", "figure", "label"}
_KNOWN = {*_FORMATTING, *_LEADS, *_PARTS, *_PLAIN, *_ALONE, *_RARE}
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>\s[^<>]*)?/?>|<!--")
_ATTRIBUTE = re.compile(r"""([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_LONGEST = 80


class HtmlFault(StrEnum):
    """By what is to be done about it."""

    BREAK = "break"
    PART = "part"
    """A block; an empty line parts paragraphs."""
    PICTURE = "picture"
    COMMENT = "comment"
    WRITTEN = "written"
    """Markdown has it: as `written`."""
    PLAIN = "plain"
    """There is no such thing in a letter: its words are, as `written`."""


@dataclass(frozen=True, slots=True)
class LeftHtml:
    """One element; its tag stands in the text as typed, after `nth` others that are written so."""

    fault: HtmlFault
    tag: str
    nth: int
    written: str = ""
    """What to write for it; of a picture, what names it: `src: assets/a.png, alt: "…"`."""


def left_html(text: str, kind: TextKind) -> Iterator[LeftHtml]:
    """The HTML in a text of this kind; nothing in an address or the name of a file."""
    if not kind.is_read or "<" not in text:
        return
    told: set[str] = set()
    for first_line, shown in _shown(text, kind):
        for match in _TAG.finditer(shown):
            name = (match["name"] or "!").lower()
            if name not in told and _is_html(match, shown):
                told.add(name)
                line = first_line + shown.count("\n", 0, match.start())
                yield _of(match, shown, kind, _nth(text, line, match[0].partition("\n")[0]))


def _shown(text: str, kind: TextKind) -> Iterator[tuple[int, str]]:
    if kind.is_markdown:
        for first_line, tokens in paragraphs_of(text, kind):
            yield first_line, shown_words(tokens)
    else:
        yield 0, text


def _nth(text: str, line: int, tag: str) -> int:
    before = sum(len(one) + 1 for one in text.split("\n")[:line])
    return text.count(tag, 0, max(text.find(tag, before), 0))


def _is_html(match: re.Match[str], shown: str) -> bool:
    """Whether a tag is meant: `<title>` and `<B>` may be words, `<a or b>` is no tag."""
    if match[0] == "<!--":
        return True
    name, attributes = match["name"].lower(), (match["attributes"] or "").strip(" /\n\t")
    if name not in _KNOWN or (attributes and not _ATTRIBUTE.match(attributes)):
        return False
    is_certain = bool(attributes) or name in _ALONE or (match["name"].islower() and name not in _RARE)
    return is_certain or bool(re.search(rf"<{'' if match['end'] else '/'}{match['name']}\s*>", shown))


def _of(match: re.Match[str], shown: str, kind: TextKind, nth: int) -> LeftHtml:
    tag, name = match[0].partition("\n")[0], (match["name"] or "").lower()
    words = _words(match, shown)
    attributes = {key.lower(): value for key, value in _attributes(match["attributes"] or "")}
    if name == "img":
        return LeftHtml(HtmlFault.PICTURE, tag, nth, picture_keys(attributes.get("src", ""), attributes.get("alt", "")))
    if not name:
        return LeftHtml(HtmlFault.COMMENT, tag, nth)
    if not kind.is_markdown:
        return LeftHtml(HtmlFault.PLAIN, tag, nth, " ".join(_TAG.sub(" ", shown).split()))
    if name in _BREAKS:
        return LeftHtml(HtmlFault.BREAK, tag, nth)
    if name in _PARTS:
        return LeftHtml(HtmlFault.PART, tag, nth)
    if name == "hr":
        return LeftHtml(HtmlFault.WRITTEN, tag, nth, "---")
    if name == "a" and "href" in attributes:
        return LeftHtml(HtmlFault.WRITTEN, tag, nth, f"[{words}]({attributes['href']})")
    if name in _FORMATTING:
        return LeftHtml(HtmlFault.WRITTEN, tag, nth, f"{_FORMATTING[name]}{words}{_FORMATTING[name]}")
    if name in _LEADS:
        return LeftHtml(HtmlFault.WRITTEN, tag, nth, f"{_LEADS[name]}{words}")
    return LeftHtml(HtmlFault.PLAIN, tag, nth, words)


def _words(match: re.Match[str], shown: str) -> str:
    """What stands between a tag and its counterpart, without other tags; a dot for each where there is none."""
    rest = shown[match.end() :] if not match["end"] else ""
    inside = re.split(rf"</{match['name']}\s*>|\n", rest, maxsplit=1, flags=re.IGNORECASE)[0]
    words = " ".join(_TAG.sub("", inside).replace(NOT_TEXT, "…").split())
    return words if 0 < len(words) <= _LONGEST else "…"


def _attributes(typed: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(typed):
        yield match[1], match[2] or match[3] or match[4] or ""
