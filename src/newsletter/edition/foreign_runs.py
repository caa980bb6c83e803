"""Put what runs against its line into a span of its own: `<span dir="ltr">C++</span>`. Touches: nothing.

Works on regular HTML whose styles are inlined, so that no rule for spans meets these, and adds nothing else: in text
only, whole inside a block, around whole elements. Limits: where a run begins inside one element and ends inside another
it is left to the reader's program; what only Outlook reads, in conditional comments, is not looked at.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.writing import opposite

from .directions import direction_of_letter, numbers_read_from_the_left, runs_right

_PIECE = re.compile(
    r"""
      (?P<sealed> <!--.*?--> | <![^>]*> | <(?P<raw>style|script|title|pre)\b[^>]*>.*?</(?P=raw)\s*> )
    | (?P<tag> <(?P<closing>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>(?:[^>"']|"[^"]*"|'[^']*')*)> )
    | (?P<text> [^<]+ | < )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_DIR = re.compile(r"""\sdir=["']?(ltr|rtl)\b""", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")
_WORD = re.compile(r"\S+")
WITHIN_A_LINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "code",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "mark",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
    }
)
"""Elements that stand within a line."""
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_PARTS = frozenset("·•|")
"""Between things that only stand in one line: `14:00 · Seoul City Hall`."""
_PAIRS = {")": "(", "]": "[", "}": "{", "»": "«", "”": "“", "’": "‘", "」": "「", "』": "『", "〉": "〈", "》": "《"}
_ENDS = frozenset(".,:;!?…、。،؛؟\"'\ufffc") | _PAIRS.keys()
_SIGN = "\ufffc"
"""Stands for an entity or a merge field, as a sign without direction and as long."""


def with_runs_apart(html: str, direction: str, marker: re.Pattern[str]) -> str:
    """`html`, whose letter is read in `direction`; `marker` matches open merge fields."""
    if direction == "ltr" and not runs_right(html):
        return html
    return _Page(direction, marker).read(html)


@dataclass(slots=True)
class _Page:
    direction: str
    marker: re.Pattern[str]
    done: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    """Text and tags of elements within a line, since the last block began or ended."""
    around: list[tuple[str, str, bool]] = field(default_factory=list)
    """Of each open element: its name, the direction in it, whether a line ends where it does."""

    def read(self, html: str) -> str:
        for piece in _PIECE.finditer(html):
            if piece["text"]:
                self.line.append(piece[0])
            elif piece["sealed"]:
                self._end_line()
                self.done.append(piece[0])
            elif piece["closing"]:
                self._close(piece["name"].lower(), piece[0])
            else:
                self._open(piece["name"].lower(), piece["rest"], piece[0])
        self._end_line()
        return "".join(self.done)

    def _open(self, name: str, rest: str, tag: str) -> None:
        given = _DIR.search(rest)
        block = name not in WITHIN_A_LINE or given is not None
        if block:
            self._end_line()
        (self.done if block else self.line).append(tag)
        if name not in _VOID and not rest.endswith("/"):
            self.around.append((name, given[1].lower() if given else self._here(), block))

    def _close(self, name: str, tag: str) -> None:
        depth = next((depth for depth, (outer, *_) in enumerate(reversed(self.around), 1) if outer == name), 0)
        block = (
            any(ends for *_, ends in self.around[len(self.around) - depth :]) if depth else name not in WITHIN_A_LINE
        )
        if block:
            self._end_line()
        (self.done if block else self.line).append(tag)
        del self.around[len(self.around) - depth :]

    def _here(self) -> str:
        return self.around[-1][1] if self.around else self.direction

    def _end_line(self) -> None:
        if any(not part.startswith("<") for part in self.line):
            self.line = _Line(self.line, self._here(), self.marker, self.direction == "rtl").marked()
        self.done += self.line
        self.line = []


class _Line:
    """Text within one block; its words are told apart by their letters, whatever elements they stand in."""

    def __init__(self, parts: list[str], direction: str, marker: re.Pattern[str], fields: bool) -> None:
        self._parts = parts
        self._begins: list[int] = []
        """Of each text, where it begins in the whole."""
        self._texts: list[int] = []
        whole = ""
        for index, part in enumerate(parts):
            if part == "<" or not part.startswith("<"):
                self._begins.append(len(whole))
                self._texts.append(index)
                whole += part
        self._foreign = opposite(direction)
        self._fields = [match.span() for match in marker.finditer(whole)] if fields else []
        whole = marker.sub(lambda match: _SIGN * len(match[0]), whole)
        self._text = _ENTITY.sub(lambda match: (" " if match[0] == "&nbsp;" else _SIGN) * len(match[0]), whole)
        self._numbers = list(numbers_read_from_the_left(self._text)) if direction == "rtl" else []

    def marked(self) -> list[str]:
        """The parts, with spans among them."""
        spans: dict[int, list[tuple[int, str]]] = {}
        for begin, end, direction in self._runs():
            if places := self._places(begin, end):
                (start, at), (stop, to) = places
                spans.setdefault(start, []).append((at, f'<span dir="{direction}">'))
                spans.setdefault(stop, []).append((to, "</span>"))
        marked: list[str] = []
        for index, part in enumerate(self._parts):
            done = 0
            for offset, tag in spans.get(index, ()):
                marked += [part[done:offset], tag]
                done = offset
            marked.append(part[done:])
        return marked

    def _runs(self) -> Iterator[tuple[int, int, str]]:
        """Begin, end and direction: from a foreign word or field to the last before a word of the line's own."""
        words = [(match.start(), match.end(), self._kind(match)) for match in _WORD.finditer(self._text)]
        own = [index for index, (*_, kind) in enumerate(words) if kind in {"own", "both"}]
        for before, after in zip([-1, *own], [*own, len(words)], strict=True):
            between = words[before + 1 : after]
            found = [index for index, (*_, kind) in enumerate(between) if kind]
            beside = words[max(before, 0) : before + 1] + words[after : after + 1]
            if not found or any(kind == "both" for *_, kind in beside):
                continue
            first, last = found[0], found[-1]
            while first and (not own or (self._begins_a_part(words, before) and self._has_digit(between[first - 1]))):
                first -= 1
            digits = [index for index in range(last + 1, len(between)) if self._has_digit(between[index])]
            last = max([last, *digits]) if own else len(between) - 1
            begin, end = between[first][0], between[last][1]
            if own:
                begin, end = self._trimmed(begin, end)
            foreign = any(kind == "foreign" for *_, kind in between)
            if begin < end:
                yield begin, end, self._foreign if foreign else "auto"

    def _kind(self, word: re.Match[str]) -> str:
        """`own`, `foreign`, `both`, `field`, or nothing for numbers and signs.

        What stands beside a word of both stays with it: apart, the two would change places.
        """
        if word[0] in _PARTS:
            return "own"
        directions = {direction_of_letter(character) for character in word[0]}
        if directions - {"", self._foreign}:
            return "both" if self._foreign in directions else "own"
        number = any(begin <= word.start() < end for begin, end in self._numbers)
        if self._foreign in directions or number:
            return "foreign"
        return "field" if any(word.start() <= begin < word.end() for begin, _ in self._fields) else ""

    def _begins_a_part(self, words: list[tuple[int, int, str]], before: int) -> bool:
        """Whether what follows a word begins the line, or a part of it: `هونغ · 1 min read`."""
        return before < 0 or self._text[words[before][0] : words[before][1]] in _PARTS

    def _has_digit(self, word: tuple[int, int, str]) -> bool:
        return any(map(str.isdigit, self._text[word[0] : word[1]]))

    def _trimmed(self, begin: int, end: int) -> tuple[int, int]:
        """Without what belongs to the sentence around it: a full stop, a bracket whose partner is outside."""
        fields = {place for span in self._fields for place in range(*span)}
        while end > begin and end - 1 not in fields and self._text[end - 1] in _ENDS:
            partner = _PAIRS.get(self._text[end - 1])
            if partner and partner in self._text[begin : end - 1]:
                break
            end -= 1
        closing = {partner: sign for sign, partner in _PAIRS.items()}
        while begin < end and begin not in fields and self._text[begin] in {*closing, '"', "'"}:
            if closing.get(self._text[begin], self._text[begin]) in self._text[begin + 1 : end]:
                break
            begin += 1
        return begin, end

    def _places(self, begin: int, end: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Part and offset in it of both tags of a span from `begin` to `end`; None where it would cut an element."""
        first, last = bisect_right(self._begins, begin) - 1, bisect_right(self._begins, end - 1) - 1
        start, stop = self._texts[first], self._texts[last]
        at, to = begin - self._begins[first], end - self._begins[last]
        opened = closed = 0
        for part in self._parts[start + 1 : stop]:
            if part.startswith("</"):
                opened, closed = (opened - 1, closed) if opened else (0, closed + 1)
            elif part.startswith("<") and part != "<":
                opened += 1
        for _ in range(closed):
            before = self._parts[start - 1] if start and not at else ""
            if not before.startswith("<") or before.startswith("</") or before == "<":
                return None
            start -= 1
        for _ in range(opened):
            after = "".join(self._parts[stop + 1 : stop + 2]) if to == len(self._parts[stop]) else ""
            if not after.startswith("</"):
                return None
            stop, to = stop + 1, len(after)
        return (start, at), (stop, to)
