"""Signs that keep a line from being YAML although it looks right: `type： notice`, an indentation of no-break spaces.

Touches: nothing. Limits: looks at one line at a time, so only for a file that is wrong already; a sign counts where a
key of an issue stands, or at the beginning of a line.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from newsletter.catalogue import phrase
from newsletter.printable import character_name

from .model import Issue
from .part import Part, declared_keys
from .traps import Trap, trap

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_NOTHING = "\u00ad\u200b-\u200f\u2060\ufeff"
_ODD = re.compile(f"[{_SPACES}{_NOTHING}\uff0d\uff10-\uff19\uff21-\uff3a\uff3f\uff41-\uff5a：﹕꞉∶]")
_LEAD = rf"[ {_SPACES}{_NOTHING}]*(?:[-－][ {_SPACES}{_NOTHING}]+)*"
_KEY = re.compile(
    rf"(?P<lead>^{_LEAD}|[{{,][ {_SPACES}{_NOTHING}]*)"
    rf"(?P<key>[A-Za-z_\uff21-\uff3a\uff3f\uff41-\uff5a{_NOTHING}]+)(?P<gap>[ {_SPACES}]*)"
    rf"(?P<colon>[:：﹕꞉∶])(?P<after>[ {_SPACES}{_NOTHING}]*)(?P<block>[|>][+\-0-9]*[ {_SPACES}{_NOTHING}]*$)?"
)
_BEGINS = re.compile(rf"^(?=[{_SPACES}{_NOTHING}]){_LEAD}")


@dataclass(frozen=True, slots=True)
class StructureSign:
    """One of them, and what has to stand in its place; `offset` is in the line, from 0."""

    offset: int
    char: str
    instead: str


def structure_signs(line: str) -> list[StructureSign]:
    """In order; none in a line that means what it looks like."""
    return [] if line.isascii() else sorted(_signs(line), key=lambda sign: sign.offset)


def mended_line(line: str) -> str:
    """The line with what has to stand in the place of each."""
    for sign in reversed(structure_signs(line)):
        line = line[: sign.offset] + sign.instead + line[sign.offset + 1 :]
    return line


def strange_trap(line: str) -> Trap | None:
    """The trap of a line that has some: the first is named, and the line to paste has none of them."""
    signs = structure_signs(line)
    if not signs:
        return None
    first = signs[0]
    name = character_name(first.char)
    is_colon = first.instead.startswith(":")
    message = (
        phrase("issue.yaml.colon_is_wide", character=name)
        if is_colon
        else phrase("issue.yaml.holds_strange_sign", character=name)
    )
    mended = mended_line(line)
    more = trap(mended)
    return Trap(first.offset + 1, message, (more.line if more and more.line else mended) if mended.strip() else "")


def _signs(line: str) -> Iterator[StructureSign]:
    is_led = False
    for match in _KEY.finditer(line):
        if _ascii(match["key"]) not in _known_keys():
            continue
        is_led = is_led or match.start() == 0
        for part in ("lead", "key", "gap", "block"):
            yield from _odd(line, *match.span(part))
        yield from _colon(line, match)
    if not is_led and (begins := _BEGINS.match(line)):
        yield from _odd(line, *begins.span())


def _odd(line: str, start: int, end: int) -> Iterator[StructureSign]:
    return (StructureSign(at, line[at], _instead(line[at])) for at in range(start, end) if _ODD.match(line[at]))


def _colon(line: str, match: re.Match[str]) -> Iterator[StructureSign]:
    """The colon, and the one space that has to follow it."""
    at, after = match.start("colon"), match["after"]
    is_alone = match.end() == len(line) and not after
    if match["colon"] != ":":
        yield StructureSign(at, match["colon"], ":" if after or is_alone else ": ")
    if after and not after.isascii() and " " not in after:
        yield StructureSign(at + 1, after[0], " ")
        yield from _odd(line, at + 2, match.end("after"))


def _instead(char: str) -> str:
    if char == "\u3000":
        return "  "  # as wide as it looks
    if re.match(f"[{_SPACES}]", char):
        return " "
    return "" if re.match(f"[{_NOTHING}]", char) else unicodedata.normalize("NFKC", char)


def _ascii(key: str) -> str:
    return unicodedata.normalize("NFKC", re.sub(f"[{_NOTHING}]", "", key))


@cache
def _known_keys() -> frozenset[str]:
    return frozenset(_keys_of(Issue))


def _keys_of(model: type[Part]) -> Iterator[str]:
    for name, key in declared_keys(model).items():
        yield name
        for part in key.parts:
            yield from _keys_of(part)
