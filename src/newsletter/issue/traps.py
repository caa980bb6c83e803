"""Say in a person's words why a line of YAML does not mean what was typed, with the line to paste instead.

Touches: nothing. Limits: looks at one line at a time; a text over several lines is told to become a `|` block.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .flow import mend, quoted

_LINE = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)*)(?P<key>[^\s\"'#\[\]{},:]+|\"[^\"]*\"):(?P<gap>[ \t]+)(?P<value>\S.*)")
_ITEM = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)+)(?P<value>\S.*)")
_WHOLE = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ ]*(?:#.*)?""")
_BLOCK = re.compile(r"[|>][+-]?[1-9]?[+-]?[ ]*(?:#.*)?")
_COMMENT = "` #` begins a comment, so the text from there on is lost; a text with it needs quotes"
IN_BRACES = "inside `{ }` a text with a comma, a colon, ` #`, a quote or a bracket needs quotes"
_INDICATORS = "*&!%@`|>,]}?-"
_PARSER_WORDS = (
    ("could not find expected ':'", "is neither `key: value` nor part of a text; is a `|` missing behind a key above?"),
    ("mapping values are not allowed", "a `:` cannot stand here; look at the indentation and the line above"),
    ("but found '<stream end>'", "the file ends before a `[` or a `{` is closed"),
    ("but found '<block", "the indentation does not fit the lines above"),
    ("expected <block end>", "does not belong to the line above; look at the indentation, or at quotes"),
    ("expected ',' or", "a `[ ]` or `{ }` is not closed, or a text inside it needs quotes"),
    ("while parsing a flow node", "a `[ ]` or `{ }` is not closed, or a text inside it needs quotes"),
    ("unexpected end of stream", "the quote that opens here is never closed"),
    ("cannot start any token", "a text cannot begin with this character without quotes"),
    ("unknown escape character", "in double quotes a `\\` begins an escape; in single quotes it is a `\\`"),
)
LONGEST_HINT = 500
"""Characters of a line that is worth pasting; a longer one would bury the message."""


@dataclass(frozen=True, slots=True)
class Trap:
    """Why the value of a line is not the text that was meant, and the line that would be."""

    column: int
    """Of the value, from 1."""
    message: str
    line: str
    """To paste; empty where no single line would do."""

    @property
    def hint(self) -> str:
        return f"Write: {self.line.strip()}" if 0 < len(self.line) <= LONGEST_HINT else ""


def diagnose(lines: Sequence[str], at: int, related: Sequence[int]) -> tuple[int, Trap] | None:
    """The line, from 1, that made the parser stumble at line `at`, and its trap; None where no line is suspicious."""
    for number in (at, *related):
        found = trap(lines[number - 1]) if number <= len(lines) else None
        if found:
            # Quotes round a text that a comment has torn from its next line would not join them again.
            torn = number != at and found.message == _COMMENT
            return number, replace(found, line="") if torn else found
    above = next((number for number in range(min(at, len(lines)) - 1, 0, -1) if lines[number - 1].strip()), 0)
    if above and (found := trap(lines[above - 1])) and found.message == _COMMENT:
        return above, replace(found, line="")
    return None


def plain_words(problem: str) -> str:
    """The parser's complaint for a person."""
    known = (words for fragment, words in _PARSER_WORDS if fragment in problem)
    return next(known, f"cannot be read as YAML: {problem}")


def trap(line: str) -> Trap | None:
    """The trap in a line; None where its value means what it says, as far as the line alone can tell."""
    if re.match(r" *\t[ \t]*\S", line):
        return Trap(1, "a tab indents this line; indent with spaces", "")
    match = _LINE.fullmatch(line.rstrip()) or _ITEM.fullmatch(line.rstrip())
    if match is None:
        return None
    parts = match.groupdict()
    value: str = parts["value"]
    head = f"{parts['lead']}{parts['key']}: " if "key" in parts else parts["lead"]
    if len(line) <= LONGEST_HINT and re.match(r"(?:\[\s*)?\{(?!\{)", value) and (mended := mend(value)):
        return Trap(match.start("value") + mended.offset + 1, IN_BRACES, head + mended.text)
    message = "a tab stands after the colon; write a space" if "\t" in parts.get("gap", "") else _reason(value)
    if not message:
        return None
    repairable = not value.startswith("{") or value.startswith("{{")
    return Trap(match.start("value") + 1, message, head + quoted(_meant(value)) if repairable else "")


def lost_comment(rest_of_line: str) -> str:
    """The text that a ` #` cut off a value; empty for a comment, which has a space after its `#`."""
    match = re.match(r"\s+(#[^\s#].*)", rest_of_line)
    return match[1].rstrip() if match else ""


def _reason(value: str) -> str:
    """Why an unquoted or badly quoted value is not the text it looks like; empty for a good one."""
    first = value[0]
    if first in "\"'":
        return _quotes(value)
    if value.startswith("{{"):
        return "a text that begins with `{{` needs quotes"
    if first == "#":
        return _COMMENT if lost_comment(" " + value) else ""
    if first == "[":
        return "" if re.fullmatch(r"\[(?:[^\]]*\]|\s*)\s*(#.*)?", value) else "a text that begins with `[` needs quotes"
    if first == "{":
        return "" if re.fullmatch(r"\{.*\}\s*(#.*)?", value) else IN_BRACES
    if first in _INDICATORS and not _BLOCK.fullmatch(value):
        return f"a text that begins with `{first}` needs quotes"
    return _inside(value)


def _inside(value: str) -> str:
    if re.search(r":(?:\s|$)", value):
        return "a text with a colon and a space in it (`: `), or a colon at its end, needs quotes"
    return _COMMENT if re.search(r"\s#[^\s#]", value) else ""


def _quotes(value: str) -> str:
    if not _WHOLE.fullmatch(value):
        closed = value.find(value[0], 1) > 0
        return "the text goes on after its closing quote" if closed else "the quote that opens here is never closed"
    if value[0] == '"' and re.search(r"\\[^0abtnvfre \"/\\N_LPxuU]", value):
        return "in double quotes a `\\` begins an escape; in single quotes it is a `\\`"
    return ""


def _meant(value: str) -> str:
    """The text a person had in mind: without quotes that were put round the whole of it."""
    first = value[0]
    if first in "\"'" and value.endswith(first) and len(value) > 1:
        inner = value[1:-1]
        return inner.replace("''", "'") if first == "'" else inner
    return value[1:] if first == '"' and '"' not in value[1:] else value
